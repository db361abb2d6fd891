// Patience: time-outs that follow measured round trips, late answers, counters that rest, concentrators that
// answer nothing.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "head-end/collect/presence.hpp"
#include "head-end/collect/round_trips.hpp"
#include "head-end/collect/session.hpp"
#include "tests/head-end/talk/scene.hpp"

using namespace talk_test;

namespace {
bool is_curve(const gdw3761::FrameView& frame) {
  return frame.afn == gdw3761::Afn::history_data &&
         gdw3761::UnitId::at(frame.units).function() == gdw3761::curve_fn;
}
}  // namespace

TEST_CASE("round trips are smoothed as RFC 6298 says") {
  headend::RoundTrips trips;
  CHECK(trips.timeout(20s) == 20s);
  trips.measured(8s);
  CHECK(trips.smoothed() == 8s);
  CHECK(trips.variation() == 4s);
  CHECK(trips.timeout(20s) == 24s);  // 8 + 4 x 4
  trips.measured(16s);
  CHECK(trips.smoothed() == 9s);   // 8 + 8 / 8
  CHECK(trips.variation() == 5s);  // 4 + (8 - 4) / 4
  CHECK(trips.timeout(20s) == 29s);
  for (int i = 0; i < 200; ++i) trips.measured(1s);
  CHECK(trips.timeout(20s) == 20s);  // never less patient than configured
}

TEST_CASE(
    "a time-out doubles with each question in vain, up to four times the configured one, until an answer") {
  headend::RoundTrips trips;
  trips.unanswered();
  CHECK(trips.timeout(20s) == 40s);
  trips.unanswered();
  CHECK(trips.timeout(20s) == 80s);
  trips.unanswered();
  CHECK(trips.timeout(20s) == 80s);
  trips.measured(1s);
  CHECK(trips.timeout(20s) == 20s);
  trips.measured(3600s);
  CHECK(trips.timeout(20s) == 80s);
}

TEST_CASE("round trips of any kind keep the time-out within its bounds") {
  const std::uint64_t seed = GENERATE(range<std::uint64_t>(1, 21));
  INFO("seed " << seed);
  const core::RandomStream draws(seed, 1, core::Purpose::test);
  headend::RoundTrips trips;
  for (std::uint64_t i = 0; i < 500; ++i) {
    const auto round_trip = static_cast<std::int64_t>(draws.word(2 * i + 1) >> (8 + draws.below(40, i)));
    draws.below(4, 2 * i) == 0 ? trips.unanswered() : trips.measured(Duration(round_trip));
    const auto timeout = trips.timeout(20s);
    REQUIRE(timeout >= 20s);
    REQUIRE(timeout <= 80s);
    REQUIRE(trips.variation() >= 0s);
  }
}

TEST_CASE("presence keeps absences, the instant of leaving and of coming included") {
  headend::Presence presence(at(0));
  CHECK_FALSE(presence.has_come());
  CHECK(presence.was_away(at(5), at(6)));
  presence.came(at(1));
  presence.went(at(2));
  presence.came(at(3));
  CHECK(presence.is_here());
  CHECK(presence.since() == at(3));
  CHECK(presence.was_away(at(0, 30), at(0, 31)));
  CHECK_FALSE(presence.was_away(at(1, 1), at(1, 59)));
  CHECK(presence.was_away(at(1, 1), at(2)));
  CHECK(presence.was_away(at(2, 30), at(2, 31)));
  CHECK(presence.was_away(at(2, 59), at(9)));
  CHECK_FALSE(presence.was_away(at(3), at(9)));
  for (int i = 0; i < 1000; ++i) {
    presence.went(at(4) + i * 2s);
    presence.came(at(4) + i * 2s + 1s);
  }
  CHECK(presence.is_here());  // and its memory is bounded
}

TEST_CASE("every answer comes after its time-out: readings come all the same, right, and never one behind") {
  // A fixed delay beyond the 20 s, or one that differs from answer to answer.
  const auto [least_s, spread_s] = GENERATE(table<int, int>({{25, 1}, {50, 1}, {25, 30}}));
  INFO("delay " << least_s << " s and up to " << spread_s << " s more");
  Scene scene(make_configuration({.meters_per_concentrator = {40}}));
  const core::RandomStream draws(5, 1, core::Purpose::test);
  scene.north().script = [&, least = least_s, spread = spread_s](int n, const gdw3761::FrameView&) {
    const auto more = draws.below(static_cast<std::uint64_t>(spread), static_cast<std::uint64_t>(n));
    return Deed{.late = std::chrono::seconds(least + static_cast<int>(more))};
  };
  scene.start();
  scene.run_until(at(12));
  for (MeterId meter = 1; meter <= 40; ++meter) CHECK(scene.right_readings(meter) == 48);
  const auto& statistics = scene.head_end().statistics();
  CHECK(statistics.late_answers > 0);
  CHECK(statistics.readings_not_accepted == 0);
  CHECK(scene.committed("SELECT count(*) FROM rejected_reading") == 0);
  // Once the round trips are known, answers are waited for: fewer time-outs than questions by far.
  CHECK(statistics.timeouts * 4 < statistics.exchanges);
}

TEST_CASE("answers beyond all attempts are waited for in the end") {
  // 65 s: three attempts of 20 s are over before the first answer, with nothing heard in between.
  Scene scene;
  scene.north().script = [](int, const gdw3761::FrameView&) { return Deed{.late = 64s}; };
  scene.start();
  scene.run_until(at(12));
  CHECK(scene.right_readings(1) == 48);
  CHECK(scene.committed("SELECT count(*) FROM rejected_reading") == 0);
}

