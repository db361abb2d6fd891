/// Checks beyond capacity: the knee, what happens above it, and the way back.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "stress/measure/columns.hpp"
#include "stress/verdict/curves.hpp"
#include "stress/verdict/findings.hpp"
#include "stress/verdict/numbers.hpp"

namespace stress {
namespace {
std::string rate_text(double per_s) {
  return grouped(static_cast<std::uint64_t>(std::max(0.0, per_s))) + "/s";
}

/// Did the load exceed what could be taken? Something was refused or held back, or latency left its
/// objective.
bool was_overloaded(const StageRecord& stage, const Limits& limits) {
  return stage.readings.refused + stage.readings.held_back + stage.readings.unanswered > 0 ||
         milliseconds_of(stage.acknowledge_ns.quantile(0.99)) > limits.acknowledge_p99_ms;
}

Finding memory_finding(const StressRecord& record, const StageRecord& stage, const Limits& limits) {
  const auto memory = curve_of(record, "head-end", column::rss_B);
  const auto during = memory.values_within(stage.from, stage.till);
  double before = memory.at(stage.from);
  if (!std::isfinite(before) && !during.empty()) before = during.front();
  if (during.empty())
    return {Verdict::unknown, 0, "memory was not sampled in " + stage.name, "no samples of the head-end"};
  const double growth = *std::max_element(during.begin(), during.end()) - before;
  Finding finding{Verdict::pass, growth,
                  fmt::format("memory grew by {} in {}", bytes_text(std::max(0.0, growth)), stage.name), ""};
  if (growth > limits.overload_growth_B) {
    finding.verdict = Verdict::fail;
    finding.reason = "queues are not bounded: more than " + bytes_text(limits.overload_growth_B);
  }
  return finding;
}

Finding answer_finding(const StageRecord& stage, const Limits& limits) {
  const auto& fate = stage.frames;
  Finding finding{Verdict::pass, static_cast<double>(fate.unanswered),
                  fmt::format("{} of {} frames without an answer in {}", grouped(fate.unanswered),
                              grouped(fate.sent), stage.name),
                  ""};
  if (fate.unanswered > 0) {
    finding.verdict = Verdict::fail;
    finding.reason = "what is not taken must be refused explicitly";
  } else if (!was_overloaded(stage, limits)) {
    finding.verdict = Verdict::unknown;
    finding.reason = "the overload never came about: everything was confirmed in time";
  }
  return finding;
}

/// The worst second before the overload at a rate like the recovery's; nothing if there is none.
std::optional<double> latency_before_ms(const StressRecord& record, const StageRecord& recovery) {
  const StageRecord* reference = nullptr;
  for (const auto& stage : record.stages) {
    if (stage.from >= recovery.from || !has_objectives(stage)) continue;
    if (!reference || std::abs(stage.offered_per_s - recovery.offered_per_s) <=
                          std::abs(reference->offered_per_s - recovery.offered_per_s))
      reference = &stage;
  }
  if (!reference) return std::nullopt;
  std::int64_t worst = 0;
  for (const auto& second : reference->seconds) worst = std::max(worst, second.p99_ns);
  return worst > 0 ? std::optional(milliseconds_of(worst)) : std::nullopt;
}

/// When latency was back: the start of the first three seconds in a row within `limit_ms`, after the start of
/// the stage; infinite if there is none. One second alone may be luck, and one bad one later chance. A second
/// in which nothing was confirmed though something was due is no good one.
double recovered_after_s(const StageRecord& stage, double limit_ms) {
  constexpr int good_wanted = 3;
  int good = 0;
  double since_s = 0;
  for (const auto& second : stage.seconds) {
    const bool is_silent =
        second.confirmed_frames == 0 && (second.intended > 0 || second.in_flight_frames > 0);
    if (is_silent || milliseconds_of(second.p99_ns) > limit_ms) {
      good = 0;
      since_s = seconds_of(second.till - stage.from);
    } else if (++good == good_wanted) {
      return since_s;
    }
  }
  return std::numeric_limits<double>::infinity();
}

Finding recovery_finding(const StressRecord& record, const StageRecord& stage, const Limits& limits) {
  const auto before_ms = latency_before_ms(record, stage);
  const double limit_ms = before_ms ? *before_ms * limits.recovery_latency_factor : limits.acknowledge_p99_ms;
  if (stage.seconds.empty())
    return {Verdict::unknown, 0, "no seconds of " + stage.name, "its latency over time was not recorded"};
  const double after_s = recovered_after_s(stage, limit_ms);
  const double length_s = seconds_of(stage.till - stage.from);
  Finding finding{
      Verdict::pass, after_s,
      fmt::format("after {:.1f} s in {}, below {}", after_s, stage.name, milliseconds_text(limit_ms)), ""};
  if (std::isinf(after_s)) {
    finding.measured = fmt::format("never below {} in {}", milliseconds_text(limit_ms), stage.name);
    finding.verdict = length_s >= limits.recovery_s ? Verdict::fail : Verdict::unknown;
    finding.reason = fmt::format("not back within the {:.0f} s of the stage", length_s);
  } else if (after_s > limits.recovery_s) {
    finding.verdict = Verdict::fail;
    finding.reason = fmt::format("later than {:g} s", limits.recovery_s);
  }
  return doubted(std::move(finding), record, stage, limits);
}
}  // namespace

Check check_knee(const StressRecord& record, const Limits& limits) {
  const auto& knee = record.knee;
  auto check =
      open_check({"S-KNEE", "the highest rate held with every objective",
                  limits.knee_readings_per_s > 0 ? "at least " + rate_text(limits.knee_readings_per_s)
                                                 : "reported only"});
  check.samples = static_cast<std::int64_t>(stages_of(record, StageKind::knee_search).size());
  if (!knee.was_searched || knee.readings_per_s <= 0) {
    check.measured = "not found";
    check.reason = "no rate of the search was held, or it was not searched for";
    return check;
  }
  check.measured = rate_text(knee.readings_per_s);
  if (knee.first_failed_per_s > 0)
    check.measured += fmt::format(" held, {} not: {}", rate_text(knee.first_failed_per_s), knee.limit);
  std::string trouble;
  for (const auto* stage : stages_of(record, StageKind::knee_search)) {
    const auto found = generator_trouble(record, *stage, limits);
    if (stage->offered_per_s > knee.readings_per_s && !found.empty()) trouble = found;
  }
  for (const auto& calibration : record.calibrations)
    if (calibration.bare > 0)
      check.explanation.push_back(fmt::format("{}: bare {:.4g} {}, ours {:.4g}: {:.2f} of it",
                                              calibration.name, calibration.bare, calibration.unit,
                                              calibration.ours, calibration.ours / calibration.bare));
  if (knee.readings_per_s >= limits.knee_readings_per_s) {
    check.verdict = Verdict::pass;
    if (!trouble.empty()) check.reason = "the true knee may be higher: " + trouble;
  } else if (!trouble.empty() || knee.first_failed_per_s <= 0) {
    check.reason = trouble.empty() ? "the search ended before anything gave way" : trouble;
  } else {
    check.verdict = Verdict::fail;
    check.reason =
        fmt::format("{} is below {}", rate_text(knee.readings_per_s), rate_text(limits.knee_readings_per_s));
  }
  return check;
}

Check check_overload(const StressRecord& record, const Limits& limits) {
  std::vector<Finding> findings;
  for (const auto* stage : stages_of(record, StageKind::over_capacity)) {
    if (stage->head_end_deaths > 0)
      findings.push_back({Verdict::fail, 1e18,
                          fmt::format("{} crash(es) in {}", stage->head_end_deaths, stage->name),
                          "the head-end died"});
    findings.push_back(answer_finding(*stage, limits));
    findings.push_back(memory_finding(record, *stage, limits));
  }
  return check_of({"S-OVERLOAD", "beyond capacity: no crash, bounded memory, every frame answered",
                   "0 crashes, 0 unanswered, + " + bytes_text(limits.overload_growth_B)},
                  std::move(findings), true);
}

Check check_recovery(const StressRecord& record, const Limits& limits) {
  std::vector<Finding> findings;
  for (const auto* stage : stages_of(record, StageKind::recovery))
    findings.push_back(recovery_finding(record, *stage, limits));
  return check_of({"S-RECOVERY", "back to normal latency after the overload",
                   fmt::format("within {:g} s", limits.recovery_s)},
                  std::move(findings), true);
}
}  // namespace stress
