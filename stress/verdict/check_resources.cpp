/// Checks of curves: fluctuation within a stage, jumps, leaks.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "stress/measure/columns.hpp"
#include "stress/verdict/curves.hpp"
#include "stress/verdict/findings.hpp"
#include "stress/verdict/numbers.hpp"
#include "stress/verdict/statistics.hpp"

namespace stress {
namespace {
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Finding change_finding(const std::optional<Change>& change, const std::string& what, const Limits& limits) {
  if (!change) return {Verdict::unknown, 0, what, "too few samples: at least six"};
  Finding finding{Verdict::unknown, std::max(std::abs(change->low), std::abs(change->high)),
                  fmt::format("{} ({} .. {}): {}", per_cent_text(change->share), per_cent_text(change->low),
                              per_cent_text(change->high), what),
                  ""};
  const double limit = limits.fluctuation_share;
  if (change->low > limit || change->high < -limit) {
    finding.verdict = Verdict::fail;
    finding.reason = "the whole interval lies beyond the limit";
  } else if (change->low >= -limit && change->high <= limit) {
    finding.verdict = Verdict::pass;
  } else {
    finding.reason = "the interval reaches beyond the limit: too noisy or too short to say";
  }
  return finding;
}

/// Is the same offered in every second? Where the rate itself changes, what a reading costs does, too: the
/// wake-ups of a second are shared by more of them or by fewer. The first and last second may be cut short.
bool is_level(const StageRecord& stage) {
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max(), most = 0;
  for (std::size_t i = 1; i + 1 < stage.seconds.size(); ++i) {
    if (stage.seconds[i].till > stage.till) break;  // the grace after it
    least = std::min(least, stage.seconds[i].intended);
    most = std::max(most, stage.seconds[i].intended);
  }
  constexpr double level_ratio = 1.5;  // seconds are closed to some tenths of a second
  return static_cast<double>(most) <= level_ratio * static_cast<double>(least) || most == 0;
}

/// What a reading cost the head-end in each second; as control, what it cost the generator, whose work for a
/// reading is always the same: when a neighbour of the machine makes both slower, that is not the head-end's
/// doing.
StageFigures cost_of_readings(const StressRecord& record, const StageRecord& stage) {
  const auto processor = curve_of(record, "head-end", column::cpu_s);
  const auto of_generator = curve_of(record, "generator", column::cpu_s);
  const auto readings = curve_of(record, "head-end", column::readings_accepted);
  const auto rows = processor.within(stage.from, stage.till);
  StageFigures figures;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto [from, till] = std::pair(rows[i - 1].first, rows[i].first);
    const double taken = readings.growth(from, till), spent = rows[i].second - rows[i - 1].second;
    if (!(taken > 0) || !(spent >= 0)) continue;
    figures.values.push_back(spent / taken);
    figures.control.push_back(of_generator.growth(from, till) / taken);
  }
  return figures;
}

/// A curve by stage, and where its values come from.
struct StagedCurve {
  std::string figure;
  std::vector<const StageRecord*> stages;
  std::vector<std::vector<Instant>> instants;
  std::vector<std::vector<double>> values;
};

StagedCurve memory_curve(const StressRecord& record) {
  StagedCurve staged{
      .figure = "memory", .stages = stages_with_objectives(record), .instants = {}, .values = {}};
  const auto curve = curve_of(record, "head-end", column::rss_B);
  for (const auto* stage : staged.stages) {
    staged.instants.emplace_back();
    staged.values.emplace_back();
    for (const auto& [at, value] : curve.within(stage->from, stage->till)) {
      staged.instants.back().push_back(at);
      staged.values.back().push_back(value);
    }
  }
  return staged;
}

/// The logarithm of each second's p99: its noise grows with its size.
StagedCurve latency_curve(const StressRecord& record) {
  constexpr std::uint64_t frames_least = 20;  // of fewer, a p99 is the worst of a handful
  StagedCurve staged{
      .figure = "p99 of a second", .stages = stages_with_objectives(record), .instants = {}, .values = {}};
  for (const auto* stage : staged.stages) {
    staged.instants.emplace_back();
    staged.values.emplace_back();
    for (const auto& second : stage->seconds) {
      staged.instants.back().push_back(second.till);
      staged.values.back().push_back(second.confirmed_frames >= frames_least && second.p99_ns > 0
                                         ? std::log(milliseconds_of(second.p99_ns))
                                         : missing);
    }
  }
  return staged;
}

/// By how much the figure of one second exceeds the median of all of them.
double excess_of(std::vector<double> figures, std::size_t second) {
  const double here = figures[second];
  std::erase_if(figures, [](double figure) { return !std::isfinite(figure); });
  return here - median_of(std::move(figures));
}

/// Did the disk take longer for a commit of the usual size, by half of `by_ms` at least?
bool is_disk_late(const StressRecord& record, const StageRecord& stage, std::size_t second, double by_ms) {
  const auto longest_s = curve_of(record, "head-end", column::commit_seconds_p99);
  const auto written_B = curve_of(record, "head-end", column::disk_written_B);
  std::vector<double> commits_ms, sizes_B;
  for (std::size_t i = 0; i < stage.seconds.size(); ++i) {
    const auto from = i == 0 ? stage.from : stage.seconds[i - 1].till, till = stage.seconds[i].till;
    double longest = 0;
    // The sampler's rows are not the traffic's seconds: the row that covers the end of one counts, too.
    for (const auto& [at, value] : longest_s.within(from, till + std::chrono::seconds(1)))
      longest = std::max(longest, value);
    commits_ms.push_back(1000 * longest);
    sizes_B.push_back(written_B.growth(from, till));
  }
  const double larger_B = excess_of(sizes_B, second);
  return excess_of(commits_ms, second) >= by_ms / 2 && larger_B < median_of(sizes_B);
}

/// Was a second's latency the machine's doing? The process waited for a processor for that much longer than
/// in the stage's other seconds, or the disk for the same work, or the generator itself was late by half of
/// it.
bool is_explained(const StressRecord& record, const StageRecord& stage, std::size_t second, double by_ms) {
  const auto& seconds = stage.seconds;
  if (milliseconds_of(seconds[second].slip_max_ns) >= by_ms / 2) return true;
  if (is_disk_late(record, stage, second, by_ms)) return true;
  for (const auto* process : {"head-end", "generator"}) {
    const auto waited = curve_of(record, process, column::run_queue_wait_s);
    std::vector<double> waits_ms;
    for (std::size_t i = 0; i < seconds.size(); ++i)
      waits_ms.push_back(1000 * waited.growth(i == 0 ? stage.from : seconds[i - 1].till, seconds[i].till));
    if (excess_of(std::move(waits_ms), second) >= by_ms) return true;
  }
  return false;
}

Finding latency_jump_finding(const StressRecord& record, const StagedCurve& staged, const Jump& jump,
                             const Limits& limits) {
  const auto& stage = *staged.stages[jump.group];
  const double before = std::exp(jump.before), after = std::exp(jump.after);
  Finding finding{Verdict::fail, std::abs(after - before),
                  fmt::format("{} from {} to {} in {}, second {}", staged.figure, milliseconds_text(before),
                              milliseconds_text(after), stage.name, jump.index + 1),
                  fmt::format("{:.0f} times the curve's own noise", jump.deviations)};
  const auto worse_second = after > before ? jump.index : jump.index - 1;
  if (is_explained(record, stage, worse_second, std::abs(after - before))) {
    finding.verdict = Verdict::unknown;
    finding.reason = "in that second a processor or the disk was not to be had, or the generator was late";
  }
  return doubted(std::move(finding), record, stage, limits);
}

/// Rows of the heap in stages that should be level, without each stage's first second; the size of what waits
/// to be committed beside it.
std::vector<Observation> heap_rows(const StressRecord& record) {
  const auto heap = curve_of(record, "head-end", column::heap_B);
  const auto queue = curve_of(record, "head-end", column::queue_B);
  const auto cache = curve_of(record, "head-end", column::store_cache_B);
  std::vector<Observation> rows;
  const auto stages = stages_with_objectives(record);
  for (std::size_t group = 0; group < stages.size(); ++group) {
    const auto& stage = *stages[group];
    const auto settled =
        std::min(stage.from + std::chrono::seconds(1), stage.from + (stage.till - stage.from) / 4);
    for (const auto& [at, value] : heap.within(settled, stage.till)) {
      const double waiting = queue.at(at), cached = cache.at(at);
      rows.push_back({group, seconds_of(at - record.began) / 60, value - (std::isfinite(cached) ? cached : 0),
                      std::isfinite(waiting) ? waiting : 0});
    }
  }
  return rows;
}
}  // namespace

