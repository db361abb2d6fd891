// Troubles of RS-485 lines as faults of an area: each strikes, heals, and leaves no wrong reading behind.
#include "models/fault/line_faults.hpp"

#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "tests/models/field/field_rig.hpp"

using namespace std::chrono_literals;
using model::FaultKind;
using rig::midnight;

namespace {
/// Four meters on one line for six hours under these faults; whatever is stored must be what the meter
/// showed, and in the end all of it must be there. Answers what the last fault to end has struck.
std::int64_t survive(std::vector<model::FaultWindow> faults, std::uint64_t seed = 7) {
  auto setup = rig::area(4);
  setup.seed = seed;
  setup.concentrator.archive_is_factory_set = true;
  setup.faults = std::move(faults);
  rig::Truth truth;
  rig::HeadEnd head_end;
  model::Area area(setup, truth, head_end);
  head_end.wire(area);
  const auto check = [&](core::Instant at, bool must_be_whole) {
    const auto curve = head_end.curve(at, midnight, static_cast<int>((at - midnight) / 15min));
    for (const auto& [point, values] : curve)
      for (std::size_t i = 0; i < values.size() && point <= 4; ++i) {
        INFO("point " << point << ", quarter " << i);
        const auto shown = truth.samples.at(midnight + static_cast<int>(i) * 15min)
                               .shown[static_cast<std::size_t>(point - 1)];
        if (values[i] == -1)
          CHECK_FALSE(must_be_whole);
        else
          CHECK(values[i] == shown);
      }
  };
  for (int half_hour = 3; half_hour <= 7; ++half_hour) {
    rig::run(area, midnight + half_hour * 30min + 10min);
    check(midnight + half_hour * 30min + 10min, false);
  }
  rig::run(area, midnight + 8h);
  check(midnight + 8h, true);
  std::int64_t struck = 0;
  for (const auto& event : truth.events)
    if (event.kind == "fault-struck") struck = event.value;
  return struck;
}

model::FaultWindow window(FaultKind kind) {
  model::FaultWindow fault;
  fault.kind = kind;
  fault.from = midnight + 61min;
  fault.till = midnight + 181min;
  return fault;
}
}  // namespace

TEST_CASE("every fault of a line strikes, heals, and no wrong reading is stored") {
  SECTION("bursts") {
    auto fault = window(FaultKind::line_burst);
    fault.chance = {1, 10};
    fault.count = 15;
    CHECK(survive({fault}) > 0);
  }
  SECTION("a broken pair") {
    auto fault = window(FaultKind::line_broken);
    fault.count = 2;
    CHECK(survive({fault}) > 0);
  }
  SECTION("the port swapped") { CHECK(survive({window(FaultKind::line_swapped)}) > 0); }
  SECTION("one meter swapped") {
    auto fault = window(FaultKind::line_swapped);
    fault.meter = 2;
    CHECK(survive({fault}) > 0);
  }
  SECTION("no bias") {
    auto fault = window(FaultKind::line_unbiased);
    fault.chance = {1, 2};
    CHECK(survive({fault}) > 0);
  }
  SECTION("echo") { CHECK(survive({window(FaultKind::line_echo)}) > 0); }
  SECTION("a babbling node") {
    auto fault = window(FaultKind::babbling_node);
    fault.delay = 2s;
    CHECK(survive({fault}) > 0);
  }
  SECTION("a driver that lets go too early") {
    auto fault = window(FaultKind::driver_clipped);
    fault.delay = 6ms;
    CHECK(survive({fault}) > 0);
  }
  SECTION("a bad clamp") {
    auto fault = window(FaultKind::station_noise);
    fault.meter = 3;
    fault.bit_error = {1, 300};
    CHECK(survive({fault}) > 0);
  }
  SECTION("two meters with one address") {
    auto fault = window(FaultKind::double_address);
    fault.meter = 1;
    fault.other = 2;
    CHECK(survive({fault}) > 0);
  }
  SECTION("requests lost by chance") {
    auto fault = window(FaultKind::frame_lost);
    fault.chance = {1, 2};
    CHECK(survive({fault}) > 0);
  }
  SECTION("damaged answers") {
    auto fault = window(FaultKind::frame_garbled);
    fault.every_nth = 2;
    CHECK(survive({fault}) > 0);
  }
}

TEST_CASE("answers that come late by any time are never taken for the answer to a later question") {
  const core::RandomStream random(2026, 0, core::Purpose::test);
  for (std::uint64_t i = 0; i < 40; ++i) {
    auto fault = window(FaultKind::answer_late);
    fault.delay = std::chrono::milliseconds(random.between(100, 8'000, 3 * i));
    fault.chance = {static_cast<std::uint32_t>(random.between(1, 4, 3 * i + 1)), 4};
    fault.meter = static_cast<model::MeterId>(random.between(0, 4, 3 * i + 2));  // 0: all of them
    INFO("draw " << i << ": " << fault.delay.count() << " ns, chance " << fault.chance.numerator
                 << "/4, meter " << fault.meter);
    CHECK(survive({fault}, 100 + i) > 0);
  }
}

TEST_CASE("of two windows of noise on one line the worse one rules, and each ends by itself") {
  auto light = window(FaultKind::line_noise), heavy = window(FaultKind::line_noise);
  light.bit_error = {1, 100'000};
  heavy.bit_error = {1, 500};
  heavy.from += 30min;
  heavy.till -= 30min;
  CHECK(survive({light, heavy}) > 0);
}
