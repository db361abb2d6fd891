// Local prepay: the meter rates its own energy. Figures by hand from the published Zhejiang price list.
#include <catch2/catch.hpp>

#include "tests/models/meter/bench_meter.hpp"

using namespace model;

namespace {
MeterSetup prepaid(TariffTables tables, std::int64_t yuan,
                   core::Milliwatts power = core::Milliwatts(1'000'000)) {
  auto setup = bench_setup(china("2026-01-01T00:00:00"));
  setup.tariff = std::make_shared<TariffTables>(tables);
  setup.load = Load::constant(power, {1, 1});
  setup.has_purse = true;
  setup.opening_balance = core::MicroYuan(yuan * 1'000'000);
  setup.limits.hoarding_cap = core::Fen(100'000'000);
  setup.customer_number = 17;
  return setup;
}
/// Spent in micro-yuan when the register shows `kWh`, at 1 kW.
std::int64_t spent_after(TariffTables tables, std::int64_t kWh, std::int64_t opening_yuan = 10'000) {
  BenchMeter bench(prepaid(tables, opening_yuan));
  bench.run_for(kWh * 1h);
  CHECK(bench.meter.shown_centikWh() == kWh * 100);
  return opening_yuan * 1'000'000 - bench.meter.money_uYuan();
}
}  // namespace

