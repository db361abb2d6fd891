// The codecs alone: DL/T 645 answers written and read, and curves of a concentrator built and walked, beside
// a calibration that is the same work with nothing around it: one fixed frame layout, no limits, no faults,
// no lead-in.
//
// Counters: frames/s (or values/s), `ratio` to the calibration measured in the same run, `allocations` per
// iteration.
#include <benchmark/benchmark.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <new>
#include <vector>

#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/load_record.hpp"
#include "protocols/dlt645/numbers.hpp"
#include "protocols/gdw3761/curve.hpp"

namespace {
std::atomic<std::uint64_t> allocations{0};
}

// Not inlined: GCC 12 pairs an inlined half with the other and warns of a mismatch that is none.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* place = std::malloc(bytes)) return place;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* place) noexcept { std::free(place); }
[[gnu::noinline]] void operator delete(void* place, std::size_t) noexcept { std::free(place); }

namespace {
constexpr std::size_t frames_per_round = 3'000;  // 60 kB: stays in the first caches, as a line's traffic does
constexpr std::size_t frame_bytes = 20;
constexpr std::uint64_t first_address = 100'000'000'000;

struct Reading {
  std::uint64_t address = 0;
  std::uint32_t item = 0, value = 0;
};

// The calibration: no more than the arithmetic that the frame needs.
std::size_t bare_encode(std::uint8_t* out, const Reading& reading) {
  std::uint8_t* at = out;
  *at++ = 0x68;
  std::uint64_t address = reading.address;
  for (int i = 0; i < 6; ++i, address /= 100) *at++ = core::bcd_byte(static_cast<unsigned>(address % 100));
  *at++ = 0x68;
  *at++ = 0x91;
  *at++ = 8;
  for (int i = 0; i < 4; ++i) *at++ = static_cast<std::uint8_t>((reading.item >> (8 * i)) + 0x33);
  std::uint32_t value = reading.value;
  for (int i = 0; i < 4; ++i, value /= 100)
    *at++ = static_cast<std::uint8_t>(core::bcd_byte(value % 100) + 0x33);
  std::uint8_t sum = 0;
  for (const std::uint8_t* byte = out; byte < at; ++byte) sum = static_cast<std::uint8_t>(sum + *byte);
  *at++ = sum;
  *at++ = 0x16;
  return static_cast<std::size_t>(at - out);
}

std::size_t bare_decode(const std::uint8_t* in, std::size_t size, Reading& reading) {
  if (size < 12 || in[0] != 0x68 || in[7] != 0x68) return 0;
  const std::size_t length = in[9];
  if (size < 12 + length || in[11 + length] != 0x16) return 0;
  std::uint8_t sum = 0;
  for (std::size_t i = 0; i < 10 + length; ++i) sum = static_cast<std::uint8_t>(sum + in[i]);
  if (sum != in[10 + length]) return 0;
  reading = {};
  for (int i = 6; i >= 1; --i) {
    if (!core::is_bcd(in[i])) return 0;
    reading.address = reading.address * 100 + core::bcd_value(in[i]);
  }
  for (int i = 3; i >= 0; --i)
    reading.item = reading.item << 8 | static_cast<std::uint8_t>(in[10 + i] - 0x33);
  for (int i = 3; i >= 0; --i) {
    const auto byte = static_cast<std::uint8_t>(in[14 + i] - 0x33);
    if (!core::is_bcd(byte)) return 0;
    reading.value = reading.value * 100 + core::bcd_value(byte);
  }
  return 12 + length;
}

std::uint32_t value_of(std::size_t i, std::uint64_t round) {
  return static_cast<std::uint32_t>((i + round) * 37 % 99'999'999);
}

std::uint64_t bare_round(std::vector<std::uint8_t>& buffer, std::uint64_t round) {
  std::uint8_t* at = buffer.data();
  for (std::size_t i = 0; i < frames_per_round; ++i) {
    at += bare_encode(at, {first_address + i, 0x00010000, value_of(i, round)});
  }
  const auto size = static_cast<std::size_t>(at - buffer.data());
  std::uint64_t sum = 0;
  Reading reading;
  for (std::size_t from = 0; from < size;) {
    const std::size_t taken = bare_decode(buffer.data() + from, size - from, reading);
    if (taken == 0) std::abort();
    from += taken;
    sum += reading.value + reading.address;
  }
  return sum;
}

std::uint64_t codec_round(std::vector<std::uint8_t>& buffer, std::uint64_t round) {
  dlt645::Wire wire;
  std::size_t size = 0;
  for (std::size_t i = 0; i < frames_per_round; ++i) {
    std::array<std::uint8_t, 4> energy;
    dlt645::put_energy(energy, core::CentiKilowattHours(value_of(i, round)));
    dlt645::answer_data(core::MeterAddress(first_address + i), dlt645::item::forward_active, energy, wire);
    if (wire.size() + frame_bytes <= wire.capacity() && i + 1 < frames_per_round) continue;
    std::memcpy(buffer.data() + size, wire.data(), wire.size());
    size += wire.size();
    wire.clear();
  }
  const core::Bytes all(buffer.data(), size);
  std::uint64_t sum = 0;
  dlt645::Frame frame;
  for (std::size_t from = 0; from < size;) {
    const auto taken = dlt645::decode(all.subspan(from), frame);
    if (!taken) std::abort();
    const auto value = dlt645::expect_data(frame, frame.address, dlt645::item::forward_active);
    const auto energy = value ? dlt645::energy_at(*value) : std::nullopt;
    const auto address = frame.address.address();
    if (!energy || !address) std::abort();
    sum += static_cast<std::uint64_t>(energy->count()) + address->digits();
    from += *taken;
  }
  return sum;
}

double frames_per_second(std::uint64_t (*round_of)(std::vector<std::uint8_t>&, std::uint64_t)) {
  std::vector<std::uint8_t> buffer(frames_per_round * frame_bytes);
  double best = 0;
  for (std::uint64_t round = 0; round < 200; ++round) {
    const auto began = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(round_of(buffer, round));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    best = std::max(best, frames_per_round / took.count());
  }
  return best;
}

/// Best of many short rounds on each side, taken in turn: what a noisy neighbour steals from one it steals
/// from both.
double codec_to_bare_ratio() {
  double bare = 0, codec = 0;
  for (int i = 0; i < 5; ++i) {
    bare = std::max(bare, frames_per_second(bare_round));
    codec = std::max(codec, frames_per_second(codec_round));
  }
  return codec / bare;
}

void count_allocations(benchmark::State& state, std::uint64_t before) {
  state.counters["allocations"] = benchmark::Counter(static_cast<double>(allocations.load() - before),
                                                     benchmark::Counter::kAvgIterations);
}

void dlt645_calibration(benchmark::State& state) {
  std::vector<std::uint8_t> buffer(frames_per_round * frame_bytes);
  std::uint64_t round = 0;
  for (auto _ : state) benchmark::DoNotOptimize(bare_round(buffer, round++));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(frames_per_round));
}
BENCHMARK(dlt645_calibration);

