// The night watch: Student's t against its tables, and nights of a small estate with one transformer's meter.
#include "head-end/loss/daily_watch.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "head-end/loss/student.hpp"
#include "tests/head-end/loss/lane.hpp"

namespace {
using namespace books_test;
using namespace headend::loss;
using loss_test::Lane;

std::vector<DayVerdict> verdicts(const DailyWatch& watch) {
  std::vector<DayVerdict> all;
  for (const auto& day : watch.days()) all.push_back(day.verdict);
  return all;
}
}  // namespace

// One-sided quantiles of the printed tables (for instance NIST/SEMATECH e-Handbook, 1.3.6.7.2).
TEST_CASE("Student's t agrees with its tables") {
  CHECK(student_upper_tail(6.965, 2) == Approx(0.01).epsilon(1e-3));
  CHECK(student_upper_tail(4.604, 4) == Approx(0.005).epsilon(1e-3));
  CHECK(student_upper_tail(3.143, 6) == Approx(0.01).epsilon(1e-3));
  CHECK(student_upper_tail(2.624, 14) == Approx(0.01).epsilon(2e-3));
  CHECK(student_upper_tail(3.787, 14) == Approx(0.001).epsilon(2e-3));
  CHECK(student_upper_tail(0, 8) == Approx(0.5));
  CHECK(student_upper_tail(-3.143, 6) == Approx(0.99).epsilon(1e-4));
  CHECK(student_upper_tail(3, 7) == student_upper_tail(3, 6));
  CHECK(student_upper_tail(1e9, 30) == 1e-15);
  CHECK(student_upper_tail(5, 1) == 1);
}

TEST_CASE("a thief who begins is suspected the night after, and the meter is named") {
  Lane lane(1);
  DailyWatch watch({.sheet_days = 3, .customers_listed = 1});
  CHECK(watch.next_duty(*lane.office.books) == at("2026-07-02T03:00"));
  CHECK(watch.run(*lane.office.books, at("2026-07-02T02:59")).empty());
  for (int day = 0; day < 9; ++day) lane.pass_day(100);
  CHECK(watch.run(*lane.office.books, lane.now + 3h).empty());
  for (int day = 0; day < 3; ++day) lane.pass_day(40);
  const auto suspicions = watch.run(*lane.office.books, lane.now + 3h);
  const auto learning = DayVerdict::learning, usual = DayVerdict::usual, suspected = DayVerdict::suspected;
  CHECK(verdicts(watch) == std::vector<DayVerdict>{learning, learning, learning, learning, learning, usual,
                                                   usual, usual, usual, suspected, suspected, suspected});
  REQUIRE(suspicions.size() == 3);
  CHECK(suspicions[2].day.days_in_a_row == 3);
  REQUIRE(suspicions[2].customers.size() == 1);
  CHECK(suspicions[2].customers[0].customer == lane.office.configuration.meters[3].name);
  const auto json = nlohmann::json::parse(to_json(suspicions[2]));
  CHECK(json["day"] == "2026-07-12");
  CHECK(json["customers"].size() == 1);
  CHECK(to_text(suspicions[2]).find("day 3 in a row") != std::string::npos);

  DailyWatch again({.sheet_days = 3, .customers_listed = 1});
  CHECK(again.run(*lane.office.books, lane.now + 3h).size() == 3);
  CHECK(verdicts(again) == verdicts(watch));
}

TEST_CASE("with the network's own loss a thief of the first night is suspected") {
  Lane lane(2);
  lane.pass_day(40);
  DailyWatch blind, knowing({.models = {{1, {100.0 / 7500, 0.2}}}});
  CHECK(blind.run(*lane.office.books, lane.now + 3h).empty());
  CHECK(knowing.run(*lane.office.books, lane.now + 3h).size() == 1);
}

TEST_CASE("a day without its registers is not judged, and says why") {
  Lane lane(3);
  lane.pass_day(100);
  lane.now += 24h;  // nobody was read, not even at midnight
  DailyWatch watch;
  CHECK(watch.run(*lane.office.books, lane.now + 3h).empty());
  REQUIRE(watch.days().size() == 2);
  CHECK(watch.days()[1].verdict == DayVerdict::not_judged);
  CHECK_FALSE(watch.days()[1].reason.empty());
}

TEST_CASE("without a meter at the transformer there is nothing to watch") {
  Office office(small_estate(one_yuan()));
  DailyWatch watch;
  CHECK(watch.run(*office.books, at("2026-07-05T03:00")).empty());
  CHECK(watch.days().empty());
  CHECK(watch.next_duty(*office.books) > at("2026-07-05T03:00"));
}

// 300 nights whose losses differ by independent sums of twelve uniforms (nearly normal), at 2 %: 5.8 false
// alarms expected, sd 2.4. Days that raise an alarm are no reference, which narrows it and costs less than as
// much again; 11.6 and six sd of it: 32. None at all has a chance of e^-5.8 = 0.3 %.
TEST_CASE("honest nights raise alarms at about the stated rate") {
  Lane lane(4);
  for (int day = 0; day < 300; ++day) {
    lane.now += 24h;
    std::int64_t noise = -600;
    for (int k = 0; k < 12; ++k) noise += static_cast<std::int64_t>(lane.draw(101));
    lane.shown[2] += 10'000, lane.shown[3] += 8000, lane.shown[4] += 2000;
    lane.shown[1] += 20'000 + 600 + noise / 10;  // 6.00 kWh, sd 0.10
    for (headend::MeterId meter = 1; meter <= 4; ++meter) lane.tell(meter);
  }
  DailyWatch watch({.false_alarm_rate = 0.02});
  const auto count = watch.run(*lane.office.books, lane.now + 3h).size();
  CHECK(watch.days().size() == 300);
  CHECK(count >= 1);
  CHECK(count <= 32);
}
