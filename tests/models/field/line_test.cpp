#include "models/line/rs485/line.hpp"

#include <catch2/catch.hpp>

#include "protocols/dlt645/requests.hpp"
#include "tests/models/field/field_rig.hpp"

using namespace std::chrono_literals;
using rig::midnight;

namespace {
/// A line with its meters and a master's patience.
struct Bench {
  explicit Bench(std::vector<model::MeterSetup> setups, model::LineSetup line_setup = {}) {
    for (std::size_t i = 0; i < setups.size(); ++i) {
      meters.emplace_back(setups[i]);
      line_setup.meters.push_back(static_cast<std::uint32_t>(i));
    }
    line.emplace(line_setup, model::LinePlace{1, 0, 0, meters, happened, tap});
  }
  static dlt645::Wire read_request(dlt645::AddressPattern to) {
    dlt645::Wire wire;
    dlt645::encode(to, dlt645::ReadRequest{dlt645::item::forward_active, {}, {}}, wire, 4);
    return wire;
  }
  struct Heard {
    core::Instant at{};
    std::vector<std::uint8_t> bytes;
  };
  std::vector<Heard> listen() {
    std::vector<Heard> heard;
    while (line->next() != core::never) {
      const auto at = line->next();
      const auto bytes = line->advance();
      if (!bytes.empty()) heard.push_back({at, {bytes.begin(), bytes.end()}});
    }
    return heard;
  }
  std::vector<model::Meter> meters;
  model::MeterHappenings happened;
  model::LineTap tap;
  std::optional<model::Rs485Line> line;
};
bool is_frame(const std::vector<std::uint8_t>& bytes) {
  dlt645::Frame frame;
  return dlt645::decode(bytes, frame).has_value();
}
}  // namespace

