// A communication manager between bytes and a pair: packing, one master, buffers, restarts; and the
// head-end's own reader reading meters through it, beside an area with a concentrator.
#include "models/collector/transparent_manager.hpp"

#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "head-end/collect/direct_reader.hpp"
#include "platform/spawn.hpp"
#include "platform/virtual/virtual_link.hpp"
#include "protocols/dlt645/requests.hpp"
#include "tests/models/field/field_rig.hpp"

using namespace std::chrono_literals;
using core::Instant;
using rig::midnight;

namespace {
/// A manager with a pair of meters, and what came back through it.
struct Bench {
  explicit Bench(std::size_t count, model::ManagerSetup setup = {}, model::LineSetup pair = {}) {
    for (std::size_t i = 0; i < count; ++i) {
      meters.emplace_back(rig::meter(static_cast<model::MeterId>(i + 1)));
      pair.meters.push_back(static_cast<std::uint32_t>(i));
    }
    line.emplace(pair, model::LinePlace{1, 0, 0, meters, happened, tap});
    way.emplace(*line);
    manager.emplace(*way, setup);
  }
  bool connect(Instant at) {
    return manager->connect(at, {[this](Instant when, core::Bytes bytes) {
                                   last_at = when;
                                   back.insert(back.end(), bytes.begin(), bytes.end());
                                 },
                                 [this](Instant) { ++hung_up; }});
  }
  void run(Instant till) {
    while (manager->next() <= till) manager->advance();
  }
  std::size_t answers() {
    std::size_t count = 0;
    dlt645::Framer framer;
    framer.feed(back, [&](const dlt645::Frame& frame) { count += frame.control.is_from_meter() ? 1 : 0; });
    return count;
  }

  std::vector<model::Meter> meters;
  model::MeterHappenings happened;
  model::LineTap tap;
  std::optional<model::Rs485Line> line;
  std::optional<model::Rs485Field> way;
  std::optional<model::TransparentManager> manager;
  std::vector<std::uint8_t> back;
  Instant last_at{};
  int hung_up = 0;
};

dlt645::Wire request_to(std::size_t meter) {
  dlt645::Wire wire;
  dlt645::encode(rig::address_of(static_cast<model::MeterId>(meter)),
                 dlt645::ReadRequest{dlt645::item::forward_active, {}, {}}, wire, 4);
  return wire;
}
const Instant start = midnight + 1s;
}  // namespace

