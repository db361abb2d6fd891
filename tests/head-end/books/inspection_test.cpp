// Work orders and what belongs to them, in a store that may die at any time.
#include <catch2/catch.hpp>

#include "head-end/store/inspection_book.hpp"
#include "tests/head-end/books/small_estate.hpp"

using namespace books_test;

namespace {
const Instant night = at("2026-07-02T03:00");
WorkOrderWish wish_for(MeterId meter, const std::string& reason = "looks odd") {
  return {1, meter, WorkOrderKind::event, reason, R"({"seen":3})"};
}
}  // namespace

TEST_CASE("one order is open for a meter at a time, and one for the whole area") {
  Office office(small_estate(one_yuan()));
  auto& book = office.books->inspections();
  CHECK(book.open(wish_for(2), night) == std::optional<std::int64_t>(1));
  CHECK_FALSE(book.open(wish_for(2, "again"), night + 24h));
  CHECK(book.open(wish_for(3), night) == std::optional<std::int64_t>(2));
  CHECK(book.open(wish_for(0), night) == std::optional<std::int64_t>(3));
  CHECK_FALSE(book.open(wish_for(0), night));
  CHECK(book.has_open(1, 2));
  CHECK(book.close(1, "a magnet, taken away", night + 30h).has_value());
  CHECK_FALSE(book.has_open(1, 2));
  CHECK(book.open(wish_for(2), night + 48h) == std::optional<std::int64_t>(4));
  CHECK(book.latest(1, 2, WorkOrderKind::event)->id == 4);
  CHECK(book.latest(1, 2, WorkOrderKind::loss) == nullptr);
}

TEST_CASE("a finding is written once, repeated harmlessly and never overwritten") {
  Office office(small_estate(one_yuan()));
  auto& book = office.books->inspections();
  book.open(wish_for(2), night);
  CHECK(book.close(9, "nothing", night).error() == core::Fault::no_data);
  CHECK(book.close(1, "", night).error() == core::Fault::refused);
  CHECK(book.close(1, std::string(finding_bytes_max + 1, 'x'), night).error() == core::Fault::refused);
  CHECK(book.close(1, "nothing", night + 6h).value().closed_at == night + 6h);
  CHECK(book.close(1, "nothing", night + 9h).value().closed_at == night + 6h);
  CHECK(book.close(1, "a bypass", night + 9h).error() == core::Fault::refused);
  CHECK(book.find(1)->finding == "nothing");
}

TEST_CASE("orders, findings, nights and conditions are there after the commit, and only then") {
  Office office(small_estate(one_yuan()));
  const auto fill = [&office] {
    auto& book = office.books->inspections();
    book.open(wish_for(2, "a \"quoted\" reason\nof two lines"), night);
    book.open(wish_for(0), night);
    book.close(2, "nothing", night + 1h);
    book.keep({1, 20'000, "usual", "{}", ""});
    book.keep({1, 20'000, "suspected", "{}", "{}"});  // the night is known: nothing changes
    book.keep({1, 20'001, "suspected", "{}", "{}"});
    book.note(2, "battery_mV", night, 3600);
    book.note(2, "battery_mV", night + 24h, 3590);
    book.note(2, "cover_openings", night, 1);
  };
  fill();
  office.kill_and_reopen(night + 2h);
  CHECK(office.books->inspections().orders().empty());
  CHECK(office.books->inspections().nights().empty());

  fill();
  office.books->commit();
  office.kill_and_reopen(night + 2h);
  const auto& book = office.books->inspections();
  REQUIRE(book.orders().size() == 2);
  CHECK(book.find(1)->reason == "a \"quoted\" reason\nof two lines");
  CHECK(book.find(1)->evidence == R"({"seen":3})");
  CHECK_FALSE(book.find(1)->closed_at);
  CHECK(book.find(2)->finding == "nothing");
  CHECK(book.has_open(1, 2));
  CHECK_FALSE(book.has_open(1, 0));
  REQUIRE(book.nights().size() == 2);
  CHECK(book.nights()[0].verdict == "usual");
  REQUIRE(book.suspicions().size() == 1);
  CHECK(book.suspicions()[0].local_day == 20'001);
  CHECK(book.night(1, 20'000)->verdict == "usual");
  CHECK_FALSE(book.night(2, 20'000));
  REQUIRE(book.conditions(2, "battery_mV", night).size() == 2);
  CHECK(book.conditions(2, "battery_mV", night + 1h).front().value == 3590);
  CHECK(book.conditions(3, "battery_mV", night).empty());
}

TEST_CASE("falls are told of meters that ran backwards twice and did not recover") {
  Office office(small_estate(one_yuan()));
  const Instant opens = at("2026-07-01T00:00");
  for (MeterId meter = 1; meter <= 3; ++meter) office.read(meter, opens, 1000);
  for (MeterId meter = 1; meter <= 3; ++meter) office.read(meter, opens + 15min, 1010);
  office.read(1, opens + 30min, 900);  // fell, and stays down
  office.read(1, opens + 45min, 905);
  office.read(2, opens + 30min, 100);  // once
  office.read(3, opens + 30min, 100);  // twice, but asked again both quarter hours were good
  office.read(3, opens + 45min, 110);
  office.read(3, opens + 30min, 1020);
  office.read(3, opens + 45min, 1030);
  const auto falls = office.books->falls_since(opens);
  REQUIRE(falls.size() == 1);
  CHECK(falls[0].meter == 1);
  CHECK(falls[0].first == opens + 30min);
  CHECK(falls[0].shown == CentiKilowattHours(900));
  CHECK(falls[0].before == CentiKilowattHours(1010));
  CHECK(falls[0].readings == 2);
  CHECK(office.books->falls_since(opens + 24h).empty());
}
