/// The power flow of the European LV feeder: a day of one-minute solves, and a city of such feeders.
///
/// Loads are the simulated households of models/load, so nothing but this repository is needed. Voltages are
/// settled to 10 uV, a tenth of what a comparison with published voltages needs. `european_day/lanes/1`
/// computes all 906 buses x 3 phases at every minute, `european_day/lanes/0` the customers' voltages and the
/// head's power. The budget: a day within 100 ms (target 40 ms), the city within 10 s, on one core.
#include <benchmark/benchmark.h>

#include "core/civil.hpp"
#include "core/instant.hpp"
#include "models/grid/power_flow.hpp"

namespace {
using namespace model::grid;
constexpr double tolerance_V = 1e-5;
constexpr int homes_per_feeder = 55;

/// Power of home h at step t: [t x homes + h].
std::vector<Power> households(int homes, int steps, std::chrono::seconds step) {
  const core::Instant starts = core::Zone().instant({2026, 7, 1, 0, 0, 0});
  const std::int64_t starts_ms = starts.time_since_epoch().count() / 1'000'000;
  std::vector<Power> powers(static_cast<std::size_t>(homes * steps));
  for (int home = 0; home < homes; ++home) {
    const auto load = model::Load::household({.seed = 1, .home = static_cast<std::uint32_t>(home + 1)});
    for (int t = 0; t < steps; ++t) {
      const auto segment = load.segment_at(starts_ms + t * step.count() * 1000);
      powers[static_cast<std::size_t>(t * homes + home)] = {
          static_cast<double>(segment.power.count()) / 1000,
          static_cast<double>(segment.reactive.count()) / 1000};
    }
  }
  return powers;
}

Network european() {
  return network_of(model::load_feeder(METERTWIN_ROOT "/scenarios/feeders/european-lv.yaml"));
}

/// One feeder through `steps` moments; returns the sum of the head's power, so that nothing is left out.
double solve_steps(PowerFlow& flow, const std::vector<Power>& powers, std::size_t first_home,
                   std::size_t homes, int steps, bool wants_every_bus, benchmark::State& state) {
  double sum = 0;
  for (int first = 0; first < steps; first += flow.lanes()) {
    for (int lane = 0; lane < flow.lanes(); ++lane) {
      const std::size_t row = static_cast<std::size_t>(first + lane) * homes;
      for (std::size_t home = 0; home < homes_per_feeder; ++home)
        flow.set_power(home, lane, powers[row + (first_home + home) % homes]);
    }
    if (!flow.solve().is_converged) state.SkipWithError("no solution");
    if (wants_every_bus) flow.expand();
    for (int lane = 0; lane < flow.lanes(); ++lane) sum += flow.head_power_VA(0, lane).real();
  }
  return sum;
}

void european_day(benchmark::State& state) {
  constexpr int minutes = 1440;
  const auto powers = households(homes_per_feeder, minutes, std::chrono::seconds(60));
  PowerFlow flow(european(), {.lanes = static_cast<int>(state.range(0)), .tolerance_V = tolerance_V});
  for (auto _ : state)
    benchmark::DoNotOptimize(
        solve_steps(flow, powers, 0, homes_per_feeder, minutes, state.range(1) != 0, state));
  state.counters["solves/s"] = benchmark::Counter(minutes, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(european_day)
    ->ArgsProduct({{1, 4, 8}, {0, 1}})
    ->ArgNames({"lanes", "every_bus"})
    ->Unit(benchmark::kMillisecond);

/// 1,800 feeders, 99,000 homes, 96 quarter hours: what a city's truth costs before any meter is asked. The
/// feeders are alike and a solve remembers nothing, so one object stands for all; 4,950 homes' days are dealt
/// out in turn.
void city_day(benchmark::State& state) {
  constexpr std::size_t feeders = 1'800, homes = 4'950;
  constexpr int quarters = 96;
  const auto powers = households(homes, quarters, std::chrono::seconds(900));
  PowerFlow flow(european(), {.lanes = 8, .tolerance_V = tolerance_V});
  for (auto _ : state) {
    double sum = 0;
    for (std::size_t feeder = 0; feeder < feeders; ++feeder)
      sum += solve_steps(flow, powers, feeder * homes_per_feeder + feeder, homes, quarters, false, state);
    benchmark::DoNotOptimize(sum);
  }
  state.counters["solves/s"] = benchmark::Counter(static_cast<double>(feeders * quarters),
                                                  benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(city_day)->Unit(benchmark::kMillisecond)->Iterations(1);
}  // namespace

BENCHMARK_MAIN();
