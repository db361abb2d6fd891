// A limit on power and a call to use less, over the wire, as demand-side management gives them to a meter.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "models/load/responsive_load.hpp"
#include "protocols/dlt645/load_control.hpp"
#include "tests/models/meter/bench_meter.hpp"

using namespace model;

namespace {
constexpr std::uint32_t limit_item = 0x04800101, state_item = 0x04800102;
constexpr std::uint32_t call_item = 0x04800103, answer_item = 0x04800104;

struct Wish {
  std::int64_t power_W = 500;
  int delay_s = 60, pause_s = 180, trips_max = 3;
  core::Duration lasts = 2h;
  core::Duration after{0};
};
bool limit(BenchMeter& bench, const Wish& wish = {}) {
  dlt645::LoadLimitData data;
  data.power_dW = wish.power_W * 10;
  data.delay_s = wish.delay_s;
  data.pause_s = wish.pause_s;
  data.trips_max = wish.trips_max;
  data.from = core::Zone(8h).civil(bench.now + wish.after);
  data.until = core::Zone(8h).civil(bench.now + wish.after + wish.lasts);
  std::vector<std::uint8_t> value(dlt645::load_limit_bytes);
  dlt645::put_load_limit(value, data);
  return bench.write(limit_item, value);
}
bool take_back(BenchMeter& bench) {
  return bench.write(limit_item, std::vector<std::uint8_t>(dlt645::load_limit_bytes));
}
bool call(BenchMeter& bench, core::Duration after, core::Duration lasts) {
  std::vector<std::uint8_t> value(dlt645::load_call_bytes);
  dlt645::put_load_call(
      value, {core::Zone(8h).civil(bench.now + after), core::Zone(8h).civil(bench.now + after + lasts), 50});
  return bench.write(call_item, value);
}

/// 1 kW that cannot wait and 2 kW that can, behind one meter.
std::shared_ptr<ResponsiveLoad> equip(MeterSetup& setup, ReactionSetup reaction = {{1, 1}, {1, 1}, {1, 1}}) {
  setup.customer = std::make_shared<ResponsiveLoad>(Load::constant(core::Milliwatts(1'000'000), {1, 1}),
                                                    Load::constant(core::Milliwatts(2'000'000), {1, 1}),
                                                    reaction, HomeSeed{.seed = 1, .home = setup.id});
  setup.load = Load::from(setup.customer, {.seed = 1, .home = setup.id});
  return setup.customer;
}
}  // namespace

TEST_CASE("power above the limit for the delay opens the relay, which closes by itself after the pause") {
  BenchMeter bench(bench_setup());  // draws 1 kW
  REQUIRE(limit(bench));
  CHECK(bench.last(Kind::limit_set)->value == 500);
  bench.run_for(59s);
  CHECK_FALSE(bench.meter.relay().is_open);
  bench.run_for(1s);
  CHECK(bench.meter.relay().is_open);
  CHECK(bench.last(Kind::relay_opened)->cause == RelayCause::power_limit);
  CHECK(bench.number(0x1D000001) == 1);
  bench.run_for(179s);
  CHECK(bench.meter.relay().is_open);
  bench.run_for(1s);
  CHECK_FALSE(bench.meter.relay().is_open);
}

TEST_CASE("after the last trip the relay stays open until the button, and the count begins again") {
  BenchMeter bench(bench_setup());
  REQUIRE(limit(bench));
  bench.run_for(60s + 2 * 240s);
  CHECK(bench.count(Kind::relay_opened) == 3);
  CHECK(bench.count(Kind::close_allowed) == 1);
  bench.run_for(30min);
  CHECK(bench.meter.relay().is_open);
  CHECK((bench.value(state_item).at(0) & dlt645::limit_state::waits_for_button) != 0);
  bench.meter.press_button(bench.now, bench.happened);
  CHECK_FALSE(bench.meter.relay().is_open);
  bench.run_for(2min);
  CHECK(bench.count(Kind::relay_opened) == 4);
  bench.run_for(3min);
  CHECK_FALSE(bench.meter.relay().is_open);  // the first of three again: closes by itself
}

TEST_CASE("a limit that is taken back, or that is over by the meter's clock, gives power back at once") {
  for (const bool is_taken_back : {true, false}) {
    BenchMeter bench(bench_setup());
    REQUIRE(limit(bench, {.trips_max = 1, .lasts = 20min}));
    bench.run_for(10min);
    REQUIRE(bench.meter.relay().is_open);
    if (is_taken_back)
      REQUIRE(take_back(bench));
    else
      bench.run_for(10min);
    CHECK_FALSE(bench.meter.relay().is_open);
    CHECK(bench.last(Kind::relay_closed)->cause == RelayCause::limit_released);
    CHECK(bench.count(Kind::limit_released) == 1);
    CHECK(bench.value(limit_item) == std::vector<std::uint8_t>(dlt645::load_limit_bytes));
    bench.run_for(1h);
    CHECK(bench.count(Kind::relay_opened) == 1);
  }
}

