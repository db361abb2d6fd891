/// SystemC behind the wall: never ahead of it, and a simulated meter answers on a real PTY. Real time is the
/// subject here.
#include "sim/kernel/pacer.hpp"

#include <array>

#include "platform/field_over_link.hpp"
#include "platform/posix/serial_port.hpp"
#include "platform/spawn.hpp"
#include "sim/kernel/agenda.hpp"
#include "tests/sim/in_child.hpp"

namespace {
using namespace std::chrono_literals;
using core::Instant;

const Instant start = core::instant_from_seconds(1'782'835'200);

/// Every simulated second it looks at the wall.
class Watcher final : public sim::Advancing {
 public:
  explicit Watcher(seam::WallClock& wall) : wall_(wall), wall_zero_(wall.now()) {}
  Instant next() const override { return next_; }
  void advance(Instant now) override {
    ++ticks;
    // A thousand simulated seconds a second: one each millisecond.
    if (wall_.now() - wall_zero_ < (now - start) / 1000) ++early;
    next_ = now + 1s;
  }
  int ticks = 0;
  int early = 0;

 private:
  seam::WallClock& wall_;
  Instant wall_zero_;
  Instant next_ = start + 1s;
};

TEST_CASE("paced: a thousand simulated seconds a second, never ahead of the wall") {
  const auto log = in_child([] {
    seam::WallClock wall;
    sim::Kernel kernel(start);
    Watcher watcher(wall);
    sim::Agenda agenda("watcher", kernel, watcher);
    sim::Pacer pacer(kernel, wall, {.scenario = 1000, .wall = 1});
    pacer.run_until(start + 30s);
    return std::to_string(watcher.ticks) + " ticks, " + std::to_string(watcher.early) + " early";
  });
  CHECK(log == "30 ticks, 0 early");
}

/// A meter that answers what it hears, 20 simulated milliseconds later.
class SlowEcho final : public sim::Advancing, public seam::FarEnd {
 public:
  Instant next() const override { return answers_at; }
  void advance(Instant) override {
    answers_at = core::never;
    field->deliver(heard);
    heard.clear();
  }
  void head_end_wrote(core::Bytes bytes) override {
    pacer->catch_up();  // or the 20 ms would count from the last event
    heard.insert(heard.end(), bytes.begin(), bytes.end());
    answers_at = kernel->now() + 20ms;
    agenda->poke();
  }
  void head_end_closed() override {}
  sim::Kernel* kernel = nullptr;
  sim::Pacer* pacer = nullptr;
  sim::Agenda* agenda = nullptr;
  std::unique_ptr<seam::FieldOverLink> field;
  std::vector<std::uint8_t> heard;
  Instant answers_at = core::never;
};

TEST_CASE("paced: a simulated meter answers on a PTY, after its simulated delay in real time") {
  const auto log = in_child([] {
    seam::WallClock wall;
    sim::Kernel kernel(start);
    SlowEcho meter;
    sim::Agenda agenda("meter", kernel, meter);
    sim::Pacer pacer(kernel, wall);
    auto line = seam::open_pty_line(wall);
    meter.kernel = &kernel;
    meter.pacer = &pacer;
    meter.agenda = &agenda;
    meter.field = std::make_unique<seam::FieldOverLink>(wall, std::move(line.field_end), meter);
    auto port = seam::open_serial_port(wall, line.path, {});
    std::string notes;
    seam::spawn(wall,
                [](seam::WallClock& clock, seam::Link& link, sim::Pacer& brake,
                   std::string& out) -> seam::asio::awaitable<void> {
                  co_await clock.sleep_until(clock.now() + 10ms);
                  const std::array<std::uint8_t, 3> request{1, 2, 3};
                  const auto asked = clock.now();
                  (void)co_await link.write(request);
                  std::array<std::uint8_t, 8> buffer;
                  const auto count = co_await link.read_some(buffer, asked + 5s);
                  out +=
                      count ? std::to_string(*count) + " bytes" : std::string(core::name_of(count.error()));
                  if (clock.now() - asked < 20ms) out += ", too early";
                  brake.stop();
                }(wall, *port, pacer, notes));
    pacer.run_until(start + 1h);
    port.reset();
    meter.field.reset();
    return notes;
  });
  CHECK(log == "3 bytes");
}
}  // namespace
