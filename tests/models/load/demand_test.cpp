// The load library against its own equations; published measurements: calibration_test.cpp.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "core/civil.hpp"
#include "models/load/demand.hpp"

using namespace model;

namespace {
const std::int64_t winter_workday = core::days_from_civil(2026, 1, 14);  // a Wednesday
const std::int64_t summer_workday = core::days_from_civil(2026, 7, 15);
}  // namespace

TEST_CASE("asking twice gives the same day; another home, day or seed another") {
  const DemandSetup home{.seed = 1, .entity = 7};
  const DemandDay day = demand_of_day(home, {}, winter_workday);
  CHECK(day == demand_of_day(home, {}, winter_workday));
  CHECK(day != demand_of_day(home, {}, winter_workday + 1));
  CHECK(day != demand_of_day({.seed = 1, .entity = 8}, {}, winter_workday));
  CHECK(day != demand_of_day({.seed = 2, .entity = 7}, {}, winter_workday));
}

TEST_CASE("a car charges what it drove at its rated power, past midnight if need be") {
  double energy_kWh = 0;
  constexpr int days = 400;
  for (int day = 0; day < days; ++day)
    for (const auto power_mW :
         demand_of_day({.kind = DemandKind::electric_car, .seed = 1, .size = 7}, {}, winter_workday + day)) {
      REQUIRE((power_mW == 0 || power_mW == 7'000'000));
      energy_kWh += power_mW / 6e7;
    }
  // 80 % of days x 8 kWh, rounded up to minutes (+0.06). Log-normal with sigma 0.5 on a chance of 0.8:
  // variance 64 (0.8 e^0.25 - 0.64) = 24.8, so four standard errors over 400 days are 1.0 kWh.
  CHECK(energy_kWh / days == Approx(6.46).epsilon(0).margin(1.0));
}

TEST_CASE("a roof feeds in by day and more in summer, a heat pump draws in the cold only") {
  const auto energy_kWh = [](DemandKind kind, std::int64_t from) {
    double sum = 0;
    for (int day = 0; day < 30; ++day)
      for (const auto power_mW : demand_of_day({.kind = kind, .seed = 4, .size = 3}, {}, from + day))
        sum += power_mW / 6e7;
    return sum;
  };
  CHECK(energy_kWh(DemandKind::heat_pump, winter_workday) > 100);
  CHECK(energy_kWh(DemandKind::heat_pump, summer_workday) == 0);
  CHECK(energy_kWh(DemandKind::solar_roof, summer_workday) <
        energy_kWh(DemandKind::solar_roof, winter_workday));
  CHECK(energy_kWh(DemandKind::solar_roof, summer_workday) > -30.0 * 3 * 10);
  const DemandDay roof = demand_of_day({.kind = DemandKind::solar_roof, .size = 3}, {}, summer_workday);
  CHECK(roof[0] == 0);
  CHECK(roof[1439] == 0);
  CHECK(*std::max_element(roof.begin(), roof.end()) == 0);
  CHECK(*std::min_element(roof.begin(), roof.end()) > -3'000'000);
}

TEST_CASE("workshops rest when people rest, holidays included; studios switch whole lamps") {
  const auto peak = [](std::int64_t day, bool is_holiday) {
    const DemandDay made = demand_of_day({.kind = DemandKind::workshop, .seed = 2}, {}, day, is_holiday);
    return *std::max_element(made.begin(), made.end());
  };
  CHECK(peak(winter_workday, false) >= 720'000);
  CHECK(peak(winter_workday, true) == 220'000);
  CHECK(peak(winter_workday + 3, false) == 220'000);  // Saturday
  for (const auto power_mW :
       demand_of_day({.kind = DemandKind::studio, .seed = 2, .size = 10}, {}, winter_workday)) {
    CHECK((power_mW - 100'000) % 2'000'000 == 0);
    CHECK(power_mW <= 30'100'000);
  }
}

TEST_CASE("the year is cold in January and warm in July, and neighbouring days resemble each other") {
  const Climate climate;
  double january = 0, july = 0, near_by = 0, far = 0;
  for (int day = 0; day < 31; ++day) {
    january += temperature_C(climate, core::days_from_civil(2026, 1, 1) + day, 12) / 31;
    july += temperature_C(climate, core::days_from_civil(2026, 7, 1) + day, 12) / 31;
  }
  // The mean of 31 days whose deviations (3 C) reach over three days has a standard error below 1 C.
  CHECK(january == Approx(17 - 12 * std::cos(0.08) + 4 * std::cos(M_PI / 4)).margin(4));
  CHECK(july == Approx(17 + 12 + 4 * std::cos(M_PI / 4)).margin(4));
  for (int day = 0; day < 365; ++day) {
    const double here = temperature_C(climate, day, 3);
    near_by += std::abs(here - temperature_C(climate, day + 1, 3));
    far += std::abs(here - temperature_C(climate, day + 6, 3));
  }
  CHECK(near_by < far);
}