TEST_CASE("the limit reads back as it was written, and what is no limit is refused and changes nothing") {
  BenchMeter bench(bench_setup());
  REQUIRE(limit(bench, {.power_W = 1234, .delay_s = 45, .pause_s = 600, .trips_max = 7}));
  const auto kept = bench.value(limit_item);
  // 01.2340 kW, 45 s, 600 s, 7 times, from 2026-07-01 00:00:00 to 2026-07-01 02:00:00.
  CHECK(kept == std::vector<std::uint8_t>{0x40, 0x23, 0x01, 0x45, 0x00, 0x00, 0x06, 0x07, 0x00, 0x00,
                                          0x00, 0x01, 0x07, 0x26, 0x00, 0x00, 0x02, 0x01, 0x07, 0x26});
  CHECK_FALSE(limit(bench, {.power_W = 0}));  // no such limit
  CHECK_FALSE(limit(bench, {.trips_max = 0}));
  CHECK_FALSE(limit(bench, {.lasts = -1min}));      // over before it begins
  CHECK_FALSE(bench.write(limit_item, {1, 2, 3}));  // too short
  CHECK_FALSE(bench.write(state_item, {0, 0}));     // read only
  auto garbled = kept;
  garbled[4] = 0xAB;
  CHECK_FALSE(bench.write(limit_item, garbled));
  CHECK(bench.value(limit_item) == kept);
}

TEST_CASE("a limit that is told ahead is in force from its beginning on, by the meter's clock") {
  BenchMeter bench(bench_setup());
  REQUIRE(limit(bench, {.lasts = 1h, .after = 30min}));
  CHECK(bench.value(state_item).at(0) == dlt645::limit_state::set);
  bench.run_for(30min + 59s);
  CHECK(bench.count(Kind::relay_opened) == 0);
  bench.run_for(1s);
  CHECK(bench.count(Kind::relay_opened) == 1);
  CHECK(bench.last(Kind::limit_set)->at == china("2026-07-01T00:30:00"));
  bench.run_to(china("2026-07-01T01:30:00"));
  CHECK(bench.last(Kind::limit_released)->at == bench.now);
}

TEST_CASE("a limit that begins and ends with a quarter hour leaves that quarter hour's record alone") {
  BenchMeter bench(bench_setup());
  REQUIRE(limit(bench, {.power_W = 5000, .lasts = 30min, .after = 15min}));
  bench.run_for(1h);
  const auto& record = bench.meter.load_record();
  for (auto quarter = record.oldest(); quarter <= record.newest(); ++quarter) CHECK(record.at(quarter));
  CHECK(record.newest() - record.oldest() == 4);
}

TEST_CASE("a meter that keeps power refuses a limit, and drops the one it has") {
  BenchMeter bench(bench_setup());
  REQUIRE(limit(bench));
  REQUIRE(bench.done(dlt645::Control1C::keep_power));
  bench.run_for(10min);
  CHECK(bench.count(Kind::relay_opened) == 0);
  CHECK(bench.count(Kind::limit_released) == 1);
  CHECK_FALSE(limit(bench));
}

