// The field's end of a flood in virtual time against a scripted head-end: counts that add up, nothing lost,
// the same bytes twice.
#include <catch2/catch.hpp>

#include "tests/stress/fake_world.hpp"

namespace {
using namespace stress;
using namespace std::chrono_literals;
const Instant start = core::instant_from_seconds(1'767'225'600);  // 2026-01-01T00:00:00Z

EstatePlan small_estate(std::uint32_t manager_permille = 0) {
  EstatePlan estate;
  estate.meters = 600;
  estate.meters_per_concentrator = 50;
  estate.manager_permille = manager_permille;
  estate.seed = 7;
  estate.opens = start - 90 * 24h;
  return estate;
}

struct Scene {
  explicit Scene(const EstatePlan& plan, const FakeRules& rules = {}, FloodOptions options = {})
      : estate(plan), flood(plan, options), world(plan, rules, 3ms), stage(flood, world, start) {}
  EstatePlan estate;
  Flood flood;
  FakeWorld world;
  VirtualStage stage;

  /// What the flood calls confirmed is with the head-end, with the right register; and nothing that is not.
  void check_books() {
    std::uint64_t confirmed = 0, known = 0;
    for (std::uint32_t quarter = 0; quarter < flood.quarters_end(); ++quarter)
      for (std::uint32_t meter = 1; meter <= estate.meters; ++meter) {
        const auto reading = flood.reading(meter, quarter);
        const auto at = world.head_end.taken.find({meter, quarter});
        if (at != world.head_end.taken.end()) {
          ++known;
          REQUIRE(reading.state != SentReading::State::never_sent);
          REQUIRE(at->second == register_at(estate.seed, meter, quarter));
          REQUIRE(reading.register_centikWh == at->second);
        }
        if (reading.state != SentReading::State::confirmed) continue;
        ++confirmed;
        REQUIRE(at != world.head_end.taken.end());
      }
    CHECK(known == world.head_end.taken.size());
    CHECK(confirmed == flood.acknowledged_readings());
  }
};

void check_sums(const StageRecord& record) {
  for (const Fate& fate : {record.frames, record.readings}) {
    CHECK(fate.intended == fate.sent + fate.held_back);
    CHECK(fate.sent == fate.acknowledged + fate.refused + fate.unanswered);
  }
  CHECK(record.acknowledge_ns.count() == record.frames.acknowledged);
  std::uint64_t intended = 0;
  for (const auto& second : record.seconds) intended += second.intended;
  CHECK(intended == record.readings.intended);
}
}  // namespace

TEST_CASE("a quiet stage sends what was intended, exactly then, and all of it is confirmed") {
  Scene scene(small_estate());
  REQUIRE(scene.stage.connect(10s));
  const auto record = scene.stage.run(steady("calm", StageKind::ladder, 5'000, 4s));
  check_sums(record);
  CHECK(record.readings.acknowledged == 20'000);  // 50 readings a frame: whole frames fit
  CHECK(record.frames.acknowledged == 400);
  CHECK(record.errors.empty());
  CHECK(record.acknowledge_ns.min() == 3'000'000);
  CHECK(record.acknowledge_ns.max() == 3'000'000);
  CHECK(record.slip_ns.max() == 0);
  CHECK(record.seconds.size() >= 4);
  scene.check_books();
}

TEST_CASE("managers, passed-on 645 answers and one reading a frame tell the same truth") {
  FloodOptions options;
  options.fleet.passed_on_permille = GENERATE(0, 500);
  options.fleet.readings_per_frame = GENERATE(1, 20, 64);
  Scene scene(small_estate(400), {}, options);
  REQUIRE(scene.stage.connect(10s));
  const auto record = scene.stage.run(steady("mixed", StageKind::ladder, 3'000, 2s));
  check_sums(record);
  CHECK(record.errors.empty());
  CHECK(record.readings.held_back == 0);
  CHECK(record.readings.acknowledged >= 6'000);
  CHECK(scene.world.head_end.repeated == 0);
  scene.check_books();
}

TEST_CASE("refusals, silence and broken connections lose nothing and double nothing") {
  FakeRules rules;
  rules.refuse_every = 7;
  rules.ignore_every = 31;
  rules.hang_up_every = 53;
  Scene scene(small_estate(300), rules);
  REQUIRE(scene.stage.connect(10s));
  const auto record = scene.stage.run(steady("rough", StageKind::ladder, 20'000, 3s));
  check_sums(record);
  CHECK(record.readings.refused > 0);
  CHECK(record.errors.at("refused") == record.frames.refused);
  CHECK(record.errors.at("connection ended") > 0);
  scene.check_books();
  REQUIRE(scene.stage.drain(120s));
  CHECK(scene.flood.unconfirmed_frames() == 0);
  CHECK(scene.world.head_end.contradicting == 0);
  CHECK(scene.world.head_end.repeated > 0);  // taken, then the connection ended: recognised when sent again
  scene.check_books();
}

TEST_CASE("a head-end that is gone for seconds holds frames back and gets the rest afterwards") {
  Scene scene(small_estate());
  REQUIRE(scene.stage.connect(10s));
  scene.stage.run(steady("before", StageKind::ladder, 5'000, 1s));
  scene.world.is_down = true;
  FakeRules hang_up;
  hang_up.hang_up_every = 1;
  scene.world.head_end.set_rules(hang_up);
  auto during = steady("down", StageKind::soak, 5'000, 3s);
  during.grace = 100ms;
  const auto down = scene.stage.run(during);
  check_sums(down);
  CHECK(down.readings.acknowledged == 0);
  CHECK(down.readings.held_back > 0);
  scene.world.is_down = false;
  scene.world.head_end.set_rules({});
  REQUIRE(scene.stage.drain(10s));
  scene.check_books();
  const auto after = scene.stage.run(steady("after", StageKind::recovery, 5'000, 1s));
  check_sums(after);
  CHECK(after.readings.acknowledged == after.readings.intended);
  scene.check_books();
}

TEST_CASE(
    "abnormal input beside good frames: no kind is confirmed that must not be, none spoils a neighbour") {
  Scene scene(small_estate());
  REQUIRE(scene.stage.connect(10s));
  Mix mix;
  mix.abnormal_permille = 300;
  const auto record = scene.stage.run(steady("abnormal", StageKind::ladder, 20'000, 20s, mix));
  check_sums(record);
  for (std::size_t kind = 0; kind < abnormal_kinds; ++kind) {
    INFO(name_of(static_cast<AbnormalKind>(kind)));
    CHECK(record.abnormal_sent.count(std::string(name_of(static_cast<AbnormalKind>(kind)))) == 1);
  }
  CHECK(record.abnormal_accepted == 0);
  CHECK(record.errors.empty());
  CHECK(record.readings.acknowledged == record.readings.intended);
  CHECK(scene.world.head_end.rejected > 0);
  CHECK(scene.world.head_end.foreign > 0);
  CHECK(scene.world.head_end.contradicting == 0);
  scene.check_books();
}

TEST_CASE("a head-end that confirms frames with a wrong sum is found out") {
  FakeRules rules;
  rules.confirms_wrong_sums = true;
  Scene scene(small_estate(), rules);
  REQUIRE(scene.stage.connect(10s));
  Mix mix;
  mix.abnormal_permille = 200;
  mix.abnormal = {1};
  const auto record = scene.stage.run(steady("bug", StageKind::ladder, 2'000, 5s, mix));
  CHECK(record.abnormal_accepted > 0);
}

TEST_CASE("business requests are answered beside the readings, and relays follow") {
  Scene scene(small_estate());
  REQUIRE(scene.stage.connect(10s));
  Mix mix;
  mix.api_per_s = 100;
  const auto record = scene.stage.run(steady("business", StageKind::ladder, 5'000, 5s, mix));
  check_sums(record);
  CHECK(record.api_errors.empty());
  std::uint64_t requests = 0;
  for (const auto& [kind, count] : record.api_requests) requests += count;
  CHECK(requests == 500);
  CHECK(record.control_ns.count() == record.api_requests.at("switch"));
  CHECK(record.api_ns.count() == 500);
  CHECK(record.control_ns.max() == 6'000'000);  // there, to the meter and back: two delays of the world
  CHECK(scene.world.head_end.switched == record.control_ns.count());
  CHECK(record.visible_ns.count() > 10);
}

TEST_CASE("the same stage twice gives the same bytes; another seed does not") {
  const auto digest = [](std::uint64_t seed) {
    auto estate = small_estate(200);
    estate.seed = seed;
    FakeRules rules;
    rules.refuse_every = 11;
    rules.hang_up_every = 97;
    Scene scene(estate, rules);
    scene.stage.connect(10s);
    Mix mix;
    mix.abnormal_permille = 100;
    mix.api_per_s = 50;
    scene.stage.run(steady("twice", StageKind::ladder, 10'000, 2s, mix));
    scene.stage.drain(60s);
    return scene.stage.digest();
  };
  CHECK(digest(7) == digest(7));
  CHECK(digest(7) != digest(8));
}

TEST_CASE("a fleet of 100,000 meters takes little memory") {
  EstatePlan estate;
  const Flood flood(estate, {});
  CHECK(flood.state_bytes() <= 64 * std::size_t{estate.meters});
  CHECK(flood.state_bytes() <= 16 * std::size_t{estate.meters} + 1024 * flood.collectors());
}
