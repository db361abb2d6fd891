// Made-up areas.
#include "tests/head-end/loss/area.hpp"

#include <algorithm>

#include "models/theft/population.hpp"

namespace loss_test {
headend::loss::AreaReadings honest_area(std::uint64_t seed, int count) {
  headend::loss::AreaReadings area;
  area.name = "made up";
  area.intervals_per_day = 48;
  for (const auto& home : model::theft::population(seed, {count, 21, 48})) {
    area.supplied_kWh.resize(home.energy_kWh.size(), 0.0);
    for (std::size_t t = 0; t < home.energy_kWh.size(); ++t) area.supplied_kWh[t] += home.energy_kWh[t];
    area.customers.push_back(
        {"home-" + std::to_string(area.customers.size() + 1), 0, home.energy_kWh, {}, {}});
  }
  double energy = 0, square = 0;
  for (const double e : area.supplied_kWh) energy += e, square += e * e;
  for (auto& e : area.supplied_kWh) e += 0.02 * energy / square * e * e;
  return area;
}

headend::loss::AreaReadings area_with_thief(std::uint64_t seed, int count, model::theft::Attack attack) {
  auto area = honest_area(seed, count);
  auto& thief = area.customers.front().energy_kWh;
  thief = reported_under(attack, {48, thief}, {48, area.customers.back().energy_kWh},
                         {seed, 1, core::Purpose::theft_attack});
  return area;
}

std::size_t first_of(const std::vector<double>& scores) {
  return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}
}  // namespace loss_test
