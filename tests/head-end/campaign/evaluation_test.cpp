// What a campaign has brought, by hand and by chance.
#include <catch2/catch.hpp>

#include <cmath>

#include "core/random.hpp"
#include "head-end/campaign/evaluation.hpp"

using namespace headend;

namespace {
CampaignDay day(double first_Wh, double second_Wh, double before_Wh = 1000) {
  return {{first_Wh, second_Wh}, before_Wh};
}
}  // namespace

TEST_CASE("the baseline is the mean of like days, or of the highest of them, scaled by the hours before") {
  const std::vector<CampaignDay> days{day(100, 300), day(200, 400), day(600, 800)};
  CHECK(foretold_Wh(days, 1000, {10, false, 2, 1}) == std::vector<double>{300, 500});
  CHECK(foretold_Wh(days, 1000, {2, false, 2, 1}) == std::vector<double>{400, 600});
  // Half as much again before the window: half as much again in it. At most twice, at least half.
  CHECK(foretold_Wh(days, 1500, {10, true, 2, 1}) == std::vector<double>{450, 750});
  CHECK(foretold_Wh(days, 9000, {10, true, 2, 1}) == std::vector<double>{600, 1000});
  CHECK(foretold_Wh(days, 0, {10, true, 2, 1}) == std::vector<double>{150, 250});
}

TEST_CASE("reduction, peaks and uncertainty of three like days, by hand") {
  // Window sums 900, 1000, 1100: each foretold from the other two is 1050, 1000, 950; errors 150, 0, -150.
  const std::vector<CampaignDay> days{day(400, 500), day(450, 550), day(500, 600)};
  const auto result = evaluate(day(300, 200), days, {10, false, 0, 4});
  REQUIRE(result);
  CHECK(result->baseline_Wh == 1000);
  CHECK(result->drawn_Wh == 500);
  CHECK(result->reduction_Wh == 500);
  CHECK(result->baseline_peak_W == 2200);
  CHECK(result->drawn_peak_W == 1200);
  const double scatter = 4.303 * std::sqrt(2 * 150.0 * 150.0 / 3);
  const double steps = 2 * 10 / std::sqrt(6.0) * std::sqrt(4 * (1 + 1.0 / 3));
  CHECK(result->uncertainty_Wh == std::llround(std::sqrt(scatter * scatter + steps * steps)));
}

TEST_CASE("too little to go by is no result") {
  CHECK_FALSE(evaluate(day(1, 2), {day(1, 2)}, {10, false, 2, 1}));
  CHECK_FALSE(evaluate(day(1, 2), {day(1, 2), day(1, 2)}, {10, false, 2, 0}));
  CHECK_FALSE(evaluate({}, {day(1, 2), day(1, 2)}, {10, false, 2, 1}));
}

TEST_CASE("the stated uncertainty holds the true reduction in at least 95 of 100 trials") {
  // Days of one kind scatter normally about a mean; the campaign takes 300 Wh off each quarter hour. 1,000
  // trials: with 95 % each, fewer than 928 have a chance of 1 in 1,000 (binomial).
  constexpr int trials = 1000, quarters = 8;
  for (const bool is_adjusted : {false, true}) {
    int held = 0;
    for (int trial = 0; trial < trials; ++trial) {
      const core::RandomStream draws(static_cast<std::uint64_t>(trial), 3, core::Purpose::test);
      std::uint64_t next = 0;
      const auto normal = [&] { return core::normal_q16(draws.block(next++)[0]) / 65'536.0; };
      const auto make_day = [&] {
        const double level = 1000 + 150 * normal();
        CampaignDay made;
        for (int q = 0; q < quarters; ++q) made.window_Wh.push_back(level + 50 * normal());
        made.before_Wh = quarters * (level + 20 * normal());
        return made;
      };
      std::vector<CampaignDay> days;
      for (int d = 0; d < 6; ++d) days.push_back(make_day());
      auto today = make_day();
      for (auto& energy : today.window_Wh) energy -= 300;
      const auto result = evaluate(today, days, {10, is_adjusted, 1, 20});
      REQUIRE(result);
      held += std::abs(result->reduction_Wh - 300 * quarters) <= result->uncertainty_Wh ? 1 : 0;
    }
    INFO("adjusted " << is_adjusted);
    CHECK(held >= 928);
  }
}
