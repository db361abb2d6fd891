#include "models/area.hpp"

#include <catch2/catch.hpp>

#include "core/digest.hpp"
#include "tests/models/field/field_rig.hpp"

using namespace std::chrono_literals;
using rig::midnight;

namespace {
model::AreaSetup eventful_area(model::AreaId id = 0) {
  using Kind = model::FaultWindow::Kind;
  auto setup = rig::area(12, 2);
  setup.id = id;
  for (auto& line : setup.lines) line.bit_error = {1, 5000};
  setup.uplink.loss = {1, 20};
  setup.uplink.latency_max = 900ms;
  setup.concentrator.clock_drift_ppb = 9000;
  setup.faults = {
      {.kind = Kind::line_noise, .from = midnight + 3h, .till = midnight + 4h, .bit_error = {1, 500}},
      {.kind = Kind::uplink_outage, .from = midnight + 5h, .till = midnight + 5h + 20min},
      {.kind = Kind::meter_silent, .from = midnight + 2h, .till = midnight + 7h, .meter = 4},
      {.kind = Kind::supply_outage, .from = midnight + 8h, .till = midnight + 8h + 5min, .meter = 3},
      {.kind = Kind::concentrator_restart, .from = midnight + 9h, .till = midnight + 9h + 5min}};
  return setup;
}
std::uint64_t digest_of(const rig::Truth& truth, const rig::HeadEnd& head_end) {
  core::Digest digest;
  for (const auto& [due, sample] : truth.samples)
    for (std::size_t i = 0; i < sample.shown.size(); ++i)
      digest.add(std::uint64_t{sample.shown[i]}), digest.add(sample.passed[i]);
  for (const auto& e : truth.events)
    digest.add(core::unix_nanoseconds(e.at)), digest.add(e.entity), digest.add(e.kind), digest.add(e.value),
        digest.add(e.text);
  for (const auto& r : head_end.received)
    digest.add(core::unix_nanoseconds(r.at)), digest.add(core::Bytes(r.raw));
  return digest.value();
}
/// Runs half a day; `look` may ask for anything at every step.
template <class Look>
std::uint64_t run_half_day(model::AreaSetup setup, Look&& look) {
  rig::Truth truth;
  rig::HeadEnd head_end;
  const auto estate = setup;
  model::Area area(std::move(setup), truth, head_end);
  head_end.wire(area);
  rig::run(area, midnight + 2min);
  head_end.set_archive(midnight + 2min, estate);
  for (int i = 1; i <= 48; ++i) {
    const auto at = midnight + i * 15min + 3min;
    while (area.next() <= at) {
      area.advance(area.next());
      look(area);
    }
    area.advance(at);
    if (i % 4 == 0) head_end.curve(at, midnight + (i - 3) * 15min, 4);
  }
  return digest_of(truth, head_end);
}
}  // namespace

TEST_CASE("an eventful half day repeats to the bit, and another seed gives another one") {
  const auto quiet = [](model::Area&) {};
  auto setup = eventful_area();
  setup.faults.erase(setup.faults.begin() + 1);  // the test's head-end asks through: no uplink outage here
  setup.faults.pop_back();
  const auto once = run_half_day(setup, quiet);
  CHECK(run_half_day(setup, quiet) == once);
  setup.seed = 8;
  CHECK(run_half_day(setup, quiet) != once);
}

TEST_CASE("looking at customers' lights in between leaves no trace") {
  auto setup = eventful_area();
  setup.faults.erase(setup.faults.begin() + 1);
  setup.faults.pop_back();
  core::Instant now = midnight;
  const auto once = run_half_day(setup, [](model::Area&) {});
  const auto watched = run_half_day(setup, [&](model::Area& area) {
    now = area.next();
    if (now < midnight + 12h) CHECK((area.is_supplied(1, now - 1ns) || true));
  });
  CHECK(watched == once);
}

TEST_CASE("areas share nothing: their results do not depend on who is advanced first") {
  const auto run_two = [](bool is_reversed) {
    rig::Truth truths[2];
    rig::HeadEnd head_ends[2];
    std::unique_ptr<model::Area> areas[2];
    for (int k = 0; k < 2; ++k) {
      const int i = is_reversed ? 1 - k : k;
      areas[i] = std::make_unique<model::Area>(eventful_area(static_cast<model::AreaId>(i)), truths[i],
                                               head_ends[i]);
      head_ends[i].wire(*areas[i]);
    }
    for (int k = 0; k < 2; ++k) rig::run(*areas[is_reversed ? 1 - k : k], midnight + 6h);
    return std::pair(digest_of(truths[0], head_ends[0]), digest_of(truths[1], head_ends[1]));
  };
  CHECK(run_two(false) == run_two(true));
}

