// The load library against summary figures of published measurements, and its own equations.
//
// Figures of the dwellings: computed from the 100 one-minute profiles that the IEEE PES Test Feeder Working
// Group publishes with its European Low Voltage Test Feeder (one day each, kW per minute): quantiles over the
// profiles of daily energy and load factor, quantiles over all minutes of power over the profile's mean, mean
// shape by hour, and the coincidence factor (peak of the group's sum over the sum of its members' peaks, mean
// of 40 random groups). A made-up population is no copy: figures must lie within a quarter of the published
// ones, shapes within 0.35 of the mean at every hour.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/civil.hpp"
#include "core/random.hpp"
#include "models/load/demand.hpp"

using namespace model;

namespace {
const std::int64_t winter_workday = core::days_from_civil(2026, 1, 14);  // a Wednesday
const std::int64_t summer_workday = core::days_from_civil(2026, 7, 15);
/// Where the published homes stand: temperate, no air conditioning.
const Climate temperate{
    .seed = 9, .mean_C = 10, .season_C = 6, .swing_C = 3, .deviation_C = 2, .latitude_deg = 52};

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const double above = values[std::min(below + 1, values.size() - 1)];
  return values[below] + (at - static_cast<double>(below)) * (above - values[below]);
}

struct Population {
  std::vector<DemandDay> homes;
  std::vector<double> mean_kW;
  explicit Population(int count) {
    for (int home = 0; home < count; ++home) {
      // One day each, like the published profiles, spread over a fortnight in winter.
      homes.push_back(demand_of_day({.seed = 3, .entity = static_cast<std::uint32_t>(home)}, temperate,
                                    winter_workday + home % 14));
      mean_kW.push_back(std::accumulate(homes.back().begin(), homes.back().end(), 0.0) / minutes_a_day / 1e6);
    }
  }
  double peak_kW(std::size_t home) const {
    return *std::max_element(homes[home].begin(), homes[home].end()) / 1e6;
  }
};

const Population& population() {
  static const Population made(400);
  return made;
}

/// Mean over 40 groups of peak of the sum / sum of the peaks.
double coincidence(const Population& people, std::size_t size) {
  const core::RandomStream draws(1, static_cast<std::uint32_t>(size), core::Purpose::test);
  double sum = 0;
  for (std::uint64_t group = 0; group < 40; ++group) {
    std::vector<double> together(minutes_a_day);
    double peaks = 0;
    std::vector<std::size_t> order(people.homes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i < size; ++i) {
      std::swap(order[i],
                order[i + static_cast<std::size_t>(draws.below(order.size() - i, group * 1000 + i))]);
      const std::size_t home = order[i];
      peaks += people.peak_kW(home);
      for (std::size_t m = 0; m < together.size(); ++m) together[m] += people.homes[home][m] / 1e6;
    }
    sum += *std::max_element(together.begin(), together.end()) / peaks;
  }
  return sum / 40;
}
Approx about(double published) { return Approx(published).epsilon(0.25); }
}  // namespace

TEST_CASE("dwellings use as much a day as the published ones, the frugal and the wasteful") {
  std::vector<double> daily;
  for (const double mean : population().mean_kW) daily.push_back(24 * mean);
  CHECK(quantile(daily, 0.1) == about(4.98));
  CHECK(quantile(daily, 0.25) == about(5.98));
  CHECK(quantile(daily, 0.5) == about(7.19));
  CHECK(quantile(daily, 0.75) == about(10.35));
  CHECK(quantile(daily, 0.9) == about(12.61));
}

TEST_CASE("dwellings are as spiky as the published ones: load factor and quantiles of power") {
  std::vector<double> load_factors, relative;
  for (std::size_t home = 0; home < population().homes.size(); ++home) {
    load_factors.push_back(population().mean_kW[home] / population().peak_kW(home));
    for (const auto power_mW : population().homes[home])
      relative.push_back(power_mW / 1e6 / population().mean_kW[home]);
  }
  CHECK(quantile(load_factors, 0.1) == about(0.037));
  CHECK(quantile(load_factors, 0.5) == about(0.084));
  CHECK(quantile(load_factors, 0.9) == about(0.128));
  CHECK(quantile(relative, 0.25) == about(0.190));
  CHECK(quantile(relative, 0.5) == about(0.500));
  CHECK(quantile(relative, 0.75) == about(1.168));
  CHECK(quantile(relative, 0.9) == about(2.132));
  CHECK(quantile(relative, 0.99) == about(8.287));
}

TEST_CASE("the day has the published shape") {
  constexpr double published[24] = {.35,  .34, .31, .35,  .33,  .38,  .55,  .98,  1.37, 1.31, .98,  1.15,
                                    1.14, .81, .84, 1.01, 1.31, 1.47, 1.69, 1.78, 1.66, 1.60, 1.49, .81};
  double by_hour[24] = {}, sum = 0;
  for (const auto& home : population().homes)
    for (std::size_t m = 0; m < home.size(); ++m) by_hour[m / 60] += home[m], sum += home[m] / 24.0;
  for (int hour = 0; hour < 24; ++hour) {
    INFO("hour " << hour);
    CHECK(by_hour[hour] / sum == Approx(published[hour]).epsilon(0).margin(0.35));
  }
}

TEST_CASE("peaks meet as rarely as published, whatever the size of the group") {
  CHECK(coincidence(population(), 2) == about(0.704));
  CHECK(coincidence(population(), 5) == about(0.452));
  CHECK(coincidence(population(), 10) == about(0.317));
  CHECK(coincidence(population(), 20) == about(0.238));
  CHECK(coincidence(population(), 50) == about(0.176));
  CHECK(coincidence(population(), 100) == about(0.144));
}

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
      REQUIRE((power_mW == 0 || power_mW == 7'000'000 || power_mW == 14'000'000));
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
  CHECK(peak(winter_workday, false) >= 650'000);
  CHECK(peak(winter_workday, true) == 150'000);
  CHECK(peak(winter_workday + 3, false) == 150'000);  // Saturday
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
