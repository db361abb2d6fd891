// Voltages locate a load that no meter reports.
#include "head-end/loss/voltage_residual.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/head-end/loss/area.hpp"

namespace {
using namespace headend::loss;

/// Ten connections along one cable, 0.02 ohm between neighbours, 230 V: a kilowatt at j drops R_shared x 1000
/// / 230 V.
AreaReadings cable(std::size_t tap, double unmetered_kW) {
  auto area = loss_test::honest_area(8, 10);
  const std::size_t n = area.customers.size();
  area.source_voltage_V = 240;
  area.drop_V_per_kW.resize(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      area.drop_V_per_kW[i * n + j] = 0.02 * static_cast<double>(std::min(i, j) + 1) * 1000 / 230;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t t = 0; t < area.supplied_kWh.size(); ++t) {
      double drop = area.drop_V_per_kW[i * n + tap] * unmetered_kW;
      for (std::size_t j = 0; j < n; ++j)
        drop += area.drop_V_per_kW[i * n + j] * area.customers[j].energy_kWh[t] * 2;
      area.customers[i].voltage_V.push_back(std::floor((240 - drop) * 10 + 0.5) /
                                            10);  // DL/T 645: tenths of a volt
    }
  return area;
}
}  // namespace

TEST_CASE("a constant tap of 1.5 kW is located at each connection, with its power") {
  for (std::size_t tap = 0; tap < 10; ++tap) {
    INFO("tap at connection " << tap);
    const auto taps = locate_taps(cable(tap, 1.5));
    REQUIRE(taps.size() == 10);
    const auto best = std::max_element(taps.begin(), taps.end(),
                                       [](const Tap& a, const Tap& b) { return a.explained < b.explained; });
    CHECK(static_cast<std::size_t>(best - taps.begin()) == tap);
    CHECK(best->mean_power_kW == Approx(1.5).epsilon(0.05));  // rounding to 0.05 V against 0.13 V and more
  }
}

TEST_CASE("without voltages, a model or a source voltage nobody is named") {
  auto area = cable(3, 1);
  area.source_voltage_V = 0;
  CHECK(locate_taps(area).empty());
  area = cable(3, 1);
  area.drop_V_per_kW.pop_back();
  CHECK(locate_taps(area).empty());
  area = cable(3, 1);
  area.customers[5].voltage_V.clear();
  CHECK(locate_taps(area).empty());
}

TEST_CASE("an honest cable leaves only rounding to explain") {
  for (const auto& tap : locate_taps(cable(3, 0))) CHECK(std::fabs(tap.mean_power_kW) < 0.05);
}
