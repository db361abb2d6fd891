// What audit makes of schedules, storms, memory lost before a fault, and how fresh the field's knowledge was.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "audit/blame/blame.hpp"
#include "tests/audit/town.hpp"

using namespace std::chrono_literals;
using audit::Verdict;

namespace {
scenario::FaultSpec window(const town::Town& town, const char* kind, int first, int last) {
  scenario::FaultSpec fault;
  fault.kind = kind;
  fault.area = "north";
  fault.from = town.at(first);
  fault.till = town.at(last);
  return fault;
}

void tell(town::Town& town, const char* entity, core::Instant at, const char* kind, std::int64_t value,
          const char* text) {
  town.truth(fmt::format("INSERT INTO events SELECT '{}', max(seq) + 1, {}, '{}', {}, '{}' FROM events",
                         entity, core::unix_nanoseconds(at), kind, value, text));
}
}  // namespace

TEST_CASE("windows of one name are one question: one of them must have been felt") {
  town::Town town;
  auto morning = window(town, "line-noise", 20, 24), evening = window(town, "line-noise", 60, 64);
  auto other = window(town, "uplink-drop", 70, 71);
  morning.name = evening.name = "noise";
  other.name = "noise";  // of another kind: a question of its own
  town.scenario.faults = {morning, evening, other};
  auto check = town::check_of(town.audited(), "FAULTS.fired");
  CHECK(check.verdict == Verdict::unknown);
  CHECK(check.measured == "0 of 2");
  CHECK(check.samples == 2);
  tell(town, "area north", evening.till, "fault-struck", 1, "injected: line-noise");
  CHECK(town::check_of(town.audited(), "FAULTS.fired").measured == "1 of 2");
  tell(town, "concentrator north", other.till, "fault-struck", 1, "injected: uplink-drop");
  CHECK(town::check_of(town.audited(), "FAULTS.fired").verdict == Verdict::pass);
}

TEST_CASE("an effect counts for the fault that it names, not for one whose name is part of it") {
  town::Town town;
  town.scenario.faults = {window(town, "line-noise", 20, 24)};
  tell(town, "area north", town.at(24), "fault-struck", 1, "injected: power-line-noise");
  CHECK(town::check_of(town.audited(), "FAULTS.fired").measured == "0 of 1");
}

TEST_CASE("the state of living meters must be as fresh as the scenario expects, or the question is open") {
  town::Town town;
  town.scenario.expect.fresh_within = 3min;
  CHECK(town::check_of(town.audited(), "I-READ.fresh").verdict == Verdict::unknown);
  tell(town, "area north", town.at(5), "state-age-worst", 179'000, "M0001");
  CHECK(town::check_of(town.audited(), "I-READ.fresh").verdict == Verdict::pass);
  tell(town, "area north", town.at(6), "state-age-worst", 181'500, "M0002");
  const auto check = town::check_of(town.audited(), "I-READ.fresh");
  CHECK(check.verdict == Verdict::fail);
  CHECK(check.measured == "181.5 s");
  REQUIRE(check.findings.size() == 1);
  CHECK(check.findings[0].entity == "M0002");
}

TEST_CASE("a stale cache explains readings from before it, a wrongly addressed meter those of both") {
  town::Town town;
  auto stale = window(town, "stale-cache", 40, 41);
  stale.age = 2h;
  auto doubled = window(town, "double-address", 60, 61);
  doubled.meter = "M0001";
  doubled.other = "M0002";
  town.scenario.faults = {stale, doubled};
  const audit::Estate estate(town.scenario);
  const audit::Blame blame(estate);
  CHECK(blame.fault_between(0, town.at(60), town.at(60)).starts_with("double-address of M0001"));
  CHECK(blame.fault_between(1, town.at(60), town.at(60)).starts_with("double-address of M0001"));
  CHECK(blame.recovery(doubled) >
        blame.recovery(stale));  // a meter is backed off from, a concentrator is not
}

TEST_CASE("a network without a solution leaves the question open; one sentence says where, when and why") {
  town::Town town;
  CHECK(town::check_of(town.audited(), "TRUTH.network").verdict == Verdict::blocked);  // nobody computes one
  town.scenario.areas[0].grid = true;
  CHECK(town::check_of(town.audited(), "TRUTH.network").verdict == Verdict::pass);
  tell(town, "area north", town.at(20), "feeder-diverged", 213'400, "no solution: load 24 at bus 124");
  tell(town, "area north", town.at(22), "feeder-solved", 0, "");
  const auto check = town::check_of(town.audited(), "TRUTH.network");
  CHECK(check.verdict == Verdict::unknown);
  CHECK(check.measured == "none 1 times, for 30 min in all");
  CHECK(town::names(check, "area north", "has no solution from"));
  CHECK(town::names(check, "area north", "for 30 min: 213.4 kW asked for; no solution: load 24 at bus 124"));
}

TEST_CASE("whoever had no mains by the network's doing has no readings to miss, and for no longer") {
  town::Town town;
  town.scenario.areas[0].grid = true;
  auto outage = window(town, "section-outage", 20, 24);
  outage.section = "line 3-4";
  town.scenario.faults = {outage};
  const audit::Estate estate(town.scenario);
  CHECK(audit::Blame(estate).cause_of_missing(0, town.at(22)).empty());  // it may stand before that section
  const audit::Blame blame(estate, {{0, town.at(20), town.at(24)}});
  CHECK(blame.cause_of_missing(0, town.at(22)).starts_with("no mains at M0001, "));
  CHECK(blame.cause_of_missing(0, town.at(25)).empty());
  CHECK(blame.cause_of_missing(1, town.at(22)).empty());
  CHECK(blame.describe(0).starts_with("section-outage of area north (line 3-4), "));
}
