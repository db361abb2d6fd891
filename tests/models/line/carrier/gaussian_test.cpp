// The noise itself: its moments, its tails, its impulses.
#include "models/line/carrier/gaussian.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/line/carrier/closed_form.hpp"
#include "models/line/carrier/noise_process.hpp"

using namespace model::carrier;

TEST_CASE("the tail of the normal distribution has its tabled values") {
  // Abramowitz and Stegun, table 26.1 and 26.2; erfc of libm between.
  CHECK(gaussian_tail(0) == Approx(0.5).epsilon(1e-12));
  CHECK(gaussian_tail(1.6448536269514722) == Approx(0.05).epsilon(1e-12));
  CHECK(gaussian_tail(6) == Approx(9.8658764503769814e-10).epsilon(1e-11));
  for (double x = -8; x < 30; x += 0.37) {
    INFO(x);
    CHECK(gaussian_tail(x) == Approx(0.5 * std::erfc(x / std::sqrt(2.0))).epsilon(1e-11));
  }
}

TEST_CASE("normal variates fill every interval as often as they should, out to the ziggurat's tail") {
  // Binomial counts beyond each threshold; |z| < 5 fails a right source once in 1.7 million trials.
  constexpr int draws = 2'000'000;
  GaussianSource source(7, 3);
  const std::array thresholds{-4.2, -3.66, -3.0, -1.5, -0.3, 0.0, 0.2, 1.0, 2.0, 3.0, 3.64, 3.7, 4.2};
  std::array<int, 13> beyond{};
  double sum = 0, squares = 0;
  for (int i = 0; i < draws; ++i) {
    const double x = source.normal();
    sum += x;
    squares += x * x;
    for (std::size_t k = 0; k < thresholds.size(); ++k) beyond[k] += x > thresholds[k] ? 1 : 0;
  }
  CHECK(std::abs(sum / std::sqrt(double{draws})) < 5);
  CHECK(std::abs((squares - draws) / std::sqrt(2.0 * draws)) < 5);
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    const double p = gaussian_tail(thresholds[k]);
    INFO("beyond " << thresholds[k] << ", seed 7");
    CHECK(std::abs(beyond[k] - draws * p) < 5 * std::sqrt(draws * p * (1 - p)));
  }
}

TEST_CASE("the same seed and entity give the same noise, others do not") {
  GaussianSource one(1, 2), same(1, 2), other(1, 3);
  const double first = one.normal();
  CHECK(first == same.normal());
  CHECK(first != other.normal());
}

TEST_CASE("class A noise keeps the total power, and bursts last as long as they are told to") {
  GaussianSource source(5, 1);
  NoiseSetup setup{true, 0.2, 0.05, 50};
  NoiseProcess noise(setup, source);
  constexpr int samples = 2'000'000;
  double power = 0;
  int runs = 0, strong = 0;
  bool was_strong = false;
  for (int i = 0; i < samples; ++i) {
    const double deviation = noise.next_deviation();
    power += deviation * deviation;
    const bool is_strong = deviation > 1;
    strong += is_strong ? 1 : 0;
    runs += is_strong && !was_strong ? 1 : 0;
    was_strong = is_strong;
  }
  // sigma_m^2 has mean 1 and variance A / A^2 / (1 + G)^2 = 4.535; a state is kept 50 samples on average, so
  // the mean over n samples has variance 4.535 x (2 x 50 - 1) / n: five of its deviations.
  CHECK(std::abs(power / samples - 1) < 5 * std::sqrt(4.535 * 99 / samples));
  // A strong run ends when a fresh draw says m = 0, at each sample with chance (1/50) e^-A.
  const double mean_run = static_cast<double>(strong) / runs, expected = 50 * std::exp(0.2);
  CHECK(std::abs(mean_run - expected) < 5 * expected / std::sqrt(runs));
}
