// I-MONEY: bills, charges, ledger, sales and the money in meters, each mistake planted and found.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "core/sqlite/database.hpp"
#include "tests/audit/town.hpp"

using audit::Verdict;
using namespace std::chrono_literals;

namespace {
constexpr std::int64_t prices[] = {5680, 6180, 2880, 3380};

/// Makes M0001's bill for June, its lines and its posting say what a mistaken head-end would.
void bill_by(town::Town& town, const town::UnitPricer& june, std::int64_t amount_fen) {
  town.books("DELETE FROM bill_line WHERE account = 1");
  for (int cell = 0; cell < town::cells; ++cell)
    if (june.energies[cell] != 0)
      town.books(fmt::format("INSERT INTO bill_line VALUES(1, 202606, {}, {}, {}, {}, {}, 0)", cell % 2,
                             cell / 2, june.energies[cell], prices[cell],
                             june.energies[cell] * prices[cell]));
  town.books(
      fmt::format("UPDATE bill SET amount_fen = {0} WHERE account = 1;"
                  "UPDATE posting SET amount_fen = {0} * (1 - 2 * line) WHERE entry IN (SELECT id FROM entry "
                  "WHERE kind = 'bill')",
                  amount_fen));
}
std::int64_t half_up(std::int64_t uYuan) { return (uYuan + 5'000) / 10'000; }

/// Adds a balanced entry of two postings.
void post(town::Town& town, const std::string& kind, int account, std::int64_t reference,
          const std::string& debit, const std::string& credit, std::int64_t fen) {
  const auto id = town.number("SELECT max(id) + 1 FROM entry");
  town.books(
      fmt::format("INSERT INTO entry SELECT {0}, max(at_ns), '{1}', {2}, {3} FROM entry;"
                  "INSERT INTO posting VALUES({0}, 0, '{4}', {5}, {7}), ({0}, 1, '{6}', {8}, -{7})",
                  id, kind, account, reference, debit, debit == "cash" ? 0 : account, credit, fen,
                  credit == "revenue" ? 0 : account));
}
}  // namespace

TEST_CASE("a bill that asks for one fen too much or too little is wrong, and says what is right") {
  const int by = GENERATE(-1, 1);
  town::Town town;
  const auto june = town.june(1);
  bill_by(town, june, half_up(june.uYuan) + by);
  const auto audited = town.audited();
  const auto check = town::check_of(audited, "I-MONEY.bills");
  CHECK(check.violations == 1);
  CHECK(town::names(check, "A0001",
                    "the tariff says " +
                        fmt::format("{}.{:02} CNY", half_up(june.uYuan) / 100, half_up(june.uYuan) % 100)));
  CHECK(town::check_of(audited, "I-MONEY.charges").verdict == Verdict::fail);
}

TEST_CASE("a tier boundary one unit off is found") {
  const int shift = GENERATE(-1, 1);
  town::Town town;
  const auto wrong = town.june(1, {.bound_shift = shift});
  REQUIRE(wrong.uYuan != town.june(1).uYuan);
  bill_by(town, wrong, half_up(wrong.uYuan));
  const auto check = town::check_of(town.audited(), "I-MONEY.bills");
  CHECK(check.verdict == Verdict::fail);
  CHECK(town::names(check, "A0001", "tier 1 period"));
}

TEST_CASE("a time-of-use switch one slot late is found") {
  town::Town town;
  const auto wrong = town.june(1, {.slots_late = 1});
  REQUIRE(wrong.uYuan != town.june(1).uYuan);
  bill_by(town, wrong, half_up(wrong.uYuan));
  CHECK(town::check_of(town.audited(), "I-MONEY.bills").verdict == Verdict::fail);
}

TEST_CASE("rounding each interval instead of the bill is found") {
  town::Town town;
  const auto june = town.june(1);
  REQUIRE(june.rounded_each_fen != half_up(june.uYuan));
  bill_by(town, june, june.rounded_each_fen);
  CHECK(town::check_of(town.audited(), "I-MONEY.bills").verdict == Verdict::fail);
}

TEST_CASE("bills that are missing, for nobody, for another month, or that hide a line are found") {
  town::Town town;
  town.books("DELETE FROM bill WHERE account = 1; DELETE FROM bill_line WHERE account = 1");
  CHECK(town::names(town::check_of(town.audited(), "I-MONEY.bills"), "A0001", "the bill for 2026-06 over"));
  town.books("UPDATE bill SET month = 202605 WHERE account = 2");
  CHECK(town::check_of(town.audited(), "I-MONEY.bills").violations ==
        4);  // 202605 has no ground, June missing, its lines orphans
  town.books("DELETE FROM bill_line WHERE account = 3 AND tier = 0 AND period = 0");
  CHECK(town::names(town::check_of(town.audited(), "I-MONEY.bills"), "A0003", "missing or double"));
}

TEST_CASE("as many wrong bills as the scenario puts up with still pass") {
  town::Town town;
  town.scenario.expect.bills_wrong_max = 1;
  town.books("UPDATE bill SET amount_fen = amount_fen + 1 WHERE account = 1");
  CHECK(town::check_of(town.audited(), "I-MONEY.bills").verdict == Verdict::pass);
  town.books("UPDATE bill SET amount_fen = amount_fen + 1 WHERE account = 2");
  CHECK(town::check_of(town.audited(), "I-MONEY.bills").verdict == Verdict::fail);
}

TEST_CASE("readings that were given up are billed evenly and marked; not marked is wrong") {
  town::Town town;
  town.scenario.head_end.collect.gap_patience = 1h;
  const auto first = core::unix_seconds(town.at(100));
  for (std::int64_t index = 100; index < 103; ++index)
    town.books(fmt::format("DELETE FROM reading WHERE key = {}", town.key(index, 1)));
  town.books(fmt::format("INSERT INTO estimate VALUES(1, {}, {}, {})", first, first + 1800,
                         (first + 7200) * 1'000'000'000));
  // Index 99 to 103 by hand: the total over four quarter hours, the odd units to the earliest. 12:45 to 13:45
  // is one period, and by then the first tier is full, so the lines do not change; only what is estimated of
  // them does.
  const auto& shown = town.records[0].shown;
  const auto total = shown[103] - shown[99];
  REQUIRE(shown[99] - shown[0] >= 300);
  auto check = town::check_of(town.audited(), "I-MONEY.bills");
  CHECK(town::names(check, "A0001", "rule 5 says " + fmt::format("0.{:02} kWh", total)));
  town.books(fmt::format(
      "UPDATE bill_line SET estimated_centikWh = {} WHERE account = 1 AND tier = 1 AND period = 0", total));
  check = town::check_of(town.audited(), "I-MONEY.bills");
  CHECK(town::names(check, "A0001", "hides that it is estimated"));
  town.books("UPDATE bill SET is_estimated = 1 WHERE account = 1");
  CHECK(town::check_of(town.audited(), "I-MONEY.bills").verdict == Verdict::pass);
}

TEST_CASE("a gap that the books still hope to fill stops the rating: a bill over it has no ground") {
  town::Town town;
  town.books(fmt::format("DELETE FROM reading WHERE key = {}", town.key(100, 1)));
  CHECK(town::names(town::check_of(town.audited(), "I-MONEY.bills"), "A0001", "give no bill"));
}

TEST_CASE("an entry that does not balance is found, with what is left over") {
  town::Town town;
  town.books("UPDATE posting SET amount_fen = amount_fen + 1 WHERE entry = 2 AND line = 0");
  CHECK(town::names(town::check_of(town.audited(), "I-MONEY.ledger"), "entry 2", "add up to 0.01 CNY"));
}

TEST_CASE("an entry between ledgers that its kind does not allow is found") {
  town::Town town;
  town.books("UPDATE posting SET ledger = 'revenue', account = 0 WHERE entry = 1 AND line = 1");
  CHECK(town::names(town::check_of(town.audited(), "I-MONEY.ledger"), "entry 1",
                    "credits revenue instead of customer"));
  town.books("UPDATE posting SET ledger = 'customer', account = 4 WHERE entry = 1 AND line = 1");
  CHECK(town::names(town::check_of(town.audited(), "I-MONEY.ledger"), "entry 1", "account 4 of customer"));
}

TEST_CASE("an entry that was deleted leaves a hole, and a store that allows it is named") {
  town::Town town;
  town.books("DELETE FROM posting WHERE entry = 3; DELETE FROM entry WHERE id = 3");
  CHECK(town::names(town::check_of(town.audited(), "I-MONEY.ledger"), "entry 4", "before it has number 2"));
  sqlite::Database(town.books_db(), sqlite::Database::Use::keep).execute("DROP TRIGGER posting_remains");
  CHECK(town::names(town::check_of(town.audited(), "I-MONEY.ledger"), "posting", "changed or deleted"));
}

TEST_CASE("a day's charge posted twice, or not at all, is found") {
  town::Town town;
  const auto day = town.scenario.zone_rules.local_day(town.at(0));
  post(town, "charge", 2, day, "customer", "revenue", 50);
  auto audited = town.audited();
  CHECK(town::names(town::check_of(audited, "I-MONEY.ledger"),
                    "entry " + std::to_string(town.number("SELECT max(id) FROM entry")),
                    "was posted before"));
  CHECK(town::names(town::check_of(audited, "I-MONEY.charges"), "A0002", "has no ground"));
  CHECK(town::names(town::check_of(audited, "I-MONEY.charges"), "A0002", "the ledger holds"));

  town::Town forgetful;
  forgetful.books(
      "DELETE FROM posting WHERE entry IN (SELECT id FROM entry WHERE kind = 'charge' AND account = 4);"
      "DELETE FROM entry WHERE kind = 'charge' AND account = 4");
  CHECK(town::names(town::check_of(forgetful.audited(), "I-MONEY.charges"), "A0004",
                    "the charge of 2026-06-29"));
}

TEST_CASE("a payment that was never sold is lost, unless the cash went back") {
  town::Town town;
  const auto sale = town.number("SELECT id FROM sale WHERE account = 2 ORDER BY id DESC");
  const auto entry = town.number("SELECT entry FROM sale WHERE account = 2 ORDER BY id DESC");
  town.books(fmt::format(
      "DELETE FROM sale WHERE id = {0}; UPDATE posting SET amount_fen = 0 WHERE entry = {1}", sale, entry));
  CHECK(town::names(town::check_of(town.audited(), "I-MONEY.sales"), "A0002", "paid 6.00 CNY"));

  town::Town returned;
  returned.truth(
      "INSERT INTO events SELECT 'account A0001', 90, max(at_ns), 'paid', 777, 'K9' FROM events;"
      "INSERT INTO events SELECT 'account A0001', 91, max(at_ns), 'money-returned', 777, 'K9: "
      "over-hoarding-cap' FROM events");
  const auto check = town::check_of(returned.audited(), "I-MONEY.sales");
  CHECK(check.verdict == Verdict::pass);
  CHECK(check.explained == 1);
}

TEST_CASE("a payment just before the end of the run may still be under way") {
  town::Town town;
  const auto late = core::unix_nanoseconds(town.scenario.ends() + town.scenario.settles - 1min);
  town.truth(fmt::format("INSERT INTO events VALUES('account A0001', 90, {}, 'paid', 777, 'K9')", late));
  CHECK(town::check_of(town.audited(), "I-MONEY.sales").verdict == Verdict::pass);
  town.truth(fmt::format("UPDATE events SET at_ns = at_ns - 3600000000000 WHERE text = 'K9'"));
  CHECK(town::check_of(town.audited(), "I-MONEY.sales").verdict == Verdict::fail);
}

TEST_CASE("a sale booked twice, for more than was paid, or to somebody else is found") {
  town::Town town;
  const auto entry = town.number("SELECT max(id) + 1 FROM entry");
  post(town, "sale", 2, 99, "cash", "customer", 600);
  town.books(
      fmt::format("INSERT INTO sale SELECT 99, 'again', 2, 600, max(at_ns), {}, NULL, 0 FROM entry", entry));
  CHECK(town::names(town::check_of(town.audited(), "I-MONEY.sales"), "sale 99", "nobody paid"));

  town::Town twice;
  const auto sale = twice.number("SELECT id FROM sale WHERE account = 2 ORDER BY id DESC");
  post(twice, "sale", 2, sale, "cash", "customer", 600);
  CHECK(town::names(town::check_of(twice.audited(), "I-MONEY.sales"), "A0002", "was posted 2 times"));

  town::Town wrong;
  wrong.books("UPDATE sale SET amount_fen = amount_fen + 1 WHERE id = 1");
  CHECK(town::names(town::check_of(wrong.audited(), "I-MONEY.sales"), "A0002", "sold 2.01 CNY"));
  wrong.books("UPDATE sale SET account = 4 WHERE id = 1");
  CHECK(town::names(town::check_of(wrong.audited(), "I-MONEY.sales"), "A0002", "went to account 4"));
}

TEST_CASE("money in a meter that its recharges and its use do not make is found to the micro-yuan") {
  town::Town town;
  std::string blob;
  const auto& money = town.records[2].money_uYuan;
  for (std::size_t meter = 0; meter < 4; ++meter) {
    const auto value = static_cast<std::uint64_t>(meter == 2 ? money[48] - 1 : 0);
    for (int byte = 0; byte < 8; ++byte) blob += fmt::format("{:02X}", value >> (8 * byte) & 0xFF);
  }
  town.truth(fmt::format("UPDATE samples SET money = x'{}' WHERE sample_key = {}", blob,
                         (town.first_slot() + 48) << 20));
  const auto check = town::check_of(town.audited(), "I-MONEY.meter");
  CHECK(check.violations == 1);
  CHECK(town::names(check, "M0003", "recharges less use"));
}

TEST_CASE("a credit that the meter applied twice is found in the meter, in transit and in the counts") {
  town::Town town;
  town.truth(
      "INSERT INTO events SELECT entity, 91, at_ns + 60000000000, kind, value, 'purchase count 3' FROM events"
      " WHERE text = 'purchase count 2'");
  const auto audited = town.audited();
  CHECK(town::names(town::check_of(audited, "I-MONEY.meter"), "M0003", "recharges less use"));
  CHECK(town::names(town::check_of(audited, "I-MONEY.transit"), "A0003", "the meter was credited"));
  CHECK(town::names(town::check_of(audited, "I-ORDER.purchases"), "M0003", "which nobody sold"));
}

TEST_CASE("a balance that the meter never held is found") {
  town::Town town;
  town.books("UPDATE meter_balance SET balance_fen = balance_fen + 30");
  const auto audited = town.audited();
  CHECK(town::check_of(audited, "I-MONEY.reports").violations == 2);
  CHECK(town::names(town::check_of(audited, "I-MONEY.transit"), "A0003", "meter_credit holds"));
}

TEST_CASE("an entry without postings, or of a kind that this customer cannot have, is found") {
  town::Town town;
  town.books("DELETE FROM posting WHERE entry = 1; UPDATE entry SET kind = 'bill' WHERE id = 2");
  const auto check = town::check_of(town.audited(), "I-MONEY.ledger");
  CHECK(town::names(check, "entry 1", "no postings"));
  CHECK(town::names(check, "entry 2", "cannot have a"));
}
