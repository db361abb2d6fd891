#include "stress/verdict/statistics.hpp"

#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <limits>
#include <numeric>

namespace stress {
namespace {
constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double normal_per_median_deviation = 1.4826;  // 1 / quantile(3/4) of the normal distribution

/// The correlation of neighbours around the mean; 0 where values do not vary.
double neighbour_correlation(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double together = 0, alone = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    alone += (values[i] - mean) * (values[i] - mean);
    if (i > 0) together += (values[i] - mean) * (values[i - 1] - mean);
  }
  return alone > 0 ? together / alone : 0;
}

double noise_of(const std::vector<double>& changes) {
  const double middle = median_of(changes);
  std::vector<double> distances;
  for (const double change : changes) distances.push_back(std::abs(change - middle));
  return normal_per_median_deviation * median_of(std::move(distances));
}

/// What makes the median distance of n normal values from their own median, times 1.4826, right in the mean.
double few_values_factor(std::size_t n) {
  constexpr std::array few{1.196, 1.495, 1.363, 1.206, 1.200, 1.140, 1.129, 1.107};  // of 2 to 9
  if (n < 2) return missing;
  return n < 10 ? few[n - 2] : static_cast<double>(n) / (static_cast<double>(n) - 0.8);
}

using Series = std::vector<double>;

/// The logarithms of a stage; empty if it has too few figures or one that has none.
Series logarithms_of(const Series& values) {
  constexpr std::size_t values_least = 6;
  Series logarithms;
  if (values.size() < values_least) return logarithms;
  for (const double value : values) {
    if (!(value > 0) || !std::isfinite(value)) return {};
    logarithms.push_back(std::log(value));
  }
  return logarithms;
}

std::array<Series, 2> halves_of(const Series& series) {
  const auto middle = series.begin() + static_cast<std::ptrdiff_t>(series.size() / 2);
  return {Series(series.begin(), middle), Series(middle, series.end())};
}

/// The least-squares slope of the logarithms on those of their controls, within halves; 0 to 1.
double control_slope(const std::vector<Series>& logarithms, const std::vector<Series>& controls) {
  double together = 0, alone = 0;
  for (std::size_t stage = 0; stage < logarithms.size(); ++stage) {
    if (controls[stage].size() != logarithms[stage].size()) continue;
    const auto values = halves_of(logarithms[stage]), control = halves_of(controls[stage]);
    for (std::size_t half = 0; half < 2; ++half) {
      const double value_mean = mean_of(values[half]), control_mean = mean_of(control[half]);
      for (std::size_t i = 0; i < values[half].size(); ++i) {
        together += (values[half][i] - value_mean) * (control[half][i] - control_mean);
        alone += (control[half][i] - control_mean) * (control[half][i] - control_mean);
      }
    }
  }
  return alone > 0 ? std::clamp(together / alone, 0.0, 1.0) : 0;
}

/// How the halves of one stage scatter and how neighbours resemble each other in them.
struct Scatter {
  double noise = 0, resemblance = 0;
};
Scatter scatter_of(const std::array<Series, 2>& halves) {
  Scatter scatter;
  for (const auto& half : halves) {
    scatter.noise += few_values_factor(half.size()) * noise_of(half) / 2;
    scatter.resemblance += neighbour_correlation(half) / 2;
  }
  return scatter;
}

/// x > 0 with trigamma(x) = y, by bisection: trigamma falls from infinity to 0.
double trigamma_inverse(double y) {
  double low = 1e-3, high = 1'000;
  for (int i = 0; i < 60; ++i) {
    const double middle = std::sqrt(low * high);
    (boost::math::trigamma(middle) > y ? low : high) = middle;
  }
  return low;
}

/// What the stages' variances have in common: a scaled inverse chi-square distribution.
struct CommonVariance {
  double variance = 0;
  double degrees_of_freedom = 0;  ///< infinite when the stages do not differ more than chance would have it
};
/// Smyth 2004, section 6.2: from the mean and the variance of the logarithms.
CommonVariance common_variance(const Series& variances, const Series& degrees_of_freedom) {
  Series levels, expected;
  double sum = 0, freedom = 0;
  for (std::size_t i = 0; i < variances.size(); ++i) {
    sum += variances[i] * degrees_of_freedom[i];
    freedom += degrees_of_freedom[i];
    if (!(variances[i] > 0)) continue;
    const double half = degrees_of_freedom[i] / 2;
    levels.push_back(std::log(variances[i]) - boost::math::digamma(half) + std::log(half));
    expected.push_back(boost::math::trigamma(half));
  }
  const double excess = levels.size() < 2 ? 0 : variance_of(levels) - mean_of(expected);
  constexpr double half_max = 1'000;  // no difference to infinity
  const double half = excess > 0 ? trigamma_inverse(excess) : half_max;
  if (half > 0.99 * half_max) return {sum / freedom, std::numeric_limits<double>::infinity()};
  return {std::exp(mean_of(levels) + boost::math::digamma(half) - std::log(half)), 2 * half};
}

double shift_between(const std::array<Series, 2>& halves) {
  Series shifts;
  for (const double after : halves[1])
    for (const double before : halves[0]) shifts.push_back(after - before);
  return median_of(std::move(shifts));
}
}  // namespace

double student_t_upper(double tail, double degrees_of_freedom) {
  return boost::math::quantile(boost::math::complement(boost::math::students_t(degrees_of_freedom), tail));
}

double student_t_tail(double t, double degrees_of_freedom) {
  return boost::math::cdf(boost::math::complement(boost::math::students_t(degrees_of_freedom), t));
}