TEST_CASE("a counter whose answer is owed is not used again before it has rested") {
  Scene scene(make_configuration({.meters_per_concentrator = {400}}));
  std::map<unsigned, Instant> owed;
  int reuses = 0;
  scene.north().heartbeat_every = 15s;
  scene.north().script = [&](int n, const gdw3761::FrameView& frame) {
    const auto counter = frame.sequence.counter();
    const auto before = owed.find(counter);
    if (before != owed.end()) {
      ++reuses;
      CHECK(scene.now() - before->second >= headend::counter_rest);
      owed.erase(before);
    }
    const bool is_lost = n % 4 == 1 && is_curve(frame);
    if (is_lost) owed[counter] = scene.now();
    return Deed{.is_answered = !is_lost};
  };
  scene.start();
  scene.run_until(at(12));
  CHECK(reuses > 10);
  CHECK(scene.head_end().statistics().silent_closes == 0);
  CHECK(scene.right_readings(400) == 48);
}

TEST_CASE("with no counter left that nothing is owed to, the connection is closed and all of it flushed") {
  auto configuration =
      make_configuration({.meters_per_concentrator = {20}, .payment = headend::PaymentMode::prepaid_meter});
  configuration.cut_off.command_timeout = 5s;
  Scene scene(configuration);
  bool is_mute = false;
  scene.north().heartbeat_every = 4s;
  scene.north().script = [&](int, const gdw3761::FrameView&) { return Deed{.is_answered = !is_mute}; };
  scene.start();
  scene.run_until(at(2));
  REQUIRE(scene.north().closes_seen == 0);
  is_mute = true;
  for (int i = 1; i <= 20; ++i)
    scene.counter.say(R"({"do":"sale","key":"k)" + std::to_string(i) + R"(","account":"A)" +
                      std::to_string(10'000 + i).substr(1) + R"(","amount_fen":100})");
  scene.run_until(at(2, 12));
  CHECK(scene.north().closes_seen > 0);
  is_mute = false;
  scene.run_until(at(4));
  for (MeterId meter = 1; meter <= 20; ++meter) {
    CHECK(scene.right_readings(meter) == 16);
    CHECK(scene.north().meter(meter).credits == 1);
  }
}

TEST_CASE(
    "where answers keep being lost, a counter that was overtaken is used again rather than the line given "
    "up") {
  // Two in three answers are lost: far more than sixteen counters in a quarter of an hour.
  auto configuration = make_configuration({.meters_per_concentrator = {2000}});
  configuration.collect.answer_timeout = 2s;
  Scene scene(configuration);
  scene.north().latency = 100ms;
  scene.north().heartbeat_every = 1s;
  scene.north().script = [&](int n, const gdw3761::FrameView&) { return Deed{.is_answered = n % 3 == 2}; };
  scene.start();
  scene.run_until(at(3));
  CHECK(scene.north().closes_seen == 0);
  CHECK(scene.right_readings(2000) == 12);
}

TEST_CASE("a concentrator that beats and answers nothing is asked once a question, and flushed at last") {
  Scene scene(make_configuration({.meters_per_concentrator = {400}}));
  bool is_mute = false;
  scene.north().heartbeat_every = 15s;
  scene.north().script = [&](int, const gdw3761::FrameView&) { return Deed{.is_heard = !is_mute}; };
  scene.start();
  scene.run_until(at(2));
  REQUIRE(scene.right_readings(400) == 8);
  is_mute = true;
  const auto exchanges_before = scene.head_end().statistics().exchanges;
  scene.run_until(at(4));
  // Two hours of 80 s each would be 90 questions.
  CHECK(scene.head_end().statistics().exchanges - exchanges_before < 150);
  is_mute = false;
  scene.run_until(at(5));
  CHECK(scene.right_readings(1) == 20);
  CHECK(scene.right_readings(400) == 20);
}

TEST_CASE("a line that takes its time is listened to for longer, until a meter is heard") {
  auto configuration =
      make_configuration({.meters_per_concentrator = {3}, .payment = headend::PaymentMode::prepaid_meter});
  Scene scene(configuration);
  std::vector<int> listening_ms;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    const auto forward = gdw3761::parse_forward(frame);
    if (!forward) return Deed{};
    listening_ms.push_back(forward->frame_timeout_ms);
    // Answers take eleven seconds on this line: who listens for less hears nothing.
    const bool is_heard = forward->frame_timeout_ms >= 11'000;
    return Deed{.late = is_heard ? Duration(11s) : std::chrono::milliseconds(forward->frame_timeout_ms),
                .meter_is_silent = !is_heard};
  };
  scene.start();
  scene.run_until(at(1));
  REQUIRE(listening_ms.size() > 4);
  CHECK(listening_ms[0] == 4'000);
  CHECK(listening_ms[1] == 8'000);
  CHECK(listening_ms[2] == 16'000);
  for (std::size_t i = 3; i < listening_ms.size(); ++i) CHECK(listening_ms[i] >= 11'000);
  CHECK(*std::max_element(listening_ms.begin(), listening_ms.end()) <= 25'000);
}

TEST_CASE("a line that answers at once is not listened to for longer because of a silent meter") {
  Scene scene(
      make_configuration({.meters_per_concentrator = {3}, .payment = headend::PaymentMode::prepaid_meter}));
  int longest_ms = 0;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    const auto forward = gdw3761::parse_forward(frame);
    if (!forward) return Deed{};
    longest_ms = std::max(longest_ms, forward->frame_timeout_ms);
    dlt645::Frame asked;
    const bool is_dead = dlt645::decode(forward->payload, asked).has_value() &&
                         asked.address.matches(scene.north().meter(3).address);
    return Deed{.meter_is_silent = is_dead};
  };
  scene.start();
  scene.run_until(at(6));
  CHECK(longest_ms <= 6'000);
}
