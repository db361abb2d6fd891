#include "models/line/gprs/uplink.hpp"

#include <catch2/catch.hpp>

#include "tests/models/field/field_rig.hpp"

using namespace std::chrono_literals;
using rig::midnight;

namespace {
struct Ends final : model::UplinkPort, model::UplinkUser {
  bool is_listening = true;
  std::vector<core::Instant> connects, refusals, drops, connected_at, disconnected_at;
  std::string at_head_end, at_concentrator;
  std::vector<core::Instant> arrivals;
  bool connect(model::AreaId, core::Instant at) override {
    (is_listening ? connects : refusals).push_back(at);
    return is_listening;
  }
  void deliver(model::AreaId, core::Instant at, core::Bytes bytes) override {
    at_head_end.append(bytes.begin(), bytes.end());
    arrivals.push_back(at);
  }
  void drop(model::AreaId, core::Instant at) override { drops.push_back(at); }
  void connected(core::Instant at) override { connected_at.push_back(at); }
  void received(core::Instant, core::Bytes bytes) override {
    at_concentrator.append(bytes.begin(), bytes.end());
  }
  void disconnected(core::Instant at) override { disconnected_at.push_back(at); }
};
struct Bench {
  model::UplinkSetup setup;
  Ends ends;
  std::optional<model::GprsUplink> uplink;
  explicit Bench(model::UplinkSetup s = {}) : setup(s) { uplink.emplace(setup, 9, 0, ends, ends); }
  void run(core::Instant till) {
    while (uplink->next() <= till) uplink->advance();
  }
  core::Instant connect(core::Instant at = midnight) {
    uplink->power_on(at);
    run(at + 1min);
    REQUIRE(ends.connected_at.size() == 1);
    return at + 1min;
  }
};
core::Bytes bytes_of(const std::string& text) {
  return core::Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}
}  // namespace

TEST_CASE("bytes keep their order whatever latency and loss do") {
  model::UplinkSetup setup;
  setup.loss = {1, 4};
  Bench bench(setup);
  auto at = bench.connect();
  std::string sent;
  for (int i = 0; i < 500; ++i) {
    const auto text = std::to_string(i) + ",";
    bench.uplink->send(at, bytes_of(text));
    bench.uplink->head_end_wrote(at, bytes_of(text));
    sent += text;
    at += 50ms;
    bench.run(at);
  }
  bench.run(at + 1h);
  CHECK(bench.ends.at_head_end == sent);
  CHECK(bench.ends.at_concentrator == sent);
  CHECK(std::is_sorted(bench.ends.arrivals.begin(), bench.ends.arrivals.end()));
}

TEST_CASE("a write arrives after its transmission time and a latency within bounds") {
  model::UplinkSetup setup;
  setup.loss = {0, 1};
  Bench bench(setup);
  const auto at = bench.connect();
  bench.uplink->send(at, bytes_of(std::string(3000, 'x')));  // 24,000 bits at 30 kbit/s: 0.8 s
  bench.run(at + 1min);
  REQUIRE(bench.ends.arrivals.size() == 1);
  CHECK(bench.ends.arrivals[0] - at >= 800ms + 300ms);
  CHECK(bench.ends.arrivals[0] - at <= 800ms + 900ms);
}

TEST_CASE("a refused connection is tried again until somebody listens") {
  Bench bench;
  bench.ends.is_listening = false;
  bench.uplink->power_on(midnight);
  bench.run(midnight + 10min);
  CHECK(bench.ends.connected_at.empty());
  CHECK(bench.ends.refusals.size() >= 10);
  CHECK(bench.ends.refusals.size() <= 120);
  bench.ends.is_listening = true;
  bench.run(midnight + 11min);
  CHECK(bench.ends.connected_at.size() == 1);
}

TEST_CASE("a short outage delays, a long one kills the connection and is followed by a new one") {
  Bench bench;
  const auto at = bench.connect();
  bench.uplink->send(at, bytes_of("before"));
  bench.uplink->begin_outage(at, at + 20s);
  bench.uplink->send(at + 1s, bytes_of(" during"));
  bench.run(at + 19s);
  CHECK(bench.ends.at_head_end.empty());
  bench.run(at + 30s);
  CHECK(bench.ends.at_head_end == "before during");
  CHECK(bench.ends.drops.empty());
  CHECK(bench.uplink->struck_count() == 1);

  bench.uplink->send(at + 1min, bytes_of(" lost"));
  bench.uplink->begin_outage(at + 1min, at + 11min);
  bench.run(at + 11min);
  REQUIRE(bench.ends.drops.size() == 1);
  CHECK(bench.ends.drops[0] == at + 1min + 30s);
  CHECK(bench.ends.disconnected_at.size() == 1);
  CHECK(bench.ends.connected_at.size() == 1);
  bench.run(at + 13min);
  CHECK(bench.ends.connected_at.size() == 2);
  CHECK(bench.ends.at_head_end == "before during");
  CHECK(bench.uplink->struck_count() > 10);
}

TEST_CASE("the concentrator learns of a closed connection behind the last bytes, and comes back") {
  Bench bench;
  const auto at = bench.connect();
  bench.uplink->head_end_wrote(at, bytes_of("last words"));
  bench.uplink->head_end_closed(at);
  bench.uplink->head_end_closed(at);
  bench.uplink->head_end_wrote(at, bytes_of("nobody hears this"));
  bench.run(at + 30s);
  CHECK(bench.ends.at_concentrator == "last words");
  CHECK(bench.ends.disconnected_at.size() == 1);
  bench.run(at + 3min);
  CHECK(bench.ends.connected_at.size() == 2);
}
