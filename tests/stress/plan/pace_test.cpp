// Intended times by hand, turns round the collectors, and the makers of stages.
#include <catch2/catch.hpp>
#include <set>

#include "stress/plan/pace.hpp"

using namespace stress;
using namespace std::chrono_literals;

TEST_CASE("frames are due when their first reading is, without drift") {
  const Instant from = core::instant_from_seconds(1000);
  Pace pace({{1s, 3}}, from);
  CHECK(pace.next() == from);
  pace.advance(1);
  CHECK(pace.next() == from + 333'333'333ns);
  pace.advance(1);
  CHECK(pace.next() == from + 666'666'666ns);
  pace.advance(1);
  CHECK(pace.next() == core::never);
  Pace long_one({{24h * 365, 1'000'000'007}}, from);
  for (int i = 0; i < 1000; ++i) long_one.advance(1'000'000'007);
  CHECK(long_one.next() == from + 1000s);  // exact after 10^12 readings
}

TEST_CASE("a stage of millisecond steps brings each step's readings in its own time") {
  const Instant from = core::instant_from_seconds(1000);
  const auto plan = stepped(10'000, 100'000, 10, 5ms);
  CHECK(plan.rates.size() == 10);
  CHECK(plan.lasts() == 50ms);
  CHECK(plan.mean_rate() == Approx(55'000));
  Pace pace(plan.rates, from);
  std::vector<int> in_step(10);
  while (pace.next() != core::never) {
    ++in_step[static_cast<std::size_t>((pace.next() - from) / 5ms)];
    pace.advance(1);
  }
  for (int i = 0; i < 10; ++i) CHECK(in_step[static_cast<std::size_t>(i)] == (i + 1) * 50);
}

TEST_CASE("silence is a step without readings") {
  const Instant from = core::instant_from_seconds(0);
  Pace pace({{1s, 0}, {1s, 1}}, from);
  CHECK(pace.next() == from + 1s);
}

TEST_CASE("a lap gives each collector exactly the frames of one quarter hour, far apart") {
  EstatePlan estate;
  estate.meters = 1000;
  estate.manager_permille = 200;
  const ReportWriter writer(estate, {});
  std::vector<CollectorPlan> all;
  for (std::uint32_t i = 0; i < estate.collectors(); ++i) all.push_back(estate.collector(i));
  Turns turns(writer, all);
  std::uint32_t readings = 0, frames = 0;
  std::vector<std::uint32_t> of(all.size());
  while (readings < estate.meters) {
    const auto turn = turns.take();
    readings += turn.readings;
    of[turn.collector] += turn.readings;
    ++frames;
  }
  CHECK(readings == estate.meters);
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(of[i] == all[i].meters);
  CHECK(frames == 8 * 2 + 4);  // eight concentrators of 100 in two frames, four managers
}

TEST_CASE("the makers: ladder, doubling, spike, over capacity") {
  auto stages = ladder(10'000, 100'000, 10, 10s);
  REQUIRE(stages.size() == 10);
  CHECK(stages[2].name == "ladder 3/10: 30,000/s");
  CHECK(stages[9].rates == std::vector<RateStep>{{10s, 100'000}});
  number_events(stages);
  std::set<std::uint64_t> firsts;
  for (const auto& stage : stages) firsts.insert(stage.first_event);
  CHECK(firsts.size() == 10);
  const auto growth = doubling(5'000, 4, 1s);
  CHECK(growth[3].rates[0].readings_per_s == 40'000);
  const auto peak = spike(1'000, 5, 2s, 100ms);
  CHECK(peak.rates[1] == RateStep{100ms, 5'000});
  CHECK(over_capacity(1'000'000).rates[0] == RateStep{60s, 2'000'000});
}