double mean_of(const std::vector<double>& values) {
  if (values.empty()) return missing;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double median_of(std::vector<double> values) {
  if (values.empty()) return missing;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

double variance_of(const std::vector<double>& values) {
  if (values.size() < 2) return missing;
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size() - 1);
}

double theil_sen(const std::vector<Observation>& rows) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t k = i + 1; k < rows.size(); ++k)
      if (rows[i].group == rows[k].group && rows[k].time != rows[i].time)
        slopes.push_back((rows[k].value - rows[i].value) / (rows[k].time - rows[i].time));
  return median_of(std::move(slopes));
}

std::optional<Change> change_between(const std::vector<double>& earlier, const std::vector<double>& later,
                                     double error) {
  if (earlier.size() < 3 || later.size() < 3) return std::nullopt;
  const double base = mean_of(earlier), level = mean_of(later);
  if (base == 0 || !std::isfinite(base) || !std::isfinite(level)) return std::nullopt;
  const double ratio = level / base;
  const double base_error = variance_of(earlier) / static_cast<double>(earlier.size()) * ratio * ratio;
  const double level_error = variance_of(later) / static_cast<double>(later.size());
  const double both = base_error + level_error;
  if (both <= 0) return Change{ratio - 1, ratio - 1, ratio - 1};
  // Welch and Satterthwaite: the degrees of freedom of a sum of two variances.
  const double freedom = both * both /
                         (base_error * base_error / static_cast<double>(earlier.size() - 1) +
                          level_error * level_error / static_cast<double>(later.size() - 1));
  const double resemblance =
      std::clamp((neighbour_correlation(earlier) + neighbour_correlation(later)) / 2, 0.0, 0.9);
  const double widened = std::sqrt(both * (1 + resemblance) / (1 - resemblance)) / std::abs(base);
  const double reach = student_t_upper(error / 2, freedom) * widened;
  return Change{ratio - 1, ratio - 1 - reach, ratio - 1 + reach};
}

std::vector<std::optional<Change>> changes_within(const std::vector<StageFigures>& stages, double error) {
  std::vector<Series> logarithms, controls;
  for (const auto& stage : stages) {
    logarithms.push_back(logarithms_of(stage.values));
    controls.push_back(logarithms_of(stage.control));
  }
  const double slope = control_slope(logarithms, controls);
  constexpr double median_deviation_efficiency = 0.37, shift_efficiency = 0.955;
  Series variances, freedoms;
  double resemblance = 0, values = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    auto& series = logarithms[i];
    if (controls[i].size() == series.size())
      for (std::size_t k = 0; k < series.size(); ++k) series[k] -= slope * controls[i][k];
    const auto count = static_cast<double>(series.size());
    const auto scatter = series.empty() ? Scatter{} : scatter_of(halves_of(series));
    variances.push_back(scatter.noise * scatter.noise);
    freedoms.push_back(median_deviation_efficiency * count);
    resemblance += scatter.resemblance * count;
    values += count;
  }
  std::vector<std::optional<Change>> changes(stages.size());
  if (values == 0) return changes;
  resemblance = std::clamp(resemblance / values, 0.0, 0.9);
  const auto common = common_variance(variances, freedoms);
  const double freedom_of_all = median_deviation_efficiency * values;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (logarithms[i].empty()) continue;
    const bool are_alike = std::isinf(common.degrees_of_freedom);
    const double freedom = are_alike ? freedom_of_all : common.degrees_of_freedom + freedoms[i];
    const double variance =
        are_alike ? common.variance
                  : (common.degrees_of_freedom * common.variance + freedoms[i] * variances[i]) / freedom;
    const auto halves = halves_of(logarithms[i]);
    const double shift = shift_between(halves);
    const double per_value =
        1.0 / static_cast<double>(halves[0].size()) + 1.0 / static_cast<double>(halves[1].size());
    const double reach =
        student_t_upper(error / 2, std::min(freedom, freedom_of_all)) *
        std::sqrt(variance * per_value / shift_efficiency * (1 + resemblance) / (1 - resemblance));
    changes[i] = Change{std::expm1(shift), std::expm1(shift - reach), std::expm1(shift + reach)};
  }
  return changes;
}

JumpSearch find_jumps(const std::vector<std::vector<double>>& groups, double error) {
  std::vector<std::vector<double>> changes_of(groups.size());
  std::vector<double> all;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    for (std::size_t i = 1; i < groups[group].size(); ++i) {
      const double change = groups[group][i] - groups[group][i - 1];
      if (std::isfinite(change)) changes_of[group].push_back(change);
    }
    all.insert(all.end(), changes_of[group].begin(), changes_of[group].end());
  }
  JumpSearch search;
  search.differences = all.size();
  constexpr std::size_t changes_least = 8;  // fewer say nothing about their own noise
  if (all.size() < changes_least) return search;
  constexpr double median_deviation_efficiency = 0.37;
  const double count = static_cast<double>(all.size());
  search.deviations_limit = student_t_upper(error / (2 * count), median_deviation_efficiency * count);
  const double noise_of_all = noise_of(all);
  for (std::size_t group = 0; group < groups.size(); ++group) {
    const double noise = changes_of[group].size() >= changes_least
                             ? std::max(noise_of_all, noise_of(changes_of[group]))
                             : noise_of_all;
    const double trend = changes_of[group].size() >= changes_least ? median_of(changes_of[group]) : 0;
    for (std::size_t i = 1; i < groups[group].size(); ++i) {
      const double before = groups[group][i - 1], after = groups[group][i];
      const double change = std::abs(after - before - trend);
      if (!std::isfinite(change) || change <= search.deviations_limit * noise) continue;
      search.jumps.push_back(
          {group, i, before, after, noise > 0 ? change / noise : std::numeric_limits<double>::infinity()});
    }
  }
  return search;
}
}  // namespace stress
