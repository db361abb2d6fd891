/// How far a count may stray from what theory says, before a right model would be blamed once in a hundred
/// thousand checks.
///
/// |z| < 4.5 leaves a two-sided error probability of 6.8e-6 to a normal variable; with the few dozen checks
/// of one test program a right model fails with less than one in a thousand, and never twice, since seeds are
/// fixed.
#pragma once
#include <cmath>
#include <cstdint>

namespace line_test {
inline constexpr double z_max = 4.5;

/// Of `hits` in `trials` independent ones of chance p.
inline double z_of_binomial(double hits, double trials, double p) {
  return (hits - trials * p) / std::sqrt(trials * p * (1 - p));
}
/// Of a mean of `count` independent values against its expectation.
inline double z_of_mean(double mean, double count, double expected, double variance) {
  return (mean - expected) / std::sqrt(variance / count);
}
/// The quantile of chi-square with `freedom` degrees that z_max stands for (Wilson and Hilferty 1931).
inline double chi_square_max(double freedom) {
  const double cube = 1 - 2 / (9 * freedom) + z_max * std::sqrt(2 / (9 * freedom));
  return freedom * cube * cube * cube;
}
}  // namespace line_test
