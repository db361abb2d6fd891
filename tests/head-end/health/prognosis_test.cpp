// Trends by hand arithmetic; fleets of meters that wear out by the twin's physics: who is foretold, who is
// not.
#include "head-end/health/prognosis.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"
#include "models/meter/wear.hpp"

using namespace headend::health;

namespace {
constexpr HealthRules rules;
constexpr Limit battery{Weakness::battery, rules.battery_limit_mV, rules.battery_resolution_mV};
constexpr Limit clock_of_meter{Weakness::clock, rules.clock_limit_s, rules.clock_resolution_s};

struct Draws {
  core::RandomStream stream{2026, 1, core::Purpose::test};
  std::uint64_t drawn = 0;
  double uniform(double from, double till) {
    return from + (till - from) * static_cast<double>(stream.below(1'000'001, drawn++)) / 1e6;
  }
};

/// What sixty days of check-ups brought by the morning of `night`.
template <class Value>
std::vector<Point> history(int night, const Value& value) {
  std::vector<Point> points;
  for (int day = std::max(0, night - rules.history_days + 1); day <= night; ++day)
    points.push_back({static_cast<double>(day - night), value[static_cast<std::size_t>(day)]});
  return points;
}
/// The first night on which something is said; -1 for none.
int foretold(const std::vector<double>& values, const Limit& limit) {
  for (int night = 0; night < static_cast<int>(values.size()); ++night)
    if (prognosis_of(history(night, values), limit, rules)) return night;
  return -1;
}
}  // namespace

// By hand: x -2..2, y 10 8 6 4 2 + (0, 1, -2, 1, 0): Sxx 10, Sxy -20, RSS 6, s^2 = 2, u = sqrt(0.2).
TEST_CASE("a line through five points is the one worked out by hand") {
  const auto trend = trend_of({{-2, 10}, {-1, 9}, {0, 4}, {1, 5}, {2, 2}}, 0);
  CHECK(trend.slope == Approx(-2));
  CHECK(trend.slope_error == Approx(std::sqrt(0.2)));
  CHECK(trend.centre_value == Approx(6));
  const auto crossing = trend.crossing(-4);
  REQUIRE(crossing);
  CHECK(crossing->likely_day == Approx(5));
  CHECK(crossing->earliest_day == Approx(10 / (2 + 2 * std::sqrt(0.2))));
  CHECK(*crossing->latest_day == Approx(10 / (2 - 2 * std::sqrt(0.2))));
  CHECK_FALSE(trend.crossing(7));
  CHECK(trend_of({}, 1).p_value() == 1);
  CHECK(trend_of({{0, 1}, {0, 2}, {0, 3}, {0, 9}}, 1).p_value() == 1);
  const auto level = trend_of({{0, 5}, {1, 5}, {2, 5}, {3, 5}}, 10);
  CHECK(level.p_value() == Approx(0.5));
  CHECK_FALSE(level.crossing(1));
}

TEST_CASE("the cell of the twin is at three volts after 86 % of its life") {
  const model::BatteryWear cell{.life_days = 1000};
  CHECK(model::days_until(cell, 3000) == Approx(1000 * 6.0 / 7));
  CHECK(model::battery_mV(cell, 0) == 3600);
  CHECK(model::battery_mV(cell, 500) == 3500);
  CHECK(model::battery_mV(cell, 857) >= 3000);
  CHECK(model::battery_mV(cell, 858) < 3000);
  CHECK(model::battery_mV(cell, 2000) == 0);
  CHECK(model::clock_gain_s({.rate_ppm = 10, .ageing_ppm = 0}, 100) == Approx(86.4));
  // A ((t + T) ln(1 + t / T) - t) at t = T = 30: 30 (2 ln 2 - 1) = 11.59 days
  CHECK(model::clock_gain_s({.ageing_ppm = 10}, 30) == Approx(0.864 * 30 * (2 * std::log(2.0) - 1)));
}

// 200 cells for 180 nights, read to 10 mV with +-15 mV of weather: the slope of 60 days is known to 0.07 mV a
// day. A cell that ends within the time falls by 1.2 mV a day in its last two months (seventeen standard
// errors, t of 58 degrees: 1e-24), and a line through it meets 3.0 V less than 60 days ahead; one that has
// 400 days left would have to fall ten times as fast as it does (seventy standard errors). So that any miss
// or any false word among 200 x 180 has a chance below 1e-6.
TEST_CASE("of a fleet of batteries exactly those that end are foretold, two weeks ahead at least") {
  Draws draws;
  int ended = 0, sound = 0;
  for (int meter = 0; meter < 200; ++meter) {
    const bool is_old = meter % 2 == 0;
    const double left = is_old ? draws.uniform(80, 160) : draws.uniform(580, 3000);
    model::BatteryWear cell;
    cell.age_days = model::days_until(cell, rules.battery_limit_mV) - left;
    std::vector<double> told;
    for (int day = 0; day < 180; ++day) {
      const double shown = static_cast<double>(model::battery_mV(cell, day)) + draws.uniform(-15, 15);
      told.push_back(10 * std::round(shown / 10));
    }
    const int night = foretold(told, battery);
    INFO("meter " << meter << ", " << left << " days left, foretold on night " << night);
    is_old ? ++ended : ++sound;
    if (is_old) {
      CHECK(night >= 0);
      CHECK(night <= left - 14);
      CHECK(night >= left - 2 * rules.horizon_days);
    } else {
      CHECK(night == -1);
    }
  }
  CHECK(ended == 100);
  CHECK(sound == 100);
}

