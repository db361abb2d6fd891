// The carrier port as a poller sees it: requests out, answers or silence back, in time and in order.
#include "models/line/carrier/carrier_line.hpp"

#include <catch2/catch.hpp>

using namespace model::carrier;
using namespace std::chrono_literals;

namespace {
constexpr auto noon = core::Instant{} + 500'000h;

struct Rig {
  model::Feeder feeder;
  std::vector<std::pair<std::uint32_t, core::Instant>> asked;
  std::vector<LossCause> causes;
  std::unique_ptr<CarrierLine> line;

  explicit Rig(int baud = 0) {
    feeder.name = "row";
    for (int bus = 2; bus <= 4; ++bus) feeder.lines.push_back({bus - 1, bus, 50, 0});
    CarrierLineSetup setup;
    setup.channel.starts = noon;
    setup.channel.surroundings.has_bursts = false;
    setup.places = {
        {1, model::Phase::a, 0, true}, {2, model::Phase::a, 5, false}, {4, model::Phase::b, 5, false}};
    setup.stations = {{{1, 0, 0, 0, 0, 0}, 0, 1, 0}, {{2, 0, 0, 0, 0, 0}, 1, 2, baud}};
    line = std::make_unique<CarrierLine>(
        setup, feeder,
        CarrierHosts{
            [this](std::uint32_t meter, core::Instant at, core::Bytes request,
                   std::vector<std::uint8_t>& out) {
              asked.emplace_back(meter, at);
              if (request[1] == 0x99) return false;
              out.assign(request.begin(), request.end());
              out[8] |= 0x80;
              return true;
            },
            [this](std::uint32_t, core::Instant, const Delivery& lost) { causes.push_back(lost.cause); }});
  }
  static std::vector<std::uint8_t> request_to(std::uint8_t meter) {
    return {0xFE, 0xFE, 0x68, meter, 0, 0, 0, 0, 0, 0x68, 0x11, 0x04, 0x33, 0x33, 0x34, 0x33, 0x00, 0x16};
  }
  /// Runs till nothing is under way; the last thing the concentrator heard, and when.
  std::pair<std::vector<std::uint8_t>, core::Instant> run() {
    std::vector<std::uint8_t> heard;
    core::Instant at{};
    while (line->next() != core::never) {
      const auto now = line->next();
      if (const auto bytes = line->advance(); !bytes.empty()) {
        heard.assign(bytes.begin(), bytes.end());
        at = now;
      }
    }
    return {heard, at};
  }
};
}  // namespace

TEST_CASE("a request is answered, later than two frames and a turnaround take") {
  Rig rig;
  const auto request = Rig::request_to(1);
  const auto sent = rig.line->transmit(noon, request);
  CHECK(rig.line->next() == sent);
  CHECK(rig.line->busy_until(sent - 1ms) == sent);
  const auto [answer, at] = rig.run();
  REQUIRE(answer.size() == request.size() - 2);
  CHECK(answer[8] == 0x91);
  CHECK(at >= noon + 2 * rig.line->duration_of(16) + 20ms);
  REQUIRE(rig.asked.size() == 1);
  CHECK(rig.asked[0] == std::pair{0u, sent});
}

TEST_CASE("nobody answers for strangers, wildcards and garbage") {
  Rig rig;
  auto request = Rig::request_to(7);
  rig.line->transmit(noon, request);
  std::fill(request.begin() + 3, request.begin() + 9, 0xAA);
  rig.line->transmit(noon, request);
  rig.line->transmit(noon, std::vector<std::uint8_t>{0x68, 1, 2});
  CHECK(rig.run().first.empty());
  CHECK(rig.asked.empty());
}

TEST_CASE("a deaf module is silent and the loss has its name; hushing forgets what is under way") {
  Rig rig;
  rig.line->transmit(noon, Rig::request_to(2));
  rig.run();
  REQUIRE(rig.asked.size() == 1);
  rig.line->set_deaf(1, true, noon);
  rig.line->transmit(noon + 1min, Rig::request_to(2));
  CHECK(rig.run().first.empty());
  CHECK(rig.causes == std::vector<LossCause>{LossCause::module_off});
  rig.line->transmit(noon + 2min, Rig::request_to(1));
  rig.line->hush_master();
  CHECK(rig.line->next() == core::never);
}

TEST_CASE("a meter behind a collector takes its characters longer") {
  Rig direct, half(2400);
  direct.line->transmit(noon, Rig::request_to(2));
  half.line->transmit(noon, Rig::request_to(2));
  const auto direct_at = direct.run().second, half_at = half.run().second;
  // 16 bytes down and 16 up at 11 bits / 2400: 146.7 ms; the turnarounds (20..100 ms) differ.
  CHECK(half_at - direct_at > 146ms - 80ms);
  CHECK(half_at - direct_at < 147ms + 80ms);
}

TEST_CASE("the time broadcast reaches all at one instant and is not answered") {
  Rig rig;
  auto request = Rig::request_to(1);
  std::fill(request.begin() + 3, request.begin() + 9, 0x99);
  rig.line->transmit(noon, request);
  CHECK(rig.run().first.empty());
  REQUIRE(rig.asked.size() == 2);
  CHECK(rig.asked[0].second == rig.asked[1].second);
}