Check check_resources(const StressRecord& record, const Limits& limits) {
  const auto memory = curve_of(record, "head-end", column::rss_B);
  std::vector<Finding> findings;
  const auto judge = [&](const std::string& figure, const std::vector<const StageRecord*>& stages,
                         auto&& figures_of) {
    std::vector<StageFigures> figures;
    for (const auto* stage : stages) figures.push_back(figures_of(*stage));
    // Two one-sided tests (Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987): that a
    // change is within the limit is wrong with `interval_error` at most on the side where it is not.
    const auto changes = changes_within(figures, 2 * limits.interval_error);
    for (std::size_t i = 0; i < stages.size(); ++i)
      findings.push_back(doubted(change_finding(changes[i], figure + " in " + stages[i]->name, limits),
                                 record, *stages[i], limits));
  };
  auto stages = stages_with_objectives(record);
  judge("memory", stages, [&](const StageRecord& stage) {
    return StageFigures{memory.values_within(stage.from, stage.till), {}};
  });
  std::erase_if(stages, [](const StageRecord* stage) { return !is_level(*stage); });
  judge("processor time per reading", stages,
        [&](const StageRecord& stage) { return cost_of_readings(record, stage); });
  return check_of(
      {"S-RESOURCE", "memory and processor time per reading: a stage's second half like its first",
       fmt::format("within {:g} % with {:g} % confidence to either side", limits.fluctuation_share * 100,
                   (1 - limits.interval_error) * 100)},
      std::move(findings), true);
}

