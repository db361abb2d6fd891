// What settings do: when a port asks, how often, at which rate, whom; readings of a day; a new address.
#include <catch2/catch.hpp>

#include "protocols/dlt645/requests.hpp"
#include "tests/models/collector/settings_bench.hpp"

using namespace bench;
using gdw3761::Parameter;
using gdw3761::ReadingPlan;

namespace {
ReadingPlan plan_of(std::uint8_t port, std::uint8_t interval_min,
                    std::vector<gdw3761::ReadingWindow> windows = {}) {
  ReadingPlan plan;
  plan.port = port;
  plan.interval_min = interval_min;
  plan.windows = std::move(windows);
  return plan;
}
}  // namespace

TEST_CASE("the factory's settings are what the concentrator lives by before anybody sets it") {
  Bench bench(rig::area(2, 2));
  const std::vector<Parameter> factory{std::vector{plan_of(2, 15), plan_of(3, 15)},
                                       std::vector<gdw3761::PortRate>{{2, 0x6B, 2'400}, {3, 0x6B, 2'400}},
                                       std::vector<gdw3761::PortAttempts>{{2, 2}, {3, 2}},
                                       std::vector{gdw3761::TerminalName{3301, 1}}};
  std::vector<gdw3761::ParameterQuery> queries;
  for (const auto& parameter : factory) queries.push_back(query_of(parameter));
  CHECK(bench.ask(queries) == units_of(factory));
  CHECK(bench.ask({gdw3761::setting::pulse_inputs, {1}}) ==
        units_of(std::vector<Parameter>{std::vector<gdw3761::PulseInput>{}}));
}

TEST_CASE(
    "a port with an hourly interval asks on the hour only, and misses no quarter hour; the other goes on") {
  Bench bench(rig::area(4, 2));
  auto hourly = plan_of(2, 60);
  hourly.control = 0;  // no time broadcast in between
  REQUIRE(bench.is_set(std::vector{hourly}));
  bench.run(midnight + 5h + 14min);
  for (int hour = 1; hour < 5; ++hour) {
    const auto begins = midnight + hour * 1h;
    CHECK(bench.asked(0, begins, begins + 20s) == 0);
    CHECK(bench.asked(0, begins + 20s, begins + 5min) > 0);
    CHECK(bench.asked(0, begins + 5min, begins + 1h) == 0);
    for (int quarter = 0; quarter < 4; ++quarter)
      CHECK(bench.asked(1, begins + quarter * 15min, begins + quarter * 15min + 5min) > 0);
  }
  CHECK(bench.curve(midnight + 15min, 20, 1) == bench.truth_curve(midnight + 15min, 20, 0));
  CHECK(bench.curve(midnight + 15min, 20, 2) == bench.truth_curve(midnight + 15min, 20, 1));
}

TEST_CASE("outside its windows a port reads nothing by itself, hands frames through, and catches up inside") {
  Bench bench(rig::area(2));
  REQUIRE(bench.is_set(std::vector{plan_of(2, 15, {{3 * 60, 3 * 60 + 29}, {5 * 60, 5 * 60 + 9}})}));
  const auto from = bench.now() + 10s;  // what was being asked is heard out
  bench.run(midnight + 1h);
  CHECK(bench.asked(0, from, midnight + 1h) == 0);
  dlt645::Wire request;
  dlt645::encode(rig::address_of(1), dlt645::ReadRequest{dlt645::item::forward_active, {}, {}}, request, 4);
  CHECK_FALSE(bench.head_end.forward(bench.now(), request).empty());
  const auto forwarded = bench.requests.size();
  bench.run(midnight + 3h);
  // The daily time broadcast has a time of its own.
  CHECK(bench.requests.size() == forwarded + 1);
  bench.run(midnight + 3h + 30min);
  CHECK(bench.asked(0, midnight + 3h, midnight + 3h + 1min) > 0);
  CHECK(bench.curve(midnight + 15min, 13, 1) == bench.truth_curve(midnight + 15min, 13, 0));
  bench.run(midnight + 5h);
  CHECK(bench.asked(0, midnight + 3h + 30min + 10s, midnight + 5h) == 0);
  bench.run(midnight + 5h + 12min);
  CHECK(bench.curve(midnight + 15min, 20, 2) == bench.truth_curve(midnight + 15min, 20, 1));
}

TEST_CASE("no automatic reading, and a paused port: silence until it is allowed again") {
  Bench bench(rig::area(2));
  auto plan = plan_of(2, 15);
  plan.control = ReadingPlan::no_automatic_reading;
  REQUIRE(bench.is_set(std::vector{plan}));
  auto from = bench.now() + 10s;
  bench.run(midnight + 2h);
  CHECK(bench.asked(0, from, midnight + 2h) == 0);  // not even the time broadcast: its bit is off
  REQUIRE(bench.is_set(std::vector{plan_of(2, 15)}));
  bench.run(midnight + 2h + 10min);
  CHECK(bench.curve(midnight + 15min, 8, 1) == bench.truth_curve(midnight + 15min, 8, 0));
  REQUIRE(bench.command(49, 2));
  from = bench.now() + 10s;
  bench.run(midnight + 4h);
  CHECK(bench.asked(0, from, midnight + 4h) == 0);
  REQUIRE(bench.command(50, 2));
  bench.run(midnight + 4h + 5min);
  CHECK(bench.curve(midnight + 15min, 16, 2) == bench.truth_curve(midnight + 15min, 16, 1));
  CHECK_FALSE(bench.command(49, 9));
  REQUIRE(bench.command(53, 2));  // all its meters are forgotten
  from = bench.now() + 10s;
  bench.run(midnight + 5h);
  CHECK(bench.asked(0, from, midnight + 5h) == 0);
}

