/// The few statistics that verdicts rest on, each small enough to check by hand.
///
/// Pure functions of their numbers. Student's t comes from Boost.Math. Randomness and time: none.
#pragma once
#include <cstddef>
#include <optional>
#include <vector>

namespace stress {
/// t such that Student's distribution with `degrees_of_freedom` (> 0, may be fractional) exceeds it with
/// probability `tail`. Range: 0 < tail < 1.
double student_t_upper(double tail, double degrees_of_freedom);
/// The probability that Student's distribution exceeds t.
double student_t_tail(double t, double degrees_of_freedom);

/// NaN of nothing.
double mean_of(const std::vector<double>& values);
double median_of(std::vector<double> values);
/// With n - 1; NaN of fewer than two.
double variance_of(const std::vector<double>& values);

/// An ordinary least squares fit of `values` on `columns` (each as long as values; give a column of ones for
/// a level), with two standard errors a coefficient: the classical one, and Newey and West's (Econometrica
/// 55, 1987), which allows for residuals that lean on their neighbours and for noise that differs from row to
/// row:
///     V = n/(n-k) (X'X)^-1 (G_0 + sum over l = 1..L of (1 - l/(L+1)) (G_l + G_l')) (X'X)^-1
///     G_l = sum over t of x_t e_t e_(t-l) x_(t-l)'
struct LinearFit {
  std::vector<double> coefficients;
  std::vector<double> standard_errors;         ///< classical
  std::vector<double> robust_standard_errors;  ///< Newey-West with `lag`
  std::size_t lag = 0;                         ///< L
};
/// Nothing if there are no more rows than columns, or the columns cannot be told apart.
std::optional<LinearFit> fit_linear(const std::vector<double>& values,
                                    const std::vector<std::vector<double>>& columns, std::size_t lag);

/// A row of a curve that runs through stages.
struct Observation {
  std::size_t group = 0;  ///< its stage: each has a level of its own
  double time = 0;        ///< rising within a group
  double value = 0;
  double covariate = 0;  ///< something else that moves the value and is none of the trend's doing
};

/// How a curve climbs within its groups, over all of them.
struct Slope {
  double least_squares = 0;       ///< per unit of time
  double theil_sen = 0;           ///< median over all pairs of a group: a single step does not move it
  double standard_error = 0;      ///< of `least_squares`: the larger of Newey-West's and the leaning one
  double degrees_of_freedom = 0;  ///< for Student's t: (n - k) (1 - r)/(1 + r)
};
/// Least squares with a level per group and the covariate. The error allows for noise that leans on its past:
/// the larger of Newey and West's (lag 1.3 sqrt(n)) and the classical one times sqrt((1 + r)/(1 - r)), r the
/// correlation of neighbouring residuals. Of more than 1,200 rows only every second, third ... is taken.
/// Nothing if fewer than 12 rows remain or groups are too short to show a trend. False alarms and power:
/// tests/stress/verdict/power_test.cpp.
std::optional<Slope> slope_within_groups(std::vector<Observation> rows);

/// The median of the slopes of all pairs within a group (Theil 1950, Sen 1968); NaN without a pair.
double theil_sen(const std::vector<Observation>& rows);

/// By which share later figures lie above earlier ones, with an interval.
struct Change {
  double share = 0;  ///< later / earlier - 1
  double low = 0, high = 0;
};
/// Of the means. Welch's t on the two means (ratio by the delta method), widened by sqrt((1 + r)/(1 - r))
/// when neighbours within a half resemble each other (r: their correlation, if positive). The interval misses
/// the truth with probability `error`, both sides together. Range: means not 0. Nothing if either has fewer
/// than three.
std::optional<Change> change_between(const std::vector<double>& earlier, const std::vector<double>& later,
                                     double error);
/// The figures of one stage, second by second.
struct StageFigures {
  std::vector<double> values;
  /// What else tells how fast the machine was in that second: as long as `values`, or empty.
  std::vector<double> control;
};
/// First half against second half of each stage (share: exp(median over all pairs of ln later - ln earlier)
/// - 1), by Hodges and Lehmann's shift of the logarithms: a single second in which somebody else had the
/// processor does not move it. Before that, b times the logarithm of the control is taken off (a control
/// variate): b, from 0 to 1, is the least-squares slope within the halves of all stages. The standard error
/// is
///     noise sqrt((1/n + 1/m) / 0.955 (1 + r)/(1 - r))
/// where r is the mean correlation of neighbours in the halves of all stages, if positive, and `noise` starts
/// from 1.4826 times the median distance from the half's own median (with Croux and Rousseeuw's factor for
/// few values, Computational Statistics 1, 1992; worth 0.37 degrees of freedom a value). Ten seconds say
/// little about their own noise, so each stage's variance is moderated by what all have in common: Smyth's
/// empirical Bayes (Statistical Applications in Genetics and Molecular Biology 3, 2004), which finds from the
/// data how much the stages differ. Against Student's t with the degrees of freedom of both: for independent
/// noise that is near to normal the interval misses the truth with probability `error` at most, both sides
/// together. Nothing for a stage of fewer than six figures or with one that is not positive.
std::vector<std::optional<Change>> changes_within(const std::vector<StageFigures>& stages, double error);

/// A change from one value to the next that the curve's own noise does not explain.
struct Jump {
  std::size_t group = 0, index = 0;  ///< from `index - 1` to `index`
  double before = 0, after = 0;
  double deviations = 0;  ///< in units of the noise
};
struct JumpSearch {
  std::vector<Jump> jumps;      ///< in order
  std::size_t differences = 0;  ///< how many were looked at
  double deviations_limit = 0;
};
/// The largest of m changes, each less the median of its group (a ramp is no jump) and divided by the noise
/// (1.4826 times their median distance from their median: over all groups, or the group's own if larger), is
/// held against Student's t with 0.37 m degrees of freedom (what a median deviation is worth) at error/(2 m):
/// for independent normal noise a curve without jumps is accused with probability `error` at most. Values
/// that are NaN are skipped with the changes they belong to.
JumpSearch find_jumps(const std::vector<std::vector<double>>& groups, double error);
}  // namespace stress
