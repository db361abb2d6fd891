// Days and months: charges, bills, the ledger that holds them.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "head-end/account/posting.hpp"
#include "tests/head-end/books/small_estate.hpp"

using namespace books_test;

namespace {
const Instant opens = at("2026-07-01T00:00");

void check_ledger(const std::filesystem::path& store) {
  CHECK(ask(store,
            "SELECT count(*) FROM (SELECT entry FROM posting GROUP BY entry HAVING sum(amount_fen) <> 0)") ==
        0);
  CHECK(ask(store, "SELECT coalesce(sum(amount_fen), 0) FROM posting") == 0);
  CHECK(ask(store, "SELECT count(*) FROM entry WHERE id NOT IN (SELECT entry FROM posting)") == 0);
}
}  // namespace

TEST_CASE("time of use and ladder by hand: a bound crossed inside an interval splits it there") {
  Tariff tariff = zhejiang_time_of_use();
  tariff.bounds = {CentiKilowattHours(100), CentiKilowattHours(1'000)};
  tariff.reset = Tariff::Reset::monthly;
  auto estate = small_estate(tariff);
  estate.opens = at("2026-07-31T21:30");
  Office office(estate, estate.opens);
  office.read(1, estate.opens, 50'000);
  office.read(1, at("2026-07-31T21:45"), 50'090);  // 0.90 kWh peak, tier 1
  office.read(1, at("2026-07-31T22:00"), 50'110);  // 0.10 peak tier 1, 0.10 peak tier 2
  office.read(1, at("2026-07-31T22:15"), 50'140);  // 0.30 valley tier 2
  std::int64_t shown = office.read_evenly(1, at("2026-07-31T22:15"), at("2026-08-01T00:00"), 50'140, 0);
  // 1.00 x 0.568 + 0.10 x 0.618 + 0.30 x 0.338 = 0.7312 CNY
  CHECK(rows(office.folder.file(),
             "SELECT tier, period, energy_centikWh, price, amount_microyuan FROM bill_line ORDER BY tier, "
             "period",
             5) == "0|0|100|5680|568000\n1|0|10|6180|61800\n1|1|30|3380|101400\n");
  CHECK(rows(office.folder.file(),
             "SELECT month, amount_fen, energy_centikWh, from_register_centikWh, till_register_centikWh, "
             "is_estimated FROM bill ORDER BY account",
             6) == "202607|73|140|50000|50140|0\n");
  // August: the ladder begins again.
  office.read(1, at("2026-08-01T00:15"), shown + 100);
  CHECK(office.books->balance_of("A0001").value() == Fen(-73 - 29));  // 1.00 x 0.288, first tier
  check_ledger(office.folder.file());
}

TEST_CASE("a yearly ladder goes on over month ends and begins again with the year") {
  Tariff tariff = zhejiang_flat();
  tariff.bounds = {CentiKilowattHours(100), CentiKilowattHours(1'000)};
  auto estate = small_estate(tariff);
  estate.opens = at("2026-11-30T23:45");
  Office office(estate, estate.opens);
  office.read(1, estate.opens, 0);
  std::int64_t shown = 100;
  office.read(1, at("2026-12-01T00:00"), shown);  // the whole first tier in November
  shown = office.read_evenly(1, at("2026-12-01T00:00"), at("2027-01-01T00:00"), shown, 0) + 10;
  CHECK(office.books->balance_of("A0001").value() == Fen(-54));  // 1.00 x 0.538
  office.read(1, at("2027-01-01T00:15"), shown);
  CHECK(office.books->balance_of("A0001").value() == Fen(-54 - 5));  // 0.10 x 0.538 again, not x 0.588
  office.kill_and_reopen(at("2027-01-01T00:20"));
  CHECK(office.books->balance_of("A0001").value() == Fen(-54 - 5));
}

TEST_CASE("daily charges add up to the month's bill whatever the consumption") {
  const std::uint64_t seed = GENERATE(1, 2, 3);
  INFO("seed " << seed);
  auto estate = small_estate(zhejiang_time_of_use());
  estate.tariffs[0].bounds = {CentiKilowattHours(5'000), CentiKilowattHours(9'000)};
  Office office(estate);
  office.pay("first", "A0002", 90'000, opens);
  std::int64_t shown = 0;
  const Instant end = at("2026-08-03T00:00");
  for (Instant due = opens; due <= end; due += 15min) {
    const core::RandomStream random(seed, 0, core::Purpose::test);
    office.books->accept_reading(2, due, CentiKilowattHours(shown), ReadingSource::curve, due + 4min);
    office.books->advance(due + 4min);
    shown += random.between(0, 9, static_cast<std::uint64_t>(core::unix_seconds(due)));
  }
  office.books->commit();
  const auto store = office.folder.file();
  const std::int64_t bill = ask(store, "SELECT amount_fen FROM bill WHERE account = 2 AND month = 202607");
  CHECK(bill > 0);
  CHECK(bill ==
        ask(store,
            "SELECT sum(amount_fen) FROM posting JOIN entry ON entry.id = entry WHERE ledger = 'customer' "
            "AND kind = 'charge' AND reference < 20666"));  // 2026-08-01 is day 20666
  CHECK(ask(store, "SELECT count(*) FROM entry WHERE kind = 'charge'") == 33);
  CHECK(ask(store, "SELECT sum(amount_microyuan) FROM bill_line WHERE account = 2") <= bill * 10'000 + 5'000);
  CHECK(ask(store, "SELECT sum(amount_microyuan) FROM bill_line WHERE account = 2") > bill * 10'000 - 5'001);
  CHECK(office.books->balance_of("A0002").value().count() ==
        90'000 -
            ask(store, "SELECT sum(amount_fen) FROM posting WHERE ledger = 'customer' AND amount_fen > 0"));
  check_ledger(store);
}

TEST_CASE("a month with a bridged gap is marked estimated on the lines that rest on it") {
  Tariff tariff = zhejiang_time_of_use();
  auto estate = small_estate(tariff);
  estate.opens = at("2026-07-31T07:30");
  Office office(estate, estate.opens);
  office.read(1, estate.opens, 0);
  office.read(1, at("2026-07-31T08:30"), 7);  // 07:45 .. 08:15 never come: 2, 2, 2, 1
  std::int64_t shown = office.read_evenly(1, at("2026-07-31T08:30"), at("2026-08-02T00:00"), 7, 1);
  office.books->advance(at("2026-08-02T00:04"));
  office.books->commit();
  CHECK(shown == 7 + 158);
  // valley 07:30-08:00 takes 4 and 22:00-24:00 takes 8; peak takes 3 and, from 08:30 to 22:00, 54.
  CHECK(rows(office.folder.file(),
             "SELECT period, energy_centikWh, estimated_centikWh FROM bill_line ORDER BY period",
             3) == "0|57|3\n1|12|4\n");
  CHECK(ask(office.folder.file(), "SELECT is_estimated FROM bill") == 1);
}

TEST_CASE("every business event is in balance and touches the ledgers of its payment mode") {
  const auto is = [](const Postings& postings, LedgerKind debit, LedgerKind credit) {
    CHECK(postings[0].ledger == debit);
    CHECK(postings[1].ledger == credit);
    CHECK(postings[0].amount == Fen(5));
    CHECK(postings[1].amount == Fen(-5));
  };
  is(postings_of_sale(PaymentMode::postpaid, 9, Fen(5)), LedgerKind::cash, LedgerKind::receivable);
  is(postings_of_sale(PaymentMode::prepaid_head_end, 9, Fen(5)), LedgerKind::cash, LedgerKind::customer);
  is(postings_of_sale(PaymentMode::prepaid_meter, 9, Fen(5)), LedgerKind::cash, LedgerKind::in_transit);
  is(postings_of_credit(9, Fen(5)), LedgerKind::in_transit, LedgerKind::meter_credit);
  is(postings_of_charge(9, Fen(5)), LedgerKind::customer, LedgerKind::revenue);
  is(postings_of_consumption(9, Fen(5)), LedgerKind::meter_credit, LedgerKind::revenue);
  is(postings_of_bill(9, Fen(5)), LedgerKind::receivable, LedgerKind::revenue);
}

TEST_CASE("the store itself refuses to change or delete what is posted") {
  Office office(small_estate(one_yuan()));
  office.pay("slip", "A0001", 100, opens);
  office.books.reset();
  StoreDatabase database(office.folder.file(), Configuration::Durability::commit_on_process_death);
  CHECK_THROWS_WITH(database.execute("UPDATE posting SET amount_fen = 1"), Catch::Contains("never change"));
  CHECK_THROWS_WITH(database.execute("DELETE FROM posting"), Catch::Contains("never deleted"));
  CHECK_THROWS_WITH(database.execute("UPDATE entry SET account = 2"), Catch::Contains("never change"));
  CHECK_THROWS_WITH(database.execute("DELETE FROM entry"), Catch::Contains("never deleted"));
}
