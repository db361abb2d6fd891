// The night in the head-end: what is written, which orders follow, and that a crash changes none of it.
#include "head-end/loss/night_watch.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "head-end/loss/fallen_customer.hpp"
#include "tests/head-end/loss/lane.hpp"

namespace {
using namespace books_test;
using namespace headend::loss;
using loss_test::Lane;

/// All that is due by `now`, committed piece by piece as the head-end does.
void work_until(NightWatch& night, Books& books, Instant now) {
  while (night.next_duty(books) <= now) {
    night.work(books, now);
    books.commit();
  }
}
std::string orders_in(const Lane& lane) {
  return rows(lane.office.folder.file(),
              "SELECT area, meter, kind, opened_at_ns, reason FROM work_order ORDER BY id", 5);
}
std::string nights_in(const Lane& lane) {
  return rows(lane.office.folder.file(), "SELECT area, day, verdict, figures FROM watched_night ORDER BY day",
              4);
}
/// Nine honest days, then days on which the last customer reports so much of what he draws.
void pass_days(Lane& lane, int honest, int robbed, std::int64_t share_percent) {
  for (int day = 0; day < honest; ++day) lane.pass_day(100);
  for (int day = 0; day < robbed; ++day) lane.pass_day(share_percent);
}
}  // namespace

TEST_CASE("a robbed night becomes a suspicion in the store and one order for the meter it points to") {
  Lane lane(1);
  pass_days(lane, 9, 1, 40);
  NightWatch night(*lane.office.books);
  work_until(night, *lane.office.books, lane.now + 3h);
  CHECK(ask(lane.office.folder.file(), "SELECT count(*) FROM watched_night") == 10);
  CHECK(ask(lane.office.folder.file(), "SELECT count(*) FROM watched_night WHERE suspicion IS NOT NULL") ==
        1);
  const auto& orders = lane.office.books->inspections().orders();
  REQUIRE_FALSE(orders.empty());
  for (const auto& [id, order] : orders) {
    CHECK(order.kind == WorkOrderKind::loss);
    CHECK(order.area == 1);
    CHECK(order.opened_at == lane.now + 3h);
    CHECK_THAT(order.reason, Catch::Contains("lost") && Catch::Contains("usual"));
    CHECK(nlohmann::json::parse(order.evidence).is_object());
  }
}

TEST_CASE(
    "while an order is open no other follows, however many nights are robbed; after a finding it rests") {
  Lane lane(1);
  pass_days(lane, 9, 3, 40);
  NightWatch night(*lane.office.books);
  work_until(night, *lane.office.books, lane.now + 3h);
  auto& book = lane.office.books->inspections();
  std::map<MeterId, int> by_meter;
  for (const auto& [id, order] : book.orders()) ++by_meter[order.meter];
  for (const auto& [meter, count] : by_meter) CHECK(count == 1);
  const auto opened = book.orders().size();
  REQUIRE(opened >= 1);
  for (std::int64_t id = 1; id <= static_cast<std::int64_t>(opened); ++id)
    CHECK(book.close(id, "nothing found", lane.now + 9h).has_value());
  lane.pass_day(40);
  work_until(night, *lane.office.books, lane.now + 3h);
  for (const auto& [id, order] : book.orders())
    if (id > static_cast<std::int64_t>(opened)) CHECK(by_meter.count(order.meter) == 0);
}

TEST_CASE("killed at any piece of the nights and opened again, the same nights and orders are there") {
  Lane calm(1), stormy(1);
  for (Lane* lane : {&calm, &stormy}) pass_days(*lane, 9, 3, 40);
  NightWatch night(*calm.office.books);
  work_until(night, *calm.office.books, calm.now + 3h);
  calm.office.books->commit();

  const Instant now = stormy.now + 3h;
  stormy.office.books->commit();
  bool is_over = false;
  for (int life = 0; !is_over; ++life) {
    NightWatch again(*stormy.office.books);
    // Each life commits a piece more than it began with, and dies in the one after.
    for (int piece = 0; piece <= 1 && !is_over; ++piece) {
      is_over = again.next_duty(*stormy.office.books) > now;
      again.work(*stormy.office.books, now);
      if (piece == 0) stormy.office.books->commit();
    }
    stormy.office.kill_and_reopen(now);
    REQUIRE(life < 100);
  }
  CHECK(nights_in(stormy) == nights_in(calm));
  CHECK(orders_in(stormy) == orders_in(calm));
}

