// Tricks without a jumper: exchanged leads, thieves by turns, plans by quarter hour, false readings, a clock
// put wrong, a captured recharge.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "protocols/dlt645/status_words.hpp"
#include "tests/models/meter/bench_meter.hpp"

using namespace model;
using Way = Tampering::Way;

namespace {
constexpr std::int64_t kWh_uJ = core::microjoules_per_kWh;
constexpr std::uint32_t forward = 0x00010000, reverse = 0x00020000, clock_records = 0x03300400;

BenchMeter bench(core::Milliwatts power = core::Milliwatts(1'000'000)) {
  auto setup = bench_setup();
  setup.load = Load::constant(power, {1, 1});
  return BenchMeter(setup);
}
void begin(BenchMeter& bench, const Tampering& how, std::uint32_t key = 1) {
  bench.meter.begin_tampering(key, how, bench.now, bench.happened);
}

struct PhaseWatts {
  std::int64_t power_W, reactive_var;
};
/// A meter of three phases at 220 V.
BenchMeter three_phases(std::array<PhaseWatts, 3> phases) {
  auto setup = bench_setup();
  auto mains = std::make_shared<Mains>();
  mains->phases = 3;
  std::int64_t sum_W = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    mains->phase[i] = {core::Millivolts(220'000), core::Milliwatts(phases[i].power_W * 1000),
                       core::Millivars(phases[i].reactive_var * 1000)};
    sum_W += phases[i].power_W;
  }
  setup.mains = mains;
  setup.load = Load::constant(core::Milliwatts(sum_W * 1000), {1, 1});
  return BenchMeter(setup);
}
std::shared_ptr<const QuarterSeries> series(core::Instant from, std::vector<std::int32_t> values) {
  return std::make_shared<const QuarterSeries>(
      QuarterSeries{core::unix_milliseconds(from) / QuarterSeries::quarter_ms, std::move(values)});
}
std::int64_t clock_ahead_ms(const BenchMeter& bench) {
  return (bench.meter.clock().civil_ns(bench.now) - core::unix_nanoseconds(bench.now)) / 1'000'000 -
         28'800'000;
}
}  // namespace

TEST_CASE("exchanged leads on balanced phases: the meter stands still") {
  auto meter = three_phases({{{1000, 0}, {1000, 0}, {1000, 0}}});
  begin(meter, {.way = Way::phases_swapped});
  meter.run_for(10h);
  CHECK(meter.number(forward) == 0);
  CHECK(meter.number(reverse) == 0);
  CHECK(meter.meter.passed_uJ() == 30 * kWh_uJ);
  CHECK(std::llabs(meter.meter.missed_uJ() - 30 * kWh_uJ) < kWh_uJ / 1000);
}

