#include "apps/line_laws.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/portable_math.hpp"
#include "models/line/bearers/modem_pool.hpp"
#include "models/line/bearers/random_access.hpp"
#include "models/line/carrier/fixed_channel.hpp"
#include "models/line/carrier/network.hpp"
#include "models/line/gprs/byte_stream.hpp"
#include "models/line/rs485/bit_errors.hpp"
#include "models/line/statistics/gilbert_elliott.hpp"
#include "models/line/statistics/queues.hpp"

namespace app {
namespace {
using namespace std::chrono_literals;
constexpr std::uint32_t source_entity = 1, model_entity = 2;

core::RandomStream draws_of(std::uint64_t seed) {
  return {seed, source_entity, core::Purpose::bearer_access};
}

/// Exponential times one after the other.
class Poisson {
 public:
  explicit Poisson(std::uint64_t seed) : draws_(draws_of(seed)) {}
  double exponential(double mean) {
    return -mean * core::portable_math::log(model::unit_interval(draws_.word(drawn_++)));
  }
  core::Duration pause(double mean_ns) {
    return core::Duration(static_cast<std::int64_t>(exponential(mean_ns)));
  }

 private:
  core::RandomStream draws_;
  std::uint64_t drawn_ = 0;
};

// Bursts: a line that is bad for ten slots now and then.
constexpr model::GilbertElliott bursts{{2, 100}, {1, 10}, {0, 1}, {1, 1}};
constexpr int burst_slots = 20'000;

double burst_memory(double x, std::uint64_t seed) {
  const auto lag = static_cast<std::size_t>(x);
  model::BurstChannel channel(bursts, draws_of(seed));
  std::vector<char> bad(burst_slots);
  for (auto& slot : bad) {
    channel.loses();
    slot = channel.is_bad() ? 1 : 0;
  }
  // Around the true mean, so that a replication's own mean does not bend the curve.
  const double share = bursts.bad_share();
  double sum = 0;
  for (std::size_t i = 0; i + lag < bad.size(); ++i) sum += (bad[i] - share) * (bad[i + lag] - share);
  return sum / static_cast<double>(bad.size() - lag) / (share * (1 - share));
}

double burst_length(double x, std::uint64_t seed) {
  model::BurstChannel channel(bursts, draws_of(seed));
  double count = 0, as_long = 0;
  int length = 0;
  for (bool is_first = true; count < 1'000;) {
    channel.loses();
    if (channel.is_bad()) {
      ++length;
    } else if (length > 0) {
      if (!is_first) count += 1, as_long += length >= x ? 1 : 0;
      is_first = false;
      length = 0;
    }
    if (length == 0) is_first = false;
  }
  return as_long / count;
}

struct OnAir {
  std::vector<core::Instant> begins, in_slots;
};
constexpr auto airtime = 1ms;
constexpr int airtimes = 20'000;

OnAir on_air(double offered, std::uint64_t seed) {
  Poisson draws(seed);
  OnAir made;
  for (core::Instant at = core::Instant{} + draws.pause(1e6 / offered);
       at < core::Instant{} + airtimes * airtime; at += draws.pause(1e6 / offered)) {
    made.begins.push_back(at);
    made.in_slots.push_back(core::Instant((at.time_since_epoch() / airtime + 1) * airtime));
  }
  return made;
}
double pure_aloha(double offered, std::uint64_t seed) {
  return static_cast<double>(model::undisturbed(on_air(offered, seed).begins, airtime)) / airtimes;
}
double slotted_aloha(double offered, std::uint64_t seed) {
  return static_cast<double>(model::undisturbed(on_air(offered, seed).in_slots, airtime)) / airtimes;
}

constexpr std::uint32_t window_slots = 32;
double alone(double x, std::uint64_t seed) {
  const auto terminals = static_cast<std::uint32_t>(x);
  model::ContentionWindow window(seed, model_entity, window_slots);
  double won = 0;
  constexpr int rounds = 500;
  for (int round = 0; round < rounds; ++round) won += static_cast<double>(window.round(terminals).size());
  return won / rounds / x;
}

/// Mean wait, in mean services, of messages that arrive at random at one direction of an uplink.
template <bool is_constant>
double queue_wait(double load, std::uint64_t seed) {
  constexpr double mean_bytes = 200;
  model::UplinkSetup setup;
  setup.latency_min = setup.latency_max = 0ns;
  setup.loss = {0, 1};
  setup.throughput_bps = 8'000;  // a byte a millisecond
  model::ByteStream stream(setup, seed, 0, model::ByteStream::Direction::up);
  Poisson draws(seed);
  const std::vector<std::uint8_t> message(8'000, 0);
  const double service_ns = mean_bytes * 1e6;
  core::Instant at{};
  double waits = 0;
  constexpr int messages = 12'000, warm_up = 2'000;
  for (int i = 0; i < messages; ++i) {
    at += draws.pause(service_ns / load);
    const double drawn = is_constant ? mean_bytes : draws.exponential(mean_bytes);
    const auto bytes = static_cast<std::size_t>(std::clamp(drawn + 0.5, 1.0, 8'000.0));
    stream.write(at, core::Instant{}, core::Bytes(message).first(bytes));
    const auto waited = stream.last_arrival() - at - std::chrono::milliseconds(bytes);
    while (stream.next() <= at) stream.take();
    if (i >= warm_up) waits += static_cast<double>(waited.count()) / service_ns;
  }
  return waits / (messages - warm_up);
}

constexpr double offered_erlang = 5;
template <bool is_constant>
double blocked_calls(double lines, std::uint64_t seed) {
  model::ModemPool pool(static_cast<std::size_t>(lines));
  Poisson draws(seed);
  core::Instant at{};
  std::uint64_t before = 0;
  constexpr int calls = 10'000, warm_up = 500;
  for (int i = 0; i < calls; ++i) {
    if (i == warm_up) before = pool.blocked();
    at += draws.pause(60e9 / offered_erlang);
    pool.call(at, is_constant ? 60s : draws.pause(60e9));
  }
  return static_cast<double>(pool.blocked() - before) / (calls - warm_up);
}

/// A row of modules that hear only those beside them; all have joined before the links get bad.
struct Row {
  double q = 1;
  model::carrier::FixedChannel channel;
  model::carrier::Network network;
  Row(std::uint32_t nodes, const model::carrier::NetworkSetup& setup, std::uint64_t seed)
      : channel(
            nodes, [this](std::uint32_t a, std::uint32_t b) { return a + 1 == b || b + 1 == a ? q : 0.0; },
            draws_of(seed)),
        network(setup, channel, seed, model_entity) {
    network.register_modules({});
  }
  bool read(std::uint32_t node) {
    const auto down = network.send_down({}, node, 20);
    return down.has_arrived() && network.send_up(down.ends, node, 30).has_arrived();
  }
};
constexpr double relay_quality = 0.95, poor_quality = 0.7;

template <int reads_max>
double relayed_reads(double x, std::uint64_t seed) {
  const auto hops = static_cast<std::uint32_t>(x);
  model::carrier::NetworkSetup setup;
  setup.hop_tries = 1;
  Row row(hops + 1, setup, seed);
  row.q = relay_quality;
  constexpr int trials = 500;
  int read = 0;
  for (int i = 0; i < trials; ++i)
    for (int k = 0; k < reads_max; ++k)
      if (row.read(hops)) {
        ++read;
        break;
      }
  return static_cast<double>(read) / trials;
}
template <int reads_max>
double relayed_expected(double hops) {
  return 1 - std::pow(1 - std::pow(relay_quality, 2 * hops), reads_max);
}

double repeated_frames(double x, std::uint64_t seed) {
  model::carrier::NetworkSetup setup;
  setup.hop_tries = static_cast<int>(x);
  Row row(2, setup, seed);
  row.q = poor_quality;
  constexpr int frames = 1'000;
  int arrived = 0;
  for (int i = 0; i < frames; ++i) arrived += row.network.send_down({}, 1, 20).has_arrived() ? 1 : 0;
  return static_cast<double>(arrived) / frames;
}

constexpr std::size_t frame_characters = 20;
double spoilt_frames(double per_million, std::uint64_t seed) {
  model::BitErrors errors(seed, model_entity, {static_cast<std::uint32_t>(per_million), 1'000'000});
  const std::vector<std::uint8_t> sent(frame_characters, 0x55);
  std::vector<std::uint8_t> arrived(frame_characters);
  constexpr int frames = 20'000;
  int hit = 0;
  for (int i = 0; i < frames; ++i) {
    if (errors.pass_clean(sent.size())) continue;
    ++hit;
    errors.spoil(sent, arrived);
  }
  return static_cast<double>(hit) / frames;
}

const std::vector<Law>& all_laws() {
  static const std::vector<Law> laws{
      {"burst-memory",
       "correlation of a line's state with itself, bad for 10 slots every 50",
       "Gilbert 1960, Elliott 1963: (1 - p - r)^lag, p = 0.02, r = 0.1",
       "lag_slots",
       {1, 2, 3, 5, 8, 12, 18, 25},
       [](double x) { return bursts.correlation(static_cast<int>(x)); },
       burst_memory},
      {"burst-length",
       "share of bursts that last so long or longer",
       "Gilbert 1960: (1 - r)^(n - 1), r = 0.1",
       "slots",
       {1, 2, 4, 8, 12, 16, 24, 32},
       [](double x) { return std::pow(0.9, x - 1); },
       burst_length},
      {"aloha-pure",
       "throughput of terminals that just send",
       "Abramson 1970: G e^-2G",
       "offered_G",
       {0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3},
       model::pure_throughput,
       pure_aloha},
      {"aloha-slotted",
       "throughput of terminals that wait for the next slot",
       "Roberts 1975: G e^-G",
       "offered_G",
       {0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3},
       model::slotted_throughput,
       slotted_aloha},
      {"contention",
       "chance to be alone in one's slot of a window of 32",
       "(1 - 1/W)^(n - 1), W = 32",
       "terminals",
       {1, 2, 4, 8, 16, 32, 64, 128},
       [](double x) { return model::alone_in_window(static_cast<std::uint64_t>(x), window_slots); },
       alone},
      {"queue-mm1",
       "wait in mean services at an uplink, message sizes exponential",
       "M/M/1: rho / (1 - rho)",
       "load",
       {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7},
       model::mm1_wait,
       queue_wait<false>},
      {"queue-md1",
       "wait in services at an uplink, message sizes equal",
       "Pollaczek 1930, Khinchin 1932: rho / (2 (1 - rho))",
       "load",
       {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7},
       model::md1_wait,
       queue_wait<true>},
      {"erlang-b",
       "share of calls that a modem pool turns away at 5 erlang",
       "Erlang 1917",
       "lines",
       {1, 2, 4, 6, 8, 10},
       [](double x) { return model::erlang_b(offered_erlang, static_cast<int>(x)); },
       blocked_calls<false>},
      {"erlang-b-constant",
       "the same with calls of equal length: how long calls are does not matter, only their mean",
       "Erlang 1917; for any length Sevastyanov 1957",
       "lines",
       {1, 2, 4, 6, 8, 10},
       [](double x) { return model::erlang_b(offered_erlang, static_cast<int>(x)); },
       blocked_calls<true>},
      {"relay-once",
       "reads that succeed over relays at the first try, each link 0.95",
       "q^(2 hops)",
       "hops",
       {1, 2, 3, 4, 5, 6, 7},
       relayed_expected<1>,
       relayed_reads<1>},
      {"relay-thrice",
       "reads that succeed over relays within three tries",
       "1 - (1 - q^(2 hops))^3",
       "hops",
       {1, 2, 3, 4, 5, 6, 7},
       relayed_expected<3>,
       relayed_reads<3>},
      {"arq",
       "frames that cross a link of 0.7 within so many sendings",
       "1 - (1 - q)^k",
       "sendings",
       {1, 2, 3, 4, 5},
       [](double x) { return 1 - std::pow(1 - poor_quality, x); },
       repeated_frames},
      {"frame-errors",
       "frames of 20 characters (8E1) that bit errors touch",
       "1 - (1 - p)^220",
       "bit_errors_per_million",
       {10, 30, 100, 300, 1'000, 3'000, 10'000},
       [](double x) { return 1 - std::pow(1 - x * 1e-6, 220); },
       spoilt_frames},
  };
  return laws;
}
}  // namespace

std::span<const Law> line_laws() { return all_laws(); }

std::vector<LawPoint> measure(const Law& law, int replications, std::uint64_t seed) {
  constexpr std::uint64_t points_apart = 1'000'000;  // in seeds: no two points share a replication
  if (replications < 2 || replications > 100'000)
    throw std::invalid_argument("--replications must be 2 to 100000");
  std::vector<LawPoint> points;
  for (const double x : law.points) {
    double sum = 0, squares = 0;
    for (int i = 0; i < replications; ++i) {
      const auto number = points.size() * points_apart + static_cast<std::uint64_t>(i);
      const double value = law.trial(x, seed + number);
      sum += value;
      squares += value * value;
    }
    LawPoint point{x, law.expected(x), sum / replications, 0, 0};
    const double variance =
        std::max(0.0, (squares - replications * point.measured * point.measured) / (replications - 1));
    point.spread = std::sqrt(variance / replications);
    const double off = point.measured - point.expected;
    const bool is_same = std::fabs(off) <= 1e-9 * std::max(1.0, std::fabs(point.expected));
    point.z = is_same ? 0 : off / std::max(point.spread, 1e-12);
    points.push_back(point);
  }
  return points;
}
}  // namespace app
