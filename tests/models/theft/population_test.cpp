// The made-up population: repeats, differs from home to home, and is as rough as lived series are.
#include "models/theft/population.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

TEST_CASE("a population depends on its seed alone, and a home not on how many there are") {
  using namespace model::theft;
  const auto first = population(5, {6, 14, 48}), again = population(5, {6, 14, 48}),
             more = population(5, {9, 14, 48});
  const auto other = population(6, {6, 14, 48});
  for (std::size_t home = 0; home < 6; ++home) {
    CHECK(first[home].energy_kWh == again[home].energy_kWh);
    CHECK(first[home].energy_kWh == more[home].energy_kWh);
    CHECK(first[home].energy_kWh != other[home].energy_kWh);
    REQUIRE(first[home].energy_kWh.size() == 14 * 48);
  }
}

// The bounds are those that the header states for the middle of the population; medians of 148 homes sit well
// within.
TEST_CASE("half of the homes use 3 to 40 kWh a day, and neighbouring intervals go together") {
  using namespace model::theft;
  std::vector<double> daily, memory;
  for (const auto& home : population(1, {148, 21, 48})) {
    const auto& e = home.energy_kWh;
    REQUIRE(*std::min_element(e.begin(), e.end()) >= 0);
    const double mean = std::accumulate(e.begin(), e.end(), 0.0) / static_cast<double>(e.size());
    daily.push_back(48 * mean);
    double square = 0, product = 0;
    for (std::size_t t = 0; t + 1 < e.size(); ++t) {
      square += (e[t] - mean) * (e[t] - mean);
      product += (e[t] - mean) * (e[t + 1] - mean);
    }
    memory.push_back(product / square);
  }
  std::sort(daily.begin(), daily.end());
  std::sort(memory.begin(), memory.end());
  CHECK(daily[37] > 3);
  CHECK(daily[111] < 40);
  CHECK(memory[37] > 0.2);
  CHECK(memory[111] < 0.95);
}
