// Everybody calls a meter by the same name.
#include "scenarios/roster.hpp"

#include "tests/scenarios/small_scenario.hpp"

using namespace scenario_test;

TEST_CASE("meters are numbered through the scenario, and point and port within their area") {
  const auto s = scenario::load_text(
      small_with("    meters:", "    copies: 2\n    line: { meters_per_line: 2 }\n    meters:"), "s.yaml");
  REQUIRE(s.areas.size() == 2);
  CHECK(s.areas[1].name == "north-2");
  const auto meters = scenario::roster(s);
  REQUIRE(meters.size() == 10);
  const auto& last = meters.back();
  CHECK(last.id == 10);
  CHECK(last.name == "M0010");
  CHECK(last.account == "A0010");
  CHECK(core::to_string(last.address) == "330100000010");
  CHECK(last.area == 1);
  CHECK(last.group == 1);
  CHECK(last.index_in_area == 4);
  CHECK(last.index_in_group == 1);
  CHECK(last.point == 5);
  CHECK(last.line == 2);
  CHECK(last.port == 4);
  for (const auto& meter : meters) {
    CHECK(scenario::find_meter(s, meter.name) == meter.id);
    CHECK(&scenario::group_of(s, meter.id) == &s.areas[meter.area].meters[meter.group]);
  }
}

TEST_CASE("a name that is nearly a meter's is none") {
  const auto s = scenario::load_text(small_scenario, "s.yaml");
  for (const auto* name : {"", "M", "M0000", "M0006", "M001", "M00001", "X0001", "M0001 ", "M99999999999"})
    CHECK_FALSE(scenario::find_meter(s, name));
}

TEST_CASE("numbers beyond four digits are written out") {
  CHECK(scenario::numbered("M", 7) == "M0007");
  CHECK(scenario::numbered("M", 123'456) == "M123456");
}
