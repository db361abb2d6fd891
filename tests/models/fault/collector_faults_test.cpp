// A concentrator in trouble: what each fault takes from it, and that all is read again when it heals.
#include "models/fault/collector_faults.hpp"

#include <catch2/catch.hpp>

#include "tests/models/field/field_rig.hpp"

using namespace std::chrono_literals;
using model::FaultKind;
using rig::midnight;

namespace {
struct Bench {
  explicit Bench(model::AreaSetup setup)
      : area((setup.concentrator.archive_is_factory_set = true, setup), truth, head_end) {
    head_end.wire(area);
  }
  std::vector<std::int64_t> shown(core::Instant from, int count, std::size_t meter) const {
    std::vector<std::int64_t> values;
    for (int i = 0; i < count; ++i) values.push_back(truth.samples.at(from + i * 15min).shown[meter]);
    return values;
  }
  std::int64_t struck(const std::string& entity = "concentrator north") const {
    const auto events = truth.of(entity, "fault-struck");
    return events.empty() ? 0 : events.back().value;
  }
  rig::Truth truth;
  rig::HeadEnd head_end;
  model::Area area;
};

model::AreaSetup with(model::FaultWindow fault, std::size_t meters = 3) {
  auto setup = rig::area(meters);
  setup.faults.push_back(std::move(fault));
  return setup;
}
}  // namespace

TEST_CASE("a UPS carries the concentrator through a short loss of its mains, not through a long one") {
  for (const auto ups : {0min, 10min, 40min}) {
    auto setup =
        with({.kind = FaultKind::collector_power_loss, .from = midnight + 1h, .till = midnight + 90min});
    setup.concentrator.ups = ups;
    Bench bench(setup);
    rig::run(bench.area, midnight + 2h);
    INFO("UPS " << ups.count() << " min");
    const auto drops = bench.head_end.drops;
    REQUIRE(drops.size() == (ups < 30min ? 1 : 0));
    if (!drops.empty()) CHECK(drops[0] == midnight + 1h + ups);
    CHECK(bench.struck() == 1);
    CHECK(bench.truth.of("M0001", "supply-lost").empty());
    const auto curve = bench.head_end.curve(midnight + 2h, midnight + 1h, 4);
    CHECK(curve.at(2) == bench.shown(midnight + 1h, 4, 1));
  }
}

TEST_CASE("an area without mains takes its concentrator down when the UPS is empty") {
  auto setup = with({.kind = FaultKind::supply_outage, .from = midnight + 1h, .till = midnight + 2h});
  setup.concentrator.ups = 25min;
  Bench bench(setup);
  rig::run(bench.area, midnight + 3h);
  REQUIRE(bench.head_end.drops.size() == 1);
  CHECK(bench.head_end.drops[0] == midnight + 1h + 25min);
  CHECK(bench.head_end.logins.back() >= midnight + 2h);
}

TEST_CASE("a stale cache: what was read in the last two hours is gone after the restart, and read again") {
  Bench bench(with({.kind = FaultKind::stale_cache,
                    .from = midnight + 5h + 5min,
                    .till = midnight + 5h + 8min,
                    .age = 2h}));
  rig::run(bench.area, midnight + 5h + 10min);
  CHECK(bench.struck() == 3 * 8);  // 03:15 to 05:00 of three meters
  const auto early = bench.head_end.curve(midnight + 5h + 8min + 1ms, midnight + 3h, 9);
  CHECK(early.at(1)[0] == bench.shown(midnight + 3h, 1, 0)[0]);
  rig::run(bench.area, midnight + 6h);
  const auto late = bench.head_end.curve(midnight + 6h, midnight + 3h, 9);
  for (int point = 1; point <= 3; ++point)
    CHECK(late.at(point) == bench.shown(midnight + 3h, 9, static_cast<std::size_t>(point - 1)));
}

TEST_CASE("a store that holds two hours pushes older readings out, and fetches them when there is room") {
  Bench bench(with({.kind = FaultKind::store_overflow,
                    .from = midnight + 4h + 1min,
                    .till = midnight + 6h + 1min,
                    .count = 8}));
  rig::run(bench.area, midnight + 6h);
  const auto small = bench.head_end.curve(midnight + 6h, midnight + 3h, 12);
  CHECK(small.at(1)[0] == -1);
  CHECK(small.at(1)[11] == bench.shown(midnight + 5h + 45min, 1, 0)[0]);
  rig::run(bench.area, midnight + 7h);
  // At 04:01 the quarters 00:00 to 02:00 leave (nine of them), then one more in each of eight passes.
  CHECK(bench.struck() == 3 * (9 + 8));
  const auto whole = bench.head_end.curve(midnight + 7h, midnight, 28);
  for (int point = 1; point <= 3; ++point)
    CHECK(whole.at(point) == bench.shown(midnight, 28, static_cast<std::size_t>(point - 1)));
}

