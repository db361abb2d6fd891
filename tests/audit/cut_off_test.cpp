// I-CUT: relays that move too late, without reason, or not at all. M0002's money runs out, he is cut, pays,
// is restored.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "tests/audit/town.hpp"

using audit::Verdict;
using namespace std::chrono_literals;

namespace {
/// Moves an event of M0002.
void move(town::Town& town, const char* kind, core::Duration by) {
  town.truth(fmt::format("UPDATE events SET at_ns = at_ns + {} WHERE entity = 'M0002' AND kind = '{}'",
                         by.count(), kind));
}
void tell(town::Town& town, const char* entity, core::Instant at, const char* kind, const char* text) {
  town.truth(fmt::format("INSERT INTO events SELECT '{}', max(seq) + 1, {}, '{}', 0, '{}' FROM events",
                         entity, core::unix_nanoseconds(at), kind, text));
}
scenario::FaultSpec crash(core::Instant from, core::Instant till) {
  scenario::FaultSpec fault;
  fault.kind = "head-end-crash";
  fault.from = from;
  fault.till = till;
  return fault;
}
}  // namespace

TEST_CASE("a relay that opens at the last minute is in time, and a minute later is too late") {
  town::Town town;  // in arrears 20 minutes before the cut; 45 minutes are allowed
  move(town, "relay-opened", 25min);
  CHECK(town::check_of(town.audited(), "I-CUT.opened").verdict == Verdict::pass);
  move(town, "relay-opened", 1min);
  const auto check = town::check_of(town.audited(), "I-CUT.opened");
  CHECK(check.verdict == Verdict::fail);
  CHECK(town::names(check, "M0002", "to be cut off by"));
}

TEST_CASE("grace and the meter's trip delay are added to what is allowed") {
  town::Town town;
  move(town, "relay-opened", 55min);
  CHECK(town::check_of(town.audited(), "I-CUT.opened").verdict == Verdict::fail);
  town.scenario.head_end.cut_off.grace = 20min;
  town.scenario.head_end.cut_off.trip_delay = 10min;
  CHECK(town::check_of(town.audited(), "I-CUT.opened").verdict == Verdict::pass);
}

TEST_CASE("time in quiet hours does not count, but after them it does") {
  town::Town town;
  const auto& zone = town.scenario.zone_rules;
  const auto due = town.cut_at - 20min;
  const auto begins = static_cast<int>(zone.second_of_day(due)) - 600;
  town.scenario.head_end.cut_off.never_between = scenario::DaySlot{begins, begins + 3 * 3600};
  move(town, "relay-opened",
       3h - 10min);  // 2 h 50 min after quiet hours began, plus 20 minutes: at their end
  CHECK(town::check_of(town.audited(), "I-CUT.opened").verdict == Verdict::pass);
  move(town, "relay-opened", 1h);
  CHECK(town::check_of(town.audited(), "I-CUT.opened").verdict == Verdict::fail);
}

TEST_CASE("a crash of the head-end in between gives it its time again, once it is up") {
  town::Town town;
  move(town, "relay-opened", 90min);
  CHECK(town::check_of(town.audited(), "I-CUT.opened").verdict == Verdict::fail);
  town.scenario.faults = {crash(town.cut_at - 10min, town.cut_at + 50min)};
  const auto check = town::check_of(town.audited(), "I-CUT.opened");
  CHECK(check.verdict == Verdict::pass);
  CHECK(check.explained == 1);
  REQUIRE(check.findings.size() == 1);
  CHECK(check.findings.front().cause.find("head-end-crash of the head-end") == 0);
}

TEST_CASE("who owes and is never cut is found") {
  town::Town town;
  town.truth("DELETE FROM events WHERE entity = 'M0002' AND kind LIKE 'relay-%'");
  CHECK(town::names(town::check_of(town.audited(), "I-CUT.opened"), "M0002", "in arrears since"));
}

TEST_CASE("nobody was cut where somebody must be: unknown") {
  town::Town town;
  town.truth("DELETE FROM events WHERE kind LIKE 'relay-%'");
  town.truth("UPDATE events SET value = 100000 WHERE entity = 'account A0002'");  // M0002 has plenty
  town.truth("UPDATE samples SET money = NULL");
  town.scenario.areas[0].meters[2].overdraft = core::Fen(100);
  CHECK(town::check_of(town.audited(), "I-CUT.opened").verdict == Verdict::unknown);
  town.scenario.expect.must_cut = false;
  CHECK(town::check_of(town.audited(), "I-CUT.opened").measured == "left out");
}

