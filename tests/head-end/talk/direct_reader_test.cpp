// Reading one meter over a bare line: echoes, noise, halves, late answers, follow-up frames, refusals.
#include <catch2/catch.hpp>

#include <functional>
#include <map>

#include "core/random.hpp"
#include "head-end/collect/direct_reader.hpp"
#include "platform/spawn.hpp"
#include "platform/virtual/virtual_link.hpp"

using namespace core;
using namespace std::chrono_literals;

namespace {
/// The far end of a line: records what is asked; the test says when which bytes come back.
class Line final : public seam::FarEnd {
 public:
  Line() : field(clock, *this, "line"), link(field.connect()) {}
  void head_end_wrote(Bytes bytes) override {
    ++requests;
    framer.feed(bytes);
    while (const auto* frame = framer.take()) {
      last = *frame;
      if (on_request) on_request(*frame, bytes);
    }
  }
  void head_end_closed() override {}
  /// Bytes that come out at the reader `after` from now.
  void plan(Duration after, Bytes bytes) {
    planned.emplace(clock.now() + after, std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
  }
  void run_until(Instant t) {
    for (clock.settle(); clock.now() < t; clock.settle()) {
      const Instant next_bytes = planned.empty() ? never : planned.begin()->first;
      clock.arrive_at(std::max(clock.now(), std::min({t, clock.next_deadline(), next_bytes})));
      for (; !planned.empty() && planned.begin()->first <= clock.now(); planned.erase(planned.begin()))
        field.deliver(planned.begin()->second);
    }
  }

  seam::VirtualClock clock{instant_from_seconds(1'782'835'200)};
  std::function<void(const dlt645::Frame&, Bytes)> on_request;
  std::multimap<Instant, std::vector<std::uint8_t>> planned;
  seam::VirtualField field;
  std::unique_ptr<seam::Link> link;
  dlt645::Framer framer;
  dlt645::Frame last;
  int requests = 0;
};

const MeterAddress meter{201000000012};
const std::array<std::uint8_t, 4> energy_bytes{0x78, 0x56, 0x34, 0x12};  // 123456.78 kWh

dlt645::Wire energy_answer(MeterAddress from = meter,
                           dlt645::DataIdentifier item = dlt645::item::forward_active) {
  dlt645::Wire out;
  dlt645::answer_data(from, item, energy_bytes, out);
  return out;
}

Result<headend::DirectReading> read(Line& line, headend::DirectReader& reader,
                                    dlt645::AddressPattern who = meter,
                                    dlt645::DataIdentifier item = dlt645::item::forward_active) {
  std::optional<Result<headend::DirectReading>> outcome;
  seam::spawn(line.clock,
              [](headend::DirectReader& r, dlt645::AddressPattern w, dlt645::DataIdentifier i,
                 std::optional<Result<headend::DirectReading>>& out) -> seam::asio::awaitable<void> {
                out = co_await r.read(w, i);
              }(reader, who, item, outcome));
  line.run_until(line.clock.now() + 1min);
  REQUIRE(outcome.has_value());
  return *outcome;
}
}  // namespace

TEST_CASE("a reading comes back as bytes, name and value, from a request with its FE lead-in") {
  Line line;
  headend::DirectReader reader(line.clock, *line.link);
  std::string asked;
  line.on_request = [&](const dlt645::Frame&, Bytes raw) {
    asked = to_hex(raw);
    line.plan(100ms, energy_answer());
  };
  const auto reading = read(line, reader);
  REQUIRE(reading.has_value());
  // DL/T 645-2007: 68 address 68 11 04 DI+33H CS 16, four FE before it.
  CHECK(asked == "FE FE FE FE 68 12 00 00 00 10 20 68 11 04 33 33 34 33 F4 16");
  CHECK(reading->from == meter);
  CHECK(reading->bytes == std::vector<std::uint8_t>(energy_bytes.begin(), energy_bytes.end()));
  REQUIRE(reading->values.size() == 1);
  CHECK(reading->values[0].text == "123456.78");
  CHECK(reading->values[0].unit == "kWh");
  CHECK(reader.statistics().requests == 1);
}

TEST_CASE(
    "echo, noise, many FE, other meters' and other items' answers stand before the right one without harm") {
  Line line;
  headend::DirectReader reader(line.clock, *line.link);
  line.on_request = [&](const dlt645::Frame&, Bytes raw) {
    line.plan(1ms, raw);
    line.plan(20ms, *from_hex("00 FF 68 16 68 68 FE FE"));
    line.plan(40ms, energy_answer(MeterAddress(999)));
    line.plan(60ms, energy_answer(meter, dlt645::item::reverse_active));
    std::vector<std::uint8_t> late(40, 0xFE);
    const auto answer = energy_answer();
    late.insert(late.end(), answer.begin(), answer.end());
    line.plan(300ms, late);
  };
  const auto reading = read(line, reader);
  REQUIRE(reading.has_value());
  CHECK(reading->bytes[0] == 0x78);
  CHECK(reader.statistics().echoes == 1);
  CHECK(reader.statistics().foreign_answers == 2);
  CHECK(reader.statistics().requests == 1);
}

TEST_CASE("an answer may come byte by byte, but not with a pause inside a frame") {
  const auto [gap, requests] = GENERATE(table<Duration, int>({{499ms, 1}, {501ms, 2}}));
  Line line;
  headend::DirectReader reader(line.clock, *line.link);
  line.on_request = [&, pause = gap](const dlt645::Frame&, Bytes) {
    const auto answer = energy_answer();
    if (line.requests > 1) return line.plan(50ms, answer);
    for (std::size_t i = 0; i < answer.size(); ++i)
      line.plan(100ms + i * 5ms + (i < 8 ? 0ns : pause - 5ms), Bytes(answer).subspan(i, 1));
  };
  CHECK(read(line, reader).has_value());
  CHECK(line.requests == requests);
}

TEST_CASE("a silent or garbled meter is asked as often as agreed, then it is a time-out") {
  const bool is_garbled = GENERATE(true, false);
  Line line;
  headend::DirectReader reader(line.clock, *line.link, {.answer_timeout = 1s, .attempts = 4});
  line.on_request = [&](const dlt645::Frame&, Bytes) {
    auto answer = energy_answer();
    answer[12] ^= 0x04;
    if (is_garbled) line.plan(100ms, answer);
  };
  const auto began = line.clock.now();
  const auto reading = read(line, reader);
  REQUIRE_FALSE(reading.has_value());
  CHECK(reading.error() == Fault::timeout);
  CHECK(line.requests == 4);
  CHECK(reader.statistics().timeouts == 4);
  CHECK(line.clock.now() > began + 4s);
}

TEST_CASE("the late answer to an earlier question is not taken for the next one") {
  Line line;
  headend::DirectReader reader(line.clock, *line.link, {.answer_timeout = 1s, .attempts = 1});
  line.on_request = [&](const dlt645::Frame&, Bytes) {
    if (line.requests == 1) line.plan(1500ms, energy_answer());
    if (line.requests == 2) line.plan(700ms, energy_answer(meter, dlt645::item::reverse_active));
  };
  CHECK_FALSE(read(line, reader).has_value());
  const auto second = read(line, reader, meter, dlt645::item::reverse_active);
  REQUIRE(second.has_value());
  CHECK(second->item == dlt645::item::reverse_active);
}

TEST_CASE("refusals are final: no such data, or refused with its reason") {
  const auto [reason, fault] = GENERATE(table<dlt645::Refusal, Fault>(
      {{dlt645::Refusal::no_such_data, Fault::no_data}, {dlt645::Refusal::not_authorised, Fault::refused}}));
  Line line;
  headend::DirectReader reader(line.clock, *line.link);
  line.on_request = [&, why = reason](const dlt645::Frame&, Bytes) {
    dlt645::Wire out;
    dlt645::refuse(meter, dlt645::Function::read, why, out);
    line.plan(100ms, out);
  };
  const auto reading = read(line, reader);
  REQUIRE_FALSE(reading.has_value());
  CHECK(reading.error() == fault);
  CHECK(reader.last_refusal() == reason);
  CHECK(line.requests == 1);
}

TEST_CASE("follow-up frames are fetched in order, asked again when lost, and joined") {
  Line line;
  headend::DirectReader reader(line.clock, *line.link);
  int lost = 0;
  const auto item = dlt645::item::forward_active_block;
  line.on_request = [&](const dlt645::Frame& asked, Bytes) {
    dlt645::Wire out;
    if (asked.control.function() == dlt645::Function::read) {
      const std::array<std::uint8_t, 8> part{0x00, 0x03, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00};
      dlt645::answer_data(meter, item, part, out, true);
    } else {
      const auto more = *dlt645::parse_follow_up(asked);
      if (more.sequence == 2 && ++lost == 1) return;
      const std::array<std::uint8_t, 4> part{more.sequence, 0x00, 0x00, 0x00};
      dlt645::answer_follow_up(meter, item, part, more.sequence, out, more.sequence < 3);
    }
    line.plan(100ms, out);
  };
  const auto reading = read(line, reader, meter, item);
  REQUIRE(reading.has_value());
  CHECK(reading->bytes ==
        std::vector<std::uint8_t>{0, 3, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0});
  REQUIRE(reading->values.size() == 5);
  CHECK(reading->values[0].text == "3.00");
  CHECK(reading->values[4].text == "0.03");
  CHECK(line.requests == 5);
}

TEST_CASE("wildcards read the only meter on the line, and its address can be asked for") {
  Line line;
  headend::DirectReader reader(line.clock, *line.link);
  line.on_request = [&](const dlt645::Frame& asked, Bytes) {
    dlt645::Wire out;
    if (asked.control.function() == dlt645::Function::read_address)
      dlt645::answer_address(meter, out);
    else
      out = energy_answer();
    line.plan(100ms, out);
  };
  const auto reading = read(line, reader, dlt645::AddressPattern::any());
  REQUIRE(reading.has_value());
  CHECK(reading->from == meter);
  std::optional<Result<MeterAddress>> address;
  seam::spawn(
      line.clock,
      [](headend::DirectReader& r, std::optional<Result<MeterAddress>>& out) -> seam::asio::awaitable<void> {
        out = co_await r.read_address();
      }(reader, address));
  line.run_until(line.clock.now() + 10s);
  REQUIRE(address.has_value());
  CHECK(address->value() == meter);
}

TEST_CASE("a line that ends while we wait says so") {
  Line line;
  headend::DirectReader reader(line.clock, *line.link);
  line.on_request = [&](const dlt645::Frame&, Bytes) { line.field.close(); };
  const auto reading = read(line, reader);
  REQUIRE_FALSE(reading.has_value());
  CHECK(reading.error() == Fault::link_closed);
}

TEST_CASE("whatever bytes come back, the reader ends in time") {
  const std::uint64_t seed = GENERATE(range<std::uint64_t>(1, 101));
  INFO("seed " << seed);
  const RandomStream draws(seed, 1, Purpose::test);
  Line line;
  headend::DirectReader reader(line.clock, *line.link);
  line.on_request = [&](const dlt645::Frame&, Bytes) {
    auto bytes = std::vector<std::uint8_t>();
    const auto answer = energy_answer();
    for (std::uint64_t i = 0; i < 10; ++i) {
      const auto at = draws.below(answer.size(), 100 * static_cast<std::uint64_t>(line.requests) + i);
      bytes.insert(bytes.end(), answer.begin(), answer.begin() + static_cast<std::ptrdiff_t>(at));
      bytes.push_back(static_cast<std::uint8_t>(draws.word(i)));
    }
    line.plan(50ms, bytes);
  };
  const auto began = line.clock.now();
  const auto reading = read(line, reader);
  CHECK_FALSE(reading.has_value());
  CHECK(line.clock.now() - began <= 1min);
}
