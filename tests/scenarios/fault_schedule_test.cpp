// Calendars, rates and storms become windows; what makes no sense is refused with its place.
#include "scenarios/fault_schedule.hpp"

#include <cmath>

#include "scenarios/save.hpp"
#include "tests/scenarios/small_scenario.hpp"

namespace {
using scenario_test::refusal;
using scenario_test::small_scenario;

/// The small scenario over so many days from Wednesday, 2026-07-01, with these faults.
scenario::Scenario load(const std::string& faults, int days = 7, const std::string& key = "faults") {
  auto text = scenario_test::small_with("lasts: 1d\n", "lasts: " + std::to_string(days) + "d\n");
  return scenario::load_text(text + key + ":\n  - { " + faults + " }\n", "s.yaml");
}
std::string bad(const std::string& faults) {
  return refusal(small_scenario + "faults:\n  - { " + faults + " }\n");
}
std::string bad_storm(const std::string& storm) {
  return refusal(small_scenario + "storms:\n  - { " + storm + " }\n");
}
std::string civil(const scenario::Scenario& s, core::Instant at) {
  return core::to_civil_text(at, s.zone_rules).substr(5, 11);
}
}  // namespace

TEST_CASE("without from and till a fault lasts as long as the run") {
  const auto s = load("kind: uplink-outage", 2);
  REQUIRE(s.faults.size() == 1);
  CHECK(s.faults[0].from == s.starts);
  CHECK(s.faults[0].till == s.ends());
  CHECK(s.faults[0].name.empty());
}

TEST_CASE("hours of the day come every day, and over midnight in one piece") {
  const auto s = load("kind: line-noise, bit_error: 1/1000, hours: \"22:00-02:00\"", 3);
  REQUIRE(s.faults.size() == 4);
  CHECK(civil(s, s.faults[0].from) == "07-01 00:00");
  CHECK(civil(s, s.faults[0].till) == "07-01 02:00");
  CHECK(civil(s, s.faults[1].from) == "07-01 22:00");
  CHECK(civil(s, s.faults[1].till) == "07-02 02:00");
  CHECK(civil(s, s.faults[3].from) == "07-03 22:00");
  CHECK(civil(s, s.faults[3].till) == "07-04 00:00");
  for (const auto& fault : s.faults) {
    CHECK(fault.name == "line-noise-1");
    CHECK(fault.bit_error == core::Ratio{1, 1000});
    CHECK(fault.hours.empty());
  }
}

TEST_CASE("weekdays choose days of the local calendar") {
  // 2026-07-01 is a Wednesday.
  const auto s = load("kind: uplink-outage, weekdays: [sat, sun, wed], hours: \"08:00-09:00\"", 7);
  REQUIRE(s.faults.size() == 3);
  CHECK(civil(s, s.faults[0].from) == "07-01 08:00");
  CHECK(civil(s, s.faults[1].from) == "07-04 08:00");
  CHECK(civil(s, s.faults[2].from) == "07-05 08:00");
}

TEST_CASE("a regular fault begins again every so often within its window and hours") {
  const auto s = load(
      "kind: uplink-drop, every: 20min, lasts: 5min, hours: \"10:00-11:00\", till: \"2026-07-02T10:10\"", 3);
  REQUIRE(s.faults.size() == 4);
  CHECK(civil(s, s.faults[2].from) == "07-01 10:40");
  CHECK(s.faults[2].till - s.faults[2].from == std::chrono::minutes(5));
  CHECK(civil(s, s.faults[3].from) == "07-02 10:00");
}

TEST_CASE(
    "a random fault comes as often as its mean says, never overlaps itself, and is the same each time") {
  const std::string fault = "name: drops, kind: uplink-drop, mean_every: 50min, lasts: 10min";
  const auto s = load(fault, 60);
  // Each takes 10 min and a pause of 50 min on average: a renewal process of mean 60 min and deviation 50
  // min. Its count is near normal with mean n = 1440 and deviation 50/60 sqrt(n); |z| < 5: one seed in 1.7
  // million.
  const double expected = 60 * 24;
  const double deviation = 50.0 / 60 * std::sqrt(expected);
  CHECK(std::abs(static_cast<double>(s.faults.size()) - expected) < 5 * deviation);
  for (std::size_t i = 1; i < s.faults.size(); ++i) CHECK(s.faults[i - 1].till < s.faults[i].from);
  const auto again = load(fault, 60);
  CHECK(scenario::to_yaml(again) == scenario::to_yaml(s));
}

TEST_CASE("a loaded schedule is saved as windows and loads back to the same windows") {
  const auto s = load("kind: uplink-drop, every: 6h, lasts: 1min", 2);
  const auto text = scenario::to_yaml(s);
  const auto again = scenario::load_text(text, "s.yaml");
  CHECK(again.faults.size() == 8);
  CHECK(scenario::to_yaml(again) == text);
}

