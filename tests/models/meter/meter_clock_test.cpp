// The meter's own clock: drift, setting, and what is done by it.
#include <catch2/catch.hpp>

#include "tests/models/meter/bench_meter.hpp"

using namespace model;

TEST_CASE("half a second a day is half a second a day") {
  const core::Instant start = china("2026-07-01T00:00:00");
  MeterClock clock(start, 0, 5787);  // 5787 ppb x 86400 s = 0.49999680 s
  // The drift is held in steps of 2^-40, rounded down: less than 86400e9 / 2^40 + 1 = 80 ns a day too slow.
  CHECK(clock.civil_ns(start + 24h) <= 86'400'499'996'800);
  CHECK(clock.civil_ns(start + 24h) > 86'400'499'996'720);
  MeterClock slow(start, 0, -5787);
  CHECK(slow.civil_ns(start + 24h) < 86'399'500'003'300);
}

TEST_CASE("the instant at which a clock shows a time is the first one") {
  const core::Instant start = china("2026-07-01T00:00:00");
  for (const std::int64_t drift : {-5787, 0, 1, 5787, 100'000}) {
    const MeterClock clock(start, 1'000'000, drift);
    for (const std::int64_t wanted :
         {1'000'001ll, 900'000'000'000ll, 86'400'000'000'000ll, 20'000'000'000'000'000ll}) {
      INFO(drift << " " << wanted);
      const core::Instant at = clock.when(wanted);
      CHECK(clock.civil_ns(at) >= wanted);
      CHECK(clock.civil_ns(at - 1ns) < wanted);
    }
  }
}

TEST_CASE("quarter-hour records follow the meter's clock, not the true time") {
  auto setup = bench_setup();
  setup.clock_drift_ppb = -1'000'000;  // loses a millisecond a second, for the test
  BenchMeter bench(setup);
  bench.run_for(15min);
  CHECK(bench.meter.load_record().newest() == bench.meter.clock().civil_s(setup.starts) / 900);
  bench.run_for(902ms);  // 900 s / 0.999 = 900.9009 s
  CHECK(bench.meter.load_record().newest() == bench.meter.clock().civil_s(setup.starts) / 900 + 1);
  CHECK(bench.meter.load_record().at(bench.meter.load_record().newest()) == 25u);
}

TEST_CASE("broadcast time is taken within five minutes and once a day") {
  auto setup = bench_setup(china("2026-07-01T10:00:00"));
  BenchMeter bench(setup);
  const auto broadcast = [&](core::Duration ahead) {
    dlt645::Wire wire;
    dlt645::encode(dlt645::AddressPattern::broadcast(),
                   dlt645::TimeRequest{core::Zone(8h).civil(bench.now + ahead)}, wire);
    CHECK_FALSE(bench.say(wire));
    return bench.meter.clock().civil_s(bench.now) - core::unix_seconds(bench.now) - 8 * 3600;
  };
  CHECK(broadcast(301s) == 0);
  CHECK(broadcast(300s) == 300);
  CHECK(bench.count(Kind::clock_set) == 1);
  CHECK(bench.last(Kind::clock_set)->value == 300'000);
  CHECK(broadcast(0s) == 300);  // the second on this day
  bench.run_for(24h);
  CHECK(broadcast(0s) == 0);
  CHECK(bench.number(0x03300400) == 2);
}

TEST_CASE("a clock put forward over a quarter hour still takes its record") {
  BenchMeter bench(bench_setup(china("2026-07-01T10:00:00")));
  bench.run_for(14min + 59s);
  dlt645::Wire wire;
  dlt645::encode(dlt645::AddressPattern::broadcast(), dlt645::TimeRequest{{2026, 7, 1, 10, 15, 1}}, wire);
  CHECK_FALSE(bench.say(wire));
  CHECK(bench.meter.load_record().newest() == civil_seconds({2026, 7, 1, 10, 15, 0}) / 900);
  CHECK(bench.meter.load_record().at(bench.meter.load_record().newest()) == 24u);
}

TEST_CASE("energy goes to the rate in force by the meter's clock") {
  auto setup = bench_setup();
  setup.tariff = std::make_shared<TariffTables>(zhejiang_tables());
  BenchMeter bench(std::move(setup));
  bench.run_for(24h);
  CHECK(bench.meter.shown_registers() == ShownRegisters{2400, {0, 1400, 0, 1000}});
}

TEST_CASE("the second set of prices and day tables comes into force at the programmed minute") {
  auto setup = bench_setup();
  TariffTables tables = zhejiang_tables();
  tables.day_tables[1][0] = {{SlotStart{0, 0}}, 1};
  tables.change_at_civil_s[1] = civil_seconds({2026, 7, 1, 12, 7, 0});
  setup.tariff = std::make_shared<TariffTables>(tables);
  BenchMeter bench(std::move(setup));
  bench.run_for(24h);
  // valley 8 h, peak 8:00..12:07, then sharp
  const ShownRegisters shown = bench.meter.shown_registers();
  CHECK(shown.by_rate[3] == 800);
  CHECK(shown.by_rate[1] == 411);  // 4 h 7 min at 1 kW: 4.1167 kWh
  CHECK(shown.by_rate[0] == 1188);
  CHECK((bench.word3() & 1) == 1);
}

TEST_CASE("the register is frozen at each midnight and settled on the billing day") {
  BenchMeter bench(bench_setup(china("2026-06-29T12:00:00")));
  bench.run_to(china("2026-07-02T00:30:00"));
  CHECK(bench.value(0x05060001) == std::vector<std::uint8_t>{0x00, 0x00, 0x02, 0x07, 0x26});
  auto total = [&](int nth) { return bench.value(0x05060100u + static_cast<unsigned>(nth)); };
  REQUIRE(total(1).size() == 20);
  CHECK(core::bcd_little_endian(core::Bytes(total(1)).first(4)) == 6000u);  // 60 h
  CHECK(core::bcd_little_endian(core::Bytes(total(2)).first(4)) == 3600u);
  CHECK(core::bcd_little_endian(core::Bytes(total(3)).first(4)) == 1200u);
  CHECK(total(4).empty());
  CHECK(bench.number(0x00010001) == 3600);  // end of June
  CHECK(bench.number(0x00010002) == 0);
  CHECK(bench.number(0x05040101) == 6000);  // hourly freeze 00:00
  CHECK(bench.number(0x05040102) == 5900);
}

TEST_CASE("a midnight without supply is frozen when supply comes back, and has no load record") {
  BenchMeter bench(bench_setup(china("2026-06-30T20:00:00")));
  bench.run_for(1h + 5min);
  bench.meter.set_supply(Supply::lost, bench.now, bench.happened);
  CHECK_FALSE(bench.ask(dlt645::ReadRequest{dlt645::item::forward_active, {}, {}}));
  bench.run_for(30h);
  bench.meter.set_supply(Supply::restored, bench.now, bench.happened);
  CHECK(bench.number(0x00010000) == 108);  // 65 min at 1 kW
  const auto newest = bench.value(0x05060101);
  REQUIRE(newest.size() == 20);
  CHECK(core::bcd_little_endian(core::Bytes(newest).first(4)) == 108u);
  CHECK(bench.value(0x05060001) == std::vector<std::uint8_t>{0x00, 0x00, 0x02, 0x07, 0x26});
  CHECK(bench.value(0x05060002) == std::vector<std::uint8_t>{0x00, 0x00, 0x01, 0x07, 0x26});
  CHECK(bench.number(0x00010001) == 108);  // June is settled, late
  CHECK(bench.number(0x03110000) == 1);
  const auto cut = bench.value(0x03110001);
  CHECK(cut ==
        std::vector<std::uint8_t>{0x00, 0x05, 0x21, 0x30, 0x06, 0x26, 0x00, 0x05, 0x03, 0x02, 0x07, 0x26});
  bench.run_for(15min);
  const auto& ring = bench.meter.load_record();
  CHECK_FALSE(ring.at(civil_seconds({2026, 7, 1, 0, 0, 0}) / 900));
  CHECK(ring.at(civil_seconds({2026, 6, 30, 21, 0, 0}) / 900) == 100u);
  CHECK(ring.at(civil_seconds({2026, 7, 2, 3, 15, 0}) / 900) == 125u);
}
