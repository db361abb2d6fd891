// The measuring element and the registers against hand arithmetic.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "tests/models/meter/bench_meter.hpp"

using namespace model;

TEST_CASE("a register shows only hundredths of a kWh that have fully passed") {
  EnergyRegisters registers;
  registers.count(11, 2);
  CHECK(registers.shown_total(1200) == 0);  // 11 of 12 pulses: 0.00916 kWh
  registers.count(1, 2);
  CHECK(registers.shown_total(1200) == 1);
  registers.count(1200 * 123 - 1, 1);
  CHECK(registers.shown_total(1200) == 12'300);  // 147611 pulses = 123.00916 kWh
  // 1600 imp/kWh: 16 pulses a hundredth
  CHECK(EnergyRegisters::whole_centikWh(15, 1600) == 0);
  CHECK(EnergyRegisters::whole_centikWh(16, 1600) == 1);
  // 3200 imp/kWh, 999999.99 kWh and one hundredth more
  registers = {};
  registers.count(32ull * 99'999'999, 0);
  CHECK(registers.shown_total(3200) == 99'999'999);
  registers.count(32, 0);
  CHECK(registers.shown_total(3200) == 0);
}

TEST_CASE("total and rates truncate each for itself") {
  EnergyRegisters registers;
  for (int rate = 0; rate < rates; ++rate)
    registers.count(9, rate);  // 36 pulses: 0.03 kWh in all, 0.0075 each
  const ShownRegisters shown = registers.shown(1200);
  CHECK(shown.total == 3);
  for (const auto rate : shown.by_rate) CHECK(rate == 0);
}

TEST_CASE("a meter without error gives 1200 pulses for a kWh, one pulse each 3 s at 1 kW") {
  BenchMeter bench(bench_setup());
  bench.run_for(36s - 1ms);
  CHECK(bench.meter.shown_centikWh() == 0);
  bench.run_for(1ms);
  CHECK(bench.meter.shown_centikWh() == 1);
  bench.run_for(1h - 36s);
  CHECK(bench.meter.shown_centikWh() == 100);
  CHECK(bench.meter.passed_uJ() == core::microjoules_per_kWh);
}

TEST_CASE("an error of one per cent shows as one per cent, fast or slow") {
  const auto [ppm, shown] =
      GENERATE(table<int, std::uint32_t>({{10'000, 10'100u}, {-10'000, 9'900u}, {1, 10'000u}}));
  auto setup = bench_setup();
  setup.error = core::PartsPerMillion(ppm);
  BenchMeter bench(std::move(setup));
  bench.run_for(100h + 1s);
  CHECK(bench.meter.shown_centikWh() == shown);
  CHECK(bench.meter.passed_uJ() == 100 * core::microjoules_per_kWh + 1'000'000'000);
}

TEST_CASE("drawn errors stay within the class and are not all alike") {
  for (const int accuracy_class : {1, 2}) {
    TypePlate plate;
    plate.accuracy_class = accuracy_class;
    std::int64_t sum = 0, largest = 0;
    for (std::uint32_t meter = 1; meter <= 10'000; ++meter) {
      const std::int64_t error = draw_error(42, meter, plate).count();
      sum += error;
      largest = std::max(largest, std::abs(error));
    }
    CHECK(largest <= accuracy_class * 10'000);
    CHECK(largest > accuracy_class * 9'000);  // P(none of 10^4 beyond 0.9 limits) = 0.99^10000 = 2e-44
    // Standard deviation limit/sqrt(6); the mean of 10^4 lies within 6 sigma/100 but for one case in 5e8.
    CHECK(std::abs(sum) / 10'000 < accuracy_class * 10'000 * 6 / 245);
  }
}

TEST_CASE("the meter stands still below its starting current and turns at it") {
  // Class 2, Ib 5 A: 25 mA at 220 V = 5.5 VA. Class 1: 20 mA = 4.4 VA.
  TypePlate plate;
  CHECK(plate.starting_current() == core::Milliamperes(25));
  Metrology second(plate, core::PartsPerMillion(0));
  CHECK_FALSE(second.starts_at(core::Milliwatts(5'499), core::Millivars(0)));
  CHECK(second.starts_at(core::Milliwatts(5'500), core::Millivars(0)));
  CHECK(second.starts_at(core::Milliwatts(3'300), core::Millivars(4'400)));  // 5.5 VA at power factor 0.6
  plate.accuracy_class = 1;
  Metrology first(plate, core::PartsPerMillion(0));
  CHECK_FALSE(first.starts_at(core::Milliwatts(4'399), core::Millivars(0)));
  CHECK(first.starts_at(core::Milliwatts(4'400), core::Millivars(0)));

  auto setup = bench_setup();
  setup.load = Load::constant(core::Milliwatts(5'400), {1, 1});
  BenchMeter bench(std::move(setup));
  bench.run_for(240h);
  CHECK(bench.meter.shown_centikWh() == 0);
  CHECK(bench.meter.passed_uJ() == 5'400ll * 240 * 3'600'000);
}

TEST_CASE("energy does not depend on how often the meter is looked at") {
  auto setup = bench_setup();
  setup.load = Load::household({.seed = 42, .home = 3});
  setup.error = core::PartsPerMillion(4321);
  setup.clock_drift_ppb = 5000;
  BenchMeter seldom(setup), often(setup);
  const core::RandomStream stream(1, 1, core::Purpose::test);
  for (std::uint64_t i = 0; often.now < setup.starts + 72h; ++i)
    often.run_for(core::Duration(stream.between(1, 1'000'000'000'000, i)));
  seldom.run_to(often.now);
  CHECK(seldom.meter.passed_uJ() == often.meter.passed_uJ());
  CHECK(seldom.meter.shown_registers() == often.meter.shown_registers());
  CHECK(seldom.meter.load_record().newest() == often.meter.load_record().newest());
  for (auto q = seldom.meter.load_record().oldest(); q <= seldom.meter.load_record().newest(); ++q)
    CHECK(seldom.meter.load_record().at(q) == often.meter.load_record().at(q));
}

TEST_CASE("the load record ring gives back what was put in, gaps and rollover included") {
  LoadRecordRing ring(5);
  CHECK(ring.empty());
  ring.record(100, 99'999'990);
  ring.record(101, 99'999'999);
  ring.record(102, 9);   // rolled over
  ring.record(105, 11);  // 103 and 104 without supply
  CHECK(ring.oldest() == 101);
  CHECK_FALSE(ring.at(100));
  CHECK(ring.at(101) == 99'999'999u);
  CHECK(ring.at(102) == 9u);
  CHECK_FALSE(ring.at(103));
  CHECK_FALSE(ring.at(104));
  CHECK(ring.at(105) == 11u);
  CHECK_FALSE(ring.at(106));
  ring.record(102, 12);  // the clock went back three quarter hours: the time in between comes again
  CHECK(ring.newest() == 102);
  CHECK(ring.at(102) == 12u);
  CHECK(ring.at(101) == 99'999'999u);
  ring.record(500, 12);
  CHECK(ring.at(500) == 12u);
  CHECK_FALSE(ring.at(499));
}

TEST_CASE("tables say when the next slot begins, over midnight, seasons and rest days") {
  TariffTables tables;
  auto& days = tables.day_tables[0];
  days[0] = {{SlotStart{0, 3}, SlotStart{480, 1}, SlotStart{1320, 3}}, 3};
  days[1] = {{SlotStart{60, 0}}, 1};
  days[2] = {{SlotStart{0, 2}}, 1};
  tables.seasons[0] = {{SeasonStart{3, 1, 0}, SeasonStart{11, 15, 1}}, 2};
  tables.rest_day_mask = 1;  // Sundays
  tables.rest_day_table = 2;
  const auto at = [](int month, int day, int hour, int minute) {
    return civil_seconds({2026, month, day, hour, minute, 0});
  };
  CHECK(tables.rate_at(at(7, 1, 7, 59), {}) == 3);
  CHECK(tables.rate_at(at(7, 1, 8, 0), {}) == 1);
  CHECK(tables.rate_at(at(7, 1, 22, 0), {}) == 3);
  CHECK(tables.rate_at(at(7, 5, 12, 0), {}) == 2);  // a Sunday
  CHECK(tables.rate_at(at(12, 1, 0, 0), {}) == 0);  // before 1:00 the last slot of the table holds
  CHECK(tables.rate_at(at(2, 2, 12, 0), {}) == 0);  // before 1 March last year's last season holds
  CHECK(tables.next_change(at(7, 1, 7, 59), {}) == at(7, 1, 8, 0));
  CHECK(tables.next_change(at(7, 1, 8, 0), {}) == at(7, 1, 22, 0));
  CHECK(tables.next_change(at(7, 1, 22, 0), {}) == at(7, 2, 0, 0));
}

TEST_CASE("a plan that a meter cannot hold is refused") {
  TariffPlan plan;
  plan.slots = {{0, 43'200, 1}, {43'200, 86'400, 3}};
  plan.prices[1] = {core::Price(10), core::Price(20)};
  plan.prices[3] = {core::Price(5), core::Price(15)};
  plan.bounds = {core::CentiKilowattHours(100)};
  REQUIRE(tables_from(plan));
  auto uneven = plan;
  uneven.prices[3][1] = core::Price(16);  // the step's surcharge differs by period
  CHECK_FALSE(tables_from(uneven));
  auto hole = plan;
  hole.slots[1].from_s = 50'000;
  CHECK_FALSE(tables_from(hole));
  auto no_price = plan;
  no_price.prices[3].clear();
  CHECK_FALSE(tables_from(no_price));
}
