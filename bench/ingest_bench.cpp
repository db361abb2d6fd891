// The way of a pushed reading, station by station: what it costs to write the frame, to find it in a stream,
// to walk it, to book what it holds, and to have the whole head-end take and confirm it (virtual time:
// everything but sockets and disk waits).
//
// 100,000 meters, 64 a concentrator and frame. Each figure is nanoseconds of one core a reading; the last
// station's ratio to the sum of the first ones is what the talk (coroutines, turns, confirmations) costs.
// bare_copy is the calibration: the same bytes copied once.
#include <benchmark/benchmark.h>

#include <cstring>
#include <filesystem>

#include "apps/stress_estate.hpp"
#include "head-end/head_end.hpp"
#include "platform/virtual/virtual_link.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "stress/fleet/report_writer.hpp"

namespace {
using namespace std::chrono_literals;
constexpr std::uint32_t meters = 100'000, meters_per_frame = 64;

stress::EstatePlan estate() {
  stress::EstatePlan plan;
  plan.meters = meters;
  plan.meters_per_concentrator = meters_per_frame;
  plan.opens = *core::parse_iso8601("2020-01-01T00:00:00+08:00", core::Zone());
  return plan;
}

/// The reports of all concentrators for one quarter hour, one behind the other.
struct Quarter {
  std::vector<std::uint8_t> bytes;
  std::vector<std::size_t> ends;  ///< of each frame
};
Quarter quarter_of(stress::ReportWriter& writer, std::uint32_t quarter) {
  Quarter out;
  for (std::uint32_t i = 0; i < writer.estate().collectors(); ++i) {
    writer.put_report(writer.estate().collector(i), quarter, static_cast<std::uint16_t>(quarter % 16),
                      out.bytes);
    out.ends.push_back(out.bytes.size());
  }
  return out;
}

void per_reading(benchmark::State& state) {
  state.counters["a_reading"] =  // in seconds, with their prefix
      benchmark::Counter(static_cast<double>(state.iterations()) * meters,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void bare_copy(benchmark::State& state) {
  stress::ReportWriter writer(estate(), {});
  const auto quarter = quarter_of(writer, 0);
  std::vector<std::uint8_t> copy(quarter.bytes.size());
  for (auto _ : state) {
    std::memcpy(copy.data(), quarter.bytes.data(), copy.size());
    benchmark::ClobberMemory();
  }
  per_reading(state);
}
BENCHMARK(bare_copy);

void write_frames(benchmark::State& state) {
  stress::ReportWriter writer(estate(), {});
  std::vector<std::uint8_t> bytes;
  std::uint32_t quarter = 0;
  for (auto _ : state) {
    bytes.clear();
    for (std::uint32_t i = 0; i < writer.estate().collectors(); ++i)
      writer.put_report(writer.estate().collector(i), quarter, 0, bytes);
    ++quarter;
    benchmark::DoNotOptimize(bytes.data());
  }
  per_reading(state);
}
BENCHMARK(write_frames)->Unit(benchmark::kMillisecond);

void find_frames(benchmark::State& state) {
  stress::ReportWriter writer(estate(), {});
  const auto quarter = quarter_of(writer, 0);
  gdw3761::Framer framer;
  for (auto _ : state) {
    std::size_t frames = 0;
    framer.feed(quarter.bytes, [&](const gdw3761::FrameView&) { ++frames; });
    if (frames != quarter.ends.size()) state.SkipWithError("frames were lost");
  }
  per_reading(state);
}
BENCHMARK(find_frames)->Unit(benchmark::kMillisecond);

void find_and_walk_frames(benchmark::State& state) {
  stress::ReportWriter writer(estate(), {});
  const auto quarter = quarter_of(writer, 0);
  gdw3761::Framer framer;
  std::int64_t sum = 0;
  for (auto _ : state) {
    framer.feed(quarter.bytes, [&](const gdw3761::FrameView& frame) {
      const auto walked =
          gdw3761::each_curve(frame, [&](const gdw3761::Curve& curve) { sum += curve.value(0)->count(); });
      if (!walked) state.SkipWithError("a frame is not what it should be");
    });
  }
  benchmark::DoNotOptimize(sum);
  per_reading(state);
}
BENCHMARK(find_and_walk_frames)->Unit(benchmark::kMillisecond);

struct Scratch {
  Scratch() { clear(), std::filesystem::create_directories(folder); }
  ~Scratch() { clear(); }
  void clear() const { std::filesystem::remove_all(folder); }
  std::filesystem::path folder = std::filesystem::temp_directory_path() / "metertwin-ingest-bench";
  std::filesystem::path file() const { return folder / "books.db"; }
};

headend::Configuration configuration(bool survives_power_loss) {
  auto made = app::stress_configuration(estate());
  if (!survives_power_loss) made.durability = headend::Configuration::Durability::commit_on_process_death;
  return made;
}

/// Validate, rate, journal, pack; a commit for every `range` readings; day closings included.
void book_readings(benchmark::State& state) {
  const Scratch scratch;
  const auto plan = estate();
  const core::Instant now = plan.opens + 24h * 365 * 5;
  headend::Books books(configuration(state.range(1) != 0), scratch.file(), now);
  std::vector<stress::MeterLaw> laws(1);
  for (std::uint32_t meter = 1; meter <= meters; ++meter) laws.push_back(stress::law_of(plan.seed, meter));
  const auto a_commit = static_cast<std::uint32_t>(state.range(0));
  std::vector<std::uint32_t> shown(meters + 1);
  std::uint32_t quarter = 0;
  for (auto _ : state) {
    state.PauseTiming();
    for (std::uint32_t meter = 1; meter <= meters; ++meter)
      shown[meter] = stress::register_at(plan.seed, laws[meter], meter, quarter);
    state.ResumeTiming();
    const auto due = plan.due(quarter++);
    for (std::uint32_t meter = 1; meter <= meters; ++meter) {
      books.accept_reading(meter, due, headend::CentiKilowattHours(std::int64_t{shown[meter]}),
                           headend::ReadingSource::curve, now);
      if (meter % a_commit == 0) books.commit();
    }
    books.advance(now);
    books.commit();
  }
  per_reading(state);
}
BENCHMARK(book_readings)
    ->ArgNames({"a_commit", "synced"})
    ->Args({100'000, 0})
    ->Args({2'000, 0})
    ->Args({2'000, 1})
    ->Args({20'000, 1})
    ->Iterations(120)
    ->Unit(benchmark::kMillisecond);

/// A concentrator's end: counts the bytes that come back.
struct Ear final : seam::FarEnd {
  void head_end_wrote(core::Bytes bytes) override { heard += bytes.size(); }
  void head_end_closed() override {}
  std::size_t heard = 0;
};

void take_and_confirm(benchmark::State& state) {
  const Scratch scratch;
  const auto plan = estate();
  stress::ReportWriter writer(plan, {});
  seam::VirtualClock clock(plan.opens + 24h * 365 * 5);
  seam::VirtualListener uplinks(clock), counter(clock);
  headend::HeadEnd head_end(configuration(false), scratch.file(), clock, headend::Doors(uplinks, counter));
  head_end.start();
  std::vector<Ear> ears(plan.collectors());
  std::vector<seam::VirtualField> lines;
  std::vector<std::uint8_t> login;
  for (std::uint32_t i = 0; i < plan.collectors(); ++i) {
    lines.emplace_back(clock, ears[i], "C" + std::to_string(i));
    uplinks.offer(lines.back().connect());
    login.clear();
    writer.put_login(plan.collector(i), 0, login);
    lines.back().deliver(login);
  }
  clock.advance_to(clock.now() + 1s);
  std::uint32_t quarter = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto reports = quarter_of(writer, quarter++);
    state.ResumeTiming();
    std::size_t begin = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i].deliver(core::Bytes(reports.bytes).subspan(begin, reports.ends[i] - begin));
      begin = reports.ends[i];
    }
    clock.advance_to(clock.now() + 100ms);
  }
  const auto& statistics = head_end.ingest_statistics();
  if (statistics.frames_confirmed != static_cast<std::uint64_t>(state.iterations()) * lines.size())
    state.SkipWithError("not everything was confirmed");
  per_reading(state);
  clock.kill();
}
BENCHMARK(take_and_confirm)->Iterations(90)->Unit(benchmark::kMillisecond);
}  // namespace

BENCHMARK_MAIN();