TEST_CASE(
    "exchanged leads count the first phase less half of the others, and the tell-tale of reactive power") {
  auto heavy = three_phases({{{3000, 0}, {1000, 0}, {1000, 0}}});
  begin(heavy, {.way = Way::phases_swapped});
  heavy.run_for(10h);
  CHECK(heavy.number(forward) == 2'000);  // 3 - (1 + 1) / 2 = 2 kW
  auto light = three_phases({{{500, 0}, {1500, 0}, {1500, 0}}});
  begin(light, {.way = Way::phases_swapped});
  light.run_for(10h);
  CHECK(light.number(forward) == 0);
  CHECK(std::llabs(light.number(reverse) - 1'000) <= 1);  // 0.5 - 1.5 = -1 kW
  auto skewed = three_phases({{{1000, 0}, {1000, 600}, {1000, 0}}});
  begin(skewed, {.way = Way::phases_swapped});
  skewed.run_for(10h);
  CHECK(std::llabs(skewed.number(forward) - 519) <= 1);  // sqrt(3)/2 x 0.6 kvar = 0.5196 kW
}

TEST_CASE("a meter with exchanged leads tells of the wrong sequence and shows what its elements measure") {
  auto meter = three_phases({{{1000, 0}, {-1000, 0}, {1000, 0}}});
  const auto word7 = [&] { return dlt645::status_word_at(meter.value(0x04000507)); };
  CHECK((word7() & dlt645::status7::voltage_sequence) == 0);
  begin(meter, {.way = Way::phases_swapped});
  CHECK((word7() & dlt645::status7::voltage_sequence) != 0);
  CHECK(meter.number(0x02030200) == 5'000);  // -(-1 kW) / 2 on the second phase
  meter.meter.end_tampering(1, meter.now, meter.happened);
  CHECK((word7() & dlt645::status7::voltage_sequence) == 0);
}

TEST_CASE("thieves by turns: one steals on the first day, the other on the second") {
  auto first = bench(), second = bench();
  const auto from_ms = core::unix_milliseconds(first.now + 10h);
  const std::int64_t china_ms = 8 * 3'600'000;
  first.run_for(10h);
  second.run_for(10h);
  begin(first,
        {.way = Way::alternate_days, .share_ppm = 750'000, .from_ms = from_ms, .utc_offset_ms = china_ms});
  begin(second, {.way = Way::alternate_days,
                 .share_ppm = 750'000,
                 .from_ms = from_ms,
                 .utc_offset_ms = china_ms,
                 .is_on_odd_days = true});
  for (auto* thief : {&first, &second}) thief->run_for(14h);  // to midnight
  CHECK(first.meter.missed_uJ() == 14 * kWh_uJ / 4 * 3);
  CHECK(second.meter.missed_uJ() == 0);
  for (auto* thief : {&first, &second}) thief->run_for(24h);
  CHECK(first.meter.missed_uJ() == 14 * kWh_uJ / 4 * 3);
  CHECK(second.meter.missed_uJ() == 18 * kWh_uJ);
  for (auto* thief : {&first, &second}) thief->run_for(24h);
  CHECK(first.meter.missed_uJ() == 14 * kWh_uJ / 4 * 3 + 18 * kWh_uJ);
}

TEST_CASE("a plan by quarter hour takes each its share, and nothing outside of the plan") {
  auto thief = bench();
  begin(thief, {.way = Way::by_quarter, .series = series(thief.now + 15min, {500'000, 0, 1'000'000})});
  thief.run_for(2h);
  CHECK(thief.meter.missed_uJ() == kWh_uJ / 4 / 2 + kWh_uJ / 4);
}

TEST_CASE("a meter that is told what to see registers that, more or less than what passes") {
  auto liar = bench();
  begin(liar, {.way = Way::told, .series = series(liar.now, {400'000, 3'600'000, 0, 0})});
  liar.run_for(1h);
  CHECK(liar.number(forward) == 100);
  CHECK(liar.meter.missed_uJ() == 0);
  CHECK(liar.meter.withheld_uJ() == kWh_uJ / 4 * 6 / 10 + kWh_uJ / 2);
  liar.run_for(1h);  // after the series it sees what passes
  CHECK(liar.number(forward) == 200);
}

TEST_CASE("a meter that tells falsely counts nothing while its relay is open or its mains are gone") {
  auto liar = bench();
  begin(liar, {.way = Way::told, .series = series(liar.now, std::vector<std::int32_t>(16, 2'000'000))});
  liar.run_for(1h);
  REQUIRE(liar.done(dlt645::Control1C::trip));
  liar.run_for(1h);
  CHECK(liar.number(forward) == 200);
  liar.meter.set_supply(Supply::lost, liar.now, liar.happened);
  liar.run_for(1h);
  CHECK(liar.meter.shown_centikWh() == 200);
}

TEST_CASE(
    "a clock put ahead leaves a hole in the records and a record of itself; put right, time comes again") {
  auto meter = bench();
  meter.run_for(1h);
  CHECK(meter.number(clock_records) == 0);
  const auto put = [&](core::Duration by) {
    meter.meter.put_clock(meter.now, meter.meter.clock().civil_ns(meter.now) + by.count(), meter.happened);
  };
  put(2h + 250ms);
  CHECK(clock_ahead_ms(meter) == 7'200'250);
  CHECK(meter.number(clock_records) == 1);
  REQUIRE(meter.last(Kind::clock_set) != nullptr);
  CHECK(meter.last(Kind::clock_set)->value == 7'200'250);
  meter.run_for(30min);
  const auto quarter = [&](core::Duration after_midnight) {
    return (core::unix_seconds(china("2026-07-01T00:00:00") + after_midnight) + 8 * 3600) / 900;
  };
  CHECK_FALSE(meter.meter.load_record().at(quarter(2h)));
  CHECK(meter.meter.load_record().at(quarter(3h + 15min)));
  put(-2h - 250ms);
  CHECK(clock_ahead_ms(meter) == 0);
  meter.run_for(15min);
  CHECK(meter.meter.load_record().at(quarter(1h + 45min)) == 175u);
  CHECK_FALSE(meter.meter.load_record().at(quarter(3h + 15min)));
}

TEST_CASE("what a meter took last can be captured, and played again it is refused and changes nothing") {
  auto setup = bench_setup();
  setup.has_purse = true;
  BenchMeter meter(setup);
  CHECK_FALSE(meter.meter.captured_recharge());
  REQUIRE(meter.recharge(5'000, 1) == 0);
  REQUIRE(meter.recharge(3'000, 2) == 0);
  const auto captured = meter.meter.captured_recharge();
  REQUIRE(captured);
  CHECK(captured->amount == core::Fen(3'000));
  CHECK(captured->purchase_count == 2);
  CHECK(captured->customer_number == 17);
  const auto money = meter.meter.money_uYuan();
  CHECK(meter.recharge(captured->amount.count(), captured->purchase_count) != 0);
  CHECK(meter.recharge(captured->amount.count(), captured->purchase_count + 2) != 0);
  CHECK(meter.meter.money_uYuan() == money);
  CHECK(meter.count(Kind::recharge_refused) == 2);
}
