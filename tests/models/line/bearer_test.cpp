#include "models/line/bearers/bearer_session.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "models/line/bearers/short_message.hpp"
#include "models/line/gprs/uplink.hpp"
#include "tests/models/field/field_rig.hpp"
#include "tests/models/line/statistics.hpp"

using namespace line_test;
using namespace std::chrono_literals;

namespace {
/// A head-end that takes every connection, and a concentrator that keeps what it hears.
struct Ends final : model::UplinkPort, model::UplinkUser {
  bool connect(model::AreaId, core::Instant) override {
    ++connects;
    return true;
  }
  void deliver(model::AreaId, core::Instant at, core::Bytes bytes) override {
    delivered_at = at;
    delivered += bytes.size();
  }
  void drop(model::AreaId, core::Instant) override { ++drops; }
  void connected(core::Instant at) override { connected_at = at; }
  void received(core::Instant, core::Bytes bytes) override { received_bytes += bytes.size(); }
  void disconnected(core::Instant) override { ++disconnects; }
  int connects = 0, drops = 0, disconnects = 0;
  std::size_t delivered = 0, received_bytes = 0;
  core::Instant delivered_at{}, connected_at{};
};
/// A calm bearer: everything certain, nothing lost.
model::BearerSheet calm() {
  model::BearerSheet sheet;
  sheet.name = "calm";
  sheet.latency_min = sheet.latency_max = 100ms;
  sheet.up_bps = sheet.down_bps = 8'000;
  sheet.attach_min = sheet.attach_max = 2s;
  sheet.activation_min = sheet.activation_max = 1s;
  return sheet;
}
struct Rig {
  explicit Rig(const model::BearerSheet& sheet)
      : setup(model::with_bearer({}, sheet)), uplink(setup, 1, 1, ends, ends) {
    uplink.set_bearer(sheet, {5s, 60s, {0, 1}});
    uplink.power_on(rig::midnight);
  }
  void run(core::Instant till) {
    while (uplink.next() <= till) uplink.advance();
  }
  model::UplinkSetup setup;
  Ends ends;
  model::GprsUplink uplink;
};
}  // namespace

TEST_CASE("every data sheet is whole, has its sources and is found by its name") {
  for (const auto* name : {"gprs", "4g", "nb-iot", "lora", "fibre", "telephone", "ethernet"}) {
    const auto* sheet = model::find_bearer(name);
    REQUIRE(sheet != nullptr);
    CHECK(sheet->is_valid());
    CHECK(sheet->source.size() > 20);
  }
  CHECK(model::bearer_sheets().size() == 7);
  CHECK(model::find_bearer("pigeon") == nullptr);
  auto bad = calm();
  bad.latency_min = 1s;
  CHECK_FALSE(bad.is_valid());
}

