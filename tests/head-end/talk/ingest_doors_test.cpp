// Who pushes and how much: strangers and crowds at the door, noise, silence, overload, and the end in good
// order.
#include <catch2/catch.hpp>

#include "platform/spawn.hpp"
#include "tests/head-end/talk/ingest_scene.hpp"

using namespace talk_test;

namespace {
/// Bytes without a good frame among them after which a connection is given up: four longest frames.
constexpr std::size_t noise_bytes_max = 4 * gdw3761::frame_bytes_max;

std::vector<std::uint8_t> zeros(std::size_t count) { return std::vector<std::uint8_t>(count, 0); }

seam::asio::awaitable<void> drain(headend::HeadEnd& head_end, Instant deadline, bool& is_over) {
  co_await head_end.drain(deadline);
  is_over = true;
}
}  // namespace

TEST_CASE(
    "a concentrator that reports is not asked for its curves; archive, clock and commands go as always") {
  const bool reports = GENERATE(false, true);
  INFO("reports: " << reports);
  auto configuration = make_configuration();
  configuration.concentrators[0].reports = reports;
  Scene scene(configuration);
  scene.start();
  scene.run_until(at(5));
  const int curve_requests = scene.north().requests_by_fn[0x0D * 1000 + gdw3761::curve_fn];
  CHECK((curve_requests == 0) == reports);
  CHECK(scene.north().archive.size() == 3);
  CHECK(scene.north().clock_sets >= 1);
  scene.counter.say(R"({"do":"switch","key":"k","account":"A0002","to":"trip"})");
  scene.run_for(10s);
  CHECK(scene.north().meter(2).is_open);
}

TEST_CASE("noise is borne up to four longest frames, and a good frame among it forgives it") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  north.say(zeros(noise_bytes_max));
  scene.run_for(1s);
  REQUIRE(north.is_connected());
  north.say(curve_report(scene.configuration, 0, {.counter = 1, .due = scene.due(1)}));
  scene.run_for(1s);
  CHECK(north.good() == 1);
  north.say(zeros(noise_bytes_max));
  scene.run_for(1s);
  REQUIRE(north.is_connected());
  north.say(zeros(1));
  scene.run_for(1s);
  CHECK_FALSE(north.is_connected());
  CHECK(scene.ingest().noisy_closes == 1);
}

TEST_CASE("a byte now and then holds neither a stranger's nor a silent concentrator's connection") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller stranger, north;
  REQUIRE(stranger.dial(scene.world(), scene.world().uplinks, "stranger"));
  for (int second = 0; second < 59; ++second) {
    scene.run_for(1s);
    stranger.say(zeros(1));
  }
  scene.run_for(1s - 1ns);
  CHECK(stranger.is_connected());
  scene.run_for(1ns);
  CHECK_FALSE(stranger.is_connected());

  scene.greet(north, 0);
  for (int minute = 0; minute < 14; ++minute) {
    scene.run_for(1min);
    north.say(zeros(1));
  }
  scene.run_for(1min - 1ns);
  CHECK(north.is_connected());
  scene.run_for(1ns);
  CHECK_FALSE(north.is_connected());
}

TEST_CASE("strangers beyond the limit are turned away at the door; whoever says his name makes room") {
  auto configuration = pushing_estate(4);
  configuration.ingest.strangers_max = 2;
  IngestScene scene(configuration);
  scene.start();
  ReportCaller first, second, third, fourth;
  first.dial(scene.world(), scene.world().uplinks, "1");
  second.dial(scene.world(), scene.world().uplinks, "2");
  third.dial(scene.world(), scene.world().uplinks, "3");
  scene.run_for(1ms);
  CHECK(first.is_connected());
  CHECK(second.is_connected());
  CHECK_FALSE(third.is_connected());
  CHECK(scene.ingest().connections_turned_away == 1);
  first.say(login_of(scene.configuration, 0));
  scene.run_for(1ms);
  scene.greet(fourth, 3);
  CHECK(fourth.is_connected());
  // A stranger who leaves makes room, too.
  second.hang_up();
  scene.run_for(1ms);
  third.dial(scene.world(), scene.world().uplinks, "3");
  scene.run_for(1ms);
  CHECK(third.is_connected());
}