TEST_CASE("a dead meter is asked as often as the port is set to") {
  const int attempts = GENERATE(1, 3, 10);
  auto setup = rig::area(1);
  setup.faults.push_back({.kind = model::FaultWindow::Kind::meter_silent,
                          .from = midnight + 10min,
                          .till = midnight + 1h,
                          .meter = 1});
  Bench bench(setup);
  REQUIRE(bench.is_set(std::vector<gdw3761::PortAttempts>{{2, static_cast<std::uint8_t>(attempts)}}));
  bench.run(midnight + 29min);
  CHECK(bench.asked(0, midnight + 15min, midnight + 29min) == static_cast<std::size_t>(attempts));
}

TEST_CASE("a port at another rate than its pair hears nothing; put right, it fetches what it missed") {
  Bench bench(rig::area(2, 2));
  REQUIRE(bench.is_set(std::vector<gdw3761::PortRate>{{2, 0xCB, 9'600}}));
  const auto from = bench.now() + 10s;
  dlt645::Wire request;
  dlt645::encode(rig::address_of(1), dlt645::ReadRequest{dlt645::item::forward_active, {}, {}}, request, 4);
  CHECK(bench.head_end.forward(bench.now(), request).empty());
  bench.run(midnight + 1h + 10min);
  CHECK(bench.asked(0, from, bench.now()) == 0);  // nothing that anybody understood
  CHECK(bench.curve(midnight + 30min, 3, 1) == std::vector<std::int64_t>(3, -1));
  CHECK(bench.curve(midnight + 30min, 3, 2) == bench.truth_curve(midnight + 30min, 3, 1));
  REQUIRE(bench.is_set(std::vector<gdw3761::PortRate>{{2, 0x6B, 2'400}}));
  bench.run(midnight + 4h);
  CHECK(bench.curve(midnight + 30min, 14, 1) == bench.truth_curve(midnight + 30min, 14, 0));
}

TEST_CASE("on reading days the registers at the reading time are kept, also for days gone by") {
  Bench bench(rig::area(2));
  auto plan = plan_of(2, 15);
  plan.reading_days = 1u << 0 | 1u << 2;  // the 1st and the 3rd
  plan.reading_min = 6 * 60 + 30;
  REQUIRE(bench.is_set(std::vector{plan}));
  bench.run(midnight + 60h);
  plan.reading_min = 12 * 60;
  REQUIRE(bench.is_set(std::vector{plan}));
  for (int point = 1; point <= 2; ++point) {
    const auto meter = static_cast<std::size_t>(point - 1);
    CHECK(bench.reading_day(point, {2026, 7, 1, 0, 0, 0}) ==
          bench.truth.samples.at(midnight + 6h + 30min).shown[meter]);
    CHECK(bench.reading_day(point, {2026, 7, 2, 0, 0, 0}) == -1);
    CHECK(bench.reading_day(point, {2026, 7, 3, 0, 0, 0}) ==
          bench.truth.samples.at(midnight + 54h + 30min).shown[meter]);
  }
}

TEST_CASE("a collector out of service is not asked; moved to another port, it is asked there") {
  Bench bench(rig::area(2, 2));
  const core::MeterAddress collector(330100000007);
  gdw3761::ArchiveRow row;
  row.index = row.point = 1;
  row.port = 2;
  row.address = rig::address_of(1);
  row.collector = collector;
  REQUIRE(bench.is_set(std::vector{row}));
  REQUIRE(bench.is_set(std::vector<gdw3761::CollectorRecord>{{collector, 2, 0x6B, false}}));
  const auto from = bench.now() + 10s;
  bench.run(midnight + 1h + 5min);
  CHECK(bench.asked(0, from, bench.now()) == 0);
  CHECK(bench.asked(1, from, bench.now()) > 0);
  REQUIRE(bench.is_set(std::vector<gdw3761::CollectorRecord>{{collector, 2, 0x6B, true}}));
  bench.run(midnight + 1h + 14min);
  CHECK(bench.curve(midnight + 15min, 4, 1) == bench.truth_curve(midnight + 15min, 4, 0));
  REQUIRE(bench.is_set(std::vector<gdw3761::CollectorRecord>{{collector, 3, 0x6B, true}}));
  const auto moved = bench.now() + 10s;
  bench.run(midnight + 2h);
  CHECK(bench.asked(0, moved, bench.now()) ==
        0);  // its meter is not on that pair, but that is where it is asked
}

TEST_CASE("a new address is confirmed under the old one; then it logs in anew, and the old one is nobody's") {
  Bench bench(rig::area(1));
  REQUIRE(bench.head_end.logins.size() == 1);
  REQUIRE(bench.is_set(std::vector{gdw3761::TerminalName{3302, 77}}));
  bench.run(bench.now() + 2min);
  CHECK(bench.head_end.logins.size() == 2);
  const auto login = std::find_if(bench.head_end.received.rbegin(), bench.head_end.received.rend(),
                                  [](const auto& frame) { return frame.afn == gdw3761::Afn::link; });
  REQUIRE(login != bench.head_end.received.rend());
  const auto from = gdw3761::decode(login->raw)->address;
  CHECK(gdw3761::region_of(from) == 3302);
  CHECK(from.terminal == 77);
  const Parameter attempts = std::vector<gdw3761::PortAttempts>{{2, 3}};
  CHECK(bench.set(std::span(&attempts, 1)).empty());
  bench.address = gdw3761::terminal_address(3302, 77, 1);
  CHECK(bench.is_set(attempts));
}