TEST_CASE("a clock three hours ahead must not make the collector give up the quarter hours to come") {
  for (const auto step : {3h, -2h}) {
    INFO("step " << step.count() << " h");
    Bench bench(with({.kind = FaultKind::clock_step,
                      .from = midnight + 5h + 2min,
                      .till = midnight + 5h + 50min,
                      .step = step}));
    rig::run(bench.area, midnight + 10h);
    const auto curve = bench.head_end.curve(midnight + 10h, midnight + 4h, 24);
    for (int point = 1; point <= 3; ++point)
      CHECK(curve.at(point) == bench.shown(midnight + 4h, 24, static_cast<std::size_t>(point - 1)));
    CHECK(bench.struck() == 1);
  }
}

TEST_CASE("a drifting clock moves the passes and loses nothing") {
  Bench bench(
      with({.kind = FaultKind::clock_drift, .from = midnight + 1h, .till = midnight + 13h, .step = 20min}));
  rig::run(bench.area, midnight + 14h);
  const auto curve = bench.head_end.curve(midnight + 14h, midnight, 50);
  CHECK(curve.at(3) == bench.shown(midnight, 50, 2));
}

TEST_CASE("a schedule changed in the middle of a pass takes effect with the next one") {
  Bench bench(with({.kind = FaultKind::schedule_change,
                    .from = midnight + 1h + 20s + 100ms,
                    .till = midnight + 2h + 5min,
                    .delay = 4min}));
  rig::run(bench.area, midnight + 1h + 16min);
  const auto waiting = bench.head_end.curve(midnight + 1h + 16min, midnight + 1h, 2);
  CHECK(waiting.at(1) == std::vector<std::int64_t>{bench.shown(midnight + 1h, 1, 0)[0], -1});
  rig::run(bench.area, midnight + 2h + 30min);
  const auto after = bench.head_end.curve(midnight + 2h + 30min, midnight + 1h, 6);
  CHECK(after.at(1) == bench.shown(midnight + 1h, 6, 0));
  CHECK(bench.struck() == 4);  // 01:19, 01:34, 01:49, 02:04
}

TEST_CASE("an event storm fills the uplink; answers come late but come") {
  Bench bench(with(
      {.kind = FaultKind::event_storm, .from = midnight + 1h, .till = midnight + 1h + 1min, .count = 200}));
  rig::run(bench.area, midnight + 1h);
  const auto before = bench.head_end.received.size();
  const auto curve = bench.head_end.curve(midnight + 1h, midnight, 4);
  CHECK(curve.at(1) == bench.shown(midnight, 4, 0));
  rig::run(bench.area, midnight + 1h + 2min);
  std::size_t reports = 0;
  for (auto i = before; i < bench.head_end.received.size(); ++i)
    reports += bench.head_end.received[i].afn == gdw3761::Afn::event_data ? 1 : 0;
  CHECK(reports == 200);
  CHECK(bench.struck() == 200);
}

TEST_CASE("a fault that waits for an event begins after it, each time, and only in its window") {
  auto setup = with({.kind = FaultKind::uplink_drop, .from = midnight + 1h, .till = midnight + 61min});
  setup.faults.push_back({.kind = FaultKind::concentrator_restart,
                          .from = midnight + 30min,
                          .till = midnight + 3h,
                          .when = "logged-out",
                          .wait = 10min,
                          .lasts = 2min});
  setup.faults.push_back(
      {.kind = FaultKind::uplink_drop, .from = midnight + 4h, .till = midnight + 4h + 1min});
  Bench bench(setup);
  rig::run(bench.area, midnight + 5h);
  const auto downs = bench.truth.of("concentrator north", "concentrator-down");
  REQUIRE(downs.size() == 1);
  CHECK(downs[0].at == midnight + 1h + 10min);
  CHECK(bench.truth.of("concentrator north", "concentrator-restarted")[0].at == midnight + 1h + 12min);
}

TEST_CASE("windows that overlap hold until the last is over") {
  auto setup = with({.kind = FaultKind::collector_power_loss, .from = midnight + 1h, .till = midnight + 2h});
  setup.faults.push_back(
      {.kind = FaultKind::concentrator_restart, .from = midnight + 90min, .till = midnight + 3h});
  Bench bench(setup);
  rig::run(bench.area, midnight + 4h);
  REQUIRE(bench.head_end.logins.size() == 2);
  CHECK(bench.head_end.logins[1] >= midnight + 3h);
}