TEST_CASE("a cut without arrears is without reason") {
  town::Town town;
  tell(town, "M0002", town.at(10) + 1min, "relay-opened", "remote command");
  tell(town, "M0002", town.at(10) + 5min, "relay-closed", "remote command");
  const auto audited = town.audited();
  CHECK(town::names(town::check_of(audited, "I-CUT.reason"), "M0002", "cut off (remote command) with"));
  CHECK(
      town::names(town::check_of(audited, "I-ORDER.commands"), "M0002", "the books know 0 commands by then"));
}

TEST_CASE("an operator's order is a reason to cut and to restore") {
  town::Town town;
  tell(town, "M0002", town.at(10) + 1min, "relay-opened", "remote command");
  tell(town, "M0002", town.at(10) + 5min, "relay-closed", "remote command");
  town.books(
      fmt::format("INSERT INTO command VALUES(90, 2, 'trip', 'done', {0}, {0}, {0}, 1, 0, 0, '', '', 'op-1')",
                  core::unix_nanoseconds(town.at(10))));
  CHECK(town::check_of(town.audited(), "I-CUT.reason").verdict == Verdict::pass);
}

TEST_CASE("a purse that still holds money is no reason for its meter to open") {
  town::Town town;
  tell(town, "M0003", town.at(20) + 1min, "relay-opened", "arrears");
  tell(town, "M0003", town.at(20) + 2min, "relay-closed", "recharge");
  CHECK(town::names(town::check_of(town.audited(), "I-CUT.reason"), "M0003", "cut off (arrears)"));
}

TEST_CASE("a customer who pays by bill is never cut") {
  town::Town town;
  tell(town, "M0001", town.at(20), "relay-opened", "remote command");
  CHECK(town::names(town::check_of(town.audited(), "I-CUT.reason"), "M0001", "pays by bill"));
}

TEST_CASE("a protected customer who is cut fails, arrears or not") {
  town::Town town;
  tell(town, "M0004", town.at(120), "relay-opened", "remote command");
  const auto check = town::check_of(town.audited(), "I-CUT.protected");
  CHECK(check.verdict == Verdict::fail);
  CHECK(town::names(check, "M0004", "though protected"));
  town.scenario.expect.protected_cut_max = 1;
  CHECK(town::check_of(town.audited(), "I-CUT.protected").verdict == Verdict::pass);
}

TEST_CASE("who has paid and is never restored is found") {
  town::Town town;
  town.truth("DELETE FROM events WHERE entity = 'M0002' AND kind = 'relay-closed'");
  CHECK(town::names(town::check_of(town.audited(), "I-CUT.closed"), "M0002", "never restored"));
}

TEST_CASE("restoring ten minutes after the payment is in time, eleven is not") {
  town::Town town;
  move(town, "relay-closed", 7min);
  CHECK(town::check_of(town.audited(), "I-CUT.closed").verdict == Verdict::pass);
  move(town, "relay-closed", 1min);
  CHECK(town::names(town::check_of(town.audited(), "I-CUT.closed"), "M0002", "restored only"));
}

TEST_CASE("restoring before the payment is without reason") {
  town::Town town;
  move(town, "relay-closed", -10min);
  CHECK(town::names(town::check_of(town.audited(), "I-CUT.reason"), "M0002", "restored (remote command)"));
}

TEST_CASE("restoring for a payment that does not cover the arrears is without reason") {
  town::Town town;
  town.truth("UPDATE events SET value = 1 WHERE entity = 'account A0002' AND value = 600");
  CHECK(town::names(town::check_of(town.audited(), "I-CUT.reason"), "M0002", "it takes more than 0.00 CNY"));
}

TEST_CASE("an overdraft moves the limit: what was arrears is none any more") {
  town::Town town;
  town.scenario.areas[0].meters[1].overdraft = core::Fen(100);
  CHECK(town::names(town::check_of(town.audited(), "I-CUT.reason"), "M0002", "the limit is -1.00 CNY"));
}

TEST_CASE("what relays do after the last sample of truth has no reason that anybody could judge") {
  town::Town town;
  tell(town, "M0002", town.scenario.ends() + 30min, "relay-opened", "remote command");
  CHECK(town::check_of(town.audited(), "I-CUT.reason").verdict == Verdict::pass);
}
