/// Virtual time: order of waits, alarms, quiescence, failures. The test owns time.
#include "platform/virtual/virtual_clock.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "platform/spawn.hpp"

namespace {
using namespace std::chrono_literals;
using core::Instant;
using seam::Woken;

const Instant start = core::instant_from_seconds(1'782'835'200);  // 2026-07-01T00:00:00+08:00

seam::asio::awaitable<void> note_at(seam::Clock& clock, Instant at, std::string name, std::string& log) {
  co_await clock.sleep_until(at);
  log += name + " ";
}

TEST_CASE("equal deadlines run in the order of asking") {
  seam::VirtualClock clock(start);
  std::string log;
  for (int i = 0; i < 12; ++i) seam::spawn(clock, note_at(clock, start + 1h, std::to_string(i), log));
  clock.settle();
  CHECK(log.empty());
  clock.advance_to(start + 1h);
  CHECK(log == "0 1 2 3 4 5 6 7 8 9 10 11 ");
}

TEST_CASE("waits end in order of deadline, then of asking, for any mix of deadlines") {
  const auto seed = GENERATE(range(0, 20));
  INFO("seed " << seed);
  const core::RandomStream random(static_cast<std::uint64_t>(seed), 1, core::Purpose::test);
  seam::VirtualClock clock(start);
  std::vector<std::pair<std::int64_t, int>> expected;
  std::string log;
  for (int i = 0; i < 200; ++i) {
    const auto delay_s = random.between(1, 30, static_cast<std::uint64_t>(i));
    expected.emplace_back(delay_s, i);
    seam::spawn(clock, note_at(clock, start + std::chrono::seconds(delay_s), std::to_string(i), log));
  }
  clock.settle();
  std::sort(expected.begin(), expected.end());
  std::string wanted;
  for (const auto& [delay_s, i] : expected) wanted += std::to_string(i) + " ";
  clock.advance_to(start + 7s);
  clock.advance_to(start + 30s);
  CHECK(log == wanted);
}

TEST_CASE("a coroutine sees the instant it waited for, whatever the step of the owner of time") {
  seam::VirtualClock clock(start);
  std::vector<Instant> seen;
  seam::spawn(clock, [](seam::Clock& its, std::vector<Instant>& log) -> seam::asio::awaitable<void> {
    for (int i = 0; i < 3; ++i) {
      co_await its.sleep_until(its.now() + 15min);
      log.push_back(its.now());
    }
  }(clock, seen));
  clock.advance_to(start + 24h);
  CHECK(seen == std::vector{start + 15min, start + 30min, start + 45min});
  CHECK(clock.now() == start + 24h);
  CHECK(clock.next_deadline() == core::never);
}

TEST_CASE("a deadline that has passed does not wait") {
  seam::VirtualClock clock(start);
  std::string log;
  seam::spawn(clock, note_at(clock, start, "now", log));
  seam::spawn(clock, note_at(clock, start - 1s, "before", log));
  clock.settle();
  CHECK(log == "now before ");
}

TEST_CASE("each event runs to quiescence before the next of the same instant") {
  seam::VirtualClock clock(start);
  const auto alarm = clock.make_alarm();
  std::string log;
  auto first = [](seam::Clock& its, seam::Alarm& other, std::string& out) -> seam::asio::awaitable<void> {
    co_await its.sleep_until(its.now() + 1s);
    out += "first ";
    other.ring();
  };
  auto rung = [](seam::Alarm& own, std::string& out) -> seam::asio::awaitable<void> {
    co_await own.wait_until(core::never);
    out += "rung-by-first ";
  };
  seam::spawn(clock, first(clock, *alarm, log));
  seam::spawn(clock, note_at(clock, start + 1s, "second", log));
  seam::spawn(clock, rung(*alarm, log));
  clock.advance_to(start + 1s);
  CHECK(log == "first rung-by-first second ");
}

seam::asio::awaitable<void> wait_twice(seam::Clock& clock, seam::Alarm& alarm,
                                       std::vector<std::pair<Woken, Instant>>& log) {
  for (int i = 0; i < 2; ++i) {
    const Woken woken = co_await alarm.wait_until(clock.now() + 10s);
    log.emplace_back(woken, clock.now());
  }
}

TEST_CASE("an alarm ends a wait at the deadline or when rung, whichever is first") {
  seam::VirtualClock clock(start);
  const auto alarm = clock.make_alarm();
  std::vector<std::pair<Woken, Instant>> log;
  seam::spawn(clock, wait_twice(clock, *alarm, log));
  clock.advance_to(start + 4s);
  alarm->ring();
  alarm->ring();       // two rings before the waiter ran are one
  CHECK(log.empty());  // nothing runs inside ring()
  clock.advance_to(start + 1h);
  CHECK(log == std::vector<std::pair<Woken, Instant>>{{Woken::by_ring, start + 4s},
                                                      {Woken::at_deadline, start + 14s}});
}

TEST_CASE("rings with nobody waiting count as one and end the next wait at once") {
  seam::VirtualClock clock(start);
  const auto alarm = clock.make_alarm();
  alarm->ring();
  alarm->ring();
  std::vector<std::pair<Woken, Instant>> log;
  seam::spawn(clock, wait_twice(clock, *alarm, log));
  clock.advance_to(start + 1h);
  CHECK(log ==
        std::vector<std::pair<Woken, Instant>>{{Woken::by_ring, start}, {Woken::at_deadline, start + 10s}});
}

TEST_CASE("what became ready meanwhile runs at the instant of its arrival") {
  seam::VirtualClock clock(start);
  const auto alarm = clock.make_alarm();
  std::vector<std::pair<Woken, Instant>> log;
  seam::spawn(clock, wait_twice(clock, *alarm, log));
  clock.settle();
  SECTION(
      "the owner of time says that it came at the instant advanced to: the ring at the deadline is in time") {
    clock.arrive_at(start + 10s);
    alarm->ring();
    clock.settle();
    CHECK(log == std::vector<std::pair<Woken, Instant>>{{Woken::by_ring, start + 10s}});
  }
  SECTION("a test that just advances finds it at the old instant") {
    alarm->ring();
    clock.advance_to(start + 5s);
    CHECK(log == std::vector<std::pair<Woken, Instant>>{{Woken::by_ring, start}});
  }
}

TEST_CASE("an exception that leaves a spawned coroutine leaves the call that runs the world") {
  seam::VirtualClock clock(start);
  seam::spawn(clock, [](seam::Clock& its) -> seam::asio::awaitable<void> {
    co_await its.sleep_until(its.now() + 1s);
    throw std::logic_error("a bad ledger");
  }(clock));
  std::string log;
  seam::spawn(clock, note_at(clock, start + 2s, "others", log));
  CHECK_THROWS_WITH(clock.advance_to(start + 1min), "a bad ledger");
  clock.advance_to(start + 1min);  // the world itself is still in order
  CHECK(log == "others ");
}

TEST_CASE("waits can be cancelled by Asio's own means, and the loser of a race leaves nothing behind") {
  using namespace boost::asio::experimental::awaitable_operators;
  seam::VirtualClock clock(start);
  std::size_t winner = 9;
  seam::spawn(clock, [](seam::Clock& its, std::size_t& first) -> seam::asio::awaitable<void> {
    const auto outcome = co_await (its.sleep_until(its.now() + 1h) || its.sleep_until(its.now() + 1s));
    first = outcome.index();
  }(clock, winner));
  clock.advance_to(start + 1s);
  CHECK(winner == 1);
  CHECK(clock.next_deadline() == core::never);
}

class CountingWaker final : public seam::Waker {
 public:
  void wake() override { ++count; }
  int count = 0;
};

TEST_CASE("the owner of time is woken for what happens outside, never for what happens inside an advance") {
  seam::VirtualClock clock(start);
  CountingWaker waker;
  clock.set_waker(&waker);
  const auto alarm = clock.make_alarm();
  std::vector<std::pair<Woken, Instant>> log;
  seam::spawn(clock, wait_twice(clock, *alarm, log));
  clock.advance_to(start + 1s);
  CHECK(waker.count == 0);
  alarm->ring();
  CHECK(waker.count == 1);
  clock.set_waker(nullptr);
}
}  // namespace