TEST_CASE("a read exchange takes as long as its characters and the turnaround") {
  // 4 FE + 16 B out, 4 FE + 20 B back, 11 bits a character. 2400 baud: 91.667 + Td + 110 ms; 9600: 22.917 +
  // Td + 27.5 ms.
  struct Case {
    int baud;
    core::Duration turnaround;
    std::int64_t microseconds;
  };
  const auto given = GENERATE(Case{2400, 20ms, 221'666}, Case{2400, 500ms, 701'666}, Case{9600, 20ms, 70'416},
                              Case{9600, 500ms, 550'416});
  model::LineSetup setup;
  setup.baud = given.baud;
  setup.turnaround_min = setup.turnaround_max = given.turnaround;
  Bench bench({rig::meter(1)}, setup);
  bench.line->transmit(midnight + 1s, Bench::read_request(rig::address_of(1)));
  const auto heard = bench.listen();
  REQUIRE(heard.size() == 1);
  CHECK(is_frame(heard[0].bytes));
  CHECK(std::chrono::floor<std::chrono::microseconds>(heard[0].at - (midnight + 1s)).count() ==
        given.microseconds);
}

TEST_CASE("turnarounds stay within their bounds and differ") {
  model::LineSetup setup;
  setup.turnaround_min = 20ms;
  setup.turnaround_max = 500ms;
  Bench bench({rig::meter(1)}, setup);
  core::Duration least = 1h, most = 0s;
  for (int i = 1; i <= 200; ++i) {
    const auto asked = midnight + i * 1s;
    bench.line->transmit(asked, Bench::read_request(rig::address_of(1)));
    const auto heard = bench.listen();
    REQUIRE(heard.size() == 1);
    const auto turnaround =
        heard[0].at - asked - bench.line->duration_of(20) - bench.line->duration_of(heard[0].bytes.size());
    least = std::min(least, turnaround);
    most = std::max(most, turnaround);
  }
  CHECK(least >= 20ms);
  CHECK(most <= 500ms);
  // All 200 uniform draws above 44 ms (or below 476 ms): (0.95)^200 = 3.5e-5.
  CHECK(least < 44ms);
  CHECK(most > 476ms);
}

TEST_CASE("only the addressed meter answers; nobody answers a broadcast or a stranger's address") {
  Bench bench({rig::meter(1), rig::meter(2)});
  bench.line->transmit(midnight + 1s, Bench::read_request(rig::address_of(2)));
  const auto heard = bench.listen();
  REQUIRE(heard.size() == 1);
  dlt645::Frame frame;
  REQUIRE(dlt645::decode(heard[0].bytes, frame).has_value());
  CHECK(frame.address == dlt645::AddressPattern(rig::address_of(2)));
  bench.line->transmit(midnight + 3s, Bench::read_request(dlt645::AddressPattern::broadcast()));
  CHECK(bench.listen().empty());
  bench.line->transmit(midnight + 4s, Bench::read_request(rig::address_of(3)));
  CHECK(bench.listen().empty());
}

TEST_CASE("two meters with one address destroy each other's answers") {
  auto twin = rig::meter(2);
  twin.address = rig::address_of(1);
  Bench bench({rig::meter(1), twin});
  bench.line->transmit(midnight + 1s, Bench::read_request(rig::address_of(1)));
  const auto heard = bench.listen();
  // Turnarounds are at most 80 ms apart, an answer lasts 110 ms: they must overlap.
  for (const auto& answer : heard) {
    CHECK_FALSE(is_frame(answer.bytes));
    CHECK(answer.bytes.size() < 24);
  }
  CHECK(bench.line->garbled_count() == 2);
}

TEST_CASE(
    "a wildcard address with two meters on the line ends in a collision, with one in its real address") {
  Bench alone({rig::meter(5)});
  alone.line->transmit(midnight + 1s, Bench::read_request(dlt645::AddressPattern::any()));
  const auto heard = alone.listen();
  REQUIRE(heard.size() == 1);
  dlt645::Frame frame;
  REQUIRE(dlt645::decode(heard[0].bytes, frame).has_value());
  CHECK(frame.address == dlt645::AddressPattern(rig::address_of(5)));
  Bench two({rig::meter(5), rig::meter(6)});
  two.line->transmit(midnight + 1s, Bench::read_request(dlt645::AddressPattern::any()));
  for (const auto& answer : two.listen()) CHECK_FALSE(is_frame(answer.bytes));
}

TEST_CASE("an answer that comes late runs into the next request") {
  model::LineSetup setup;
  setup.turnaround_min = setup.turnaround_max = 500ms;
  Bench bench({rig::meter(1), rig::meter(2)}, setup);
  const auto asked = midnight + 1s;
  bench.line->transmit(asked, Bench::read_request(rig::address_of(1)));
  bench.line->advance();  // meter 1 has heard; it will speak from 592 to 702 ms
  bench.line->transmit(asked + 600ms, Bench::read_request(rig::address_of(2)));
  // Meter 2 hears a torn request and says nothing; of meter 1's answer only what stands alone arrives.
  const auto heard = bench.listen();
  for (const auto& answer : heard) CHECK_FALSE(is_frame(answer.bytes));
  CHECK(bench.line->garbled_count() == 2);
}

TEST_CASE("a deaf meter misses its requests until it hears again") {
  Bench bench({rig::meter(1)});
  bench.line->set_deaf(0, true);
  bench.line->transmit(midnight + 1s, Bench::read_request(rig::address_of(1)));
  CHECK(bench.listen().empty());
  CHECK(bench.line->unheard_count() == 1);
  bench.line->set_deaf(0, false);
  bench.line->transmit(midnight + 2s, Bench::read_request(rig::address_of(1)));
  CHECK(bench.listen().size() == 1);
}

TEST_CASE("garbage on the line is answered by nobody") {
  Bench bench({rig::meter(1)});
  const core::RandomStream random(3, 0, core::Purpose::test);
  for (std::uint64_t i = 0; i < 2000; ++i) {
    dlt645::Wire wire;
    const auto size = static_cast<std::size_t>(random.between(1, 200, 2 * i));
    for (std::size_t k = 0; k < size; ++k)
      wire.push_back(static_cast<std::uint8_t>(random.below(256, (i << 16) + k)));
    bench.line->transmit(midnight + static_cast<std::int64_t>(i) * 2s, wire);
    INFO("seed 3, try " << i);
    CHECK(bench.listen().empty());
  }
}

TEST_CASE("a master that loses power in mid-word is heard by nobody") {
  Bench bench({rig::meter(1)});
  bench.line->transmit(midnight + 1s, Bench::read_request(rig::address_of(1)));
  bench.line->hush_master();
  CHECK(bench.line->next() == core::never);
}