TEST_CASE("managers who have not said who they are count among the strangers") {
  auto configuration = pushing_estate(3);
  configuration.ingest.strangers_max = 2;
  IngestScene scene(configuration);
  scene.start();
  UploadCaller first, second, third;
  ReportCaller fourth;
  first.dial(scene.world(), scene.world().managers, "1");
  scene.settle();
  second.dial(scene.world(), scene.world().managers, "2");
  scene.settle();
  third.dial(scene.world(), scene.world().managers, "3");
  fourth.dial(scene.world(), scene.world().uplinks, "4");
  scene.run_for(1ms);
  CHECK(first.is_connected());
  CHECK(second.is_connected());
  CHECK_FALSE(third.is_connected());
  CHECK_FALSE(fourth.is_connected());
  CHECK(scene.ingest().connections_turned_away == 2);
  first.say(write_of(1, 0x0F00, {3301, 1}));
  first.say(write_of(2, 0x0F00, {3301, 1}));  // said twice, it counts once
  second.hang_up();
  scene.run_for(1ms);
  scene.greet(fourth, 1);
  scene.greet(third, 2);
  first.hang_up();
  scene.run_for(1ms);
  second.dial(scene.world(), scene.world().managers, "2");
  second.say(write_of(1, 0x0F00, {3301, 99}));
  scene.run_for(1ms);
  CHECK_FALSE(second.is_connected());
  first.answers.clear();
  scene.greet(first, 0);
}

TEST_CASE("connections beyond the limit are turned away, managers' and concentrators' together") {
  auto configuration = pushing_estate(4);
  configuration.ingest.connections_max = 2;
  IngestScene scene(configuration);
  scene.start();
  ReportCaller first, third;
  UploadCaller second, fourth;
  scene.greet(first, 0);
  scene.greet(second, 1);
  third.dial(scene.world(), scene.world().uplinks, "3");
  fourth.dial(scene.world(), scene.world().managers, "4");
  scene.run_for(1ms);
  CHECK_FALSE(third.is_connected());
  CHECK_FALSE(fourth.is_connected());
  CHECK(scene.ingest().connections_turned_away == 2);
  second.hang_up();
  scene.run_for(1ms);
  scene.greet(third, 2);
}

TEST_CASE("going down in good order: what was taken is confirmed, what still comes is refused, doors close") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  UploadCaller south;
  scene.greet(north, 0);
  scene.greet(south, 1);
  scene.run_for(90s);
  north.say(curve_report(scene.configuration, 0, {.counter = 1, .due = scene.due(1)}));
  south.say(write_of(7, 0x1000, upload_of(scene.configuration, 1, scene.due(1), 1, 3)));
  scene.run_for(5ms);
  CHECK(north.answers.empty());
  bool is_over = false;
  seam::spawn(scene.world().clock, drain(scene.head_end(), scene.now() + 5s, is_over));
  scene.run_for(1ms);
  CHECK(north.good() == 1);
  REQUIRE(south.answers.size() == 1);
  CHECK(south.answers[0].exception == modbus::tcp::Exception::none);

  ReportCaller late;
  CHECK_FALSE(late.dial(scene.world(), scene.world().uplinks, "late"));
  north.say(curve_report(scene.configuration, 0, {.counter = 2, .due = scene.due(2)}));
  south.say(write_of(8, 0x1000, upload_of(scene.configuration, 1, scene.due(2), 1, 3)));
  scene.run_for(1s);
  CHECK(is_over);
  CHECK(north.good() == 1);
  CHECK(north.denied() == 1);
  REQUIRE(south.answers.size() == 2);
  CHECK(south.answers[1].exception == modbus::tcp::Exception::device_busy);
  CHECK_FALSE(north.is_connected());
  CHECK_FALSE(south.is_connected());
  CHECK(scene.ingest().owed == 0);
  CHECK(scene.stored().size() == 4);
}
