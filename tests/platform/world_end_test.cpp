/// Power cuts: a world that is killed while its coroutines wait leaves nothing running and nothing behind.
/// The debug preset finds any leak or use after death (AddressSanitizer).
#include <array>
#include <catch2/catch.hpp>
#include <vector>

#include "platform/spawn.hpp"
#include "platform/virtual/virtual_world.hpp"

namespace {
using namespace std::chrono_literals;
using core::Instant;

const Instant start = core::instant_from_seconds(1'782'835'200);

class Recorder final : public seam::FarEnd {
 public:
  void head_end_wrote(core::Bytes bytes) override { heard_bytes += bytes.size(); }
  void head_end_closed() override { ++closed_count; }
  std::size_t heard_bytes = 0;
  int closed_count = 0;
};

/// Counts the coroutines that hold one.
class Presence {
 public:
  explicit Presence(int& count) : count_(&count) { ++*count_; }
  Presence(const Presence& other) : count_(other.count_) { ++*count_; }
  Presence& operator=(const Presence&) = delete;
  ~Presence() { --*count_; }

 private:
  int* count_;
};

/// A head-end in small: accepts links, each served by a coroutine of its own, one that waits for an alarm,
/// one that sleeps.
class TinyHeadEnd {
 public:
  TinyHeadEnd(seam::VirtualWorld& world, int& alive, int& done)
      : clock_(world.clock()),
        uplinks_(world.uplinks()),
        alarm_(clock_.make_alarm()),
        alive_(alive),
        done_(done) {}
  void start() {
    seam::spawn(clock_, accept_all(Presence(alive_)));
    seam::spawn(clock_, wait_for_alarm(Presence(alive_)));
    seam::spawn(clock_, sleep_long(Presence(alive_)));
  }

 private:
  seam::asio::awaitable<void> accept_all(Presence) {
    for (;;) {
      auto link = co_await uplinks_.accept();
      if (!link) co_return;
      seam::spawn(clock_, serve(std::move(*link), Presence(alive_)));
    }
  }
  seam::asio::awaitable<void> serve(std::unique_ptr<seam::Link> link, Presence) {
    std::array<std::uint8_t, 16> buffer;
    for (;;) {
      const auto count = co_await link->read_some(buffer, clock_.now() + 1h);
      if (!count) co_return;
      (void)co_await link->write(core::Bytes(buffer).first(*count));
    }
  }
  seam::asio::awaitable<void> wait_for_alarm(Presence) {
    co_await alarm_->wait_until(core::never);
    ++done_;
  }
  seam::asio::awaitable<void> sleep_long(Presence) {
    co_await clock_.sleep_until(clock_.now() + 24h);
    ++done_;
  }
  seam::Clock& clock_;
  seam::Listener& uplinks_;
  std::unique_ptr<seam::Alarm> alarm_;
  int& alive_;
  int& done_;
};

struct Rig {
  int alive = 0;
  int done = 0;
  Recorder far_end;
  std::unique_ptr<seam::VirtualWorld> world = std::make_unique<seam::VirtualWorld>(start);
  std::unique_ptr<TinyHeadEnd> head_end = std::make_unique<TinyHeadEnd>(*world, alive, done);
  std::vector<seam::VirtualField> fields;

  Rig() {
    head_end->start();
    for (int i = 0; i < 3; ++i) {
      fields.emplace_back(world->clock(), far_end, "concentrator");
      world->uplinks().offer(fields.back().connect());
    }
  }
  void cut_power() {
    world->kill();
    CHECK(alive == 0);
    head_end.reset();
    world.reset();
  }
};
const std::array<std::uint8_t, 2> ping{1, 2};

TEST_CASE("a world killed while everybody waits destroys every coroutine and runs none") {
  Rig rig;
  rig.world->clock().advance_to(start + 1min);
  CHECK(rig.alive == 6);
  rig.cut_power();
  CHECK(rig.done == 0);
  CHECK(rig.far_end.closed_count == 3);  // as the operating system closes a dead program's connections
  for (auto& field : rig.fields) {
    CHECK_FALSE(field.is_open());
    field.deliver(ping);  // into nothing
  }
}

TEST_CASE(
    "a world killed before anything ran, with ready work or with offers in line, leaves nothing behind") {
  Rig rig;
  SECTION("nothing ran") {}
  SECTION("bytes delivered, not yet read") {
    rig.world->clock().advance_to(start + 1min);
    for (auto& field : rig.fields) field.deliver(ping);
  }
  SECTION("a new offer in line") {
    rig.world->clock().advance_to(start + 1min);
    rig.fields.emplace_back(rig.world->clock(), rig.far_end, "late");
    rig.world->uplinks().offer(rig.fields.back().connect());
  }
  rig.cut_power();
  CHECK(rig.done == 0);
  CHECK(rig.far_end.heard_bytes == 0);
  CHECK(rig.far_end.closed_count == static_cast<int>(rig.fields.size()));
}

TEST_CASE("a killed world refuses new connections and a new world takes them") {
  Rig rig;
  rig.world->clock().advance_to(start + 1min);
  rig.world->kill();
  seam::VirtualField redial(rig.world->clock(), rig.far_end, "redial");
  CHECK_FALSE(rig.world->uplinks().offer(redial.connect()));
  rig.cut_power();

  rig.world = std::make_unique<seam::VirtualWorld>(start + 2min);
  rig.head_end = std::make_unique<TinyHeadEnd>(*rig.world, rig.alive, rig.done);
  rig.head_end->start();
  seam::VirtualField again(rig.world->clock(), rig.far_end, "again");
  CHECK(rig.world->uplinks().offer(again.connect()));
  rig.world->clock().settle();
  again.deliver(ping);
  rig.world->clock().advance_to(start + 3min);
  CHECK(rig.far_end.heard_bytes == 2);
  rig.cut_power();
}

TEST_CASE("a world may be destroyed without kill, and killed twice") {
  Rig rig;
  rig.world->clock().advance_to(start + 1min);
  rig.world->kill();
  rig.world->kill();
  rig.head_end.reset();
  CHECK(rig.alive == 0);
}
}  // namespace