// Offsets are good to +-1 s: the slope of 60 days is known to 0.005 s a day. A healthy crystal (6 ppm, half a
// second a day) meets five minutes after 580 days; an ageing one (above 40 ppm) within 87. As above, any
// error has a chance below 1e-6.
TEST_CASE("of a fleet of clocks exactly those whose crystals age are foretold") {
  Draws draws;
  for (int meter = 0; meter < 200; ++meter) {
    const bool ages = meter % 2 == 0;
    const double sign = meter % 4 < 2 ? 1 : -1;
    const model::CrystalAgeing crystal{.rate_ppm = draws.uniform(-6, 6),
                                       .ageing_ppm = ages ? sign * draws.uniform(40, 80) : 0,
                                       .ageing_days = 30};
    std::vector<double> told;
    int limit_day = -1;
    for (int day = 0; day < 120; ++day) {
      const double gained = model::clock_gain_s(crystal, day);
      if (limit_day < 0 && std::fabs(gained) >= rules.clock_limit_s) limit_day = day;
      told.push_back(std::round(gained + draws.uniform(-1, 1)));
    }
    const int night = foretold(told, clock_of_meter);
    INFO("meter " << meter << ": beyond on day " << limit_day << ", foretold on night " << night);
    if (ages) {
      REQUIRE(limit_day > 0);
      CHECK(night >= 0);
      CHECK(night < limit_day - 14);
    } else {
      CHECK(night == -1);
    }
  }
}

TEST_CASE("one odd value is no failure, two are") {
  CHECK_FALSE(prognosis_of({{-3, 3600}, {-2, 3600}, {-1, 3600}, {0, 0}}, battery, rules));
  const auto said = prognosis_of({{-3, 3600}, {-2, 3600}, {-1, 2990}, {0, 2980}}, battery, rules);
  REQUIRE(said);
  CHECK(said->has_failed);
  CHECK(said->sentence.find("2.98 V") != std::string::npos);
  CHECK(prognosis_of({{-1, -400}, {0, -410}}, clock_of_meter, rules)->has_failed);
  CHECK_FALSE(prognosis_of({}, battery, rules));
}

TEST_CASE("a register that stands still is told after as many days as its own history asks for") {
  std::vector<std::int64_t> days(24, 300);
  days.insert(days.end(), {0, 0, 0, 0});
  CHECK_FALSE(prognosis_of_standstill(days, rules));  // (1/26)^4 = 2.2e-6
  days.push_back(0);                                  // (1/26)^5 = 8.4e-8
  const auto said = prognosis_of_standstill(days, rules);
  REQUIRE(said);
  CHECK(said->value == 5);
  CHECK(said->p_value == Approx(std::pow(1.0 / 26, 5)));
  CHECK_FALSE(prognosis_of_standstill({}, rules));
  CHECK_FALSE(prognosis_of_standstill(std::vector<std::int64_t>(28, 0), rules));  // always did
  std::vector<std::int64_t> weekends;
  for (int day = 0; day < 28; ++day) weekends.push_back(day % 7 < 2 ? 0 : 400);
  weekends.insert(weekends.end(), {0, 0, 0});
  CHECK_FALSE(prognosis_of_standstill(weekends, rules));
}

// 300 homes that are empty on a tenth of their days, by chance: of 30,000 nights at most one in a thousand is
// to be told at that rate, 30; those of one home hang together, four nights in a row at most at this rate:
// the sum has a standard deviation below sqrt(4 x 30) = 11; six of it: 96.
TEST_CASE("days without energy that happen by chance are told no more often than the stated rate") {
  HealthRules loose;
  loose.false_alarm_rate = 1e-3;
  Draws draws;
  int told = 0;
  for (int home = 0; home < 300; ++home) {
    std::vector<std::int64_t> days;
    for (int day = 0; day < 128; ++day) days.push_back(draws.uniform(0, 1) < 0.1 ? 0 : 300);
    for (std::size_t night = 28; night < days.size(); ++night)
      told += prognosis_of_standstill({days.begin() + static_cast<std::ptrdiff_t>(night) - 28,
                                       days.begin() + static_cast<std::ptrdiff_t>(night)},
                                      loose)
                  ? 1
                  : 0;
  }
  CHECK(told <= 96);
}
