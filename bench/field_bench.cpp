/// One transformer area for a day, without a head-end: 256 meters on 8 lines, every quarter hour polled over
/// RS-485.
///
/// `area_day` is everything: loads, meters, lines, both codecs, the concentrator's store, truth samples.
/// `meters_alone` is the same meters swept every quarter hour without being asked; the difference is what a
/// reading costs on its way.
#include <benchmark/benchmark.h>

#include "models/area.hpp"

namespace {
using namespace std::chrono_literals;
constexpr std::size_t meter_count = 256;
constexpr std::size_t meters_per_line = 32;
constexpr std::int64_t readings = meter_count * 96;
const core::Instant starts = core::Zone().instant({2026, 7, 1, 0, 0, 0});

struct SilentTruth final : model::TruthSink {
  std::uint64_t samples = 0;
  void sample(const model::TruthSample& sample) override { samples += sample.shown_centikWh.size(); }
  void event(const model::TruthEvent&) override {}
};
/// Nobody listens: the concentrator keeps what it reads.
struct DeadPort final : model::UplinkPort {
  bool connect(model::AreaId, core::Instant) override { return false; }
  void deliver(model::AreaId, core::Instant, core::Bytes) override {}
  void drop(model::AreaId, core::Instant) override {}
};

model::AreaSetup area_setup() {
  model::AreaSetup setup;
  setup.name = "bench";
  setup.seed = 1;
  setup.starts = starts;
  setup.concentrator.archive_is_factory_set = true;
  setup.concentrator.store_days = 1;
  setup.uplink.reconnect_min = setup.uplink.reconnect_max = 10min;
  const auto plate = std::make_shared<const model::TypePlate>();
  const auto tariff = std::make_shared<const model::TariffTables>();
  setup.lines.resize(meter_count / meters_per_line);
  for (std::size_t i = 0; i < meter_count; ++i) {
    model::MeterSetup meter;
    meter.id = static_cast<model::MeterId>(i + 1);
    meter.address = core::MeterAddress(330'100'000'000 + meter.id);
    meter.plate = plate;
    meter.tariff = tariff;
    meter.load = model::Load::household({.seed = 1, .home = meter.id});
    meter.starts = starts;
    meter.load_record_days = 1;
    setup.meters.push_back(std::move(meter));
    setup.meter_names.push_back("M" + std::to_string(i + 1));
    setup.lines[i / meters_per_line].meters.push_back(static_cast<std::uint32_t>(i));
  }
  return setup;
}

void area_day(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    SilentTruth truth;
    DeadPort port;
    model::Area area(area_setup(), truth, port);
    state.ResumeTiming();
    const auto till = starts + 24h - 1min;
    for (auto at = area.next(); at <= till; at = area.next()) area.advance(at);
    benchmark::DoNotOptimize(truth.samples);
  }
  state.counters["readings/s"] =
      benchmark::Counter(static_cast<double>(readings), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(area_day)->Unit(benchmark::kMillisecond);

void meters_alone(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    const auto setup = area_setup();
    std::vector<model::Meter> meters;
    for (const auto& meter : setup.meters) meters.emplace_back(meter);
    model::MeterHappenings happened;
    state.ResumeTiming();
    for (int quarter = 0; quarter < 96; ++quarter)
      for (auto& meter : meters) meter.advance(starts + quarter * 15min, happened);
    benchmark::DoNotOptimize(meters.front().passed_uJ());
  }
  state.counters["readings/s"] =
      benchmark::Counter(static_cast<double>(readings), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(meters_alone)->Unit(benchmark::kMillisecond);
}  // namespace

BENCHMARK_MAIN();