TEST_CASE("figures of a night survive the store to the last bit") {
  Lane lane(5);
  pass_days(lane, 7, 0, 100);
  NightWatch night(*lane.office.books);
  work_until(night, *lane.office.books, lane.now + 3h);
  const auto nights = lane.office.books->inspections().nights();
  REQUIRE(nights.size() == night.days().size());
  for (std::size_t i = 0; i < nights.size(); ++i) {
    const auto day = day_of_night(nights[i], lane.office.configuration);
    REQUIRE(day);
    CHECK(figures_text(*day) == figures_text(night.days()[i]));
    CHECK(day->figures.loss_kWh() == night.days()[i].figures.loss_kWh());
    CHECK(day->verdict == night.days()[i].verdict);
  }
  CHECK_FALSE(day_of_night({1, 20'000, "usual", "[]", {}}, lane.office.configuration));
  CHECK_FALSE(day_of_night({1, 20'000, "usual", "{", {}}, lane.office.configuration));
  CHECK_FALSE(
      day_of_night({1, 20'000, "usual", R"({"supplied_kWh":"much"})", {}}, lane.office.configuration));
  CHECK_FALSE(day_of_night({1, 20'000, "perhaps", "{}", {}}, lane.office.configuration));
}

TEST_CASE("an area that sells more than it is supplied with gets an order as a whole") {
  Lane lane(6);
  lane.pass_day(100);
  lane.shown[2] += 5'000;  // 50 kWh that never came through the transformer
  lane.pass_day(100);
  NightWatch night(*lane.office.books);
  work_until(night, *lane.office.books, lane.now + 3h);
  const auto& orders = lane.office.books->inspections().orders();
  REQUIRE(orders.size() == 1);
  CHECK(orders.begin()->second.meter == 0);
  CHECK_THAT(orders.begin()->second.reason, Catch::Contains("feeds in"));
}

TEST_CASE("a register that fell opens an order at night; a single slip does not") {
  Lane lane(7);
  pass_days(lane, 1, 0, 100);
  lane.shown[3] -= 300;
  lane.tell(3);  // the same instant again: contradicts, is no fall
  const auto tell_slip = [&lane](MeterId meter, std::int64_t shown) {
    lane.now += 15min;
    lane.office.books->accept_reading(meter, lane.now, CentiKilowattHours(shown), ReadingSource::curve,
                                      lane.now + 4min);
  };
  tell_slip(2, lane.shown[2] - 500);
  tell_slip(3, lane.shown[3]);
  tell_slip(3, lane.shown[3] + 10);
  NightWatch night(*lane.office.books);
  work_until(night, *lane.office.books, lane.now + 24h);
  const auto& orders = lane.office.books->inspections().orders();
  REQUIRE(orders.size() == 1);
  const auto& order = orders.begin()->second;
  CHECK(order.meter == 3);
  CHECK(order.kind == WorkOrderKind::event);
  CHECK_THAT(order.reason, Catch::Contains("fell"));
}

TEST_CASE("rules that switch the night off leave it alone") {
  auto configuration = loss_test::estate();
  configuration.night.is_on = false;
  Office office(configuration);
  NightWatch night(*office.books);
  CHECK(night.next_duty(*office.books) == core::never);
  CHECK_FALSE(night.work(*office.books, at("2026-08-01T00:00")));
}

// 100 areas-nights of an honest lane at one false alarm in a thousand: no order at all has a chance of 90 %,
// more than three of 1e-6 (binomial tail, n = 95, p = 0.001).
TEST_CASE("honest nights send hardly anybody out") {
  Lane lane(8);
  pass_days(lane, 100, 0, 100);
  NightWatch night(*lane.office.books);
  work_until(night, *lane.office.books, lane.now + 3h);
  CHECK(night.days().size() == 100);
  CHECK(lane.office.books->inspections().suspicions().size() <= 3);
}

TEST_CASE(
    "an area with a roof is judged net, from midnight to midnight, and not without its reverse registers") {
  auto configuration = loss_test::estate();
  configuration.meters[0].feeds_in = configuration.meters[3].feeds_in = true;
  Lane lane(9, configuration);
  std::int64_t fed_in = 0;
  const auto read_reverse = [&] {
    auto& book = lane.office.books->inspections();
    book.take_reverse(1, lane.now, CentiKilowattHours(0), lane.now + 30min);
    book.take_reverse(4, lane.now, CentiKilowattHours(fed_in), lane.now + 30min);
  };
  read_reverse();
  for (int day = 0; day < 7; ++day) {
    lane.pass_day(100, 20);
    fed_in += 96 * 20;
    read_reverse();
  }
  NightWatch night(*lane.office.books);
  work_until(night, *lane.office.books, lane.now + 3h);
  REQUIRE(night.days().size() == 7);
  CHECK(night.days()[6].verdict == DayVerdict::usual);
  CHECK(lane.office.books->inspections().orders().empty());
  lane.pass_day(100);  // and nobody asked the roof
  work_until(night, *lane.office.books, lane.now + 3h);
  CHECK(night.days()[7].verdict == DayVerdict::not_judged);
  CHECK_THAT(night.days()[7].reason, Catch::Contains("not read"));
}

// Customers draw 55 hundredths a quarter hour on average: 52.8 kWh a day, with a standard deviation of 26
// sqrt(96) = 2.5 kWh. Who reports two fifths falls by 31.7 kWh, and so much does the area miss.
TEST_CASE("the customer whose day fell by what the area misses is named, and only where he is the only one") {
  Lane lane(1);
  pass_days(lane, 9, 1, 40);
  DailyWatch watch;
  watch.run(*lane.office.books, lane.now + 3h);
  const auto& days = watch.days();
  REQUIRE(days.back().verdict == DayVerdict::suspected);
  const auto fallen = fallen_customer(*lane.office.books, days.back(), days);
  REQUIRE(fallen);
  CHECK(fallen->meter == 4);
  CHECK(fallen->usual_kWh == Approx(52.8).margin(6 * 2.5 / 3));
  CHECK(fallen->reported_kWh == Approx(0.4 * 52.8).margin(6 * 2.5));

  auto honest = days[7];  // a usual day: nobody has fallen by what is not missing
  CHECK_FALSE(fallen_customer(*lane.office.books, honest, days));
  CHECK_FALSE(fallen_customer(*lane.office.books, days[2], days));  // two days to compare with
  auto doubled = days.back();
  doubled.figures.supplied_kWh += 100;  // more is missing than any one customer's fall
  CHECK_FALSE(fallen_customer(*lane.office.books, doubled, days));
}
