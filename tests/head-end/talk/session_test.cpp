// Sessions: who may talk, how connections begin and end, and what happens to bytes that are nobody's.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "tests/head-end/talk/scene.hpp"

using namespace talk_test;

namespace {
/// Somebody who never answers.
struct Listener final : seam::FarEnd {
  void head_end_wrote(core::Bytes bytes) override { heard += bytes.size(); }
  void head_end_closed() override {}
  std::size_t heard = 0;
};
}  // namespace

TEST_CASE("a known concentrator logs in, its login and heartbeats are confirmed with their counters") {
  Scene scene;
  scene.start();
  scene.run_for(5s);
  CHECK(scene.north().confirmations == 1);
  CHECK(scene.head_end().statistics().logins == 1);
  scene.north().send_heartbeat();
  scene.run_for(5s);
  CHECK(scene.north().confirmations == 2);
  CHECK(scene.north().denials == 0);
  scene.run_for(2min);
  CHECK(scene.committed("SELECT count(*) FROM concentrator_event WHERE kind = 'login'") == 1);
}

TEST_CASE("an unknown concentrator is denied and its connection closed") {
  Scene scene;
  scene.redials = false;
  scene.north().terminal = 99;
  scene.start();
  scene.run_for(5s);
  CHECK(scene.north().denials == 1);
  CHECK(scene.north().closes_seen == 1);
  CHECK(scene.head_end().statistics().strangers == 1);
  CHECK(scene.head_end().statistics().logins == 0);
}

TEST_CASE("a heartbeat before the login is denied: the concentrator must log in again") {
  Scene scene;
  scene.redials = false;
  scene.start(false);
  seam::VirtualField line(scene.world().clock(), scene.north(), "north");
  REQUIRE(scene.world().uplinks().offer(line.connect()));
  gdw3761::FrameWriter writer;
  line.deliver(gdw3761::write_link(writer, gdw3761::terminal_address(3301, 1), 0,
                                   {gdw3761::LinkEvent::heartbeat, {}}));
  scene.run_for(5s);
  CHECK(scene.north().denials == 1);
  CHECK_FALSE(line.is_open());
}

TEST_CASE("a stranger who says nothing is shown out after a minute, not before") {
  Scene scene;
  scene.redials = false;
  scene.start(false);
  Listener nobody;
  seam::VirtualField line(scene.world().clock(), nobody, "nobody");
  REQUIRE(scene.world().uplinks().offer(line.connect()));
  scene.run_for(59s);
  CHECK(line.is_open());
  scene.run_for(2s);
  CHECK_FALSE(line.is_open());
}

TEST_CASE(
    "a half-open connection is closed after three heartbeats' silence, or by a question nobody answers") {
  Scene scene;
  scene.redials = false;
  scene.north().heartbeat_every = core::Duration::max();
  bool is_dead = false;
  scene.north().script = [&](int, const gdw3761::FrameView&) { return Deed{.is_heard = !is_dead}; };
  scene.start();
  scene.run_until(at(0, 10));
  REQUIRE(scene.north().is_connected());
  is_dead = true;
  // The round of 00:15 comes between 00:19 and 00:23 and asks three times, 20 s each.
  scene.run_until(at(0, 24));
  CHECK_FALSE(scene.north().is_connected());
  CHECK(scene.head_end().statistics().silent_closes == 1);
}

TEST_CASE("the second login of a concentrator replaces the first connection and the work goes on there") {
  Scene scene;
  scene.redials = false;
  scene.start();
  scene.run_until(at(1));
  ScriptedConcentrator again(scene.configuration, 0);
  again.dial(scene.world());
  scene.run_until(at(1, 1));
  CHECK_FALSE(scene.north().is_connected());
  CHECK(again.is_connected());
  scene.north().requests = 0;
  while (scene.now() < at(1, 30)) {
    scene.run_for(1s);
    again.advance(scene.now());
  }
  CHECK(scene.north().requests == 0);
  CHECK(again.requests > 0);
  CHECK(scene.books().has_reading(1, at(1, 15)));
  again.hang_up();
}

TEST_CASE("a logout is confirmed, booked and ends the connection") {
  Scene scene;
  scene.redials = false;
  scene.start();
  scene.run_for(5s);
  scene.north().send_logout();
  scene.run_for(2min);
  CHECK(scene.north().confirmations == 2);
  CHECK_FALSE(scene.north().is_connected());
  CHECK(scene.committed("SELECT count(*) FROM concentrator_event WHERE kind = 'logout'") == 1);
}

TEST_CASE("garbage between frames costs its bytes and nothing else") {
  const std::uint64_t seed = GENERATE(range<std::uint64_t>(1, 21));
  INFO("seed " << seed);
  const core::RandomStream draws(seed, 1, core::Purpose::test);
  Scene scene;
  int n = 0;
  scene.north().script = [&](int, const gdw3761::FrameView&) {
    Deed deed;
    for (std::uint64_t i = 0; i < draws.below(200, static_cast<std::uint64_t>(1000 * ++n)); ++i) {
      const auto byte = static_cast<std::uint8_t>(draws.word(static_cast<std::uint64_t>(n) * 1000 + i + 1));
      deed.before.push_back(draws.below(5, i) == 0 ? gdw3761::start_byte : byte);
    }
    return deed;
  };
  scene.start();
  scene.run_until(at(2));
  CHECK(scene.north().closes_seen == 0);
  for (MeterId meter = 1; meter <= 3; ++meter) CHECK(scene.right_readings(meter) == 8);
}

TEST_CASE("pure noise on an uplink neither throws nor hangs, and a login behind it still counts") {
  Scene scene;
  scene.redials = false;
  scene.start(false);
  Listener north;
  seam::VirtualField line(scene.world().clock(), north, "north");
  REQUIRE(scene.world().uplinks().offer(line.connect()));
  const core::RandomStream draws(3, 1, core::Purpose::test);
  std::vector<std::uint8_t> noise(60'000);  // more than four longest frames would end the connection
  for (std::size_t i = 0; i < noise.size(); ++i)
    noise[i] = i % 7 == 0 ? 0x68 : static_cast<std::uint8_t>(draws.word(i));
  line.deliver(noise);
  gdw3761::FrameWriter writer;
  line.deliver(
      gdw3761::write_link(writer, gdw3761::terminal_address(3301, 1), 0, {gdw3761::LinkEvent::login, {}}));
  scene.run_for(5s);
  CHECK(scene.head_end().statistics().logins == 1);
  CHECK(north.heard > 0);
}

TEST_CASE("a head-end destroyed while everybody waits leaves nothing behind and closes every line") {
  Scene scene;
  scene.start();
  scene.run_until(at(0, 25));
  scene.crash();
  CHECK_FALSE(scene.north().is_connected());
  CHECK_FALSE(scene.counter.is_connected());
}