TEST_CASE("truth samples every meter at every whole quarter hour until the end, also at the first") {
  rig::Truth truth;
  rig::HeadEnd head_end;
  auto setup = rig::area(3);
  setup.ends = midnight + 2h;
  model::Area area(std::move(setup), truth, head_end);
  head_end.wire(area);
  rig::run(area, midnight + 4h);
  REQUIRE(truth.samples.size() == 9);
  CHECK(truth.samples.begin()->first == midnight);
  CHECK(truth.samples.rbegin()->first == midnight + 2h);
  // 1.0 kW for 2 h is 2 kWh: 7.2e12 uJ, shown 2.00 kWh; 1.1 kW: 2.20 kWh.
  CHECK(truth.samples.at(midnight + 2h).passed[0] == 7'200'000'000'000);
  CHECK(truth.samples.at(midnight + 2h).shown[0] == 200);
  CHECK(truth.samples.at(midnight + 2h).shown[1] == 220);
}

TEST_CASE("every fault is told at both edges, and that it struck") {
  rig::Truth truth;
  rig::HeadEnd head_end;
  auto setup = eventful_area();
  setup.concentrator.archive_is_factory_set = true;
  model::Area area(setup, truth, head_end);
  head_end.wire(area);
  rig::run(area, midnight + 12h);
  const auto at = [&](const std::string& entity, const std::string& kind) {
    const auto found = truth.of(entity, kind);
    INFO(entity << " " << kind);
    REQUIRE(found.size() == 1);
    return found[0].at;
  };
  CHECK(at("area north", "noise-began") == midnight + 3h);
  CHECK(at("area north", "noise-ended") == midnight + 4h);
  CHECK(at("concentrator north", "uplink-lost") == midnight + 5h);
  CHECK(at("concentrator north", "uplink-restored") == midnight + 5h + 20min);
  CHECK(at("M0004", "silence-began") == midnight + 2h);
  CHECK(at("M0004", "silence-ended") == midnight + 7h);
  CHECK(at("M0003", "supply-lost") == midnight + 8h);
  CHECK(at("M0003", "supply-restored") == midnight + 8h + 5min);
  CHECK(at("concentrator north", "concentrator-restarted") == midnight + 9h + 5min);
  CHECK(truth.of("area north", "fault-struck").size() == 1);
  CHECK(truth.of("concentrator north", "fault-struck").size() == 2);
  CHECK(truth.of("M0004", "fault-struck").size() == 1);
  CHECK(truth.of("M0003", "fault-struck").size() == 1);
}

TEST_CASE("a fault that nothing ran into did not strike") {
  rig::Truth truth;
  rig::HeadEnd head_end;
  auto setup = rig::area(2);  // no archive: nobody speaks on the lines
  setup.faults = {{.kind = model::FaultWindow::Kind::line_noise,
                   .from = midnight + 1h,
                   .till = midnight + 2h,
                   .bit_error = {1, 10}}};
  model::Area area(setup, truth, head_end);
  head_end.wire(area);
  rig::run(area, midnight + 3h);
  CHECK(truth.of("area north", "fault-struck").empty());
  REQUIRE(truth.of("area north", "noise-ended").size() == 1);
  CHECK(truth.of("area north", "noise-ended")[0].value == 0);
}

TEST_CASE("on a noisy line retries and backfill still bring every reading") {
  auto setup = rig::area(12, 2);
  for (auto& line : setup.lines) line.bit_error = {1, 2000};  // about one exchange in five is hit
  rig::Truth truth;
  rig::HeadEnd head_end;
  setup.concentrator.archive_is_factory_set = true;
  model::Area area(setup, truth, head_end);
  head_end.wire(area);
  rig::run(area, midnight + 12h + 14min);
  const auto at = midnight + 12h + 14min;
  // Points are numbered line by line: 1..6 are meters 0, 2, .. 10, then come meters 1, 3, .. 11.
  const auto meter_of = [](int point) {
    return static_cast<std::size_t>(point <= 6 ? 2 * (point - 1) : 2 * (point - 7) + 1);
  };
  const auto curves = head_end.curve(at, midnight + 15min, 48);
  REQUIRE(curves.size() == 8);
  for (const auto& [point, values] : curves)
    for (std::size_t i = 0; i < values.size(); ++i)
      CHECK(values[i] ==
            truth.samples.at(midnight + static_cast<std::int64_t>(i + 1) * 15min).shown[meter_of(point)]);
}

TEST_CASE("the tap hears whole exchanges in order of their ends") {
  rig::Truth truth;
  rig::HeadEnd head_end;
  auto setup = rig::area(2);
  setup.concentrator.archive_is_factory_set = true;
  int requests = 0, answers = 0;
  core::Instant last{};
  const auto tap = [&](core::Instant from, core::Instant till, model::AreaId, int, bool is_request,
                       core::Bytes bytes) {
    CHECK(from < till);
    CHECK(till >= last);
    CHECK_FALSE(bytes.empty());
    last = till;
    ++(is_request ? requests : answers);
  };
  model::Area area(setup, truth, head_end, tap);
  head_end.wire(area);
  rig::run(area, midnight + 1h + 5min);
  CHECK(requests == 10);  // two meters, 00:00 to 01:00
  CHECK(answers == 10);
}
