// How single verdicts add up, and what a whole, honest town gets.
#include <catch2/catch.hpp>

#include <fstream>

#include "core/sqlite/database.hpp"
#include "tests/audit/town.hpp"

using audit::Verdict;

namespace {
audit::Check with(Verdict verdict) {
  audit::Check check;
  check.verdict = verdict;
  return check;
}
}  // namespace

TEST_CASE("fail beats blocked beats unknown beats pass, and no checks at all are unknown") {
  using Checks = std::vector<audit::Check>;
  CHECK(audit::combined(Checks{}) == Verdict::unknown);
  CHECK(audit::combined(Checks{with(Verdict::pass), with(Verdict::pass)}) == Verdict::pass);
  CHECK(audit::combined(Checks{with(Verdict::pass), with(Verdict::unknown)}) == Verdict::unknown);
  CHECK(audit::combined(Checks{with(Verdict::blocked), with(Verdict::unknown)}) == Verdict::blocked);
  CHECK(audit::combined(Checks{with(Verdict::blocked), with(Verdict::fail)}) == Verdict::fail);
}

TEST_CASE("exit codes are 0 for pass, 1 for fail, 2 for unknown and blocked") {
  CHECK(audit::exit_code(Verdict::pass) == 0);
  CHECK(audit::exit_code(Verdict::fail) == 1);
  CHECK(audit::exit_code(Verdict::unknown) == 2);
  CHECK(audit::exit_code(Verdict::blocked) == 2);
}

TEST_CASE("truth and books that agree pass every check") {
  const town::Town town;
  const auto audited = town.audited();
  INFO(town::complaints(audited));
  CHECK(audited.verdict == Verdict::pass);
  for (const auto* id :
       {"I-READ.coverage", "I-READ.missing", "I-READ.value", "I-ENERGY.register", "I-ENERGY.books",
        "I-MONEY.bills", "I-MONEY.ledger", "I-MONEY.charges", "I-MONEY.sales", "I-MONEY.meter",
        "I-MONEY.reports", "I-MONEY.transit", "I-CUT.opened", "I-CUT.closed", "I-CUT.reason",
        "I-CUT.protected", "I-ORDER.purchases", "I-ORDER.commands", "I-ORDER.numbers"}) {
    INFO(id);
    CHECK(town::check_of(audited, id).verdict == Verdict::pass);
    CHECK(town::check_of(audited, id).samples > 0);
  }
  CHECK(audited.summary.meters == 4);
  CHECK(audited.summary.readings_due == 4 * 193);
  CHECK(audited.summary.readings_stored == 4 * 193);
  CHECK(audited.summary.bills == 4);
  CHECK(audited.summary.cut_offs == 2);
  CHECK(audited.summary.restorations == 2);
  CHECK(audited.summary.payments == 5);
  CHECK(audited.summary.paid_fen == 200 + 200 + 100 + 600 + 600);
}

TEST_CASE("a store that is not there, or is no store, blocks the run with one line") {
  town::Town town;
  std::filesystem::remove(town.books_db());
  auto audited = town.audited();
  CHECK(audited.verdict == Verdict::blocked);
  CHECK(town::check_of(audited, "STORES.readable").measured.find("books.db") != std::string::npos);
  std::ofstream(town.books_db()) << "this is not a database, however long it may be";
  audited = town.audited();
  CHECK(audited.verdict == Verdict::blocked);
}

TEST_CASE("a run that did not come to its end is blocked") {
  town::Town town;
  town.truth("DELETE FROM run WHERE key = 'complete'");
  CHECK(town.audited().verdict == Verdict::blocked);
}

TEST_CASE("truth of another estate is blocked") {
  town::Town town;
  town.truth("UPDATE meters SET name = 'M0009' WHERE meter = 4");
  CHECK(town.audited().verdict == Verdict::blocked);
}

TEST_CASE("nothing due, nothing billed, nobody cut: unknown, never pass") {
  town::Town town;
  town.truth("DELETE FROM samples; DELETE FROM events");
  town.books(
      "DELETE FROM reading; DELETE FROM bill; DELETE FROM bill_line; DELETE FROM entry; DELETE FROM posting;"
      "DELETE FROM sale; DELETE FROM command; DELETE FROM meter_balance");
  const auto audited = town.audited();
  CHECK(audited.verdict == Verdict::unknown);
  for (const auto* id :
       {"I-READ.coverage", "I-READ.value", "I-ENERGY.register", "I-MONEY.bills", "I-CUT.opened"}) {
    INFO(id);
    CHECK(town::check_of(audited, id).verdict == Verdict::unknown);
  }
}

TEST_CASE("findings are capped in words and counted in full") {
  town::Town town;
  town.books("UPDATE reading SET register_centikWh = register_centikWh + 1");
  const auto check =
      town::check_of(town.audited({.findings_max = 3, .other_run_digest = {}}), "I-READ.value");
  CHECK(check.findings.size() == 3);
  CHECK(check.violations == 4 * 193);
}
