#include "models/line/rs485/bus_plan.hpp"

#include <catch2/catch.hpp>

#include "models/line/rs485/bus_electrics.hpp"
#include "models/line/rs485/bus_lint.hpp"
#include "tests/models/line/bus_rig.hpp"
#include "tests/models/line/statistics.hpp"

using namespace line_test;

namespace {
std::string refusal_of(const std::string& text) {
  try {
    model::parse_bus_plan(text, "bus.yaml");
  } catch (const model::BadBusPlan& bad) {
    return bad.what();
  }
  return "taken";
}
bool has(const model::BusPlan& plan, const std::string& rule) {
  const auto findings = model::lint(plan);
  return std::any_of(findings.begin(), findings.end(),
                     [&](const auto& finding) { return finding.rule == rule; });
}
const std::string good =
    "bus: block 7\nbaud: 9600\nformat: 8E1\ncable: {kind: RVVSP 2x1.0, length_m: 800}\n"
    "terminators:\n  - {at_m: 0}\n  - {at_m: 800, resistance_ohm: 120}\nbias: {resistance_ohm: 470}\n"
    "units:\n  - {name: M0001, address: \"330100000001\", at_m: 25, stub_m: 0.5, unit_load: 1/8}\n"
    "  - {name: row, at_m: 50, every_m: 10, count: 31}\n";
}  // namespace

TEST_CASE("a written plan becomes what it says") {
  const auto plan = model::parse_bus_plan(good, "bus.yaml");
  CHECK(plan.name == "block 7");
  CHECK(plan.serial.baud == 9600);
  CHECK(plan.units.size() == 32);
  CHECK(plan.units[0].unit_load == 0.125);
  CHECK(plan.units[31].at_m == 350);
  CHECK(plan.units[31].name == "row no. 31");
  CHECK(plan.bias->resistance_ohm == 470);
  CHECK(model::lint(plan).empty());
}

TEST_CASE("what cannot be is refused with its place, in one line") {
  CHECK(refusal_of("cable: {length_m: -5}\nunits: [{at_m: 1}]\n") ==
        "bus.yaml:1:19: \"-5\" is out of range: 0 to 100000");
  CHECK(refusal_of("units:\n  - {at_m: 1, unit_load: 1/0}\n").find("bus.yaml:2:26: ") == 0);
  CHECK(refusal_of("units:\n  - {at_m: 1, colour: red}\n") == "bus.yaml:2:15: unknown key \"colour\"");
  CHECK(refusal_of("units:\n  - {at_m: 1000}\n") == "bus.yaml:2:12: stands beyond the end of the cable");
  CHECK(refusal_of("bus: x\n") == "bus.yaml:1:1: \"units\" is missing");
  CHECK(refusal_of("units: []\n").find("at least one unit") != std::string::npos);
  CHECK(refusal_of("baud: 2400.5\nunits: [{at_m: 1}]\n").find("not a whole number") != std::string::npos);
  CHECK(refusal_of("baud: fast\nunits: [{at_m: 1}]\n") == "bus.yaml:1:7: \"fast\" is not a number");
  CHECK(refusal_of("format: 9X1\nunits: [{at_m: 1}]\n").find("bus.yaml:1:9: ") == 0);
  CHECK(refusal_of("units: [{at_m: nan}]\n").find("bus.yaml:1:16: ") == 0);
  CHECK(refusal_of("units:\n  - {at_m: 1, address: \"12x\"}\n").find("no meter address") !=
        std::string::npos);
  CHECK(refusal_of("units: [{at_m: 1}]\nunits: [{at_m: 2}]\n").find("twice") != std::string::npos);
  CHECK(refusal_of("units: [{at_m: 1, count: 2000}]\n").find("out of range") != std::string::npos);
  CHECK(refusal_of("repeaters: [{at_m: 0}]\nunits: [{at_m: 1}]\n").find("nothing behind") !=
        std::string::npos);
}

