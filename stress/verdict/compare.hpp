/// This run against an earlier one: better, the same or worse, and whether the difference can be told from
/// noise.
///
/// Stages are matched by name. Every figure is compared by its seconds (throughput, the p50 and p99 of each
/// second, memory, processor time per reading): ratio of means with Welch's interval, which allows for
/// seconds that resemble their neighbours. A difference counts when the interval excludes 1 with 1 % of error
/// over the whole table (Bonferroni) and the ratio is off by more than 5 %.
#pragma once
#include <string>
#include <vector>

#include "stress/record.hpp"

namespace stress {
struct Comparison {
  enum class Word { same, better, worse, unknown };
  std::string stage, figure, unit;  ///< "ladder 3/10: 30,000/s", "confirmation p99", "ms"
  double before = 0, now = 0;       ///< means of the seconds
  double ratio = 0;                 ///< now / before; NaN when it cannot be had
  double ratio_low = 0, ratio_high = 0;
  Word word = Word::unknown;  ///< unknown: too few seconds in either run
};
const char* name_of(Comparison::Word word);

/// In the order of this run's stages; a stage that the earlier run did not have is left out.
std::vector<Comparison> compare(const StressRecord& now, const StressRecord& before);
/// What makes the two runs hard to compare: another machine, durability, fleet. A sentence each.
std::vector<std::string> differences_in_kind(const StressRecord& now, const StressRecord& before);
/// For a terminal: at most 110 columns; what differs in kind, the figures that are not the same, and a
/// sentence at the end.
std::string comparison_table(const StressRecord& now, const StressRecord& before);
}  // namespace stress
