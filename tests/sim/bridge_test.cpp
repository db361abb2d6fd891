/// The one-instant contract between SystemC's models and the head-end, and the end of runs that fail.
#include "sim/kernel/bridge.hpp"

#include <array>
#include <map>
#include <stdexcept>

#include "platform/spawn.hpp"
#include "platform/virtual/virtual_world.hpp"
#include "sim/kernel/agenda.hpp"
#include "tests/sim/in_child.hpp"

namespace {
using namespace std::chrono_literals;
using core::Duration;
using core::Instant;

const Instant start = core::instant_from_seconds(1'782'835'200);  // 2026-07-01T00:00:00+08:00

std::string milliseconds(Instant at) { return std::to_string((at - start) / 1ms) + "ms"; }

/// A meter that hears a request at once, thinks for a fixed time, and answers; the answer may take some delta
/// cycles more.
class FixedMeter final : public sc_core::sc_module, public seam::FarEnd {
 public:
  FixedMeter(sc_core::sc_module_name name, Duration delay, int hops)
      : sc_module(name), delay_(delay), hops_(hops) {
    SC_HAS_PROCESS(FixedMeter);
    SC_METHOD(answer);
    sensitive << think_ << hop_;
    dont_initialize();
  }
  void head_end_wrote(core::Bytes) override {
    hops_left_ = hops_;
    think_.notify(sim::to_kernel(delay_));
  }
  void head_end_closed() override {}
  seam::VirtualField field;

 private:
  void answer() {
    if (hops_left_-- > 0) return hop_.notify(sc_core::SC_ZERO_TIME);
    const std::array<std::uint8_t, 2> bytes{0x68, 0x16};
    field.deliver(bytes);
  }
  Duration delay_;
  int hops_;
  int hops_left_ = 0;
  sc_core::sc_event think_;
  sc_core::sc_event hop_;
};

seam::asio::awaitable<void> ask_every_second(seam::Clock& clock, std::unique_ptr<seam::Link> link,
                                             std::string& log) {
  const std::array<std::uint8_t, 1> request{0x68};
  std::array<std::uint8_t, 16> buffer;
  for (int i = 1; i <= 2; ++i) {
    co_await clock.sleep_until(start + i * 1s);
    (void)co_await link->write(request);
    const auto count = co_await link->read_some(buffer, clock.now() + 100ms);
    log += (count ? "answer@" : "timeout@") + milliseconds(clock.now()) + " ";
  }
}

std::string ask_fixed_meter(Duration delay, int hops, bool meter_first) {
  return in_child([=] {
    sim::Kernel kernel(start);
    seam::VirtualWorld world(start);
    std::unique_ptr<FixedMeter> meter;
    if (meter_first) meter = std::make_unique<FixedMeter>("meter", delay, hops);
    sim::Bridge bridge("bridge", kernel);
    if (!meter) meter = std::make_unique<FixedMeter>("meter", delay, hops);
    meter->field = seam::VirtualField(world.clock(), *meter, "meter");
    std::string log;
    seam::spawn(world.clock(), ask_every_second(world.clock(), meter->field.connect(), log));
    bridge.attach(world.clock());
    kernel.run_until(start + 10s);
    bridge.detach();
    return log;
  });
}

TEST_CASE("an answer exactly at its deadline is in time, whichever module was made first") {
  const bool meter_first = GENERATE(false, true);
  CAPTURE(meter_first);
  CHECK(ask_fixed_meter(100ms, 0, meter_first) == "answer@1100ms answer@2100ms ");
  CHECK(ask_fixed_meter(99ms, 0, meter_first) == "answer@1099ms answer@2099ms ");
}

TEST_CASE("a nanosecond after the deadline is too late, and the late answer meets the next question") {
  const bool meter_first = GENERATE(false, true);
  CAPTURE(meter_first);
  CHECK(ask_fixed_meter(100ms + 1ns, 0, meter_first) == "timeout@1100ms answer@2000ms ");
}

TEST_CASE("the head-end does not act before the models have come to rest at an instant") {
  const bool meter_first = GENERATE(false, true);
  const int hops = GENERATE(1, 2, 7);
  CAPTURE(meter_first, hops);
  CHECK(ask_fixed_meter(100ms, hops, meter_first) == "answer@1100ms answer@2100ms ");
}

seam::asio::awaitable<void> note_each(seam::Clock& clock, std::string name, std::string& log) {
  for (int i = 1; i <= 2; ++i) {
    co_await clock.sleep_until(start + i * 1h);
    log += name + "@" + std::to_string(core::unix_seconds(clock.now()) - core::unix_seconds(start)) + " ";
  }
}

TEST_CASE("in the simulation too, equal deadlines run in the order of asking") {
  const auto log = in_child([] {
    sim::Kernel kernel(start);
    seam::VirtualWorld world(start);
    sim::Bridge bridge("bridge", kernel);
    std::string notes;
    for (const char* name : {"b", "a", "c"})
      seam::spawn(world.clock(), note_each(world.clock(), name, notes));
    bridge.attach(world.clock());
    kernel.run_until(start + 2h);  // what is due exactly at the end is done
    bridge.detach();
    return notes;
  });
  CHECK(log == "b@3600 a@3600 c@3600 b@7200 a@7200 c@7200 ");
}

/// Notes the instants it acts at: every `period`, from `start` on.
class Ticker final : public sim::Advancing {
 public:
  Ticker(Duration period, std::string& log) : period_(period), log_(log) {}
  Instant next() const override { return next_; }
  void advance(Instant now) override {
    log_ += milliseconds(now) + " ";
    next_ = now + period_;
  }

 private:
  Duration period_;
  std::string& log_;
  Instant next_ = start;
};

TEST_CASE("progress reports slice a run without a trace in it") {
  const Duration slice = GENERATE(0ns, 7s, 100s, 1h);
  CAPTURE(slice.count());
  const auto log = in_child([slice] {
    sim::Kernel kernel(start);
    std::string notes;
    std::vector<Instant> reports;
    Ticker ticker(100s, notes);
    sim::Agenda agenda("ticker", kernel, ticker);
    kernel.run_until(start + 100s, {slice, [&](Instant at) { reports.push_back(at); }});
    notes += "| ";
    kernel.run_until(start + 250s, {slice, [&](Instant at) { reports.push_back(at); }});
    const bool are_rising = std::is_sorted(reports.begin(), reports.end());
    return notes + (are_rising ? "" : "reports out of order");
  });
  CHECK(log == "0ms 100000ms | 200000ms ");
}

TEST_CASE("instants stay exact over years: the kernel's default resolution would wrap after 213 days") {
  const auto log = in_child([] {
    sim::Kernel kernel(start);
    std::string notes;
    Ticker ticker(400 * 24h, notes);
    sim::Agenda agenda("ticker", kernel, ticker);
    kernel.run_until(start + 801 * 24h);
    return notes + milliseconds(kernel.now());
  });
  CHECK(log == "0ms 34560000000ms 69120000000ms 69206400000ms");
}

class Failing final : public sim::Advancing {
 public:
  Instant next() const override { return next_; }
  void advance(Instant now) override {
    if (now > start) throw std::runtime_error("meter caught fire");
    next_ = start + 1s;
  }

 private:
  Instant next_ = start;
};

TEST_CASE("a failure in a model or in the head-end ends the run and comes out of it, unchanged") {
  const bool in_model = GENERATE(true, false);
  CAPTURE(in_model);
  const auto log = in_child([in_model] {
    sim::Kernel kernel(start);
    seam::VirtualWorld world(start);
    sim::Bridge bridge("bridge", kernel);
    Failing failing;
    std::unique_ptr<sim::Agenda> agenda;
    if (in_model) agenda = std::make_unique<sim::Agenda>("failing", kernel, failing);
    seam::spawn(world.clock(), [](seam::Clock& clock, bool is_quiet) -> seam::asio::awaitable<void> {
      co_await clock.sleep_until(start + 2s);
      if (!is_quiet) throw std::runtime_error("a bad ledger");
    }(world.clock(), in_model));
    bridge.attach(world.clock());
    std::string caught;
    for (int i = 0; i < 2; ++i) try {
        kernel.run_until(start + 10s);
      } catch (const std::runtime_error& failure) {
        caught += std::string(failure.what()) + "; ";
      }
    bridge.detach();
    return caught;
  });
  CHECK(log == (in_model ? "meter caught fire; meter caught fire; " : "a bad ledger; a bad ledger; "));
}

TEST_CASE("time that would go backwards is our bug and ends the process, with 70") {
  const auto outcome = outcome_in_child([] {
    (void)sim::to_kernel(-1ns);
    return std::string("went on");
  });
  CHECK(outcome.exit_code == 70);
  CHECK(outcome.signal == SIGABRT);
  CHECK(outcome.result.empty());
}

/// A power cut at the head-end: kills its world at one instant and starts a new one at another.
class PowerCut final : public sim::Advancing {
 public:
  PowerCut(sim::Bridge& bridge, std::string& log) : bridge_(bridge), log_(log) { boot(start); }
  Instant next() const override { return next_; }
  void advance(Instant now) override {
    if (world_) {
      bridge_.detach();
      world_->kill();
      world_.reset();
      next_ = now + 90min;
    } else {
      boot(now);
    }
  }

 private:
  void boot(Instant now) {
    world_ = std::make_unique<seam::VirtualWorld>(now);
    seam::spawn(world_->clock(), [](seam::Clock& clock, std::string& out) -> seam::asio::awaitable<void> {
      out += "up@" + milliseconds(clock.now()) + " ";
      for (;;) {
        co_await clock.sleep_until(clock.now() + 1h);
        out += "tick@" + milliseconds(clock.now()) + " ";
      }
    }(world_->clock(), log_));
    bridge_.attach(world_->clock());
    next_ = now == start ? start + 2h : core::never;
  }
  sim::Bridge& bridge_;
  std::string& log_;
  std::unique_ptr<seam::VirtualWorld> world_;
  Instant next_;
};

TEST_CASE("a head-end killed in mid-run does nothing more, and a new one goes on from its own start") {
  const auto log = in_child([] {
    sim::Kernel kernel(start);
    sim::Bridge bridge("bridge", kernel);
    std::string notes;
    PowerCut power_cut(bridge, notes);
    sim::Agenda agenda("power-cut", kernel, power_cut);
    kernel.run_until(start + 5h);
    bridge.detach();
    return notes;
  });
  // The tick due at the very instant of the cut is not done: the models, and with them the cut, go first.
  CHECK(log == "up@0ms tick@3600000ms up@12600000ms tick@16200000ms ");
}
}  // namespace
