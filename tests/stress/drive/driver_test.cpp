// The driver over loopback sockets: counts that add up, a head-end that dies and comes back, calibrations.
#include <catch2/catch.hpp>

#include "stress/drive/calibration.hpp"
#include "stress/drive/driver.hpp"
#include "tests/stress/drive/socket_head_end.hpp"

using namespace stress;
using namespace std::chrono_literals;

namespace {
EstatePlan small_estate() {
  EstatePlan estate;
  estate.meters = 600;
  estate.meters_per_concentrator = 20;
  estate.manager_permille = 300;
  estate.seed = 11;
  estate.opens = core::instant_from_seconds(1'767'225'600);
  return estate;
}

DriverOptions options_for(const SocketHeadEnd& peer, const EstatePlan& estate) {
  DriverOptions options;
  options.estate = estate;
  options.uplink_port = peer.port(Door::uplink);
  options.modbus_port = peer.port(Door::modbus);
  options.http_port = peer.port(Door::http);
  return options;
}

void check_sums(const StageRecord& record) {
  for (const Fate& fate : {record.frames, record.readings}) {
    CHECK(fate.intended == fate.sent + fate.held_back);
    CHECK(fate.sent == fate.acknowledged + fate.refused + fate.unanswered);
  }
  CHECK(record.acknowledge_ns.count() == record.frames.acknowledged);
}

/// Range: the peer is stopped.
void check_books(const Flood& flood, const SocketHeadEnd& peer) {
  std::uint64_t confirmed = 0;
  for (std::uint32_t quarter = 0; quarter < flood.quarters_end(); ++quarter)
    for (std::uint32_t meter = 1; meter <= flood.estate().meters; ++meter) {
      const auto reading = flood.reading(meter, quarter);
      const auto at = peer.head_end.taken.find({meter, quarter});
      if (at != peer.head_end.taken.end()) REQUIRE(at->second == reading.register_centikWh);
      if (reading.state != SentReading::State::confirmed) continue;
      ++confirmed;
      REQUIRE(at != peer.head_end.taken.end());
    }
  CHECK(confirmed == flood.acknowledged_readings());
  CHECK(peer.head_end.contradicting == 0);
}
}  // namespace

TEST_CASE("a stage over sockets: everything sent is confirmed, samples come, requests are answered") {
  const auto estate = small_estate();
  SocketHeadEnd peer(estate, {});
  peer.start();
  auto options = options_for(peer, estate);
  int samples = 0;
  options.sample_every = 100ms;
  options.sample = [&](Instant) { ++samples; };
  Driver driver(options);
  REQUIRE(driver.connect(10s));
  Mix mix;
  mix.abnormal_permille = 100;
  mix.api_per_s = 100;
  const auto record = driver.run(steady("sockets", StageKind::ladder, 20'000, 600ms, mix));
  check_sums(record);
  CHECK(record.readings.acknowledged == record.readings.intended);
  CHECK(record.readings.intended >= 12'000);
  CHECK(record.errors.empty());
  CHECK(record.api_errors.empty());
  CHECK(record.abnormal_accepted == 0);
  CHECK(record.visible_ns.count() > 0);
  CHECK(samples >= 5);
  CHECK(driver.drain(5s));
  peer.stop();
  check_books(driver.flood(), peer);
}

TEST_CASE("a head-end that dies in mid-run and comes back has everything that was confirmed, once") {
  const auto estate = small_estate();
  FakeRules rules;
  rules.refuse_every = 17;
  rules.hang_up_every = 101;
  SocketHeadEnd peer(estate, rules);
  peer.start();
  Driver driver(options_for(peer, estate));
  REQUIRE(driver.connect(10s));
  auto stage = steady("deaths", StageKind::soak, 20'000, 300ms);
  stage.grace = 200ms;
  for (int death = 0; death < 3; ++death) {
    check_sums(driver.run(stage));
    peer.stop();
    check_books(driver.flood(), peer);
    check_sums(driver.run(stage));  // nobody is there
    peer.start();
  }
  REQUIRE(driver.drain(20s));
  CHECK(driver.flood().unconfirmed_frames() == 0);
  peer.stop();
  check_books(driver.flood(), peer);
  CHECK(peer.head_end.repeated > 0);
}

TEST_CASE("nobody behind the port: connecting ends with its patience") {
  const auto estate = small_estate();
  SocketHeadEnd peer(estate, {});
  peer.start();
  const auto options = options_for(peer, estate);
  peer.stop();
  Driver driver(options);
  CHECK_FALSE(driver.connect(300ms));
  CHECK(driver.connections() == 0);
}

TEST_CASE("what the machine does bare is a figure, and 64 frames a write beat one") {
  BareRules rules;
  rules.connections = 50;
  rules.lasts = 150ms;
  const double single = bare_frames_per_s(rules);
  rules.frames_a_write = 64;
  const double many = bare_frames_per_s(rules);
  CHECK(single > 0);
  CHECK(many > 2 * single);  // measured: eight to fifty times
}