TEST_CASE("a customer who follows gives up what can wait, keeps below the limit, and makes up for it") {
  auto setup = bench_setup();
  equip(setup);
  BenchMeter bench(setup);
  REQUIRE(limit(bench, {.power_W = 2000, .lasts = 1h}));
  bench.run_for(1h + 1min);
  CHECK(bench.count(Kind::relay_opened) == 0);
  // 3 kW wanted, 95 % of 2 kW drawn for an hour: 1.1 kWh shed.
  CHECK(bench.last(Kind::load_shed)->value == 1'100'000);
  CHECK(bench.meter.passed_uJ() == (std::int64_t{1'900} * 3600 + 3'000 * 60 + 550 * 60) * 1'000'000);
  bench.run_for(2h);  // the rebound
  CHECK(bench.meter.passed_uJ() == std::int64_t{3'000} * 1'000'000 * (3 * 3600 + 60));
}

TEST_CASE("who does not follow learns from the relay, unplugs something, and is not tripped again") {
  auto setup = bench_setup();
  equip(setup, {{0, 1}, {1, 1}, {1, 1}});
  BenchMeter bench(setup);
  REQUIRE(limit(bench, {.power_W = 800, .lasts = 1h}));
  bench.run_for(1h + 1min);
  CHECK(bench.count(Kind::relay_opened) == 1);
  CHECK(bench.count(Kind::relay_closed) == 1);
  // wanted = passed + shed + withheld, to the rounding of two events told in mWh
  const auto mWh = bench.last(Kind::load_shed)->value + bench.last(Kind::load_withheld)->value;
  const auto passed_mWh = bench.meter.passed_uJ() / 3'600'000;
  // Tripped after a minute, the appliance of 2 kW was off for 59: made up for over 120, one of them gone by.
  const auto rebound_mWh = 2'000'000 * 59 / 60 / 120;
  CHECK(passed_mWh + mWh == Approx(3'000'000 * 61 / 60 + rebound_mWh).margin(3));
}

TEST_CASE("a call is answered yes or no, shed while it lasts, and told to whoever asks") {
  auto setup = bench_setup();
  equip(setup, {{1, 1}, {1, 2}, {0, 1}});
  BenchMeter bench(setup);
  CHECK(bench.value(answer_item) == std::vector<std::uint8_t>{0});
  REQUIRE(call(bench, 30min, 1h));
  bench.run_for(20min);
  CHECK(bench.value(answer_item) == std::vector<std::uint8_t>{1});
  CHECK(call(bench, 10min, 1h));  // the same window again changes nothing
  CHECK(bench.count(Kind::call_heard) == 1);
  bench.run_for(75min);
  CHECK(bench.last(Kind::load_shed)->value == 1'000'000);  // half of 2 kW for an hour
  CHECK(bench.meter.passed_uJ() == std::int64_t{1'000'000} * (3 * 95 - 60) * 60 * 1000);
}

TEST_CASE("nobody answers a call where nobody listens, and a no sheds nothing") {
  BenchMeter deaf(bench_setup());
  REQUIRE(call(deaf, 0min, 1h));
  CHECK(deaf.value(answer_item) == std::vector<std::uint8_t>{3});

  auto setup = bench_setup();
  equip(setup, {{0, 1}, {1, 1}, {1, 1}});
  BenchMeter bench(setup);
  REQUIRE(call(bench, 15min, 1h));
  bench.run_for(2h);
  CHECK(bench.value(answer_item) == std::vector<std::uint8_t>{2});
  CHECK(bench.count(Kind::load_shed) == 0);
  CHECK(bench.meter.passed_uJ() == std::int64_t{3'000'000} * 2 * 3600 * 1000);
}

TEST_CASE("energy is kept over any sequence of limits and calls: drawn = wanted - shed + recovered") {
  constexpr int trials = 30;
  for (std::uint32_t trial = 0; trial < trials; ++trial) {
    INFO("seed " << trial);
    const core::RandomStream draws(trial, 1, core::Purpose::test);
    std::uint64_t next = 0;
    const auto draw = [&](std::int64_t low, std::int64_t high) { return draws.between(low, high, next++); };
    auto setup = bench_setup();
    equip(setup, {{1, 2}, {static_cast<std::uint32_t>(draw(1, 4)), 4}, {1, 1}, std::chrono::seconds(3600)});
    BenchMeter bench(setup);
    for (int step = 0; step < 20; ++step) {
      switch (draw(0, 3)) {
        case 0:
          limit(bench, {.power_W = draw(300, 3500),
                        .delay_s = static_cast<int>(draw(0, 120)),
                        .pause_s = static_cast<int>(draw(0, 600)),
                        .trips_max = static_cast<int>(draw(1, 4)),
                        .lasts = std::chrono::minutes(draw(1, 180))});
          break;
        case 1:
          take_back(bench);
          break;
        case 2:
          call(bench, std::chrono::minutes(draw(0, 30)), std::chrono::minutes(draw(1, 120)));
          break;
        default:
          bench.meter.press_button(bench.now, bench.happened);
      }
      bench.run_for(std::chrono::seconds(draw(1, 3600)));
    }
    take_back(bench);
    bench.run_for(6h);  // calls and rebounds are over
    CHECK_FALSE(bench.meter.relay().is_open);
    std::int64_t given_mWh = 0;
    for (const auto& happening : bench.happened)
      if (happening.kind == Kind::load_shed || happening.kind == Kind::load_withheld)
        given_mWh += happening.value;
    const auto wanted_mWh = 3'000'000 * ((bench.now - china("2026-07-01T00:00:00")) / 1s) / 3600;
    const auto passed_mWh = bench.meter.passed_uJ() / 3'600'000;
    // What was given up comes back at most once, and never more.
    CHECK(passed_mWh + given_mWh >= wanted_mWh - 100);
    CHECK(passed_mWh <= wanted_mWh + 100);
  }
}
