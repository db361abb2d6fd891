// Readings: judged, stored once, rated in order; gaps, back-off, estimates.
#include <catch2/catch.hpp>

#include "tests/head-end/books/small_estate.hpp"

using namespace books_test;

namespace {
const Instant opens = at("2026-07-01T00:00");
}  // namespace

TEST_CASE("each kind of impossible reading is named and kept apart") {
  Office office(small_estate(one_yuan()));
  CHECK(office.read(1, opens, 1'000) == ReadingVerdict::accepted);
  CHECK(office.read(1, opens, 1'000) == ReadingVerdict::repeated);
  CHECK(office.read(1, opens, 1'001) == ReadingVerdict::contradicts_stored);
  CHECK(office.read(1, opens + 15min, 999) == ReadingVerdict::runs_backwards);
  CHECK(office.read(1, opens + 15min, 1'801) == ReadingVerdict::too_large);
  CHECK(office.read(1, opens + 15min, 1'800) == ReadingVerdict::accepted);  // 8 kWh is just possible
  CHECK(office.read(1, opens - 15min, 900) == ReadingVerdict::not_due);
  CHECK(office.read(1, opens + 16min, 1'800) == ReadingVerdict::not_due);
  CHECK(office.read(5, opens, 1) == ReadingVerdict::unknown_meter);
  CHECK(office.books->accept_reading(1, opens + 30min, CentiKilowattHours(1'800), ReadingSource::curve,
                                     opens + 29min) == ReadingVerdict::not_due);
  CHECK(office.read(2, opens, 100'000'000) == ReadingVerdict::too_large);
  CHECK(office.read(2, opens, -1) == ReadingVerdict::too_large);
  office.books->commit();
  CHECK(stored_reading_count(office.folder.file()) == 2);
  CHECK(ask(office.folder.file(), "SELECT count(*) FROM rejected_reading") == 9);
}

TEST_CASE("a reading inside a gap must lie between its neighbours") {
  Office office(small_estate(one_yuan()));
  office.read(1, opens, 1'000);
  office.read(1, opens + 60min, 1'100);
  CHECK(office.read(1, opens + 30min, 1'101) == ReadingVerdict::runs_backwards);
  CHECK(office.read(1, opens + 30min, 999) == ReadingVerdict::runs_backwards);
  CHECK(office.read(1, opens + 30min, 1'050) == ReadingVerdict::accepted);
  CHECK(office.read(1, opens + 30min, 1'051) == ReadingVerdict::contradicts_stored);
  CHECK(office.read(1, opens + 15min, 1'051) == ReadingVerdict::runs_backwards);
  CHECK(office.books->has_reading(1, opens + 30min));
  CHECK_FALSE(office.books->has_reading(1, opens + 15min));
}

TEST_CASE("gaps are told oldest first, in bounded runs, and only where something is missing") {
  Office office(small_estate(one_yuan()));
  for (const MeterId meter : {1u, 2u, 3u, 4u}) office.read(meter, opens, 0);
  const Instant latest = opens + 75min;
  CHECK(office.books->gaps_of(1, opens, 8, latest).empty());
  office.read(2, opens + 30min, 2);
  for (const MeterId meter : {1u, 3u, 4u}) {
    for (Instant due = opens + 15min; due <= latest; due += 15min) office.read(meter, due, 0);
  }
  auto gaps = office.books->gaps_of(1, latest, 2, latest + 4min);
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].meter == 2);
  CHECK(gaps[0].first == opens + 15min);
  CHECK(gaps[0].count == 1);
  office.read(2, opens + 15min, 1);
  gaps = office.books->gaps_of(1, latest, 2, latest + 4min);
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].first == opens + 45min);
  CHECK(gaps[0].count == 2);  // of three
}

TEST_CASE("a silent meter is asked ever less often, and at once again after a sign of life") {
  Office office(small_estate(one_yuan()));
  for (const MeterId meter : {1u, 2u, 3u, 4u}) office.read(meter, opens, 0);
  const auto is_asked = [&office](Duration after) {
    return !office.books->gaps_of(1, opens + 15min, 8, opens + after).empty();
  };
  const auto miss = [&office](Duration after) {
    for (const MeterId meter : {1u, 2u, 3u, 4u})
      office.books->note_missing(meter, opens + 15min, opens + after);
  };
  CHECK(is_asked(20min));
  miss(20min);
  miss(20min);  // the same attempt told twice counts once
  CHECK_FALSE(is_asked(33min));
  CHECK(is_asked(34min));  // three attempts of 20 s before the fifteen minutes are over
  miss(35min);
  CHECK_FALSE(is_asked(63min));
  CHECK(is_asked(64min));
  miss(65min), miss(125min), miss(245min), miss(365min);  // 1 h, 2 h, and never more than 2 h
  CHECK_FALSE(is_asked(483min));
  CHECK(is_asked(484min));
  miss(485min);
  office.books->accept_reading(1, opens + 30min, CentiKilowattHours(0), ReadingSource::curve, opens + 490min);
  const auto gaps = office.books->gaps_of(1, opens + 30min, 8, opens + 490min);
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].meter == 1);
}

TEST_CASE("a back-off of one round asks in every round, however late within its round the answer was") {
  Office office(small_estate(one_yuan()));
  for (const MeterId meter : {1u, 2u, 3u, 4u}) office.read(meter, opens, 0);
  // The round of 00:34 was answered after 50 s, the one of 00:49 asks after 2 s.
  office.books->note_missing(1, opens + 15min, opens + 34min + 50s);
  CHECK(office.books->gaps_of(1, opens + 30min, 8, opens + 49min + 2s).at(0).meter == 1);
}

TEST_CASE("a quarter hour that nobody has does not keep later gaps from being asked for") {
  Office office(small_estate(one_yuan()));
  office.read(1, opens, 0);
  office.read(1, opens + 30min, 0);
  office.read(1, opens + 60min, 0);
  const Instant now = opens + 3h;
  auto gap_of_first = [&](Instant when) { return office.books->gaps_of(1, opens + 60min, 8, when).at(0); };
  CHECK(gap_of_first(now).first == opens + 15min);
  office.books->note_missing(1, opens + 15min, now);
  CHECK(gap_of_first(now + 15min).first == opens + 45min);
  office.books->note_missing(1, opens + 45min, now + 15min);
  CHECK(gap_of_first(now + 60min).first == opens + 15min);
}

TEST_CASE("gaps beyond the horizon are not asked for") {
  auto estate = small_estate(one_yuan());
  estate.collect.backfill_horizon = 2h;
  Office office(estate);
  const auto gaps = office.books->gaps_of(1, opens + 5h, 96, opens + 5h);
  REQUIRE(gaps.size() == meter_count);
  CHECK(gaps[0].first == opens + 3h);
}

TEST_CASE(
    "a gap that stays is divided evenly once patience ends, and a reading of it that comes later is "
    "refused") {
  auto estate = small_estate(one_yuan());
  Office office(estate);
  office.read(1, opens, 0);
  // Rated up to 00:00; 00:15 to 00:45 never come. 10 hundredths over four quarter hours: 3, 3, 2, 2.
  office.read(1, opens + 60min, 10);
  CHECK(office.books->balance_of("A0001").value() == Fen(0));
  const Instant patience_ends = opens + 15min + estate.collect.gap_patience;
  CHECK(office.books->next_duty() == patience_ends);
  office.books->advance(patience_ends - 1s);
  CHECK(office.books->balance_of("A0001").value() == Fen(0));
  office.books->advance(patience_ends);
  CHECK(office.books->balance_of("A0001").value() == Fen(-10));
  CHECK(office.books->next_duty() == core::never);
  office.books->commit();
  CHECK(office.books->accept_reading(1, opens + 30min, CentiKilowattHours(5), ReadingSource::backfill,
                                     patience_ends) == ReadingVerdict::not_due);
  CHECK(ask(office.folder.file(), "SELECT last_due_s - first_due_s FROM estimate") == 1'800);
  office.kill_and_reopen(patience_ends + 1h);
  CHECK(office.books->balance_of("A0001").value() == Fen(-10));
}

TEST_CASE("a long gap whose end shows late is first given time to be filled") {
  auto estate = small_estate(one_yuan());
  Office office(estate);
  office.read(1, opens, 0);
  const Instant back = opens + 72h;  // an outage of three days
  office.read(1, back, 100);
  office.books->advance(back + 2 * estate.collect.back_off_max);
  CHECK(office.books->balance_of("A0001").value() == Fen(0));
  CHECK(office.read(1, opens + 15min, 50) == ReadingVerdict::accepted);
  CHECK(office.books->balance_of("A0001").value() == Fen(-50));
  office.books->advance(back + 3 * estate.collect.back_off_max);
  CHECK(office.books->balance_of("A0001").value() == Fen(-100));
}

TEST_CASE("when the opening register never comes, the first one there takes its place") {
  Office office(small_estate(one_yuan()));
  office.read(1, opens + 30min, 500);
  office.read(1, opens + 45min, 510);
  office.books->advance(opens + 48h);
  CHECK(office.books->balance_of("A0001").value() == Fen(-10));
}

TEST_CASE("daily freezes and in-meter balances are wanted until they are there") {
  Office office(small_estate(one_yuan()));
  const Instant midnight = at("2026-07-02T00:00");
  CHECK(office.books->freezes_wanted(1, opens).empty());
  CHECK(office.books->freezes_wanted(1, midnight) == std::vector<MeterId>{1, 2, 3, 4});
  const std::vector<CentiKilowattHours> registers(5, CentiKilowattHours(7));
  office.books->accept_daily_freeze(2, midnight, registers, midnight + 1h);
  CHECK(office.books->freezes_wanted(1, midnight) == std::vector<MeterId>{1, 3, 4});
  CHECK(office.books->balances_wanted(1, midnight) == std::vector<MeterId>{local_meter});
  office.books->accept_meter_balance(local_meter, Fen(0), 0, midnight + 10s, midnight + 20s);
  CHECK(office.books->balances_wanted(1, midnight).empty());
  office.books->commit();
  office.kill_and_reopen(midnight + 2h);
  CHECK(office.books->freezes_wanted(1, midnight) == std::vector<MeterId>{1, 3, 4});
  CHECK(office.books->balances_wanted(1, midnight).empty());
}

TEST_CASE("a freeze that does not fit between the curve's neighbours is written down") {
  Office office(small_estate(one_yuan()));
  const Instant midnight = at("2026-07-02T00:00");
  const std::int64_t shown = office.read_evenly(1, opens - 15min, midnight + 15min, 0, 10);
  const auto freeze = [&](MeterId meter, std::int64_t total) {
    office.books->accept_daily_freeze(
        meter, midnight, std::vector<CentiKilowattHours>{CentiKilowattHours(total)}, midnight + 1h);
    office.books->commit();
  };
  freeze(1, shown + 1);
  CHECK(ask(office.folder.file(), "SELECT count(*) FROM anomaly WHERE kind = 'freeze_off_curve'") == 1);
  freeze(1, shown + 1);  // told again: known
  CHECK(ask(office.folder.file(), "SELECT count(*) FROM anomaly") == 1);
}
