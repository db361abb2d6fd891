// Blame on months that were really run: causes known by hand first, then by brute force.
#include <catch2/catch.hpp>

#include "apps/explain_bill.hpp"
#include "scenarios/load.hpp"
#include "tests/apps/blame/faulty_month.hpp"

namespace {
using blame_test::judge_month;
using blame_test::named_by;

/// Two days at the end of July, three customers; `faults` as a scenario writes them.
scenario::Scenario two_days(const std::string& faults) {
  return scenario::load_text(R"(story: two-days
starts: "2026-07-30T00:00:00+08:00"
lasts: 2d
tariffs:
  - name: tou
    periods:
      - { name: peak, slots: "08:00-22:00", prices: 0.568 CNY/kWh }
      - { name: valley, slots: "22:00-08:00", prices: 0.288 CNY/kWh }
areas:
  - name: yard
    meters: [ { count: 3, tariff: tou } ]
head_end: { collect: { gap_patience: 6h } }
faults:
)" + faults,
                             "two-days.yaml");
}
}  // namespace

TEST_CASE("two quiet days have no difference beyond accuracy, resolution and drift, and the steps add up") {
  const auto months = blame_test::months_of(two_days("  []"));
  REQUIRE(months.size() == 3);
  for (const auto& month : months) {
    CHECK(month.differences.empty());
    REQUIRE(month.booked);
    REQUIRE(month.collected);
    CHECK(month.collected_fen == month.booked->amount_fen);
    CHECK(month.recorded.amount_fen == month.collected_fen);
    CHECK(month.whole_fen() == (month.counted.amount_fen - month.passed.amount_fen) +
                                   (month.shown.amount_fen - month.counted.amount_fen) +
                                   (month.recorded.amount_fen - month.shown.amount_fen));
    CHECK(month.missing.empty());
    CHECK(month.passed.energy_uJ > 0);
  }
}

TEST_CASE("a cut of one meter's mains is blamed for its missing readings, and the other faults are not") {
  const auto judged = judge_month(two_days(R"(
  - { kind: uplink-outage, from: "2026-07-30T05:00", till: "2026-07-30T06:10" }
  - { kind: supply-outage, meter: M0002, from: "2026-07-30T09:05", till: "2026-07-30T11:20" }
)"),
                                  1);
  REQUIRE(judged.attributed.size() == 1);
  const auto& only = judged.attributed.front();
  CHECK(only.difference.position == 1);
  CHECK(only.difference.step == audit::Step::collection);
  CHECK(only.difference.count == 9);  // 09:15 to 11:15
  CHECK(only.is_explained);
  CHECK(named_by(only) == std::set<std::size_t>{1});
  CHECK(judged.right.front() == std::set<std::size_t>{1});
}

TEST_CASE("a bypass is blamed for what its customer's register did not count, to the fen") {
  const auto judged = judge_month(two_days(R"(
  - { kind: theft-bypass, meter: M0003, from: "2026-07-30T06:00", till: "2026-07-31T18:00", share: 50 % }
  - { kind: meter-silent, meter: M0003, from: "2026-07-30T09:05", till: "2026-07-30T10:20" }
)"),
                                  1);
  REQUIRE(judged.attributed.size() == 1);
  const auto& only = judged.attributed.front();
  CHECK(only.difference.position == 2);
  CHECK(only.difference.step == audit::Step::metering);
  CHECK(only.difference.count == 2);
  CHECK(only.difference.amount_fen < 0);
  CHECK(named_by(only) == std::set<std::size_t>{0});
  CHECK(only.groups.front().amount_fen == only.difference.amount_fen);
}

TEST_CASE("two cuts of the mains share the blame") {
  const auto judged = judge_month(two_days(R"(
  - { kind: supply-outage, meter: M0001, from: "2026-07-30T09:05", till: "2026-07-30T11:20" }
  - { kind: supply-outage, from: "2026-07-31T02:10", till: "2026-07-31T02:50" }
)"),
                                  1);
  REQUIRE(judged.attributed.size() == 3);
  CHECK(named_by(judged.attributed[0]) == std::set<std::size_t>{0, 1});
  CHECK(named_by(judged.attributed[1]) == std::set<std::size_t>{1});
  CHECK(named_by(judged.attributed[2]) == std::set<std::size_t>{1});
}

TEST_CASE("an area by itself fares as it does among the others") {
  const auto whole = scenario::load_text(R"(story: two-areas
starts: "2026-07-31T00:00:00+08:00"
lasts: 1d
tariffs: [ { name: flat, periods: [ { name: flat, slots: "00:00-24:00", prices: 0.5 CNY/kWh } ] } ]
areas:
  - name: east
    meters: [ { count: 2, tariff: flat } ]
  - name: west
    meters: [ { count: 3, tariff: flat } ]
faults:
  - { kind: supply-outage, area: west, from: "2026-07-31T09:05", till: "2026-07-31T11:20" }
)",
                                         "two-areas.yaml");
  std::vector<audit::AccountMonth> west;
  for (auto& month : blame_test::months_of(whole))
    if (month.position >= 2) west.push_back(std::move(month));
  const app::BlameRuns runs(whole, {{{0}, "the outage", whole.starts}}, {1, 1});
  const auto alone = runs({audit::Present{true}}).front();
  const auto among = audit::shown_of(west);
  REQUIRE(alone.size() == 3);
  REQUIRE(among.size() == 3);
  for (const auto& [key, difference] : among) {
    CHECK(alone.at(key).count == difference.count);
    CHECK(alone.at(key).energy_uJ == difference.energy_uJ);
    CHECK(alone.at(key).amount_fen == difference.amount_fen);
  }
  CHECK(runs({audit::Present{false}}).front().empty());
}

TEST_CASE("a bill's name is an account and a month, and nothing else") {
  const auto name = app::parse_bill_name("A0003@2026-07");
  CHECK(name.account == "A0003");
  CHECK(name.month == 202607);
  for (const auto* bad : {"", "@", "A0003", "A0003@", "@2026-07", "A0003@2026-13", "A0003@2026-00",
                          "A0003@2026-7", "A0003@2026/07", "A0003@202607", "A0003@2026-07-01"})
    CHECK_THROWS_WITH(app::parse_bill_name(bad), Catch::Contains("ACCOUNT@MONTH"));
}

TEST_CASE("random faulty days: brute force agrees with the blame") {
  std::size_t differences = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    INFO("seed " << seed);
    const auto text = blame_test::faulty_month_text(seed, {.days = 2, .meters_max = 3, .faults_max = 3});
    const auto judged = judge_month(scenario::load_text(text, "days.yaml"), 2);
    for (std::size_t i = 0; i < judged.attributed.size(); ++i) {
      CHECK(judged.attributed[i].is_explained);
      CHECK(named_by(judged.attributed[i]) == judged.right[i]);
      ++differences;
    }
  }
  CHECK(differences >= 3);
}

TEST_CASE("each faulty month that can be drawn is a scenario") {
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    const auto text = blame_test::faulty_month_text(seed);
    INFO("seed " << seed << "\n" << text);
    REQUIRE_NOTHROW(scenario::load_text(text, "month.yaml"));
  }
}
