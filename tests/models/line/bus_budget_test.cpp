#include "models/line/rs485/bus_budget.hpp"

#include <catch2/catch.hpp>

#include "tests/models/line/bus_rig.hpp"

using namespace line_test;

TEST_CASE("32 meters at 2400 baud take 7.1 to 22.5 s a round") {
  const auto budget = model::bus_budget({}, 0);
  CHECK(static_cast<double>(budget.round_min.count()) / 1e9 == Approx(7.093).margin(0.001));
  CHECK(static_cast<double>(budget.round_max.count()) / 1e9 == Approx(22.453).margin(0.001));
}

TEST_CASE("0, 5 or 11 dead meters of 32 leave the living fresh within three minutes; the table says so") {
  for (const int dead : {0, 5, 11}) CHECK(model::bus_budget({}, dead).age_max < 3min);
  const auto table = model::bus_budget_table({}, {0, 5, 11, 32}, 3min);
  CHECK(std::count(table.begin(), table.end(), '\n') == 6);
  model::BusBudgetPlan slow;
  slow.serial.baud = 300;
  slow.patience = 5s;
  slow.attempts = 3;
  CHECK(model::bus_budget(slow, 11).age_max > 3min);
  CHECK(model::bus_budget_table(slow, {11}, 3min).find("no\n") != std::string::npos);
}

TEST_CASE("rounds on a simulated pair keep to their budget, with as many dead as may be") {
  for (const int dead : {0, 5, 11}) {
    model::LineSetup setup;
    setup.turnaround_max = 500ms;
    BusRig bus(32, setup);
    for (int i = 0; i < dead; ++i) bus.line->set_deaf(static_cast<std::uint32_t>(3 * i % 32), true);
    const auto budget = model::bus_budget({}, dead);
    for (int round = 0; round < 3; ++round) {
      const auto began = bus.now;
      int came = 0;
      for (std::size_t meter = 0; meter < 32; ++meter) came += bus.read(meter) || bus.read(meter) ? 1 : 0;
      INFO(dead << " dead, round " << round);
      CHECK(came == 32 - dead);
      CHECK(bus.now - began >= budget.round_min - 1us);
      CHECK(bus.now - began <= budget.round_max + 1us);
    }
  }
}
