/// The wall's clock: here real time is the subject, so these tests wait, for milliseconds.
#include "platform/posix/wall_clock.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "platform/spawn.hpp"

namespace {
using namespace std::chrono_literals;
using seam::Woken;

seam::asio::awaitable<void> note_at(seam::Clock& clock, core::Instant at, std::string name,
                                    std::string& log) {
  co_await clock.sleep_until(at);
  log += name + (clock.now() < at ? "-early " : " ");
}

TEST_CASE("wall clock: waits end not before their deadline, equal ones in the order of asking") {
  seam::WallClock clock;
  const auto at = clock.now() + 20ms;
  std::string log;
  seam::spawn(clock, note_at(clock, at + 10ms, "last", log));
  for (int i = 0; i < 5; ++i) seam::spawn(clock, note_at(clock, at, std::to_string(i), log));
  clock.run();
  CHECK(log == "0 1 2 3 4 last ");
}

TEST_CASE("wall clock: an alarm rung before its deadline ends the wait") {
  seam::WallClock clock;
  const auto alarm = clock.make_alarm();
  Woken woken = Woken::at_deadline;
  seam::spawn(clock, [](seam::Alarm& its, Woken& out) -> seam::asio::awaitable<void> {
    out = co_await its.wait_until(core::never);
  }(*alarm, woken));
  seam::spawn(clock, [](seam::Clock& its, seam::Alarm& other) -> seam::asio::awaitable<void> {
    co_await its.sleep_until(its.now() + 5ms);
    other.ring();
  }(clock, *alarm));
  clock.run();
  CHECK(woken == Woken::by_ring);
}

TEST_CASE("wall clock: time is UTC and only goes forward") {
  seam::WallClock clock;
  const auto first = clock.now();
  CHECK(first > core::instant_from_seconds(1'700'000'000));  // later than November 2023
  CHECK(clock.now() >= first);
}

TEST_CASE("wall clock: a killed world drops its waits") {
  seam::WallClock clock;
  std::string log;
  seam::spawn(clock, note_at(clock, clock.now() + 1h, "never", log));
  clock.run_for(2ms);
  clock.kill();
  CHECK(log.empty());
}

TEST_CASE("wall clock: a step runs one thing or reports that the deadline came first") {
  seam::WallClock clock;
  CHECK_FALSE(clock.run_one_until(clock.now() + 3ms));
  std::string log;
  seam::spawn(clock, note_at(clock, clock.now(), "ready", log));
  CHECK(clock.run_one_until(clock.now() + 1h));
  CHECK(log == "ready ");
}
}  // namespace
