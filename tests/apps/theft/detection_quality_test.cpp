// AUC and its companions against examples worked out by hand.
#include "apps/theft/detection_quality.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"

namespace {
using namespace app::theft;

/// Pairs won by the thief plus half of the ties, over all pairs.
double auc_by_pairs(const std::vector<Judged>& customers) {
  double won = 0, pairs = 0;
  for (const auto& thief : customers)
    for (const auto& other : customers) {
      if (!thief.is_thief || other.is_thief) continue;
      pairs += 1;
      won += thief.score > other.score ? 1 : thief.score == other.score ? 0.5 : 0;
    }
  return won / pairs;
}
}  // namespace

TEST_CASE("AUC and average precision of five customers") {
  // Ranked: thief, honest, thief, honest, honest. Pairs won: 3 + 2 of 6. Precision at the thieves: 1/1 and
  // 2/3.
  const std::vector<Judged> customers{{5, true}, {4, false}, {3, true}, {2, false}, {1, false}};
  CHECK(area_under_curve(customers) == Approx(5.0 / 6));
  CHECK(average_precision(customers) == Approx((1 + 2.0 / 3) / 2));
  const auto counts = at_threshold(customers, 2.5);
  CHECK(counts.thieves_found == 2);
  CHECK(counts.falsely_accused == 1);
  CHECK(counts.precision() == Approx(2.0 / 3));
  CHECK(counts.recall() == 1);
  CHECK(counts.false_alarm_rate() == Approx(1.0 / 3));
}

TEST_CASE("ties count half, and everybody equal is a coin") {
  CHECK(area_under_curve({{1, true}, {1, false}, {1, false}, {1, true}}) == Approx(0.5));
  CHECK(average_precision({{1, true}, {1, false}, {1, false}, {1, true}}) == Approx(0.5));
  CHECK(area_under_curve({{2, true}, {2, false}, {1, false}}) == Approx(0.75));
}

TEST_CASE("perfect and perfectly wrong rankings") {
  CHECK(area_under_curve({{2, true}, {1, false}}) == 1);
  CHECK(area_under_curve({{1, true}, {2, false}}) == 0);
  CHECK(average_precision({{2, true}, {1, false}}) == 1);
  CHECK(average_precision({{1, true}, {2, false}}) == Approx(0.5));
}

TEST_CASE("without thieves or without honest customers nothing is known") {
  CHECK(std::isnan(area_under_curve({})));
  CHECK(std::isnan(area_under_curve({{1, true}})));
  CHECK(std::isnan(area_under_curve({{1, false}})));
  CHECK(std::isnan(average_precision({{1, false}})));
  CHECK(std::isnan(at_threshold({}, 0).precision()));
}

TEST_CASE("AUC equals the count over all pairs on random scores with ties") {
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream random(seed, 1, core::Purpose::test);
    std::vector<Judged> customers{{0, true}, {0, false}};
    for (std::uint64_t k = 0; k < 40; ++k)
      customers.push_back({static_cast<double>(random.below(9, 2 * k)), random.below(4, 2 * k + 1) == 0});
    CHECK(area_under_curve(customers) == Approx(auc_by_pairs(customers)));
  }
}

TEST_CASE("the standard error of an AUC agrees with its published example") {
  // Hanley and McNeil 1982, table II and text: AUC 0.893, 51 abnormal and 58 normal images, standard error
  // 0.032.
  CHECK(standard_error_of_auc(0.893, 51, 58) == Approx(0.032).margin(0.0015));
}
