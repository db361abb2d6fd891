// Event reports: confirmed, coalesced, and what a storm of them costs.
#include <catch2/catch.hpp>

#include "tests/head-end/talk/scene.hpp"

using namespace talk_test;

namespace {
std::vector<std::uint8_t> event_report(unsigned counter, bool must_confirm) {
  gdw3761::FrameWriter writer;
  writer.begin(gdw3761::control::report, gdw3761::terminal_address(3301, 1), gdw3761::Afn::event_data,
               gdw3761::Sequence::single(counter, must_confirm));
  writer.unit(gdw3761::UnitId::of(0, 1));
  const auto bytes = writer.finish();
  return {bytes.begin(), bytes.end()};
}
}  // namespace

TEST_CASE("an event report is confirmed with its counter when it asks for that, and not when it does not") {
  Scene scene;
  scene.start();
  scene.run_for(5s);
  const int confirmations = scene.north().confirmations;
  scene.north().send_raw(event_report(3, /*must_confirm=*/false));
  scene.run_for(5s);
  CHECK(scene.north().confirmations == confirmations);
  scene.north().send_raw(event_report(4, /*must_confirm=*/true));
  scene.run_for(5s);
  CHECK(scene.north().confirmations == confirmations + 1);
  CHECK(scene.head_end().statistics().event_reports == 2);
  CHECK(scene.head_end().statistics().stale_answers == 0);
}

TEST_CASE("an event lifts the back-off: what a silent meter owes comes at once, not hours later") {
  const bool is_told = GENERATE(true, false);
  INFO("event report: " << is_told);
  Scene scene;
  // Meter 2 is silent from 02:00 on; since 10:16 the collector has got all of it.
  scene.north().is_missing = [](MeterId id, Instant due, Instant now) {
    return id == 2 && due >= at(2) && now < at(10, 16);
  };
  scene.start();
  scene.run_until(at(10, 17));
  REQUIRE_FALSE(scene.books().has_reading(2, at(10)));
  if (is_told) scene.north().send_raw(event_report(1, false));
  scene.run_for(30s);
  CHECK(scene.books().has_reading(2, at(10)) == is_told);
  CHECK(scene.books().has_reading(2, at(2)) == is_told);
  CHECK(scene.head_end().statistics().event_rounds == (is_told ? 1 : 0));
}

TEST_CASE("a storm of event reports sets off one look a minute, costs no memory and delays no command") {
  Scene scene;
  // Something is always missing, so that a look is a question.
  scene.north().is_missing = [](MeterId id, Instant, Instant) { return id == 2; };
  scene.north().heartbeat_every = Duration::max();  // whose confirmations would be counted with the others
  scene.start();
  scene.run_until(at(6, 14));
  const auto exchanges_before = scene.head_end().statistics().exchanges;
  scene.counter.say(R"({"do":"switch","key":"t","account":"A0001","to":"trip"})");
  std::vector<std::uint8_t> burst;
  for (unsigned i = 0; i < 100; ++i) {
    const auto one = event_report(i % 16, /*must_confirm=*/true);
    burst.insert(burst.end(), one.begin(), one.end());
  }
  const int confirmations = scene.north().confirmations;
  for (int second = 0; second < 200; ++second) {
    scene.north().send_raw(burst);
    scene.run_for(1s);
  }
  const auto& statistics = scene.head_end().statistics();
  CHECK(statistics.event_reports == 20'000);
  CHECK(scene.north().confirmations - confirmations == 20'000);
  CHECK(statistics.event_rounds >= 3);
  CHECK(statistics.event_rounds <= 4);
  CHECK(statistics.exchanges - exchanges_before < 20);
  CHECK(scene.north().meter(1).trips == 1);
  CHECK(scene.right_readings(1) == 25);
}

TEST_CASE("events before anything is due, and from those who are nobody, change nothing") {
  Scene scene;
  scene.redials = false;
  scene.start(false);
  seam::VirtualField line(scene.world().clock(), scene.north(), "north");
  REQUIRE(scene.world().uplinks().offer(line.connect()));
  line.deliver(event_report(1, true));  // has not logged in
  scene.run_for(5s);
  CHECK(scene.head_end().statistics().event_reports == 0);
  CHECK(scene.head_end().statistics().foreign_frames == 1);
  line.close();
}
