/// What a frame on the modelled carrier costs, apart from codecs and events: 200 modules on the European
/// feeder.
///
/// `frame` crosses one link (every module in turn, from its best neighbour); `read` is a request over the
/// relays and a load record back, repetitions included; `bits` is the same physical layer bit by bit, for
/// comparison: why areas do not use it.
#include <benchmark/benchmark.h>

#include "core/civil.hpp"
#include "models/line/carrier/area_survey.hpp"
#include "models/line/carrier/error_curve.hpp"

namespace {
namespace carrier = model::carrier;
using namespace std::chrono_literals;
constexpr std::uint32_t modules = 200;
constexpr std::size_t request_bytes = 22, answer_bytes = 30;

carrier::ChannelSetup channel_setup() {
  carrier::ChannelSetup setup;
  setup.seed = 42;
  setup.starts = core::Zone().instant({2026, 7, 1, 0, 0, 0});
  setup.utc_offset = 8h;
  return setup;
}

struct Area {
  model::Feeder feeder = model::load_feeder(METERTWIN_ROOT "/scenarios/feeders/european-lv.yaml");
  carrier::Channel channel{channel_setup(), feeder, carrier::spread_places(feeder, modules)};
};

void frame(benchmark::State& state) {
  Area area;
  auto at = channel_setup().starts;
  std::uint64_t number = 0, arrived = 0;
  for (auto _ : state) {
    const auto to = static_cast<std::uint32_t>(1 + number % modules);
    arrived +=
        area.channel.send(to == 1 ? 2 : to - 1, to, at, answer_bytes, number) == carrier::LossCause::none;
    at += 300ms;
    ++number;
  }
  state.counters["arrived"] = static_cast<double>(arrived) / static_cast<double>(number);
}
BENCHMARK(frame)->Unit(benchmark::kNanosecond);

void read(benchmark::State& state) {
  Area area;
  carrier::Network network({}, area.channel, 42, 0);
  auto at = network.register_modules(channel_setup().starts);
  std::uint64_t reads = 0, frames = 0;
  for (auto _ : state) {
    const auto node = static_cast<std::uint32_t>(1 + reads++ % modules);
    auto delivery = network.send_down(at, node, request_bytes);
    frames += delivery.tries;
    if (delivery.has_arrived()) {
      delivery = network.send_up(delivery.ends + 60ms, node, answer_bytes);
      frames += delivery.tries;
    }
    at = delivery.ends + 100ms;
  }
  state.counters["frames"] = static_cast<double>(frames) / static_cast<double>(reads);
  state.counters["per_frame"] = benchmark::Counter(static_cast<double>(frames),
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(read)->Unit(benchmark::kNanosecond);

void bits(benchmark::State& state) {
  carrier::CurveSetup setup;
  setup.code = carrier::CodeName::conv_k7;
  std::uint64_t errors = 0;
  for (auto _ : state) {
    setup.seed = static_cast<std::uint64_t>(state.iterations());
    errors += carrier::error_curve_point(setup, 5.0, answer_bytes * 8).errors;
  }
  benchmark::DoNotOptimize(errors);
}
BENCHMARK(bits)->Unit(benchmark::kNanosecond);
}  // namespace

BENCHMARK_MAIN();
