// I-ORDER, injected faults that must bite, and repeating runs.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "tests/audit/town.hpp"

using audit::Verdict;
using namespace std::chrono_literals;

TEST_CASE("a purchase count that is skipped or repeated is found in the meter and in the books") {
  town::Town town;
  town.truth("UPDATE events SET text = 'purchase count 3' WHERE text = 'purchase count 2'");
  CHECK(town::names(town::check_of(town.audited(), "I-ORDER.purchases"), "M0003",
                    "applied purchase 3 after purchase 1"));

  town::Town repeated;
  repeated.books("UPDATE command SET purchase_count = 1 WHERE purchase_count = 2");
  const auto check = town::check_of(repeated.audited(), "I-ORDER.purchases");
  CHECK(town::names(check, "M0003", "as an earlier one does"));
  CHECK(town::names(check, "M0003", "purchase 1 done after purchase 1"));
}

TEST_CASE("a recharge that the books believe in and the meter never saw is found") {
  town::Town town;
  town.truth("DELETE FROM events WHERE text = 'purchase count 2'");
  CHECK(town::names(town::check_of(town.audited(), "I-ORDER.purchases"), "M0003",
                    "the books have 2 purchases done, the meter applied 1"));
}

TEST_CASE("a recharge of another amount than was sold is found") {
  town::Town town;
  town.truth("UPDATE events SET value = 601 WHERE text = 'purchase count 2'");
  CHECK(town::names(town::check_of(town.audited(), "I-ORDER.purchases"), "M0003",
                    "sold as 6.00 CNY and applied as 6.01 CNY"));
}

TEST_CASE("a failed recharge gives its number to the next") {
  town::Town town;
  town.books(
      "UPDATE command SET id = id + 100 WHERE purchase_count = 2;"
      "INSERT INTO command SELECT 50, meter, kind, 'failed', wanted_at_ns - 1, sent_at_ns - 1, "
      "finished_at_ns - 1, 1, 5, 2, '',"
      " '', NULL FROM command WHERE purchase_count = 2");
  CHECK(town::check_of(town.audited(), "I-ORDER.purchases").verdict == Verdict::pass);
}

TEST_CASE("a relay that opens twice in a row is found") {
  town::Town town;
  town.truth("UPDATE events SET kind = 'relay-opened' WHERE entity = 'M0002' AND kind = 'relay-closed'");
  CHECK(town::names(town::check_of(town.audited(), "I-ORDER.commands"), "M0002", "the relay opened twice"));
}

TEST_CASE("a remote trip without a command in the books is found") {
  town::Town town;
  town.books("DELETE FROM command WHERE kind = 'trip'");
  CHECK(
      town::names(town::check_of(town.audited(), "I-ORDER.commands"), "M0002", "the books know 0 commands"));
}

TEST_CASE("a close command that no sale came before is found") {
  town::Town town;
  town.books("UPDATE command SET wanted_at_ns = wanted_at_ns - 10000000000 WHERE kind = 'close'");
  CHECK(town::names(town::check_of(town.audited(), "I-ORDER.commands"), "M0002",
                    "nothing was sold since the trip"));
}

TEST_CASE("commands that contradict themselves are found") {
  town::Town town;
  town.books(
      "UPDATE command SET sent_at_ns = wanted_at_ns - 1 WHERE id = 1; UPDATE command SET attempts = 0 WHERE "
      "id = 2;"
      "UPDATE command SET finished_at_ns = NULL WHERE id = 3; UPDATE command SET finished_at_ns = "
      "wanted_at_ns - 1 WHERE id = 4");
  CHECK(town::check_of(town.audited(), "I-ORDER.commands").violations == 4);
}

TEST_CASE("receipts and commands that are numbered against time are found") {
  town::Town town;
  town.books(
      "UPDATE sale SET at_ns = at_ns + 600000000000 WHERE id = 1; UPDATE command SET wanted_at_ns = 0 WHERE "
      "id = 5");
  CHECK(town::check_of(town.audited(), "I-ORDER.numbers").violations == 2);
}

TEST_CASE("an injected fault that nothing felt makes the run unknown and is named by its number") {
  town::Town town;
  scenario::FaultSpec noise;
  noise.kind = "line-noise";
  noise.area = "north";
  noise.from = town.at(20);
  noise.till = town.at(24);
  scenario::FaultSpec crash;
  crash.kind = "head-end-crash";
  crash.from = town.at(30);
  crash.till = town.at(31);
  town.scenario.faults = {crash, noise};
  const auto tell = [&](const char* entity, core::Instant at, const char* kind, const char* text) {
    town.truth(fmt::format("INSERT INTO events SELECT '{}', max(seq) + 1, {}, '{}', 3, '{}' FROM events",
                           entity, core::unix_nanoseconds(at), kind, text));
  };
  tell("head-end", crash.from, "crashed", "injected: head-end-crash");
  tell("area south", noise.till, "fault-struck", "injected: line-noise");
  tell("area north", noise.till + 1h, "fault-struck", "injected: line-noise");
  tell("area north", noise.till, "fault-struck", "injected: meter-silent");
  auto audited = town.audited();
  CHECK(audited.verdict == Verdict::unknown);
  auto check = town::check_of(audited, "FAULTS.fired");
  CHECK(check.verdict == Verdict::unknown);
  REQUIRE(check.findings.size() == 1);
  CHECK(check.findings[0].entity == "fault 1");
  CHECK(check.measured == "1 of 2");
  tell("area north", noise.till, "fault-struck", "injected: line-noise");
  audited = town.audited();
  INFO(town::complaints(audited));
  CHECK(audited.verdict == Verdict::pass);
}

TEST_CASE("a second run is compared by its digest") {
  const town::Town town;
  const auto digest = town.digest().total;
  CHECK(town::check_of(town.audited({.findings_max = 20, .other_run_digest = digest}), "I-DET").verdict ==
        Verdict::pass);
  CHECK(town::check_of(town.audited({.findings_max = 20, .other_run_digest = "0123456789abcdef"}), "I-DET")
            .verdict == Verdict::fail);
  CHECK(town::check_of(town.audited(), "I-DET").measured == "left out");
}
