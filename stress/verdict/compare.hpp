/// This run against an earlier one: better, the same or worse, and whether the difference can be told from
/// noise.
///
/// Stages are matched by name. Throughput, memory and processor time per reading are compared by their
/// seconds (ratio of means, Welch's t); latency quantiles by order statistics of the two histograms (binomial
/// interval of the rank). A difference counts when it is significant at 1 % over the whole table (Bonferroni)
/// and larger than 5 %.
#pragma once
#include <string>
#include <vector>

#include "stress/record.hpp"

namespace stress {
struct Comparison {
  enum class Word { same, better, worse, unknown };
  std::string stage, figure, unit;  ///< "ladder 3/10: 30,000/s", "acknowledge p99", "ms"
  double before = 0, now = 0;
  double ratio = 0;                      ///< now / before; NaN when it cannot be had
  double ratio_low = 0, ratio_high = 0;  ///< the interval behind the word
  Word word = Word::unknown;
};
const char* name_of(Comparison::Word word);

std::vector<Comparison> compare(const StressRecord& now, const StressRecord& before);
/// For a terminal: at most 110 columns, worse ones first, a sentence at the end. Says so when the runs are
/// not alike (machine, durability, meters, connections).
std::string comparison_table(const StressRecord& now, const StressRecord& before);
}  // namespace stress