TEST_CASE("a read takes gap, characters and turnaround, at each rate") {
  const int baud = GENERATE(1200, 2400, 9600);
  INFO(baud << " bit/s");
  model::LineSetup pair;
  pair.baud = baud;
  pair.turnaround_min = pair.turnaround_max = 20ms;
  Bench bench(1, {}, pair);
  REQUIRE(bench.connect(start));
  bench.manager->received(start, request_to(1));
  bench.run(start + 5s);
  CHECK(bench.answers() == 1);
  // 4 FE + 16 bytes out; the meter's answer, as many FE as it sends included, back: 11 bits each.
  const auto characters = [&](std::size_t bytes) {
    return core::Duration(static_cast<std::int64_t>(bytes) * 11 * 1'000'000'000 / baud);
  };
  CHECK(bench.last_at - start == 20ms + characters(20) + 20ms + characters(bench.back.size()) + 20ms + 5ms);
}

TEST_CASE("however TCP cuts a request, it reaches the pair in one breath; a long pause cuts it for good") {
  const auto request = request_to(1);
  for (const std::size_t piece : {1u, 3u, 7u, 19u}) {
    INFO("pieces of " << piece);
    Bench bench(1);
    REQUIRE(bench.connect(start));
    auto at = start;
    for (std::size_t from = 0; from < request.size(); from += piece, at += 15ms) {
      bench.run(at);
      bench.manager->received(at, core::Bytes(request).subspan(from, std::min(piece, request.size() - from)));
    }
    bench.run(at + 2s);
    CHECK(bench.manager->burst_count() == 1);
    CHECK(bench.answers() == 1);
  }
  Bench bench(1);
  REQUIRE(bench.connect(start));
  bench.manager->received(start, core::Bytes(request).first(10));
  bench.run(start + 1s);
  bench.manager->received(start + 1s, core::Bytes(request).subspan(10));
  bench.run(start + 3s);
  CHECK(bench.manager->burst_count() == 2);
  CHECK(bench.answers() == 0);
}

TEST_CASE("two requests joined by TCP are one burst: the first is heard, the second runs into its answer") {
  Bench bench(2);
  REQUIRE(bench.connect(start));
  const auto first = request_to(1), second = request_to(2);
  std::vector<std::uint8_t> joined(first.begin(), first.end());
  joined.insert(joined.end(), second.begin(), second.end());
  bench.manager->received(start, joined);
  bench.run(start + 3s);
  CHECK(bench.answers() == 1);
}

TEST_CASE("one master at a time; when it leaves, the next one may come, and gets nobody else's answers") {
  Bench bench(1);
  REQUIRE(bench.connect(start));
  CHECK_FALSE(bench.connect(start));
  bench.manager->received(start, request_to(1));
  bench.run(start + 50ms);
  bench.manager->disconnected();
  bench.run(start + 3s);  // the answer came and nobody was there
  REQUIRE(bench.connect(start + 3s));
  bench.run(start + 6s);
  CHECK(bench.back.empty());
}

TEST_CASE("bytes beyond the buffer are lost and counted, what fits goes out in bursts") {
  Bench bench(1, {.buffer_bytes = 500});
  REQUIRE(bench.connect(start));
  const std::vector<std::uint8_t> flood(2'000, 0xFE);
  bench.manager->received(start, flood);
  CHECK(bench.manager->overflow_bytes() == 1'500);
  bench.run(start + 20s);
  CHECK(bench.manager->burst_count() == (500 + dlt645::Wire::capacity() - 1) / dlt645::Wire::capacity());
  bench.manager->received(start + 20s, request_to(1));
  bench.run(start + 23s);
  CHECK(bench.answers() == 1);
}

TEST_CASE("a restart hangs up, forgets, refuses until it is up, and serves again") {
  Bench bench(1);
  REQUIRE(bench.connect(start));
  bench.manager->received(start, request_to(1));
  bench.run(start + 60ms);  // in mid-request
  bench.manager->restart(start + 60ms, start + 30s);
  CHECK(bench.hung_up == 1);
  CHECK_FALSE(bench.connect(start + 29s));
  bench.run(start + 30s);
  CHECK(bench.back.empty());
  REQUIRE(bench.connect(start + 30s));
  bench.manager->received(start + 30s, request_to(1));
  bench.run(start + 33s);
  CHECK(bench.answers() == 1);
}

TEST_CASE("whatever bytes come, at whatever times, a manager goes on and then reads a meter") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream random(seed, 6, core::Purpose::test);
    std::uint64_t draw = 0;
    Bench bench(2);
    auto at = start;
    for (int i = 0; i < 200; ++i) {
      at += core::Duration(random.between(0, 200'000'000, draw++));
      bench.run(at);
      switch (random.below(12, draw++)) {
        case 0:
          bench.manager->disconnected();
          break;
        case 1:
          bench.manager->restart(at, at + 1s);
          break;
        default:
          if (!bench.manager->is_connected()) bench.connect(at);
      }
      std::vector<std::uint8_t> bytes(random.below(700, draw++));
      for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256, draw++));
      if (random.below(3, draw++) == 0) {
        const auto request = request_to(1 + i % 2);
        bytes.assign(request.begin(), request.end());
      }
      bench.manager->received(at, bytes);
    }
    at += 60s;
    bench.run(at);
    if (!bench.manager->is_connected()) REQUIRE(bench.connect(at));
    bench.back.clear();
    bench.manager->received(at, request_to(1));
    bench.run(at + 3s);
    CHECK(bench.answers() == 1);
  }
}

namespace {
/// The head-end's reader at one end of a virtual TCP connection, the manager at the other, one clock for both
/// and for an area beside.
class Site final : public seam::FarEnd {
 public:
  explicit Site(std::size_t meters) : bench(meters), field(clock, *this, "manager"), link(field.connect()) {}
  ~Site() override { field.close(); }
  void head_end_wrote(core::Bytes bytes) override { bench.manager->received(clock.now(), bytes); }
  void head_end_closed() override { bench.manager->disconnected(); }
  void open() {
    REQUIRE(bench.manager->connect(clock.now(), {[this](Instant, core::Bytes bytes) { field.deliver(bytes); },
                                                 [this](Instant) { field.close(); }}));
  }
  void run(Instant till, model::Area& area) {
    for (clock.settle(); clock.now() < till; clock.settle()) {
      const auto at = std::min({till, clock.next_deadline(), bench.manager->next(), area.next()});
      clock.arrive_at(std::max(clock.now(), at));
      if (area.next() <= clock.now()) area.advance(clock.now());
      if (bench.manager->next() <= clock.now()) bench.manager->advance();
    }
  }