TEST_CASE(
    "broken files never crash the reader: every cut and every changed byte is taken or refused in one line") {
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const auto& text : {good.substr(0, i), good.substr(0, i) + "\t{" + good.substr(i + 1),
                             good.substr(0, i) + "-" + good.substr(i + 1)}) {
      const auto said = refusal_of(text);
      INFO(text << "\n" << said);
      const bool is_one_line = said.find('\n') == std::string::npos;
      CHECK(is_one_line);
      CHECK((said == "taken" || said.rfind("bus.yaml:", 0) == 0));
    }
  }
  CHECK_THROWS_AS(model::load_bus_plan("no-such-plan.yaml"), model::BadBusPlan);
}

TEST_CASE("a driver at the edge of the standard gives 1.5 V into 54 ohm, and Ohm's law along the cable") {
  // One piece without resistance: 60 ohm of terminators, master 12 kohm, unit 12 kohm: 54 || 60 || 6000.
  model::BusPlan plan = model::BusPlan::ordinary(1, 100, 2400);
  plan.cable.loop_resistance_ohm_per_km = 0;
  plan.bias.reset();
  const double load = 1 / (1 / 60.0 + 2 / 12'000.0);
  auto levels = model::levels_of(plan);
  CHECK(levels[0].from_master_V == Approx(3.0 * load / (load + 54)).epsilon(1e-6));
  CHECK(levels[0].from_master_V == Approx(1.57).margin(0.01));
  CHECK(levels[0].space_from_master_V == Approx(-levels[0].from_master_V));
  CHECK(levels[0].idle_V == Approx(0).margin(1e-9));
  // 1,000 m of 100 ohm/km with a single load of 100 ohm at its far end and none elsewhere to speak of.
  plan.cable.length_m = 1'000;
  plan.cable.loop_resistance_ohm_per_km = 100;
  plan.terminators = {{1'000, 100}};
  plan.units[0].at_m = 1'000;
  plan.units[0].unit_load = 0.001;
  levels = model::levels_of(plan);
  const double branch = 1 / (1 / 200.0 + 1 / 12'000.0);  // cable and load, beside the master's own receiver
  const double at_master = 3.0 * branch / (branch + 54);
  CHECK(levels[0].from_master_V == Approx(at_master / 2).epsilon(1e-3));
}

TEST_CASE("bias lifts the silent pair: 5 V over 470 ohm up and down into 60 ohm rest at 297 mV") {
  model::BusPlan plan = model::BusPlan::ordinary(1, 10, 2400);
  plan.cable.loop_resistance_ohm_per_km = 0;
  const double load = 1 / (1 / 60.0 + 2 / 12'000.0);
  CHECK(model::levels_of(plan)[0].idle_V == Approx(5 * load / (load + 940)).epsilon(1e-6));
  CHECK(model::levels_of(plan)[0].idle_V == Approx(0.2972).margin(0.001));
}

TEST_CASE("the tail of the normal distribution is right to seven digits") {
  CHECK(model::tail_of_normal(0) == Approx(0.5).epsilon(2e-7));
  for (const double x : {0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0}) {
    CHECK(model::tail_of_normal(x) == Approx(std::erfc(x / std::sqrt(2)) / 2).epsilon(2e-7));
    CHECK(model::tail_of_normal(-x) == Approx(1 - std::erfc(x / std::sqrt(2)) / 2).epsilon(2e-7));
  }
}

TEST_CASE("an ordinary bus of 32 meters has no findings, a 33rd is an error, and 256 eighth loads are none") {
  CHECK(model::lint(model::BusPlan::ordinary(32, 300, 2400)).empty());
  const auto crowded = model::lint(model::BusPlan::ordinary(33, 300, 2400));
  REQUIRE(crowded.size() == 1);
  CHECK(crowded[0].rule == "unit-loads");
  CHECK(crowded[0].severity == model::Severity::error);
  CHECK(model::to_line(crowded[0]).find("33 unit loads on 33 units; at most 32") != std::string::npos);
  CHECK(model::forbids(crowded, model::Strictness::usual));
  auto modern = model::BusPlan::ordinary(256, 300, 2400);
  for (auto& unit : modern.units) unit.unit_load = 0.125;
  CHECK_FALSE(has(modern, "unit-loads"));
}

TEST_CASE("each rule of the trade finds its own fault") {
  const auto ordinary = [] { return model::BusPlan::ordinary(8, 300, 2400); };
  auto plan = model::BusPlan::ordinary(8, 1'300, 2400);
  CHECK(has(plan, "length"));
  plan.repeaters = {{1'200, 1}};
  CHECK_FALSE(has(plan, "length"));
  CHECK(has(model::BusPlan::ordinary(8, 1'200, 115'200), "length-baud"));
  CHECK_FALSE(has(model::BusPlan::ordinary(8, 1'200, 19'200), "length-baud"));
  plan = model::BusPlan::ordinary(9, 10'900, 2400);
  for (int i = 1; i <= 9; ++i) plan.repeaters.push_back({i * 1'100.0, 1});
  CHECK(has(plan, "repeaters"));
  plan = ordinary();
  plan.units[1].address = plan.units[5].address = "330100000001";
  CHECK(has(plan, "duplicate-address"));
  plan = ordinary();
  plan.units[3].baud = 9600;
  CHECK(has(plan, "baud"));
  plan = ordinary();
  plan.terminators.push_back({150, 120});
  CHECK(has(plan, "termination"));
  plan = model::BusPlan::ordinary(8, 900, 2400);
  plan.terminators.clear();
  CHECK(has(plan, "termination"));
  CHECK(has(plan, "bias") == false);
  plan.bias.reset();
  CHECK(has(plan, "bias"));
  plan = ordinary();
  plan.units[2].stub_m = 12;
  CHECK(has(plan, "stub"));
  plan = ordinary();
  plan.units[2].kind = "gateway";
  CHECK(has(plan, "mixed-kinds"));
  plan.units[2].protocol = "modbus";
  CHECK(has(plan, "mixed-protocols"));
  plan = ordinary();
  plan.noise_mV = 600;
  CHECK(has(plan, "margin"));
  plan = ordinary();
  plan.serial.format = *model::parse_character_format("8N1");
  CHECK(has(plan, "format"));
  CHECK_FALSE(model::forbids(model::lint(plan), model::Strictness::usual));
  CHECK(model::forbids(model::lint(plan), model::Strictness::strict));
}

TEST_CASE(
    "nine pieces of 1.2 km with eight repeaters reach 10.8 km, and their delay is the repeaters' and the "
    "cable's") {
  auto plan = model::BusPlan::ordinary(9, 10'800, 2400);
  plan.terminators = {{0, 120}, {10'800, 120}};
  for (int i = 1; i <= 8; ++i) plan.repeaters.push_back({i * 1'200.0, 1});
  CHECK_FALSE(has(plan, "length"));
  CHECK_FALSE(has(plan, "repeaters"));
  CHECK(model::segments_of(plan).size() == 9);
  const auto behaviour = model::behaviour_of(plan, 1, 1);
  // 54 us of cable and eight bits of 416.667 us.
  CHECK(behaviour.places[8].delay.count() == Approx(54'000 + 8 * 416'666).margin(1));
  CHECK(behaviour.places[8].bit_error.is_zero());
  model::LineSetup setup;
  setup.turnaround_min = setup.turnaround_max = 20ms;
  BusRig near(9, setup), far(9, setup);
  far.line->apply(behaviour);
  const auto began = far.now;
  REQUIRE(near.read(8));
  REQUIRE(far.read(8));
  CHECK((far.now - began) - (near.now - began) == 2 * behaviour.places[8].delay);
}

TEST_CASE("a good plan runs without loss; without bias some receivers misread the beginning of frames") {
  auto plan = model::BusPlan::ordinary(32, 300, 2400);
  BusRig good_bus(32);
  good_bus.line->apply(model::behaviour_of(plan, 1, 1));
  for (std::size_t i = 0; i < 32; ++i) CHECK(good_bus.reads(i, 3) == 3);
  CHECK(good_bus.line->troubles().counts().false_starts == 0);
  plan.bias.reset();
  BusRig bare(32);
  const auto behaviour = model::behaviour_of(plan, 1, 1);
  bare.line->apply(behaviour);
  // Thresholds lie evenly within +-200 mV and the pair at 0: about half of the parts read their own noise as
  // a start.
  int troubled = 0;
  for (const auto& place : behaviour.places) troubled += model::as_number(place.false_start) > 0.5 ? 1 : 0;
  CHECK(std::fabs(z_of_binomial(troubled, 32, 0.58)) < z_max);
  for (std::size_t i = 0; i < 32; ++i) bare.reads(i, 3);
  CHECK(bare.line->troubles().counts().false_starts > 0);
}

TEST_CASE("what the linter forbids loses bits in a run, in the order of the excess") {
  // 3 km without a repeater and terminated in four places: the far meters fade.
  auto plan = model::BusPlan::ordinary(32, 3'000, 2400);
  plan.terminators = {{0, 120}, {1'000, 120}, {2'000, 120}, {3'000, 120}};
  plan.noise_mV = 150;
  CHECK(model::forbids(model::lint(plan), model::Strictness::usual));
  const auto behaviour = model::behaviour_of(plan, 4, 1);
  BusRig bus(32, {}, 4);
  bus.line->apply(behaviour);
  double near = 0, far = 0, expected = 0, variance = 0;
  for (std::size_t i = 0; i < 4; ++i) near += bus.reads(i, 50);
  for (std::size_t i = 28; i < 32; ++i) {
    far += bus.reads(i, 50);
    // 220 bits of the request, 220 of the answer behind its lead-in.
    const double good = std::pow(1 - model::as_number(behaviour.places[i].bit_error), 440);
    expected += 50 * good;
    variance += 50 * good * (1 - good);
  }
  INFO("seed 4, near " << near << ", far " << far << ", expected " << expected);
  CHECK(near > far);
  CHECK(std::fabs(far - expected) < z_max * std::sqrt(variance) + 1);
  // Rising noise: the error chance of the farthest place never falls.
  double before = 0;
  for (const double noise_mV : {20.0, 60.0, 100.0, 200.0, 400.0}) {
    plan.noise_mV = noise_mV;
    const auto error = model::as_number(model::behaviour_of(plan, 4, 1).places[31].bit_error);
    CHECK(error >= before);
    before = error;
  }
  CHECK(before > 0.01);
}

TEST_CASE("reflections matter at 115200 baud on 1200 m without terminators, at 2400 never") {
  auto fast = model::BusPlan::ordinary(1, 1'200, 115'200), slow = model::BusPlan::ordinary(1, 1'200, 2400);
  CHECK(model::levels_of(slow)[0].eye == Approx(1).margin(1e-9));
  fast.terminators.clear();
  slow.terminators.clear();
  CHECK(model::levels_of(slow)[0].eye == Approx(1).margin(1e-6));
  CHECK(model::levels_of(fast)[0].eye < 0.3);
}

TEST_CASE("a finding names the line of the plan that is one unit, one metre or one address too many") {
  const auto findings =
      model::lint(model::parse_bus_plan("bus: block\n"
                                        "cable: {length_m: 1500}\n"
                                        "units:\n"
                                        "  - {at_m: 10, every_m: 10, count: 32, stub_m: 1}\n"
                                        "  - {at_m: 400, address: '1'}\n"
                                        "  - {at_m: 410, address: '1'}\n",
                                        "plan.yaml"));
  const auto place_of = [&](std::string_view rule) {
    for (const auto& finding : findings)
      if (finding.rule == rule) return finding.place;
    return std::string("not found");
  };
  CHECK(place_of("unit-loads") == "plan.yaml:5:5");
  CHECK(place_of("length") == "plan.yaml:2:8");
  CHECK(place_of("duplicate-address") == "plan.yaml:6:5");
  CHECK(model::to_line(findings.front()).starts_with("plan.yaml:5:5: error unit-loads: "));
}
