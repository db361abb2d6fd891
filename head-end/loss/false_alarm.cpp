// Conformal p-values and thresholds.
#include "head-end/loss/false_alarm.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/portable_math.hpp"

namespace headend::loss {
ScoreScale::ScoreScale(std::vector<double> honest_scores) : reference_(std::move(honest_scores)) {
  std::sort(reference_.begin(), reference_.end());
}

double ScoreScale::p_value(double score) const {
  const auto reached = reference_.end() - std::lower_bound(reference_.begin(), reference_.end(), score);
  return static_cast<double>(1 + reached) / static_cast<double>(1 + reference_.size());
}

double ScoreScale::surprise(double score) const {
  constexpr double ln10 = 2.302585092994046;
  if (reference_.empty()) return 0;
  const double tenth = at_rank(0.9), hundredth = at_rank(0.99);
  if (score <= hundredth) return -core::portable_math::log(p_value(score)) / ln10;
  const double decade = std::max(hundredth - tenth, 1e-3 * (std::fabs(hundredth) + 1e-3));
  return std::min(2 + (score - hundredth) / decade, surprise_max);
}

double ScoreScale::at_rank(double share) const {
  return reference_[static_cast<std::size_t>(share * static_cast<double>(reference_.size() - 1))];
}

double ScoreScale::threshold(double false_alarm_rate) const {
  const auto n = static_cast<double>(reference_.size());
  const auto allowed = static_cast<std::ptrdiff_t>(std::floor(false_alarm_rate * (n + 1) + 1e-9)) - 1;
  if (allowed < 0 || reference_.empty()) return std::numeric_limits<double>::infinity();
  const auto from_top = std::min<std::ptrdiff_t>(allowed, static_cast<std::ptrdiff_t>(reference_.size()) - 1);
  return *(reference_.end() - 1 - from_top);
}

std::vector<bool> accused_at_false_discovery_rate(const std::vector<double>& p_values, double rate) {
  const std::size_t m = p_values.size();
  std::vector<std::size_t> order(m);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return p_values[a] != p_values[b] ? p_values[a] < p_values[b] : a < b;
  });
  std::size_t accused = 0;
  for (std::size_t k = 0; k < m; ++k)
    if (p_values[order[k]] <= rate * static_cast<double>(k + 1) / static_cast<double>(m)) accused = k + 1;
  std::vector<bool> flags(m, false);
  for (std::size_t k = 0; k < accused; ++k) flags[order[k]] = true;
  return flags;
}
}  // namespace headend::loss