TEST_CASE("a modem pauses, attaches once, activates, connects; its first bytes ask for a channel") {
  auto sheet = calm();
  sheet.channel_set_up = 400ms;
  sheet.channel_kept = 1s;
  Rig rig_(sheet);
  rig_.run(rig::midnight + 1min);
  CHECK(rig_.ends.connected_at == rig::midnight + 5s + 2s + 1s);
  const std::vector<std::uint8_t> kilobyte(1'000, 7);
  const auto at = rig::midnight + 1min;
  rig_.uplink.send(at, kilobyte);
  rig_.run(at + 10s);
  CHECK(rig_.ends.delivered_at == at + 400ms + 1s + 100ms);
  rig_.uplink.send(at + 500ms + 10s, kilobyte);
  rig_.uplink.send(at + 1s + 10s, kilobyte);  // the channel is still there
  rig_.run(at + 20s);
  CHECK(rig_.ends.delivered_at == at + 500ms + 10s + 400ms + 2s + 100ms);
  CHECK(rig_.uplink.session()->counts().channels_asked == 2);
  CHECK(rig_.ends.delivered == 3'000);
}

TEST_CASE("a session that is dropped comes back with another address, without attaching again") {
  auto sheet = calm();
  sheet.new_address = {1, 1};
  Rig rig_(sheet);
  rig_.run(rig::midnight + 1min);
  const auto address = rig_.uplink.session()->address();
  rig_.uplink.drop_session(rig::midnight + 1min);
  CHECK(rig_.ends.drops == 1);
  rig_.run(rig::midnight + 2min);
  CHECK(rig_.ends.connected_at == rig::midnight + 1min + 5s + 1s);
  CHECK(rig_.uplink.session()->address() != address);
  CHECK(rig_.uplink.session()->counts().address_changes == 1);
  CHECK(rig_.uplink.session()->counts().drops == 1);
  rig_.uplink.power_off(rig::midnight + 2min);
  rig_.uplink.power_on(rig::midnight + 2min);
  rig_.run(rig::midnight + 3min);
  CHECK(rig_.ends.connected_at == rig::midnight + 2min + 5s + 3s);
}

TEST_CASE("what the translator forgot is lost without a word downwards, and breaks the connection upwards") {
  auto sheet = calm();
  sheet.idle_forgotten = 10min;
  Rig rig_(sheet);
  rig_.run(rig::midnight + 1min);
  const std::vector<std::uint8_t> bytes(10, 1);
  auto at = rig::midnight + 1min;
  for (int i = 0; i < 10; ++i, at += 9min) rig_.uplink.send(at, bytes), rig_.run(at + 1min);
  CHECK(rig_.ends.delivered == 100);  // heartbeats kept it alive
  at += 2min;
  rig_.uplink.head_end_wrote(at, bytes);
  rig_.run(at + 1min);
  CHECK(rig_.ends.received_bytes == 0);
  CHECK(rig_.uplink.is_connected());
  rig_.uplink.send(at + 2min, bytes);
  CHECK_FALSE(rig_.uplink.is_connected());
  CHECK(rig_.uplink.session()->counts().forgotten == 2);
  rig_.run(at + 3min);
  CHECK(rig_.uplink.is_connected());
  rig_.uplink.head_end_wrote(at + 3min, bytes);
  rig_.run(at + 4min);
  CHECK(rig_.ends.received_bytes == 10);
  rig_.uplink.forget_connection();
  rig_.uplink.head_end_wrote(at + 5min, bytes);
  rig_.run(at + 6min);
  CHECK(rig_.ends.received_bytes == 10);
}

TEST_CASE("the bill counts payload, headers and begun kilobytes session by session") {
  auto sheet = calm();
  sheet.segment_bytes = 100;
  sheet.header_bytes = 40;
  sheet.price_uYuan_per_kB = 300;
  sheet.billed_step_kB = 2;
  model::BearerSession session(sheet, 1, 1);
  REQUIRE(session.enter(rig::midnight).is_in);
  session.carry(rig::midnight, 250, 8'000);  // 3 segments: 120 bytes of headers
  CHECK(session.bill().payload_bytes == 250);
  CHECK(session.bill().header_bytes == 120);
  CHECK(session.bill().billed_kB == 2);
  session.leave(model::BearerSession::Leaving::closed);
  REQUIRE(session.enter(rig::midnight + 1s).is_in);
  session.carry(rig::midnight + 2s, 2'000, 8'000);  // 2,800 bytes: 3 kB, rounded up to 4
  CHECK(session.bill().billed_kB == 6);
  CHECK(session.bill().price_uYuan == 1'800);
}

TEST_CASE("a duty of one in a hundred keeps a terminal quiet for ninety-nine airtimes") {
  auto sheet = calm();
  sheet.duty = {1, 100};
  sheet.header_bytes = 0;
  model::BearerSession session(sheet, 1, 1);
  REQUIRE(session.enter(rig::midnight).is_in);
  CHECK(session.carry(rig::midnight, 100, 8'000) == 0ns);      // 100 ms on the air
  CHECK(session.carry(rig::midnight + 1s, 100, 8'000) == 9s);  // 10 s from the beginning of the first
}

TEST_CASE("five terminals in a cell of 21 kbit/s get a fifth each") {
  auto sheet = calm();
  sheet.header_bytes = 0;
  model::BearerSession session(sheet, 1, 1);
  REQUIRE(session.enter(rig::midnight).is_in);
  session.set_sharing(5, 21'000);
  // 1,050 bytes: 2 s at 4,200 bit/s instead of 1.05 s at 8,000.
  CHECK(session.carry(rig::midnight, 1'050, 8'000) == 2s - 1'050ms);
  session.set_sharing(2, 21'000);  // 10,500 bit/s each: more than it can use
  CHECK(session.carry(rig::midnight + 1min, 1'050, 8'000) == 0ns);
}

TEST_CASE("delay classes are told from the sheet: mean and 95 % of a message of 128 octets") {
  CHECK(model::delay_class_of(*model::find_bearer("gprs")) == 1);    // 0.40 + 0.049 + 0.03 s; 0.49 + 0.049 s
  CHECK(model::delay_class_of(*model::find_bearer("nb-iot")) == 2);  // 3.25 s in the mean
  CHECK(model::delay_class_of(*model::find_bearer("fibre")) == 1);
  auto slow = calm();
  slow.latency_min = 10s;
  slow.latency_max = 80s;
  CHECK(model::delay_class_of(slow) == 3);
  slow.latency_max = 400s;
  CHECK(model::delay_class_of(slow) == 4);
}

TEST_CASE("attach, activation, contention and life of a session follow the sheet's chances") {
  auto sheet = calm();
  sheet.attach_fails = {1, 10};
  sheet.activation_fails = {1, 5};
  sheet.session_mean = 1h;
  sheet.new_address = {1, 4};
  double attaches = 0, sum_h = 0, sum_squares = 0;
  constexpr int sessions = 20'000;
  model::BearerSession session(sheet, 9, 1);
  int in = 0, tries = 0;
  while (in < sessions) {
    ++tries;
    if (!session.enter(rig::midnight).is_in) continue;
    const double lasts_h = static_cast<double>((session.dropped_at() - rig::midnight).count()) / 3.6e12;
    sum_h += lasts_h;
    sum_squares += lasts_h * lasts_h;
    ++in;
    session.leave(model::BearerSession::Leaving::power_lost);
  }
  attaches = tries;
  const auto& counts = session.counts();
  INFO("seed 9, tries " << tries);
  // After a failed activation the registration stays: attaches are as many as sessions and their own
  // failures.
  attaches = static_cast<double>(sessions + counts.attach_failures);
  CHECK(std::fabs(z_of_binomial(static_cast<double>(counts.attach_failures), attaches, 0.1)) < z_max);
  CHECK(std::fabs(z_of_binomial(static_cast<double>(counts.activation_failures),
                                static_cast<double>(sessions + counts.activation_failures), 0.2)) < z_max);
  CHECK(std::fabs(z_of_binomial(static_cast<double>(counts.address_changes), sessions - 1, 0.25)) < z_max);
  // An exponential life of mean 1 h, and up to 3 s of getting in before it: 0.0008 h.
  CHECK(std::fabs(z_of_mean(sum_h / sessions - 3.0 / 3'600, sessions, 1, 1)) < z_max);
  // Variance of (T^2): 24 - 4 = 20 h^4.
  CHECK(std::fabs(z_of_mean(sum_squares / sessions, sessions, 2 * (1 + 3.0 / 3'600), 20)) < z_max);

  model::BearerSession crowded(calm(), 9, 2);
  crowded.set_contention(31, 64);
  int alone = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (!crowded.enter(rig::midnight).is_in) continue;
    ++alone;
    crowded.leave(model::BearerSession::Leaving::closed);
  }
  CHECK(std::fabs(z_of_binomial(alone, 20'000, 0.61373069)) < z_max);
}

TEST_CASE("short messages come within 30 s and 10 min as often as published, and are lost as often") {
  constexpr int messages = 100'000;
  for (const bool is_good : {true, false}) {
    model::ShortMessages sender(
        is_good ? model::ShortMessageLaw::good_carrier() : model::ShortMessageLaw::poor_carrier(), 4, 1);
    double within_30s = 0, within_10min = 0, came = 0;
    for (int i = 0; i < messages; ++i) {
      const auto delay = sender.send();
      if (!delay) continue;
      ++came;
      CHECK((*delay >= 2s && *delay <= 24h));
      within_30s += *delay <= 30s ? 1 : 0;
      within_10min += *delay <= 10min ? 1 : 0;
    }
    INFO("seed 4, came " << came);
    CHECK(std::fabs(z_of_binomial(static_cast<double>(sender.lost()), messages, 10.0 / 331)) < z_max);
    CHECK(std::fabs(z_of_binomial(within_30s, came, is_good ? 0.84 : 0.46)) < z_max);
    if (is_good) CHECK(std::fabs(z_of_binomial(within_10min, came, 0.98)) < z_max);
  }
}

TEST_CASE("a day on every bearer: connected in the end, everything paid, twice the same") {
  for (const auto& sheet : model::bearer_sheets()) {
    const auto day = [&] {
      Rig rig_(sheet);
      const std::vector<std::uint8_t> bytes(60, 1);
      for (auto at = rig::midnight; at < rig::midnight + 24h; at += 5min) {
        rig_.run(at);
        rig_.uplink.send(at, bytes);
        if (at == rig::midnight + 6h) rig_.uplink.drop_session(at);
        if (at == rig::midnight + 9h) rig_.uplink.begin_outage(at, at + 20min);
        if (at == rig::midnight + 12h) rig_.uplink.forget_connection();
      }
      rig_.run(rig::midnight + 25h);
      return std::tuple(rig_.ends.delivered, rig_.ends.delivered_at, rig_.ends.connects,
                        rig_.uplink.session()->bill().price_uYuan);
    };
    INFO(sheet.name);
    const auto once = day();
    CHECK(std::get<0>(once) > 200 * 60);
    CHECK(std::get<2>(once) >= 3);
    CHECK(once == day());
  }
}
