#include <catch2/catch.hpp>

#include "core/civil.hpp"
#include "core/random.hpp"

using namespace core;
using namespace std::chrono_literals;

TEST_CASE("calendar days agree with well-known ones") {
  CHECK(days_from_civil(1970, 1, 1) == 0);
  CHECK(days_from_civil(2000, 3, 1) == 11'017);
  CHECK(days_from_civil(2026, 7, 1) == 20'635);
  CHECK(weekday_of(days_from_civil(2026, 7, 1)) == 3);  // a Wednesday
  CHECK(weekday_of(-1) == 3);                           // 1969-12-31, a Wednesday too
}

TEST_CASE("every day of eight centuries comes back from its number") {
  for (std::int64_t day = days_from_civil(1600, 1, 1); day < days_from_civil(2400, 1, 1); ++day) {
    const auto c = civil_from_days(day);
    REQUIRE(days_from_civil(c.year, c.month, c.day) == day);
  }
}

TEST_CASE("there is no 30 February, no month 13, and 2100 is no leap year") {
  CHECK(is_valid_date(2024, 2, 29));
  CHECK_FALSE(is_valid_date(2026, 2, 29));
  CHECK_FALSE(is_valid_date(2100, 2, 29));
  CHECK_FALSE(is_valid_date(2026, 13, 1));
  CHECK_FALSE(is_valid_date(2026, 2, 30));
  CHECK_FALSE(is_valid_date(2026, 6, 31));
}

TEST_CASE("midnight in China is 16:00 the day before in UTC") {
  const Zone china(8h);
  const auto midnight = parse_iso8601("2026-07-01T00:00:00+08:00", china);
  REQUIRE(midnight);
  CHECK(unix_seconds(*midnight) == 1'782'835'200);
  CHECK(to_iso8601(*midnight, Zone(0h)) == "2026-06-30T16:00:00+00:00");
  CHECK(china.start_of_day(china.local_day(*midnight)) == *midnight);
  CHECK(china.start_of_month(*midnight + 40 * 24h) == *parse_iso8601("2026-08-01", china));
  CHECK(china.start_of_next_month(*parse_iso8601("2026-12-05T10:00", china)) ==
        *parse_iso8601("2027-01-01", china));
}

TEST_CASE("an instant survives being written and read, fractions included") {
  const Zone china(8h);
  const RandomStream stream(42, 9, Purpose::test);
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const Instant at{Duration(stream.between(-2'000'000'000'000'000'000, 4'000'000'000'000'000'000, i))};
    INFO(to_iso8601(at, china));
    CHECK(parse_iso8601(to_iso8601(at, china), china) == at);
  }
}

TEST_CASE("a malformed instant is refused") {
  const Zone china(8h);
  for (const auto* text :
       {"", "2026", "2026-7-1", "2026-07-01T24:00", "2026-07-01T12", "2026-07-01T12:60", "2026-02-30",
        "2026-07-01T00:00+8", "2026-07-01T00:00:00+08:00x", "2026-07-01T00:00:00.", "20260701"})
    CHECK_FALSE(parse_iso8601(text, china));
}

TEST_CASE(
    "in a zone with summer time each local day begins once and the repeated hour means its first pass") {
  // Europe/Berlin 2026: +01:00, +02:00 from 29 March 01:00 UTC to 25 October 01:00 UTC.
  const Zone berlin("Europe/Berlin", {{Instant::min(), 1h},
                                      {*parse_iso8601("2026-03-29T01:00Z", Zone(0h)), 2h},
                                      {*parse_iso8601("2026-10-25T01:00Z", Zone(0h)), 1h}});
  CHECK(to_iso8601(*parse_iso8601("2026-10-25T02:30", berlin), Zone(0h)) == "2026-10-25T00:30:00+00:00");
  CHECK(to_iso8601(*parse_iso8601("2026-07-01", berlin), Zone(0h)) == "2026-06-30T22:00:00+00:00");
  const auto day = days_from_civil(2026, 3, 29);
  CHECK(berlin.start_of_day(day + 1) - berlin.start_of_day(day) == 23h);
  const auto autumn = days_from_civil(2026, 10, 25);
  CHECK(berlin.start_of_day(autumn + 1) - berlin.start_of_day(autumn) == 25h);
}
