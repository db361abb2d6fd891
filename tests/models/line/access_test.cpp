#include "models/line/bearers/random_access.hpp"

#include <catch2/catch.hpp>

#include "core/portable_math.hpp"
#include "models/line/bearers/modem_pool.hpp"
#include "models/line/gprs/byte_stream.hpp"
#include "models/line/statistics/gilbert_elliott.hpp"
#include "models/line/statistics/queues.hpp"
#include "tests/models/line/statistics.hpp"

using namespace line_test;
using namespace std::chrono_literals;

namespace {
/// Exponential times one after the other.
class Poisson {
 public:
  Poisson(std::uint64_t seed, std::uint32_t entity) : draws_(seed, entity, core::Purpose::test) {}
  double exponential(double mean) {
    return -mean * core::portable_math::log(model::unit_interval(draws_.word(drawn_++)));
  }
  core::Duration pause(double mean_ns) {
    return core::Duration(static_cast<std::int64_t>(exponential(mean_ns)));
  }
  std::uint64_t below(std::uint64_t bound) { return draws_.below(bound, drawn_++); }

 private:
  core::RandomStream draws_;
  std::uint64_t drawn_ = 0;
};

/// Mean and variance of independent replications: the spread needs no theory, whatever the correlation within
/// one.
struct Replications {
  double count = 0, sum = 0, squares = 0;
  void add(double value) {
    ++count;
    sum += value;
    squares += value * value;
  }
  double spread_of_mean() const {
    const double mean = sum / count, variance = (squares - count * mean * mean) / (count - 1);
    return std::sqrt(variance / count);
  }
  double z(double expected) const { return (sum / count - expected) / spread_of_mean(); }
};

/// Mean wait, in mean services, of messages that arrive at random at one direction of an uplink.
double mean_wait(double load, bool is_constant, std::uint64_t seed) {
  constexpr double mean_bytes = 200;
  model::UplinkSetup setup;
  setup.latency_min = setup.latency_max = 0ns;
  setup.loss = {0, 1};
  setup.throughput_bps = 8'000;  // a byte a millisecond
  model::ByteStream stream(setup, seed, 0, model::ByteStream::Direction::up);
  Poisson draws(seed, 7);
  const std::vector<std::uint8_t> message(8'000, 0);
  const double service_ns = mean_bytes * 1e6;
  core::Instant at{};
  double waits = 0, counted = 0;
  constexpr int messages = 6'000, warm_up = 1'000;
  for (int i = 0; i < messages; ++i) {
    at += draws.pause(service_ns / load);
    const double drawn = is_constant ? mean_bytes : draws.exponential(mean_bytes);
    const auto bytes = static_cast<std::size_t>(std::clamp(drawn + 0.5, 1.0, 8'000.0));
    stream.write(at, core::Instant{}, core::Bytes(message).first(bytes));
    const auto waited = stream.last_arrival() - at - std::chrono::milliseconds(bytes);
    while (stream.next() <= at) stream.take();
    if (i < warm_up) continue;
    waits += static_cast<double>(waited.count()) / service_ns;
    ++counted;
  }
  return waits / counted;
}
}  // namespace

TEST_CASE("the closed forms of queues, calls and random access give the textbook's figures") {
  struct Queue {
    double rho, mm1, md1, mg1;
  };
  for (const auto& row :
       {Queue{0.1, 0.11111111, 0.055555556, 0.069444444}, Queue{0.5, 1, 0.5, 0.625}, Queue{0.8, 4, 2, 2.5},
        Queue{0.95, 19, 9.5, 11.875}, Queue{0.99, 99, 49.5, 61.875}}) {
    CHECK(model::mm1_wait(row.rho) == Approx(row.mm1).epsilon(1e-7));
    CHECK(model::md1_wait(row.rho) == Approx(row.md1).epsilon(1e-7));
    CHECK(model::mg1_wait(row.rho, 0.25) == Approx(row.mg1).epsilon(1e-7));
  }
  struct Calls {
    double offered;
    int lines;
    double blocked;
  };
  for (const auto& row :
       {Calls{1, 1, 0.5}, Calls{1, 4, 0.015384615}, Calls{2, 8, 0.00085947572}, Calls{5, 4, 0.39834289},
        Calls{5, 16, 4.9140175e-05}, Calls{10, 8, 0.33831843}, Calls{10, 16, 0.022301872}})
    CHECK(model::erlang_b(row.offered, row.lines) == Approx(row.blocked).epsilon(1e-7));
  struct Aloha {
    double offered, pure, slotted;
  };
  for (const auto& row : {Aloha{0.05, 0.045241871, 0.047561471}, Aloha{0.5, 0.18393972, 0.30326533},
                          Aloha{1, 0.13533528, 0.36787944}, Aloha{3, 0.0074362565, 0.14936121}}) {
    CHECK(model::pure_throughput(row.offered) == Approx(row.pure).epsilon(1e-7));
    CHECK(model::slotted_throughput(row.offered) == Approx(row.slotted).epsilon(1e-7));
  }
  CHECK(model::alone_in_window(32, 64) == Approx(0.61373069).epsilon(1e-7));
  CHECK(model::alone_in_window(256, 8) == Approx(1.6294968e-15).epsilon(1e-6));
  CHECK(model::alone_in_window(1, 1) == 1);
}

TEST_CASE(
    "messages on an uplink wait as in M/M/1 when their sizes are exponential, as in M/D/1 when they are "
    "equal") {
  // 60 independent replications of 5,000 messages each, behind a warm-up of 1,000.
  for (const double load : {0.3, 0.5, 0.7})
    for (const bool is_constant : {false, true}) {
      Replications waits;
      for (std::uint64_t seed = 1; seed <= 60; ++seed) waits.add(mean_wait(load, is_constant, seed));
      INFO("seeds 1..60, load " << load << (is_constant ? ", constant: " : ", exponential: ")
                                << waits.sum / waits.count);
      CHECK(std::fabs(waits.z(is_constant ? model::md1_wait(load) : model::mm1_wait(load))) < z_max);
    }
}

TEST_CASE("a modem pool turns away Erlang's share of calls, whatever the length of a call is made of") {
  struct Given {
    double offered;
    std::size_t lines;
  };
  for (const auto& given : {Given{1, 2}, Given{2, 4}, Given{5, 8}, Given{10, 8}})
    for (const bool is_constant : {false, true}) {
      Replications blocked;
      for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        model::ModemPool pool(given.lines);
        Poisson draws(seed, 3);
        core::Instant at{};
        std::uint64_t before = 0, calls_before = 0;
        for (int i = 0; i < 5'000; ++i) {
          at += draws.pause(60e9 / given.offered);
          pool.call(at, is_constant ? 60s : draws.pause(60e9));
          if (i == 500) before = pool.blocked(), calls_before = pool.calls();
        }
        blocked.add(static_cast<double>(pool.blocked() - before) /
                    static_cast<double>(pool.calls() - calls_before));
      }
      INFO("seeds 1..60, " << given.offered << " erlang on " << given.lines);
      CHECK(std::fabs(blocked.z(model::erlang_b(given.offered, static_cast<int>(given.lines)))) < z_max);
    }
}

TEST_CASE("in a contention window a terminal is alone with (1 - 1/W)^(n-1)") {
  struct Row {
    std::uint32_t terminals, slots;
    double alone;
  };
  for (const auto& row : {Row{2, 8, 0.875}, Row{4, 16, 0.82397461}, Row{8, 32, 0.80072246},
                          Row{16, 16, 0.37981241}, Row{32, 64, 0.61373069}, Row{64, 64, 0.37077996},
                          Row{128, 256, 0.60831331}, Row{256, 256, 0.3685996}}) {
    CHECK(model::alone_in_window(row.terminals, row.slots) == Approx(row.alone).epsilon(1e-7));
    model::ContentionWindow window(11, 1, row.slots);
    Replications alone;
    for (int round = 0; round < 2'000; ++round)
      alone.add(static_cast<double>(window.round(row.terminals).size()) / row.terminals);
    INFO("seed 11, " << row.terminals << " terminals in " << row.slots << " slots");
    CHECK(std::fabs(alone.z(row.alone)) < z_max);
  }
}

TEST_CASE("slotted and pure ALOHA carry what Abramson and Roberts found") {
  for (const double offered : {0.1, 0.3, 0.5, 1.0, 2.0}) {
    Replications pure, slotted;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      Poisson draws(seed, 5);
      constexpr auto airtime = 1ms;
      std::vector<core::Instant> begins, in_slots;
      core::Instant at{};
      const auto end = core::Instant{} + 2'000 * airtime;
      while ((at += draws.pause(1e6 / offered)) < end) {
        begins.push_back(at);
        in_slots.push_back(
            core::Instant((at.time_since_epoch() / airtime + 1) * airtime));  // waits for the next slot
      }
      pure.add(static_cast<double>(model::undisturbed(begins, airtime)) / 2'000);
      slotted.add(static_cast<double>(model::undisturbed(in_slots, airtime)) / 2'000);
    }
    INFO("seeds 1..40, " << offered << " offered per airtime");
    CHECK(std::fabs(slotted.z(model::slotted_throughput(offered))) < z_max);
    // Whoever begins in the first or last airtime has neighbours on one side only.
    const double edges = 2 * offered / 2'000, mean = pure.sum / pure.count;
    CHECK(std::fabs(mean - model::pure_throughput(offered)) < z_max * pure.spread_of_mean() + edges);
  }
}

TEST_CASE(
    "after an outage everybody comes back, later the more there are, and never more than the cell can "
    "grant") {
  core::Duration before{};
  for (const std::uint32_t terminals : {1u, 20u, 200u, 2'000u}) {
    model::StormSetup setup;
    setup.terminals = terminals;
    const auto result = model::storm(setup, 1, 1);
    auto times = result.back_after;
    std::sort(times.begin(), times.end());
    CHECK(times.size() == terminals);
    CHECK(times.back() >= before);
    before = times.back();
    for (std::size_t i = setup.channels; i < times.size(); ++i)
      CHECK(times[i] / 1s > times[i - setup.channels] / 1s);  // so many a second
    CHECK(result.attempts == terminals + result.collisions + result.refusals);
    CHECK(model::storm(setup, 1, 1).back_after == result.back_after);
  }
}

TEST_CASE("pauses double up to their limit and are spread below it") {
  const model::BackOff back_off{5s, 60s, {1, 2}};
  for (int failures = 0; failures < 100; ++failures) {
    const auto longest = std::min<core::Duration>(5s * (1 << std::min(failures, 10)), 60s);
    for (const std::uint64_t word : {std::uint64_t{0}, UINT64_MAX, UINT64_MAX / 3}) {
      const auto pause = back_off.pause(failures, word);
      CHECK(pause <= longest);
      CHECK(pause >= longest / 2);
    }
  }
}