  seam::VirtualClock clock{start};
  Bench bench;
  seam::VirtualField field;
  std::unique_ptr<seam::Link> link;
};

using Readings = std::vector<core::Result<headend::DirectReading>>;
seam::asio::awaitable<void> read_all(headend::DirectReader& reader, std::size_t meters, Readings& out) {
  for (std::size_t meter = 1; meter <= meters; ++meter) {
    const dlt645::AddressPattern who(rig::address_of(static_cast<model::MeterId>(meter)));
    auto reading = co_await reader.read(who, dlt645::item::forward_active);
    out.push_back(reading);
  }
}
}  // namespace

TEST_CASE(
    "the head-end's own reader reads meters through a manager while a concentrator reads an area beside it") {
  constexpr std::size_t meters = 8;
  rig::Truth truth;
  rig::HeadEnd head_end;
  const auto setup = rig::area(4);
  model::Area area(setup, truth, head_end);
  head_end.wire(area);
  Site site(meters);
  site.open();
  site.run(midnight + 2min, area);
  head_end.set_archive(midnight + 2min, setup);
  site.run(midnight + 3h, area);
  headend::DirectReader reader(site.clock, *site.link);
  Readings readings;
  seam::spawn(site.clock, read_all(reader, meters, readings));
  site.run(midnight + 3h + 5min, area);
  REQUIRE(readings.size() == meters);
  for (std::size_t i = 0; i < meters; ++i) {
    INFO("meter " << i + 1);
    REQUIRE(readings[i].has_value());
    CHECK(readings[i]->from == rig::address_of(static_cast<model::MeterId>(i + 1)));
    REQUIRE(readings[i]->values.size() == 1);
    CHECK(readings[i]->values[0].text == "3.00");  // 1 kW for three hours and a few seconds, cut off
  }
  CHECK(reader.statistics().timeouts == 0);
  const auto curves = head_end.curve(midnight + 3h + 5min, midnight + 15min, 12);
  for (int point = 1; point <= 4; ++point)
    for (int i = 0; i < 12; ++i)
      CHECK(curves.at(point).at(static_cast<std::size_t>(i)) ==
            truth.samples.at(midnight + (i + 1) * 15min).shown[static_cast<std::size_t>(point - 1)]);
}

TEST_CASE(
    "a late manager answers into the next question: the reader drops it, and no reading is of another "
    "meter") {
  rig::Truth truth;
  rig::HeadEnd head_end;
  model::Area area(rig::area(1), truth, head_end);
  head_end.wire(area);
  Site site(6);
  site.open();
  site.bench.manager->set_answer_delay(2'300ms);  // the reader waits 2 s
  headend::DirectReader reader(site.clock, *site.link);
  Readings readings;
  seam::spawn(site.clock, read_all(reader, 6, readings));
  site.run(start + 3min, area);
  REQUIRE(readings.size() == 6);
  for (std::size_t i = 0; i < readings.size(); ++i)
    if (readings[i]) CHECK(readings[i]->from == rig::address_of(static_cast<model::MeterId>(i + 1)));
  CHECK(reader.statistics().timeouts > 0);
}

TEST_CASE("a manager that restarts hangs up on the reader, which says so") {
  rig::Truth truth;
  rig::HeadEnd head_end;
  model::Area area(rig::area(1), truth, head_end);
  head_end.wire(area);
  Site site(1);
  site.open();
  headend::DirectReader reader(site.clock, *site.link);
  Readings readings;
  seam::spawn(site.clock, read_all(reader, 1, readings));
  site.run(start + 30ms, area);
  site.bench.manager->restart(site.clock.now(), start + 1min);
  site.run(start + 30s, area);
  REQUIRE(readings.size() == 1);
  REQUIRE_FALSE(readings[0].has_value());
  CHECK(readings[0].error() == core::Fault::link_closed);
}
