// Communication managers: who they are first, then uploads; every sentence of the tables in
// docs/wire/uploads.md.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "tests/head-end/talk/ingest_scene.hpp"

using namespace talk_test;
using modbus::tcp::Exception;

namespace {
constexpr std::uint16_t identity = 0x0F00, upload = 0x1000;

/// A scene with one manager (the second collector, three meters) at its door.
struct ManagerScene : IngestScene {
  ManagerScene() : IngestScene(pushing_estate()) {
    start();
    REQUIRE(manager.dial(world(), world().managers, "manager"));
  }
  std::vector<std::uint8_t> hello(std::uint16_t transaction) const {
    const auto& file = configuration.concentrators[1];
    return write_of(transaction, identity, {file.region, file.address});
  }
  std::vector<std::uint8_t> good_upload(std::uint16_t transaction, std::int64_t quarter) const {
    return write_of(transaction, upload, upload_of(configuration, 1, due(quarter), 1, 3));
  }
  /// What one request is answered with, 20 ms later; nothing where it is not answered.
  std::optional<Exception> answer_to(core::Bytes request) {
    manager.answers.clear();
    manager.say(request);
    run_for(20ms);
    if (manager.answers.size() != 1) return std::nullopt;
    return manager.answers[0].exception;
  }
  UploadCaller manager;
};

std::vector<std::uint8_t> joined(std::initializer_list<std::vector<std::uint8_t>> parts) {
  std::vector<std::uint8_t> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

void check_stored(const IngestScene& scene, std::int64_t first, std::int64_t count) {
  const auto stored = scene.stored();
  CHECK(stored.size() == static_cast<std::size_t>(3 * count));
  for (MeterId meter = 11; meter <= 13; ++meter)
    for (auto quarter = first; quarter < first + count; ++quarter) {
      REQUIRE(stored.contains({meter, quarter}));
      CHECK(stored.at({meter, quarter}) == scene.truth(meter, quarter));
    }
}
}  // namespace

TEST_CASE("a manager says who it is, uploads, and is answered by the commit") {
  ManagerScene scene;
  CHECK(scene.answer_to(scene.hello(1)) == Exception::none);
  scene.run_for(90s);
  scene.manager.answers.clear();
  const auto sent_at = scene.now();
  scene.manager.say(scene.good_upload(2, 5));
  scene.run_for(20ms - 1ns);
  CHECK(scene.manager.answers.empty());
  CHECK(scene.stored().empty());
  scene.run_for(1ns);
  REQUIRE(scene.manager.answers.size() == 1);
  CHECK(scene.manager.answers[0].transaction == 2);
  CHECK(scene.manager.answers[0].exception == Exception::none);
  CHECK(scene.manager.answers[0].at == sent_at + 20ms);
  check_stored(scene, 5, 1);
  CHECK(scene.ingest().frames_confirmed == 1);
}

TEST_CASE("the good answer repeats unit, function, address and count: Modbus function 16") {
  ManagerScene scene;
  struct Ear final : Caller {
    void head_end_wrote(core::Bytes bytes) override { heard.insert(heard.end(), bytes.begin(), bytes.end()); }
    std::vector<std::uint8_t> heard;
  } ear;
  REQUIRE(ear.dial(scene.world(), scene.world().managers, "ear"));
  ear.say(scene.hello(0x1234));
  scene.run_for(20ms);
  CHECK(ear.heard == std::vector<std::uint8_t>{0x12, 0x34, 0, 0, 0, 6, 0xFF, 0x10, 0x0F, 0x00, 0, 2});
  ear.heard.clear();
  ear.say(write_of(0xABCD, 0x2000, {1}));
  scene.run_for(20ms);
  CHECK(ear.heard == std::vector<std::uint8_t>{0xAB, 0xCD, 0, 0, 0, 3, 0xFF, 0x90, 0x02});
}

TEST_CASE("exception 2: an upload before the name, or a window that is none") {
  ManagerScene scene;
  CHECK(scene.answer_to(scene.good_upload(1, 5)) == Exception::illegal_address);
  CHECK(scene.stored().empty());
  CHECK(scene.answer_to(scene.hello(2)) == Exception::none);
  CHECK(scene.answer_to(write_of(3, 0x2000, {1, 2})) == Exception::illegal_address);
  CHECK(scene.answer_to(write_of(4, 0x1001, upload_of(scene.configuration, 1, scene.due(5), 1, 3))) ==
        Exception::illegal_address);
  CHECK(scene.answer_to(scene.good_upload(5, 5)) == Exception::none);
}

TEST_CASE("exception 3: a time that is no quarter hour, a point without a meter, values cut in half") {
  ManagerScene scene;
  CHECK(scene.answer_to(scene.hello(1)) == Exception::none);
  auto registers = upload_of(scene.configuration, 1, scene.due(5), 1, 3);
  const auto bent = [&](std::size_t at, unsigned value) {
    auto copy = registers;
    copy[at] = static_cast<std::uint16_t>(value);
    return write_of(9, upload, copy);
  };
  const auto cut = [&](std::size_t count) {
    auto copy = registers;
    copy.resize(count);
    return write_of(9, upload, copy);
  };
  CHECK(scene.answer_to(bent(2, 1 * 256 + 7)) == Exception::illegal_value);   // 01:07
  CHECK(scene.answer_to(bent(2, 24 * 256)) == Exception::illegal_value);      // 24:00
  CHECK(scene.answer_to(bent(2, 1 * 256 + 60)) == Exception::illegal_value);  // 01:60
  CHECK(scene.answer_to(bent(1, 13 * 256 + 1)) == Exception::illegal_value);  // 13th month
  CHECK(scene.answer_to(bent(1, 6 * 256 + 31)) == Exception::illegal_value);  // 31 June
  CHECK(scene.answer_to(bent(1, 0)) == Exception::illegal_value);
  for (const unsigned year : {0, 1999, 2100, 34'794, 65'535})
    CHECK(scene.answer_to(bent(0, year)) == Exception::illegal_value);
  CHECK(scene.answer_to(bent(3, 0)) == Exception::illegal_value);  // points count from 1
  CHECK(scene.answer_to(bent(3, 2)) == Exception::illegal_value);  // 2..4, and 4 is nobody
  CHECK(scene.answer_to(bent(3, 65'535)) == Exception::illegal_value);
  for (const std::size_t count : {1, 2, 3, 4, 5, 7, 9})
    CHECK(scene.answer_to(cut(count)) == Exception::illegal_value);
  CHECK(scene.stored().empty());
  CHECK(scene.ingest().frames_malformed == 21);
  CHECK(scene.answer_to(write_of(9, upload, registers)) == Exception::none);
  check_stored(scene, 5, 1);
}

TEST_CASE("exception 3 also where byte count and register count disagree; exception 1: another function") {
  ManagerScene scene;
  CHECK(scene.answer_to(scene.hello(1)) == Exception::none);
  auto odd = scene.good_upload(2, 5);
  odd[11] += 1;  // registers, but not their bytes
  CHECK(scene.answer_to(odd) == Exception::illegal_value);
  for (const int function : {1, 3, 4, 5, 6, 15, 23, 0x2B}) {
    auto other = scene.good_upload(3, 5);
    other[7] = static_cast<std::uint8_t>(function);
    CHECK(scene.answer_to(other) == Exception::illegal_function);
  }
  CHECK(scene.manager.is_connected());
  CHECK(scene.stored().empty());
}

TEST_CASE("FFFF FFFF is no value: counted, confirmed, not stored") {
  ManagerScene scene;
  CHECK(scene.answer_to(scene.hello(1)) == Exception::none);
  auto registers = upload_of(scene.configuration, 1, scene.due(5), 1, 3);
  registers[6] = registers[7] = 0xFFFF;
  CHECK(scene.answer_to(write_of(2, upload, registers)) == Exception::none);
  CHECK(scene.ingest().values_missing == 1);
  CHECK(scene.stored().size() == 2);
}

TEST_CASE("an unknown manager, one that is polled, and one that changes its name are shown out") {
  auto configuration = pushing_estate(3);
  configuration.concentrators[2].reports = false;
  IngestScene scene(configuration);
  scene.start();
  UploadCaller stranger, polled, turncoat, wordy;
  for (UploadCaller* caller : {&stranger, &polled, &turncoat, &wordy})
    REQUIRE(caller->dial(scene.world(), scene.world().managers, "manager"));
  stranger.say(write_of(1, identity, {3301, 99}));
  polled.say(write_of(1, identity, {3301, 3}));
  wordy.say(write_of(1, identity, {3301, 1, 1}));
  turncoat.say(write_of(1, identity, {3301, 1}));
  scene.run_for(20ms);
  CHECK_FALSE(stranger.is_connected());
  CHECK_FALSE(polled.is_connected());
  CHECK_FALSE(wordy.is_connected());
  REQUIRE(turncoat.is_connected());
  turncoat.say(write_of(2, identity, {3301, 1}));  // its own name again is no offence
  scene.run_for(20ms);
  CHECK(turncoat.answers.size() == 2);
  turncoat.say(write_of(3, identity, {3301, 2}));
  scene.run_for(20ms);
  CHECK_FALSE(turncoat.is_connected());
}

TEST_CASE("several open transactions are answered in their order, good and bad ones mixed") {
  ManagerScene scene;
  scene.manager.say(joined({scene.hello(1), scene.good_upload(2, 1), write_of(3, 0x2000, {1}),
                            scene.good_upload(4, 2), write_of(5, upload, {1}), scene.good_upload(6, 3)}));
  scene.run_for(20ms);
  REQUIRE(scene.manager.answers.size() == 6);
  const Exception expected[] = {Exception::none, Exception::none,          Exception::illegal_address,
                                Exception::none, Exception::illegal_value, Exception::none};
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(scene.manager.answers[i].transaction == i + 1);
    CHECK(scene.manager.answers[i].exception == expected[i]);
  }
  check_stored(scene, 1, 3);
}

TEST_CASE("a conversation cut at any byte is the same conversation") {
  ManagerScene whole;
  const auto bytes =
      joined({whole.hello(1), whole.good_upload(2, 1), write_of(3, 0x2000, {1}), whole.good_upload(4, 2)});
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    INFO("cut before byte " << cut);
    ManagerScene scene;
    scene.manager.say(core::Bytes(bytes).first(cut));
    scene.run_for(3ms);
    scene.manager.say(core::Bytes(bytes).subspan(cut));
    scene.run_for(40ms);
    REQUIRE(scene.manager.answers.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      REQUIRE(scene.manager.answers[i].transaction == i + 1);
      REQUIRE(scene.manager.answers[i].exception == (i == 2 ? Exception::illegal_address : Exception::none));
    }
    REQUIRE(scene.stored().size() == 6);
  }
}

TEST_CASE("a manager that is cut off before the commit heard nothing, and is recognised afterwards") {
  const int cut_after_ms = GENERATE(1, 19, 20, 21);
  INFO("power cut after " << cut_after_ms << " ms");
  ManagerScene scene;
  CHECK(scene.answer_to(scene.hello(1)) == Exception::none);
  scene.run_for(90s);
  scene.manager.answers.clear();
  scene.manager.say(scene.good_upload(2, 5));
  scene.run_for(cut_after_ms * 1ms);
  const bool was_confirmed = !scene.manager.answers.empty();
  CHECK(was_confirmed == (cut_after_ms >= 20));
  scene.restart_after(2s);
  CHECK(scene.stored().size() == (was_confirmed ? 3u : 0u));
  REQUIRE(scene.manager.dial(scene.world(), scene.world().managers, "manager"));
  CHECK(scene.answer_to(scene.hello(1)) == Exception::none);
  CHECK(scene.answer_to(scene.good_upload(2, 5)) == Exception::none);
  check_stored(scene, 5, 1);
  using headend::ReadingVerdict;
  CHECK(scene.ingest().count(was_confirmed ? ReadingVerdict::repeated : ReadingVerdict::accepted) == 3);
}

TEST_CASE("bytes that are no Modbus-TCP end the connection, not the others'") {
  ManagerScene scene;
  CHECK(scene.answer_to(scene.hello(1)) == Exception::none);
  UploadCaller garbage;
  REQUIRE(garbage.dial(scene.world(), scene.world().managers, "garbage"));
  const std::string text = "GET / HTTP/1.1\r\n\r\n";
  garbage.say(core::Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  scene.run_for(20ms);
  CHECK_FALSE(garbage.is_connected());
  CHECK(scene.answer_to(scene.good_upload(2, 5)) == Exception::none);
}

TEST_CASE("a silent manager is hung up: after a minute without a name, after a quarter hour with one") {
  ManagerScene scene;
  scene.run_for(30s);
  scene.manager.say(core::Bytes(scene.hello(1)).first(3));  // half a frame is no sign of life
  scene.run_for(30s - 1ns);
  CHECK(scene.manager.is_connected());
  scene.run_for(1ns);
  CHECK_FALSE(scene.manager.is_connected());
  UploadCaller named;
  scene.greet(named, 1);
  scene.run_for(15min - 20ms - 1ns);
  CHECK(named.is_connected());
  scene.run_for(1ns);
  CHECK_FALSE(named.is_connected());
}

TEST_CASE("random bytes and bent conversations: no crash, no wrong reading, no answer out of order") {
  const std::uint64_t seed = GENERATE(range(1, 201));
  INFO("seed " << seed);
  const core::RandomStream draws(seed, 0, core::Purpose::test);
  std::uint64_t draw = 0;
  const auto below = [&](std::uint64_t bound) { return draws.below(bound, draw++); };
  ManagerScene scene;
  auto bytes = scene.hello(1);
  for (std::uint16_t transaction = 2; transaction < 12; ++transaction) {
    const auto next = scene.good_upload(transaction, static_cast<std::int64_t>(below(40)));
    bytes.insert(bytes.end(), next.begin(), next.end());
  }
  // Headers may bend; values do not: a bent value would be a reading like any other.
  for (auto flips = below(4); flips > 0; --flips) {
    const auto frame_bytes = scene.good_upload(0, 0).size();
    const auto at = scene.hello(1).size() + below(10) * frame_bytes + below(21);
    bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1u << below(8)));
  }
  for (auto noise = below(3); noise > 0; --noise)
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size())),
                 static_cast<std::uint8_t>(below(256)));
  for (std::size_t at = 0; at < bytes.size();) {
    const auto count = std::min<std::size_t>(1 + below(90), bytes.size() - at);
    scene.manager.say(core::Bytes(bytes).subspan(at, count));
    scene.run_for(below(10) * 1ms);
    at += count;
  }
  scene.run_for(40ms);
  CHECK_FALSE(scene.manager.has_heard_garbage);
  CHECK(scene.ingest().owed == 0);
  std::size_t good = 0;
  for (const auto& answer : scene.manager.answers) good += answer.exception == Exception::none ? 1 : 0;
  CHECK(scene.ingest().frames_confirmed <= good);
  UploadCaller next;  // whatever happened, the door is open
  scene.greet(next, 1);
  next.say(scene.good_upload(7, 41));
  scene.run_for(20ms);
  REQUIRE(next.answers.size() == 1);
}