TEST_CASE("a storm takes its areas with all its faults, each a little later and over a little earlier") {
  const auto s = load(
      "name: typhoon, faults: [supply-outage, uplink-outage, line-noise], bit_error: 1/2000, "
      "from: \"2026-07-01T03:00\", till: \"2026-07-01T06:00\", spread: 30min",
      1, "storms");
  REQUIRE(s.faults.size() == 3);
  CHECK(s.storms.empty());
  for (const auto& fault : s.faults) {
    INFO(fault.kind);
    CHECK(fault.name == "typhoon-" + fault.kind);
    CHECK(fault.area == "north");
    CHECK(civil(s, fault.from) >= "07-01 03:00");
    CHECK(civil(s, fault.from) <= "07-01 03:30");
    CHECK(civil(s, fault.till) >= "07-01 05:30");
    CHECK(civil(s, fault.till) <= "07-01 06:00");
    CHECK(fault.bit_error.is_zero() == (fault.kind != "line-noise"));
  }
}

TEST_CASE("schedules that make no sense are refused where they stand") {
  CHECK(bad("kind: uplink-drop, every: 1h, mean_every: 1h, lasts: 1min") ==
        "s.yaml:21:49: a fault comes 'every' so often, or on average ('mean_every'), not both");
  CHECK(bad("kind: uplink-drop, every: 1h") == "s.yaml:21:5: a fault that comes again needs 'lasts'");
  CHECK(bad("kind: uplink-drop, every: 1h, lasts: 1h") ==
        "s.yaml:21:44: it begins again every 1h, before it is over (1h)");
  CHECK(bad("kind: uplink-drop, weekdays: [mon, tuesday]") ==
        "s.yaml:21:42: 'tuesday' is no weekday: sun, mon, tue, wed, thu, fri, sat");
  CHECK(bad("kind: uplink-drop, every: -1h, lasts: 1min") ==
        "s.yaml:21:33: 'every' is -1h: it must not be negative");
  CHECK(bad("kind: uplink-drop, hours: \"25:00-26:00\"").starts_with("s.yaml:21:33: 'hours': '25:00-26:00'"));
  CHECK(bad("kind: uplink-drop, when: relay-opend, lasts: 1min")
            .ends_with("clock-set-by-head-end; did you mean 'relay-opened'?"));
  CHECK(bad("kind: uplink-drop, when: relay-opened") ==
        "s.yaml:21:5: a fault that waits for an event needs 'lasts'");
  CHECK(bad("kind: uplink-drop, wait: 1min") == "s.yaml:21:32: 'wait' needs an event to wait for ('when')");
  CHECK(bad("kind: uplink-drop, mean_every: 1s, lasts: 1ms") ==
        "s.yaml:21:5: more than 20000 windows of faults: the schedule is too dense");
}

TEST_CASE("parameters of faults that make no sense are refused where they stand") {
  CHECK(bad("kind: frame-lost, chance: 1.5").starts_with("s.yaml:21:33: 'chance'"));
  CHECK(bad("kind: frame-lost, chance: 0") == "s.yaml:21:33: 'chance' is 0: the fault would never strike");
  CHECK(bad("kind: frame-lost, nth: 3, chance: 10 %") == "s.yaml:21:41: by 'chance' or by number, not both");
  CHECK(bad("kind: frame-lost, nth: 3, every_nth: 4") ==
        "s.yaml:21:44: the n-th frame ('nth') or each n-th ('every_nth'), not both");
  CHECK(bad("kind: frame-lost, frame: raed") ==
        "s.yaml:21:32: 'raed' is no frame type: read, write, control, security, time; did you mean 'read'?");
  CHECK(bad("kind: line-broken, area: north, line: 2") == "s.yaml:21:45: area 'north' has 1 lines");
  CHECK(bad("kind: line-broken, line: 1") == "s.yaml:21:32: a 'line' needs its 'area'");
  CHECK(bad("kind: clock-step") == "s.yaml:21:5: clock-step needs a 'step'");
  CHECK(bad("kind: stale-cache") == "s.yaml:21:5: stale-cache needs an 'age' above 0");
  CHECK(bad("kind: double-address, meter: M0001, other: M0001") ==
        "s.yaml:21:50: 'other' is the same meter as 'meter'");
  CHECK(bad("kind: line-echo, delay: 1s") == "s.yaml:21:31: line-echo takes no 'delay'");
}

TEST_CASE("storms that make no sense are refused where they stand") {
  const std::string window = "from: \"2026-07-01T03:00\", till: \"2026-07-01T04:00\"";
  CHECK(bad_storm("name: s, faults: [supply-outage], areas: [nroth], " + window)
            .ends_with("did you mean 'north'?"));
  CHECK(bad_storm("name: s, faults: [line-noise], " + window) ==
        "s.yaml:21:5: line-noise needs a 'bit_error' above 0");
  CHECK(bad_storm("name: s, faults: [head-end-crash], " + window) ==
        "s.yaml:21:25: head-end-crash does not befall an area");
  CHECK(bad_storm("name: s, faults: [stale-cache], " + window) ==
        "s.yaml:21:25: stale-cache needs more than a storm can say: write it as a fault");
  CHECK(bad_storm("name: s, faults: [supply-outage], spread: 30min, " + window)
            .ends_with("the storm is over before all of it has come: 'spread' is more than half of it"));
  CHECK(bad_storm("name: s, faults: [], " + window) ==
        "s.yaml:21:24: a storm brings at least one kind of fault");
  CHECK(bad_storm("faults: [supply-outage], " + window) == "s.yaml:21:5: 'name' is missing");
}