TEST_CASE("annual steps: the published single-rate figures") {
  const auto zhejiang = flat_tables(5380, LadderReset::yearly, {2760, 4800}, {5880, 8380});
  CHECK(spent_after(zhejiang, 2760) == 1'484'880'000);  // ZJ-1: 1484.88
  CHECK(spent_after(zhejiang, 2761) == 1'485'468'000);  // ZJ-2: 1485.468
  CHECK(spent_after(zhejiang, 5000) == 2'852'000'000);  // ZJ-3: 2852.00
}

TEST_CASE("annual steps with peak and valley: 60 % peak, 40 % valley in every step") {
  // ZJ-4, 2442.00 yuan for 5000 kWh. The meter gets 3 kW in the 12 h of peak and 3 kW in the 8 h of valley,
  // nothing else: a day is 36 + 24 = 60 kWh, and 46, 80 and 83.33 days reach 2760, 4800 and 5000 kWh.
  auto profile = std::make_shared<LoadProfile>();
  profile->step = 3600s;
  profile->power_mW.assign(24, 0);
  for (int hour = 0; hour < 8; ++hour) profile->power_mW[static_cast<std::size_t>(hour)] = 3'000'000;
  for (int hour = 8; hour < 20; ++hour) profile->power_mW[static_cast<std::size_t>(hour)] = 3'000'000;
  auto setup = prepaid(zhejiang_tables(), 10'000);
  setup.load = Load::repeated(profile, {1, 1});
  BenchMeter bench(std::move(setup));
  bench.run_for(80 * 24h);  // 2760 and 4800 kWh both end a whole day
  CHECK(bench.meter.shown_centikWh() == 480'000);
  const std::int64_t first = 2760ll * (6 * 5680 + 4 * 2880) * 10,
                     second = 2040ll * (6 * 6180 + 4 * 3380) * 10;
  CHECK(10'000'000'000 - bench.meter.money_uYuan() == first + second);
  bench.run_for(3 * 24h);
  // 180 kWh more at the third step; the published 200 kWh bring the sum to 2442.00
  const std::int64_t third_per_kWh = (6 * 8680 + 4 * 5880) * 10;
  CHECK(10'000'000'000 - bench.meter.money_uYuan() == first + second + 180 * third_per_kWh);
  CHECK(first + second + 200 * third_per_kWh == 2'442'000'000);
}

TEST_CASE("the ladder begins again with the month or the year") {
  const auto monthly = flat_tables(5000, LadderReset::monthly, {700}, {8000});
  BenchMeter bench(prepaid(monthly, 10'000));
  bench.run_to(china("2026-02-01T00:00:00"));  // January: 744 kWh
  CHECK(10'000'000'000 - bench.meter.money_uYuan() == 700ll * 500'000 + 44 * 800'000);
  bench.run_to(china("2026-02-02T00:00:00"));
  CHECK(10'000'000'000 - bench.meter.money_uYuan() == 700ll * 500'000 + 44 * 800'000 + 24 * 500'000);
}

TEST_CASE("the ladder begins again although the month changed without supply") {
  BenchMeter bench(prepaid(flat_tables(5000, LadderReset::monthly, {700}, {8000}), 10'000));
  bench.run_to(china("2026-01-31T12:00:00"));
  bench.meter.set_supply(Supply::lost, bench.now, bench.happened);
  bench.run_to(china("2026-02-01T12:00:00"));
  bench.meter.set_supply(Supply::restored, bench.now, bench.happened);
  const auto before = bench.meter.money_uYuan();
  bench.run_for(10h);
  CHECK(before - bench.meter.money_uYuan() == 10ll * 500'000);
}

TEST_CASE("supply ends exactly with the unit that empties the purse") {
  BenchMeter bench(prepaid(flat_tables(5000), 1));  // 1 yuan at 0.5000 yuan/kWh: 2.00 kWh, 7200 s at 1 kW
  bench.run_for(3h);
  REQUIRE(bench.count(Kind::relay_opened) == 1);
  CHECK(bench.last(Kind::relay_opened)->at == china("2026-01-01T02:00:00"));
  CHECK(bench.last(Kind::relay_opened)->cause == RelayCause::arrears);
  CHECK(bench.last(Kind::money_exhausted)->at == china("2026-01-01T02:00:00"));
  CHECK(bench.meter.money_uYuan() == 0);
  CHECK(bench.meter.shown_centikWh() == 200);
  CHECK(bench.meter.passed_uJ() == 2 * core::microjoules_per_kWh);
  CHECK_FALSE(bench.meter.is_supplied());
  CHECK(bench.number(0x00900200) == 0);  // and it still answers
}

TEST_CASE("alarms come at their balances, in order, and once") {
  auto setup = prepaid(flat_tables(5000), 30);
  setup.limits.alarm1 = core::Fen(2000);
  setup.limits.alarm2 = core::Fen(500);
  BenchMeter bench(std::move(setup));
  bench.run_for(100h);
  REQUIRE(bench.count(Kind::alarm1_reached) == 1);
  REQUIRE(bench.count(Kind::alarm2_reached) == 1);
  CHECK(bench.last(Kind::alarm1_reached)->at == china("2026-01-01T20:00:00"));  // 10 yuan = 20 kWh
  CHECK(bench.last(Kind::alarm2_reached)->at == china("2026-01-03T02:00:00"));  // 25 yuan = 50 kWh
  CHECK(bench.last(Kind::relay_opened)->at == china("2026-01-03T12:00:00"));    // 30 yuan = 60 kWh
}

TEST_CASE("overdraft lends down to its limit and is repaid first") {
  auto setup = prepaid(flat_tables(5000), 1);
  setup.limits.overdraft = core::Fen(150);
  BenchMeter bench(std::move(setup));
  bench.run_for(3h);
  CHECK(bench.meter.is_supplied());
  CHECK(bench.number(0x00900200) == 0);
  CHECK(bench.number(0x00900201) == 50);  // 0.50 yuan overdrawn
  bench.run_for(3h);
  CHECK(bench.last(Kind::relay_opened)->at == china("2026-01-01T05:00:00"));
  CHECK(bench.number(0x00900201) == 150);
  CHECK(bench.recharge(1000, 1) == 0);
  CHECK(bench.number(0x00900200) == 850);
  CHECK(bench.number(0x00900201) == 0);
  CHECK(bench.meter.is_supplied());
}

TEST_CASE("a recharge that does not lift the balance above zero leaves the relay open") {
  auto setup = prepaid(flat_tables(5000), 1);
  setup.limits.overdraft = core::Fen(150);
  BenchMeter bench(std::move(setup));
  bench.run_for(6h);
  CHECK(bench.recharge(150, 1) == 0);
  CHECK_FALSE(bench.meter.is_supplied());
  CHECK(bench.recharge(1, 2) == 0);
  CHECK(bench.meter.is_supplied());
}

TEST_CASE("a meter that only allows closing waits for the button") {
  auto setup = prepaid(flat_tables(5000), 1);
  setup.closes_by_itself = false;
  BenchMeter bench(std::move(setup));
  bench.run_for(3h);
  bench.meter.press_button(bench.now, bench.happened);
  CHECK_FALSE(bench.meter.is_supplied());  // nothing is allowed yet
  CHECK(bench.recharge(1000, 1) == 0);
  CHECK(bench.count(Kind::close_allowed) == 1);
  CHECK_FALSE(bench.meter.is_supplied());
  bench.run_for(2min);
  bench.meter.press_button(bench.now, bench.happened);
  CHECK(bench.meter.is_supplied());
  CHECK(bench.last(Kind::relay_closed)->cause == RelayCause::button);
}

TEST_CASE("keep-power carries a customer below the limit; released, the next unit trips") {
  auto setup = prepaid(flat_tables(5000), 1);
  setup.is_protected = true;
  BenchMeter bench(std::move(setup));
  bench.run_for(4h);
  CHECK(bench.meter.is_supplied());
  CHECK(bench.meter.money_uYuan() == -1'000'000);
  CHECK(bench.count(Kind::money_exhausted) == 1);
  CHECK(bench.done(dlt645::Control1C::keep_power_off));
  CHECK(bench.meter.is_supplied());  // releasing changes no state by itself
  bench.run_for(36s);
  CHECK_FALSE(bench.meter.is_supplied());
}

TEST_CASE("at alarm 2 a meter may trip once to remind; the button brings supply back") {
  auto setup = prepaid(flat_tables(5000), 6);
  setup.limits.alarm2 = core::Fen(500);
  setup.trips_at_alarm2 = true;
  BenchMeter bench(std::move(setup));
  bench.run_for(4h);
  CHECK(bench.last(Kind::relay_opened)->at == china("2026-01-01T02:00:00"));
  CHECK(bench.last(Kind::relay_opened)->cause == RelayCause::alarm2);
  bench.meter.press_button(bench.now, bench.happened);
  CHECK(bench.meter.is_supplied());
  bench.run_for(11h);
  CHECK(bench.last(Kind::relay_opened)->cause == RelayCause::arrears);
}

TEST_CASE("an account opened with nothing in it trips at the first unit") {
  BenchMeter bench(prepaid(flat_tables(5000), 0));
  bench.run_for(1h);
  CHECK(bench.last(Kind::relay_opened)->at == china("2026-01-01T00:00:36"));
}

TEST_CASE("the purse agrees with the bill of the quarter-hour records") {
  // The tariff's text: each interval's register difference at the price of its start, steps filled in order
  // of time.
  auto setup = prepaid(flat_tables(1), 1'000'000);
  TariffTables tables = zhejiang_tables();
  for (auto& ladder : tables.ladder)
    ladder.bounds = {core::CentiKilowattHours(3'000), core::CentiKilowattHours(6'000)};
  setup.tariff = std::make_shared<TariffTables>(tables);
  setup.load = Load::household({.seed = 5, .home = 9});
  setup.error = core::PartsPerMillion(-7'000);
  setup.clock_drift_ppb = 4'000;
  setup.load_record_days = 20;
  BenchMeter bench(std::move(setup));
  bench.run_for(20 * 24h - 1h);
  const auto& ring = bench.meter.load_record();
  std::int64_t cost = 0, used = 0;
  for (auto q = ring.oldest() + 1; q <= ring.newest(); ++q) {
    const int hour = static_cast<int>((q - 1) / 4 % 24);
    const bool is_peak = hour >= 8 && hour < 22;
    for (auto units = *ring.at(q) - *ring.at(q - 1); units > 0; --units, ++used) {
      const std::int64_t surcharge = used < 3'000 ? 0 : used < 6'000 ? 500 : 3'000;
      cost += (is_peak ? 5680 : 2880) + surcharge;
    }
  }
  REQUIRE(used > 6'000);
  // Up to the newest record: what passed since then is not in the records.
  bench.run_to(bench.meter.clock().when((ring.newest() + 1) * 900'000'000'000));
  const auto last = *ring.at(ring.newest()) - *ring.at(ring.newest() - 1);
  const int hour = static_cast<int>((ring.newest() - 1) / 4 % 24);
  cost += std::int64_t{last} * ((hour >= 8 && hour < 22 ? 5680 : 2880) + 3'000);
  CHECK(1'000'000'000'000 - bench.meter.money_uYuan() == cost);
}
