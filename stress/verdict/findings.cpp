#include "stress/verdict/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "stress/measure/columns.hpp"
#include "stress/verdict/curves.hpp"

namespace stress {
namespace {
int gravity(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return 3;
    case Verdict::blocked:
      return 2;
    case Verdict::unknown:
      return 1;
    case Verdict::pass:
      break;
  }
  return 0;
}

std::string line_of(const Finding& finding) {
  std::string line = std::string(report::name_of(finding.verdict)) + ": " + finding.measured;
  if (!finding.reason.empty()) line += (finding.measured.empty() ? "" : "; ") + finding.reason;
  return line;
}
}  // namespace

Check open_check(const Promise& promise) {
  Check check;
  check.id = promise.id;
  check.title = promise.title;
  check.limit = promise.limit;
  return check;
}

Check check_of(const Promise& promise, std::vector<Finding> findings, bool tells_all) {
  auto check = open_check(promise);
  check.samples = static_cast<std::int64_t>(findings.size());
  if (findings.empty()) {
    check.measured = "nothing to look at";
    check.reason = "no stage of this run says anything about it";
    return check;
  }
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    if (gravity(a.verdict) != gravity(b.verdict)) return gravity(a.verdict) > gravity(b.verdict);
    return a.badness > b.badness;
  });
  check.verdict = findings.front().verdict;
  check.measured = findings.front().measured;
  check.reason = findings.front().reason;
  for (const auto& finding : findings)
    if (tells_all || finding.verdict != Verdict::pass) check.explanation.push_back(line_of(finding));
  return check;
}

bool has_objectives(const StageRecord& stage) {
  return stage.kind == StageKind::ladder || stage.kind == StageKind::step || stage.kind == StageKind::soak;
}

std::vector<const StageRecord*> stages_of(const StressRecord& record, StageKind kind) {
  std::vector<const StageRecord*> stages;
  for (const auto& stage : record.stages)
    if (stage.kind == kind) stages.push_back(&stage);
  return stages;
}

std::vector<const StageRecord*> stages_with_objectives(const StressRecord& record) {
  std::vector<const StageRecord*> stages;
  for (const auto& stage : record.stages)
    if (has_objectives(stage)) stages.push_back(&stage);
  return stages;
}

std::string generator_trouble(const StressRecord& record, const StageRecord& stage, const Limits& limits) {
  if (stage.slip_ns.empty()) return "the generator did not measure its own slip";
  const double slip_ms = milliseconds_of(stage.slip_ns.quantile(0.99));
  if (slip_ms > limits.slip_p99_ms)
    return fmt::format("the generator itself sent late: p99 of its slip is {:.1f} ms", slip_ms);
  const auto used = curve_of(record, "generator", column::cpu_s).within(stage.from, stage.till);
  if (used.size() < 2) return "";
  const double threads =
      std::max(1.0, std::round(curve_of(record, "generator", column::threads).at(used.back().first)));
  const double share = (used.back().second - used.front().second) /
                       seconds_of(used.back().first - used.front().first) / threads;
  if (share > limits.generator_cpu_share)
    return fmt::format("the generator had no processor time left: {:.0f} % of its threads used", share * 100);
  return "";
}

Finding doubted(Finding finding, const StressRecord& record, const StageRecord& stage, const Limits& limits) {
  const auto trouble = generator_trouble(record, stage, limits);
  if (trouble.empty()) return finding;
  finding.verdict = Verdict::unknown;
  finding.reason = trouble;
  return finding;
}

double quantile_ms_of_all(const core::Histogram& times_ns, std::uint64_t wanted, double share) {
  wanted = std::max(wanted, times_ns.count());
  if (wanted == 0) return 0;
  const double rank = share * static_cast<double>(wanted);
  if (rank > static_cast<double>(times_ns.count())) return std::numeric_limits<double>::infinity();
  return milliseconds_of(times_ns.quantile(rank / static_cast<double>(times_ns.count())));
}
}  // namespace stress
