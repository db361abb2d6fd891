// How old a concentrator's knowledge is, and the three-minute promise with dead meters on the line.
#include "models/collector/freshness.hpp"

#include <catch2/catch.hpp>

#include "tests/models/field/field_rig.hpp"

using namespace std::chrono_literals;
using rig::midnight;

TEST_CASE("the age of a state counts from when it was asked for, and its peak is just before the next one") {
  model::Freshness freshness;
  freshness.known(1, midnight);
  freshness.refreshed(1, midnight + 10s, midnight + 12s);  // peak: 12 s since it was known
  freshness.refreshed(1, midnight + 70s, midnight + 73s);  // peak: 73 - 10 = 63 s
  const auto worst = freshness.take_worst(midnight + 80s);
  CHECK(worst.age == 63s);
  CHECK(worst.point == 1);
  CHECK(freshness.take_worst(midnight + 100s).age == 30s);
}

TEST_CASE("the dead do not age, and whoever comes back counts from then") {
  model::Freshness freshness;
  freshness.known(2, midnight);
  freshness.set_living(2, false, midnight + 20s);
  CHECK(freshness.take_worst(midnight + 1h).age == 20s);
  CHECK(freshness.take_worst(midnight + 2h).age < 0s);
  freshness.set_living(2, true, midnight + 3h);
  CHECK(freshness.take_worst(midnight + 3h + 40s).age == 40s);
  freshness.forgotten(2);
  CHECK(freshness.take_worst(midnight + 4h).age < 0s);
}

TEST_CASE("32 meters at 2400 baud: with 0, 5, 11 and 31 dead the living stay fresh within three minutes") {
  for (const std::size_t dead : {0, 5, 11, 31}) {
    INFO(dead << " dead");
    auto setup = rig::area(32);
    setup.meter_names.clear();
    for (int i = 1; i <= 32; ++i) setup.meter_names.push_back("M" + std::to_string(i));
    setup.lines[0].turnaround_min = 150ms;
    setup.lines[0].turnaround_max = 250ms;
    setup.concentrator.answer_timeout = 1500ms;
    setup.concentrator.attempts = 3;
    setup.concentrator.refresh_every = 110s;
    setup.concentrator.archive_is_factory_set = true;
    for (std::size_t i = 0; i < dead; ++i)
      setup.faults.push_back(
          {.kind = model::FaultKind::meter_silent,
           .from = midnight + 30min,
           .till = midnight + 90min,
           .meter = static_cast<model::MeterId>(i * 32 / (dead == 0 ? 1 : dead) % 32 + 1)});
    rig::Truth truth;
    rig::HeadEnd head_end;
    model::Area area(setup, truth, head_end);
    head_end.wire(area);
    rig::run(area, midnight + 3h);
    const auto ages = truth.of("area north", "state-age-worst");
    CHECK(ages.size() >= 12);
    std::int64_t worst_ms = 0;
    for (const auto& age : ages) {
      INFO(core::to_iso8601(age.at, rig::china) << " " << age.text);
      CHECK(age.value <= 180'000);
      worst_ms = std::max(worst_ms, age.value);
    }
    CHECK(worst_ms >= 110'000);  // rounds begin 110 s apart: the oldest state is at least that old
  }
}
