// Each abnormal kind is what its name says, shown by the protocols' own decoders.
#include <catch2/catch.hpp>

#include "protocols/dlt645/requests.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "protocols/gdw3761/frame.hpp"
#include "protocols/modbus/tcp.hpp"
#include "stress/fleet/abnormal.hpp"
#include "stress/fleet/meter_voice.hpp"

using namespace stress;

namespace {
struct Bench {
  Bench() {
    estate.meters = 100;
    estate.opens = core::instant_from_seconds(1'767'225'600);
  }
  std::vector<std::uint8_t> make(AbnormalKind kind, std::uint64_t event, std::uint32_t frame = 6) {
    std::vector<std::uint8_t> bytes;
    put_abnormal(kind, writer, estate.collector(0), frame, 4, event, bytes);
    return bytes;
  }
  /// What of it looks like a frame, and whether a good frame behind it is still found.
  std::vector<std::string> frames_with_neighbour(std::vector<std::uint8_t> bytes) {
    const std::size_t own = bytes.size();
    writer.put_report(estate.collector(0), 7, 5, bytes);
    std::vector<std::string> found;
    gdw3761::Framer framer;
    framer.feed(bytes, [&](const gdw3761::FrameView& frame) { found.push_back(core::to_hex(frame.raw)); });
    REQUIRE_FALSE(found.empty());
    CHECK(found.back() == core::to_hex(core::Bytes(bytes).subspan(own)));
    found.pop_back();
    return found;
  }
  std::vector<std::int64_t> values(core::Bytes bytes) {
    std::vector<std::int64_t> all;
    const auto frame = gdw3761::decode(bytes);
    REQUIRE(frame.has_value());
    const auto walked = gdw3761::each_curve(*frame, [&](const gdw3761::Curve& curve) {
      all.push_back(curve.value(0)->count());
      start = core::Zone().instant(curve.time.start);
    });
    REQUIRE(walked.has_value());
    return all;
  }
  EstatePlan estate{};
  ReportWriter writer{make_estate(), {}};
  Instant start;

 private:
  static EstatePlan make_estate() {
    EstatePlan plan;
    plan.meters = 100;
    plan.opens = core::instant_from_seconds(1'767'225'600);
    return plan;
  }
};
constexpr std::uint64_t events = 200;
}  // namespace

TEST_CASE("names go both ways") {
  for (std::size_t i = 0; i < abnormal_kinds; ++i) {
    const auto kind = static_cast<AbnormalKind>(i);
    CHECK(abnormal_kind_of(name_of(kind)) == kind);
  }
  CHECK_FALSE(abnormal_kind_of("polite"));
}

TEST_CASE("what is not answerable is no frame of this concentrator, and the good frame behind it is found") {
  Bench bench;
  for (std::uint64_t event = 0; event < events; ++event) {
    INFO("event " << event);
    const auto wrong_sum = bench.make(AbnormalKind::bad_checksum, event);
    CHECK(gdw3761::decode(wrong_sum).error() == core::Fault::bad_checksum);
    CHECK(bench.frames_with_neighbour(wrong_sum).empty());
    const auto cut = bench.make(AbnormalKind::truncated, event);
    CHECK(gdw3761::decode(cut).error() == core::Fault::incomplete);
    CHECK(bench.frames_with_neighbour(cut).empty());
    const auto confused = bench.make(AbnormalKind::protocol_confusion, event);
    CHECK_FALSE(gdw3761::decode(confused).has_value());
    CHECK(bench.frames_with_neighbour(confused).empty());
  }
  const auto oversized = bench.make(AbnormalKind::oversized, 0);
  CHECK(oversized.size() > gdw3761::frame_bytes_max);
  CHECK(bench.frames_with_neighbour(oversized).empty());
}

TEST_CASE("a wrong address is a good frame of somebody who does not exist") {
  Bench bench;
  const auto bytes = bench.make(AbnormalKind::wrong_address, 1);
  const auto frame = gdw3761::decode(bytes);
  REQUIRE(frame.has_value());
  CHECK(gdw3761::region_of(frame->address) == 3302);
}

TEST_CASE("a replay is the very frame; only the counter is today's") {
  Bench bench;
  std::vector<std::uint8_t> first;
  bench.writer.put_report(bench.estate.collector(0), 6, 4, first);
  CHECK(bench.make(AbnormalKind::replay, 1) == first);
}

TEST_CASE("time travel lies in 2099 or before the opening, and tells no truth") {
  Bench bench;
  bool was_ahead = false, was_before = false;
  for (std::uint64_t event = 0; event < events; ++event) {
    INFO("event " << event);
    const auto bytes = bench.make(AbnormalKind::time_travel, event);
    const auto values = bench.values(bytes);
    for (std::size_t i = 0; i < values.size(); ++i)
      CHECK(values[i] != std::int64_t{bench.writer.truth(static_cast<std::uint32_t>(i) + 1, 3)});
    was_ahead = was_ahead || bench.start > core::instant_from_seconds(4'070'900'000);
    was_before = was_before || bench.start < bench.estate.opens;
    CHECK((bench.start < bench.estate.opens || bench.start > core::instant_from_seconds(4'070'900'000)));
  }
  CHECK(was_ahead);
  CHECK(was_before);
}

TEST_CASE("a huge value is 999,999.99 kWh for readings that are not yet sent") {
  Bench bench;
  const auto values = bench.values(bench.make(AbnormalKind::huge_value, 1));
  CHECK(values == std::vector<std::int64_t>(4, 99'999'999));
  CHECK(bench.start == bench.estate.due(3));
}

TEST_CASE("protocol confusion speaks DL/T 645, Modbus-TCP and HTTP") {
  Bench bench;
  bool was_645 = false, was_modbus = false, was_http = false;
  for (std::uint64_t event = 0; event < events; ++event) {
    const auto bytes = bench.make(AbnormalKind::protocol_confusion, event);
    dlt645::Frame frame;
    was_645 = was_645 || dlt645::decode(bytes, frame).has_value();
    was_modbus = was_modbus || modbus::tcp::decode(bytes).has_value();
    was_http = was_http || std::string(bytes.begin(), bytes.end()).starts_with("GET ");
  }
  CHECK(was_645);
  CHECK(was_modbus);
  CHECK(was_http);
}

TEST_CASE("falsified is never the truth and always a register") {
  const core::RandomStream draws(5, 0, core::Purpose::test);
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const auto truth = static_cast<std::uint32_t>(draws.below(100'000'000, i));
    REQUIRE(falsified(truth) != truth);
    REQUIRE(falsified(truth) < 100'000'000);
  }
}

TEST_CASE("kinds are drawn in proportion to their weights") {
  AbnormalWeights weights{};
  weights[0] = 1;
  weights[4] = 3;
  int first = 0;
  constexpr int draws = 20'000;
  for (std::uint64_t event = 0; event < draws; ++event) {
    const auto kind = draw_kind(weights, 8, event);
    REQUIRE(kind);
    REQUIRE((*kind == AbnormalKind::bad_checksum || *kind == AbnormalKind::replay));
    first += *kind == AbnormalKind::bad_checksum ? 1 : 0;
  }
  // Binomial(20,000; 1/4): five standard deviations are 306; a right draw fails with p < 10^-6.
  CHECK(std::abs(first - draws / 4) < 306);
  CHECK_FALSE(draw_kind(AbnormalWeights{}, 8, 1));
}

TEST_CASE("a meter's relay follows 1CH and its status word tells; nobody else answers") {
  Bench bench;
  Relays relays(100);
  const auto collector = bench.estate.collector(0);
  const auto ask = [&](auto request, std::uint32_t meter) {
    dlt645::Wire wire;
    dlt645::encode(EstatePlan::address_of(meter), request, wire);
    return answer_of_meter(collector, relays, wire);
  };
  dlt645::RemoteControlRequest trip;
  trip.valid_until = {2030, 1, 1, 0, 0, 0};
  CHECK_FALSE(ask(trip, 7).empty());
  CHECK(relays.is_open(7));
  const auto status = ask(dlt645::ReadRequest{dlt645::item::status_word(3), {}, {}}, 7);
  CHECK(core::to_hex(core::Bytes(status).subspan(14, 2)) == "83 33");  // 0050H: open, and told so; + 33H
  trip.command = dlt645::Control1C::close;
  ask(trip, 7);
  CHECK_FALSE(relays.is_open(7));
  CHECK(ask(trip, 101).empty());
  const std::vector<std::uint8_t> garbage(300, 0x68);
  CHECK(answer_of_meter(collector, relays, garbage).empty());
}
