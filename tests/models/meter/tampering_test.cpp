// What is done to a meter: truth goes on, the register is left with what its element still sees.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"
#include "tests/models/meter/bench_meter.hpp"

using namespace model;
using Way = Tampering::Way;

namespace {
constexpr std::int64_t kWh_uJ = core::microjoules_per_kWh;
constexpr std::uint32_t forward = 0x00010000, reverse = 0x00020000, covers = 0x03300D00;

BenchMeter bench(core::Milliwatts power = core::Milliwatts(1'000'000)) {
  auto setup = bench_setup();
  setup.load = Load::constant(power, {1, 1});
  return BenchMeter(setup);
}
void begin(BenchMeter& bench, const Tampering& how, std::uint32_t key = 1) {
  bench.meter.begin_tampering(key, how, bench.now, bench.happened);
}
void end(BenchMeter& bench, std::uint32_t key = 1) {
  bench.meter.end_tampering(key, bench.now, bench.happened);
}
}  // namespace

TEST_CASE("three fifths around the meter: ten kilowatt-hours pass, four are registered, six are missed") {
  auto thief = bench();
  begin(thief, {.way = Way::share_lost, .share_ppm = 600'000});
  thief.run_for(10h);
  CHECK(thief.meter.passed_uJ() == 10 * kWh_uJ);
  CHECK(thief.meter.shown_centikWh() == 400);
  CHECK(thief.meter.missed_uJ() == 6 * kWh_uJ);
  end(thief);
  thief.run_for(1h);
  CHECK(thief.meter.shown_centikWh() == 500);
  CHECK(thief.meter.missed_uJ() == 6 * kWh_uJ);
}

TEST_CASE("the meter shows the power that its element sees, not what passes") {
  auto thief = bench();
  begin(thief, {.way = Way::share_lost, .share_ppm = 600'000});
  CHECK(thief.number(0x02030000) == 4'000);  // 0.4 kW in units of 0.0001 kW
  begin(thief, {.loses_voltage = true}, 2);
  CHECK(thief.number(0x02010100) == 0);
  CHECK(thief.number(0x02020100) == 0);
}

TEST_CASE("current that flows backwards is counted by the reverse register alone") {
  auto thief = bench();
  begin(thief, {.way = Way::reversed});
  thief.run_for(10h);
  CHECK(thief.number(forward) == 0);
  CHECK(thief.number(reverse) == 1'000);
  CHECK(thief.meter.passed_uJ() == 10 * kWh_uJ);
  CHECK(thief.meter.missed_uJ() == 20 * kWh_uJ);
  end(thief);
  thief.run_for(1h);
  CHECK(thief.number(forward) == 100);
  CHECK(thief.number(reverse) == 1'000);
}

TEST_CASE("a magnet hides more the more is drawn: half its share at half the basic current") {
  auto thief = bench(core::Milliwatts(550'000));  // Ib is 5 A at 220 V: 1.1 kVA
  begin(thief, {.way = Way::magnet, .share_ppm = 800'000});
  thief.run_for(10h);
  CHECK(thief.meter.shown_centikWh() == 330);  // 5.5 kWh x (1 - 0.8 / 2)
  auto heavy = bench(core::Milliwatts(2'200'000));
  begin(heavy, {.way = Way::magnet, .share_ppm = 800'000});
  heavy.run_for(10h);
  CHECK(heavy.meter.shown_centikWh() == 440);  // 22 kWh x (1 - 0.8): not more than the share
}

TEST_CASE("a drift grows by the hour, from nothing to its share") {
  auto ageing = bench();
  const auto from_ms = core::unix_milliseconds(ageing.now);
  begin(ageing,
        {.way = Way::drift, .share_ppm = 500'000, .from_ms = from_ms, .till_ms = from_ms + 36'000'000});
  ageing.run_for(1h);
  CHECK(ageing.meter.shown_centikWh() == 100);
  ageing.run_for(9h);
  // lost in hour h: h / 10 x 0.5; 0 + 1 + ... + 9 = 45 tenths, halved: 2.25 kWh
  CHECK(ageing.meter.missed_uJ() == kWh_uJ / 4 * 9);
  CHECK(ageing.meter.shown_centikWh() == 775);
}

TEST_CASE("a capped meter never sees more than its cap") {
  auto thief = bench();
  begin(thief, {.way = Way::capped, .power = core::Milliwatts(150'000)});
  thief.run_for(10h);
  CHECK(thief.meter.shown_centikWh() == 150);
  CHECK(thief.meter.missed_uJ() == kWh_uJ * 17 / 2);
}

TEST_CASE("a wavering thief hides half his share in the mean, and each quarter hour another part") {
  auto thief = bench();
  begin(thief, {.way = Way::wavering, .share_ppm = 800'000, .seed = 5, .meter = 7});
  std::int64_t before = 0;
  std::vector<std::int64_t> missed;
  for (int quarter = 0; quarter < 960; ++quarter) {
    thief.run_for(15min);
    missed.push_back(thief.meter.missed_uJ() - before);
    before = thief.meter.missed_uJ();
  }
  // Uniform in 0..0.8 of a quarter kilowatt-hour: mean 0.1 kWh, standard deviation 0.2 / sqrt(12) kWh.
  const double mean_kWh = static_cast<double>(before) / 960 / static_cast<double>(kWh_uJ);
  CHECK(std::fabs(mean_kWh - 0.1) < 5 * 0.2 / std::sqrt(12.0 * 960));
  std::sort(missed.begin(), missed.end());
  CHECK(std::unique(missed.begin(), missed.end()) - missed.begin() > 900);
}

TEST_CASE("a hook before the meter draws on while the relay is open, and stops with the mains") {
  auto thief = bench();
  begin(thief, {.way = Way::unmetered, .power = core::Milliwatts(500'000)});
  thief.run_for(2h);
  CHECK(thief.meter.passed_uJ() == 3 * kWh_uJ);
  CHECK(thief.meter.shown_centikWh() == 200);
  REQUIRE(thief.done(dlt645::Control1C::trip));
  REQUIRE(thief.meter.relay().is_open);
  thief.run_for(2h);
  CHECK(thief.meter.passed_uJ() == 4 * kWh_uJ);
  CHECK(thief.meter.shown_centikWh() == 200);
  thief.meter.set_supply(Supply::lost, thief.now, thief.happened);
  thief.run_for(2h);
  CHECK(thief.meter.passed_uJ() == 4 * kWh_uJ);
  CHECK(thief.meter.missed_uJ() == 2 * kWh_uJ);
}

TEST_CASE("a neighbour's share moves from his meter to the other, and none is lost") {
  auto gives = bench(), takes = bench(core::Milliwatts(2'000'000));
  begin(gives, {.way = Way::lends, .share_ppm = 250'000, .other = takes.meter.load()});
  begin(takes, {.way = Way::lent, .share_ppm = 250'000});
  gives.run_for(10h);
  takes.run_for(10h);
  CHECK(gives.meter.shown_centikWh() == 1'500);
  CHECK(takes.meter.shown_centikWh() == 1'500);
  CHECK(gives.meter.passed_uJ() + takes.meter.passed_uJ() == 30 * kWh_uJ);
  CHECK(gives.meter.missed_uJ() == 0);
  CHECK(takes.meter.missed_uJ() == 0);
}

TEST_CASE("a register is set back, rates and all, but never below zero") {
  auto thief = bench();
  thief.run_for(10h);
  CHECK(thief.meter.roll_back(core::CentiKilowattHours(300), thief.now, thief.happened).count() == 300);
  CHECK(thief.number(forward) == 700);
  std::int64_t rates_sum = 0;
  for (std::uint32_t rate = 1; rate <= 4; ++rate) rates_sum += thief.number(forward + (rate << 8));
  CHECK(rates_sum == 700);
  CHECK(thief.meter.missed_uJ() == 3 * kWh_uJ);
  thief.run_for(1h);
  CHECK(thief.number(forward) == 800);
  const auto quarter = thief.meter.load_record().newest();
  CHECK(thief.meter.load_record().at(quarter) == 800u);
  CHECK(thief.meter.roll_back(core::CentiKilowattHours(5'000), thief.now, thief.happened).count() == 800);
  CHECK(thief.number(forward) == 0);
}

TEST_CASE("an opened cover leaves a record with both times and the register before and after") {
  auto meter = bench();
  CHECK(meter.number(covers) == 0);
  meter.run_for(1h);
  meter.meter.open_cover(meter.now, meter.happened);
  meter.run_for(30min);
  meter.meter.close_cover(meter.now, meter.happened);
  CHECK(meter.number(covers) == 1);
  const auto record = meter.value(covers + 1);
  REQUIRE(record.size() == 60);
  // ss mm hh DD MM YY, twice
  CHECK(std::vector<int>(record.begin(), record.begin() + 12) ==
        std::vector<int>{0x00, 0x00, 0x01, 0x01, 0x07, 0x26, 0x00, 0x30, 0x01, 0x01, 0x07, 0x26});
  CHECK(*core::bcd_little_endian(core::Bytes(record).subspan(12, 4)) == 100);
  CHECK(*core::bcd_little_endian(core::Bytes(record).subspan(36, 4)) == 150);
}

TEST_CASE("a meter counts how often and how long its voltage was lost, low or high") {
  auto setup = bench_setup();
  auto mains = std::make_shared<Mains>();
  mains->phase[0].voltage = core::Millivolts(220'000);
  setup.mains = mains;
  BenchMeter meter(setup);
  const auto at = [&](int volts, core::Duration lasts) {
    mains->phase[0].voltage = core::Millivolts(volts * 1000);
    meter.meter.watch_voltage();
    meter.run_for(lasts);
  };
  at(220, 10min);
  at(197, 7min);  // 90 % of 220 V is 198
  at(220, 10min);
  at(190, 5min);
  at(243, 3min);  // 110 % is 242
  at(242, 1min);
  at(150, 2min);  // below 78 %
  using Counted = std::pair<std::uint64_t, std::uint64_t>;
  const auto counted = [&](std::uint32_t item) {
    const auto bytes = meter.value(item);
    REQUIRE(bytes.size() == 18);
    return Counted(*core::bcd_little_endian(core::Bytes(bytes).first(3)),
                   *core::bcd_little_endian(core::Bytes(bytes).subspan(3, 3)));
  };
  CHECK(counted(0x03010000) == Counted(1, 2));
  CHECK(counted(0x03020000) == Counted(2, 12));
  CHECK(counted(0x03030000) == Counted(1, 3));
  CHECK(meter.value(0x03040000) == std::vector<std::uint8_t>(18, 0));
  begin(meter, {.loses_voltage = true});
  meter.run_for(4min);
  CHECK(counted(0x03010000) == Counted(1, 6));
}

TEST_CASE(
    "a roof feeds in: the reverse register counts it, truth tells it apart, the bill's register stays") {
  auto roof = bench(core::Milliwatts(-2'000'000));
  roof.run_for(5h);
  CHECK(roof.number(forward) == 0);
  CHECK(roof.number(reverse) == 1'000);
  CHECK(roof.meter.passed_uJ() == 0);
  CHECK(roof.meter.fed_uJ() == 10 * kWh_uJ);
}

TEST_CASE("whatever is done to a meter, what passed is what it registered and what it missed") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream draws(seed, 1, core::Purpose::test);
    auto setup = bench_setup();
    setup.load = Load::household({.seed = seed, .home = 3});
    BenchMeter lazy(setup), busy(setup);
    std::uint64_t next = 0;
    const auto act = [&](BenchMeter& bench, int what, std::uint32_t key) {
      const auto from_ms = core::unix_milliseconds(bench.now);
      if (what < 6)
        begin(bench,
              {.way = static_cast<Way>(what == 2 ? 0 : what),
               .share_ppm = static_cast<std::int32_t>(draws.below(1'000'001, key)),
               .power = core::Milliwatts(200'000),
               .from_ms = from_ms,
               .till_ms = from_ms + 20'000'000,
               .seed = seed,
               .meter = 3},
              key);
      else
        end(bench, key - 1);
    };
    for (std::uint32_t key = 1; key <= 12; ++key) {
      const auto what = static_cast<int>(draws.below(9, 1'000 + next++));
      act(lazy, what, key);
      act(busy, what, key);
      const auto till = lazy.now + std::chrono::seconds(draws.between(60, 20'000, 2'000 + next++));
      lazy.run_to(till);
      while (busy.now < till) busy.run_to(std::min(busy.now + 67s, till));
    }
    CHECK(lazy.meter.passed_uJ() == busy.meter.passed_uJ());
    CHECK(lazy.meter.missed_uJ() == busy.meter.missed_uJ());
    CHECK(lazy.meter.shown_centikWh() == busy.meter.shown_centikWh());
    // All loads here lie far above the starting current unless nearly all of them is hidden.
    const auto registered = std::int64_t{lazy.meter.shown_centikWh()} * core::microjoules_per_centikWh;
    const auto seen = lazy.meter.passed_uJ() - lazy.meter.missed_uJ();
    const std::int64_t grain = core::microjoules_per_centikWh + kWh_uJ / 1200;
    const std::int64_t idle = 5'500 * std::int64_t{12 * 20'000} * 1000;  // below 0.005 Ib, all the time
    CHECK(registered <= seen);
    CHECK(registered >= seen - grain - idle);
  }
}
