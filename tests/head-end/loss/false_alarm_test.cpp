// P-values and thresholds: small examples by hand, and the promised rate on random scores.
#include "head-end/loss/false_alarm.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"

namespace {
using namespace headend::loss;
std::vector<double> random_scores(std::uint64_t seed, std::size_t count) {
  const core::RandomStream random(seed, 1, core::Purpose::test);
  std::vector<double> scores;
  for (std::size_t k = 0; k < count; ++k) scores.push_back(static_cast<double>(random.below(1'000'000, k)));
  return scores;
}
}  // namespace

TEST_CASE("p-values count the honest scores that reach a score") {
  const ScoreScale scale({3, 1, 2, 4});
  CHECK(scale.p_value(5) == Approx(1.0 / 5));
  CHECK(scale.p_value(4) == Approx(2.0 / 5));
  CHECK(scale.p_value(2.5) == Approx(3.0 / 5));
  CHECK(scale.p_value(0) == 1);
  CHECK(ScoreScale().p_value(7) == 1);
}

TEST_CASE("a threshold for a rate leaves no more than that rate above it") {
  const ScoreScale scale({1, 2, 3, 4, 5, 6, 7, 8, 9});  // n + 1 = 10
  CHECK(scale.threshold(0.1) == 9);                     // 0.1 x 10 - 1 = none of the nine may reach it
  CHECK(scale.threshold(0.2) == 8);
  CHECK(std::isinf(scale.threshold(0.05)));  // nine honest customers cannot show one in twenty
  CHECK(std::isinf(ScoreScale().threshold(0.5)));
}

// 2000 fresh honest scores against a reference of 999 and a rate of 5 %. Given the reference the true rate
// follows a beta distribution (50, 950): mean 0.05, sd 0.0069; counting 2000 adds sd 0.0049. Six of both:
// 0.05 +- 0.051.
TEST_CASE("fresh honest customers are accused at the stated rate") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    INFO("seed " << seed);
    const double threshold = ScoreScale(random_scores(seed, 999)).threshold(0.05);
    int accused = 0;
    for (const double score : random_scores(1000 + seed, 2000)) accused += score > threshold ? 1 : 0;
    CHECK(accused / 2000.0 < 0.05 + 0.051);
    CHECK(accused > 0);
  }
}

TEST_CASE("surprise rises with the score and goes on beyond the reference") {
  const ScoreScale scale(random_scores(1, 999));
  double last = -1;
  for (double score = 0; score < 1'500'000; score += 10'000) {
    CHECK(scale.surprise(score) >= last);
    last = scale.surprise(score);
  }
  CHECK(last > 3);
  CHECK(scale.surprise(1e300) == ScoreScale::surprise_max);
  CHECK(ScoreScale(std::vector<double>(50, 1.0)).surprise(2) == ScoreScale::surprise_max);
}

TEST_CASE("Benjamini and Hochberg's own example accuses four of fifteen") {
  // Their table of fifteen p-values, section 3.2, at a rate of 0.05.
  const std::vector<double> p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                              0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const auto flags = accused_at_false_discovery_rate(p, 0.05);
  for (std::size_t k = 0; k < p.size(); ++k) CHECK(flags[k] == (k < 4));
  CHECK(accused_at_false_discovery_rate({}, 0.05).empty());
}