Check check_smoothness(const StressRecord& record, const Limits& limits) {
  constexpr double curves = 2;  // share the chance of a false alarm
  std::vector<Finding> findings;
  const auto memory = memory_curve(record);
  const auto memory_search = find_jumps(memory.values, limits.jump_error / curves);
  for (const auto& jump : memory_search.jumps) {
    const auto& stage = *memory.stages[jump.group];
    if (std::abs(jump.after - jump.before) < limits.jump_share * std::min(jump.before, jump.after)) continue;
    findings.push_back({Verdict::fail, std::abs(jump.after / jump.before),
                        fmt::format("memory from {} to {} in {}, {:.1f} s after its start",
                                    bytes_text(jump.before), bytes_text(jump.after), stage.name,
                                    seconds_of(memory.instants[jump.group][jump.index] - stage.from)),
                        fmt::format("{:.0f} times the curve's own noise", jump.deviations)});
  }
  const auto latency = latency_curve(record);
  const auto latency_search = find_jumps(latency.values, limits.jump_error / curves);
  for (const auto& jump : latency_search.jumps)
    if (std::abs(std::exp(jump.after) - std::exp(jump.before)) >= limits.jump_latency_ms)
      findings.push_back(latency_jump_finding(record, latency, jump, limits));
  for (const auto& [figure, search] :
       {std::pair("memory", memory_search), std::pair("latency", latency_search)})
    findings.push_back(
        search.deviations_limit > 0
            ? Finding{Verdict::pass, 0,
                      fmt::format("no other beyond {:.1f} times the noise, in {} changes of {}",
                                  search.deviations_limit, search.differences, figure),
                      ""}
            : Finding{Verdict::unknown, 0, fmt::format("{} changes of {}", search.differences, figure),
                      "too few to know the curve's own noise"});
  auto check = check_of({"S-SMOOTH", "no jumps from second to second within a stage",
                         fmt::format("memory {:g} %, p99 {:g} ms, false alarm {:g}", limits.jump_share * 100,
                                     limits.jump_latency_ms, limits.jump_error)},
                        std::move(findings), true);
  check.samples = static_cast<std::int64_t>(memory_search.differences + latency_search.differences);
  return check;
}

Check check_leak(const StressRecord& record, const Limits& limits) {
  auto rows = heap_rows(record);
  auto check = open_check({"S-LEAK", "the heap does not climb while the load is level",
                           fmt::format("at most {:g} % a minute", limits.leak_per_minute * 100)});
  check.samples = static_cast<std::int64_t>(rows.size());
  double level = 0;
  for (const auto& row : rows) level += row.value / static_cast<double>(rows.size());
  const auto slope = level > 0 ? slope_within_groups(std::move(rows)) : std::nullopt;
  if (!slope) {
    check.measured = fmt::format("{} samples", check.samples);
    check.reason = "too few samples of the heap to see a slope";
    return check;
  }
  const double per_minute = slope->least_squares / level, error = slope->standard_error / level;
  const double steady = slope->theil_sen / level;
  const double tail = error > 0 ? student_t_tail(per_minute / error, slope->degrees_of_freedom)
                                : (per_minute > 0 ? 0.0 : 1.0);
  const double highest =
      per_minute + error * student_t_upper(limits.leak_undetected_error, slope->degrees_of_freedom);
  check.measured = fmt::format("{:+.2f} % a minute (at most {:+.2f} %), heap {}", per_minute * 100,
                               highest * 100, bytes_text(level));
  check.explanation.push_back(fmt::format(
      "least squares with a level per stage: {:+.3f} % a minute, standard error {:.3f} %, p = {:.2g}; "
      "median of all pairs {:+.3f} %",
      per_minute * 100, error * 100, tail, steady * 100));
  const bool climbs = std::min(per_minute, steady) > limits.leak_per_minute;
  if (climbs && tail < limits.leak_error) {
    check.verdict = Verdict::fail;
    check.reason = fmt::format("the heap climbs by {:.2f} % a minute; by chance that happens with p = {:.1g}",
                               per_minute * 100, tail);
  } else if (highest < limits.leak_detectable_per_minute) {
    check.verdict = Verdict::pass;
  } else {
    check.reason = fmt::format("a leak of {:g} % a minute cannot be excluded: too noisy or too short",
                               limits.leak_detectable_per_minute * 100);
  }
  return check;
}
}  // namespace stress
