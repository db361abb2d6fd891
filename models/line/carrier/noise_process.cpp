#include "models/line/carrier/noise_process.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "core/portable_math.hpp"

namespace model::carrier {
namespace {
constexpr double all_words = 0x1p64;
constexpr int impulses_limit = 2000;

std::uint64_t share_of_words(double chance) {
  return chance >= 1 ? UINT64_MAX : static_cast<std::uint64_t>(chance * all_words);
}
}  // namespace

double class_a_deviation(const NoiseSetup& setup, int impulses) {
  return std::sqrt((impulses / setup.impulsive_index + setup.background_ratio) /
                   (1 + setup.background_ratio));
}

double class_a_chance(const NoiseSetup& setup, int impulses) {
  double log_chance = -setup.impulsive_index;
  for (int i = 1; i <= impulses; ++i) log_chance += core::portable_math::log(setup.impulsive_index / i);
  return log_chance < -700 ? 0 : core::portable_math::exp(log_chance);
}

NoiseProcess::NoiseProcess(const NoiseSetup& setup, GaussianSource& source)
    : source_(source), is_impulsive_(setup.is_impulsive) {
  if (!is_impulsive_) return;
  METERTWIN_CHECK(setup.impulsive_index > 0 && setup.impulsive_index <= 500, setup.impulsive_index);
  METERTWIN_CHECK(setup.background_ratio > 0 && setup.burst_samples >= 1, setup.background_ratio);
  keep_below_ = share_of_words(1 - 1 / setup.burst_samples);
  double sum = 0;
  for (int m = 0; m < impulses_limit && sum < 1 - 1e-15; ++m) {
    sum += class_a_chance(setup, m);
    at_most_.push_back(share_of_words(std::min(sum, 1.0)));
    deviations_.push_back(class_a_deviation(setup, m));
    if (m > setup.impulsive_index && class_a_chance(setup, m) < 1e-18) break;
  }
  at_most_.back() = UINT64_MAX;
  draw();
}

void NoiseProcess::draw() {
  const auto word = source_.next_word();
  impulses_ = 0;
  while (word > at_most_[impulses_]) ++impulses_;
}

double NoiseProcess::next_mean_deviation(int samples) {
  if (!is_impulsive_) return 1;
  double variance = 0;
  for (int i = 0; i < samples; ++i) {
    const double deviation = next_deviation();
    variance += deviation * deviation;
  }
  return std::sqrt(variance / samples);
}
}  // namespace model::carrier
