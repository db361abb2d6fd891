// Deadlines and causes: what a fault excuses, and for how long.
#include <catch2/catch.hpp>

#include "audit/blame/blame.hpp"
#include "tests/audit/town.hpp"

using namespace std::chrono_literals;

namespace {
scenario::FaultSpec window(const town::Town& town, const char* kind, core::Duration from,
                           core::Duration till) {
  scenario::FaultSpec fault;
  fault.kind = kind;
  fault.area = "north";
  fault.from = town.scenario.starts + from;
  fault.till = town.scenario.starts + till;
  return fault;
}
}  // namespace

TEST_CASE("a deadline without faults is the allowance, and faults elsewhere in time do not move it") {
  town::Town town;
  town.scenario.faults = {window(town, "uplink-outage", 10h, 11h)};
  const audit::Estate estate(town.scenario);
  const audit::Blame blame(estate);
  const auto from = town.scenario.starts + 20h;
  CHECK(blame.deadline(0, from, 45min) == from + 45min);
  CHECK(blame.deadline(0, town.scenario.starts + 9h, 45min) == town.scenario.starts + 9h + 45min);
}

TEST_CASE("faults that follow each other move a deadline one after the other") {
  town::Town town;
  town.scenario.faults = {window(town, "uplink-outage", 10h, 11h),
                          window(town, "uplink-outage", 11h + 50min, 13h)};
  const audit::Estate estate(town.scenario);
  const audit::Blame blame(estate);
  const auto recovery = blame.recovery(town.scenario.faults[0]);
  CHECK(recovery == 60s + 3s + 15min + 4min);  // reconnected, then the next round
  CHECK(blame.deadline(0, town.scenario.starts + 9h + 30min, 45min) ==
        town.scenario.starts + 13h + recovery + 45min);
}

TEST_CASE("quiet hours over midnight hold on both of their days") {
  const town::Town town;
  const audit::Estate estate(town.scenario);
  const audit::Blame blame(estate);
  const scenario::DaySlot quiet{22 * 3600, 6 * 3600};
  const auto& zone = town.scenario.zone_rules;
  const auto at = [&](const char* text) { return *core::parse_iso8601(text, zone); };
  CHECK(blame.deadline(0, at("2026-06-29T23:00"), 45min, quiet) == at("2026-06-30T06:45"));
  CHECK(blame.deadline(0, at("2026-06-30T03:00"), 45min, quiet) == at("2026-06-30T06:45"));
  CHECK(blame.deadline(0, at("2026-06-29T21:30"), 45min, quiet) == at("2026-06-30T06:45"));
  CHECK(blame.deadline(0, at("2026-06-29T20:00"), 45min, quiet) == at("2026-06-29T20:45"));
}

TEST_CASE("a fault longer than the records are kept loses what was due in it") {
  town::Town town;
  town.scenario.head_end.collect.gap_patience = 6h;
  town.scenario.faults = {window(town, "uplink-outage", 10h, 20h)};
  const audit::Estate estate(town.scenario);
  const audit::Blame blame(estate);
  CHECK_FALSE(blame.cause_of_missing(0, town.scenario.starts + 11h).empty());
  CHECK(blame.cause_of_missing(0, town.scenario.starts + 19h).empty());
  CHECK(blame.cause_of_missing(0, town.scenario.starts + 30h).empty());
}

TEST_CASE("quarter hours that a meter's clock leapt over, or had not reached yet, were never recorded") {
  town::Town town;
  auto ahead = window(town, "meter-clock-shift", 10h, 20h),
       behind = window(town, "meter-clock-shift", 22h, 23h);
  ahead.meter = behind.meter = town.scenario.areas[0].meters[0].name + "0001";
  ahead.step = 3h;
  behind.step = -2h;
  auto little = window(town, "meter-clock-shift", 2h, 4h);
  little.meter = ahead.meter;
  little.step = 10min;
  town.scenario.faults = {ahead, behind, little};
  const audit::Estate estate(town.scenario);
  const audit::Blame blame(estate);
  const auto is_explained = [&](core::Duration due) {
    return !blame.cause_of_missing(0, town.scenario.starts + due).empty();
  };
  CHECK(is_explained(10h + 15min));
  CHECK(is_explained(13h));
  CHECK_FALSE(is_explained(13h + 15min));
  CHECK_FALSE(is_explained(19h + 45min));
  CHECK(is_explained(20h + 15min));  // the register seems to leap
  CHECK(is_explained(22h + 15min));
  CHECK(is_explained(23h));
  CHECK_FALSE(is_explained(3h));  // a step within a quarter hour leaves a record of it
  CHECK(blame.cause_of_missing(1, town.scenario.starts + 11h).empty());
}