void dlt645_encode_and_decode(benchmark::State& state) {
  std::vector<std::uint8_t> buffer(frames_per_round * frame_bytes);
  if (bare_round(buffer, 5) != codec_round(buffer, 5))
    return state.SkipWithError("codec and calibration disagree");
  std::uint64_t round = 0;
  const std::uint64_t before = allocations.load();
  for (auto _ : state) benchmark::DoNotOptimize(codec_round(buffer, round++));
  count_allocations(state, before);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(frames_per_round));
  state.counters["ratio"] = codec_to_bare_ratio();
}
BENCHMARK(dlt645_encode_and_decode);

void dlt645_energy_records(benchmark::State& state) {
  const std::array<std::uint8_t, 5> at{0x15, 0x00, 0x01, 0x07, 0x26};
  dlt645::Data data;
  std::int64_t sum = 0;
  const std::uint64_t before = allocations.load();
  for (auto _ : state) {
    data.clear();
    for (int i = 0; i < 6; ++i) {
      dlt645::put_energy_record(at, core::CentiKilowattHours(sum % 1'000'000 + i),
                                core::CentiKilowattHours(0), data);
    }
    core::Bytes rest = data;
    dlt645::EnergyRecord record;
    while (!rest.empty()) {
      rest = rest.subspan(*dlt645::take_energy_record(rest, record));
      sum += record.forward.count();
    }
    benchmark::DoNotOptimize(sum);
  }
  count_allocations(state, before);
  state.SetItemsProcessed(state.iterations() * 6);
}
BENCHMARK(dlt645_energy_records);

void gdw3761_curve(benchmark::State& state) {
  gdw3761::FrameWriter writer;
  gdw3761::CurveWriter curve(writer);
  std::array<std::uint8_t, gdw3761::CurveTime::width> time{};
  gdw3761::put_curve_time(time, {{2026, 7, 1, 0, 15, 0}, gdw3761::density_15min, 1});
  const auto build_and_walk = [&](std::int64_t base) {
    curve.begin(gdw3761::terminal_address(1, 1), 1);
    for (int group = 0; group < 32; ++group) {
      curve.group(group, 0xFF);
      for (int bit = 0; bit < 8; ++bit) {
        curve.point(time);
        curve.value(core::CentiKilowattHours(base + group * 8 + bit));
      }
    }
    std::int64_t sum = 0;
    const auto view = gdw3761::decode(writer.finish());
    const auto walked =
        gdw3761::each_curve(*view, [&](const gdw3761::Curve& one) { sum += one.value(0)->count(); });
    if (!walked) std::abort();
    return sum;
  };
  benchmark::DoNotOptimize(build_and_walk(0));  // the writer grows once
  const std::uint64_t before = allocations.load();
  std::int64_t base = 0;
  for (auto _ : state) benchmark::DoNotOptimize(build_and_walk(base++ % 1'000'000));
  count_allocations(state, before);
  state.SetItemsProcessed(state.iterations() * 256);
}
BENCHMARK(gdw3761_curve);
}  // namespace

BENCHMARK_MAIN();
