#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/requests.hpp"
#include "protocols/dlt645/security.hpp"
#include "tests/models/field/field_rig.hpp"

using namespace std::chrono_literals;
using core::Instant;
using rig::midnight;

namespace {
/// An area with a head-end that has set the archive in the first minutes.
struct Chain {
  explicit Chain(model::AreaSetup s, bool sets_archive = true)
      : setup(s), area(std::move(s), truth, head_end) {
    head_end.wire(area);
    rig::run(area, midnight + 2min);
    if (sets_archive) head_end.set_archive(midnight + 2min, setup);
  }
  std::vector<std::int64_t> truth_curve(Instant from, int count, std::size_t meter) const {
    std::vector<std::int64_t> values;
    for (int i = 0; i < count; ++i) values.push_back(truth.samples.at(from + i * 15min).shown[meter]);
    return values;
  }
  rig::Truth truth;
  rig::HeadEnd head_end;
  model::AreaSetup setup;
  model::Area area;
};
dlt645::Wire remote_control(model::MeterId meter, dlt645::Control1C command, core::CivilTime valid_until) {
  dlt645::Wire wire;
  dlt645::RemoteControlRequest request;
  request.command = command;
  request.valid_until = valid_until;
  dlt645::encode(rig::address_of(meter), request, wire, 4);
  return wire;
}
}  // namespace

TEST_CASE("a concentrator logs in, is told its meters, and collects a day exactly as the meters showed it") {
  Chain chain(rig::area(5, 2));
  REQUIRE(chain.head_end.logins.size() == 1);
  CHECK(chain.truth.of("concentrator north", "login").size() == 1);
  rig::run(chain.area, midnight + 24h + 5min);
  const auto at = midnight + 24h + 5min;
  for (int from = 0; from < 96; from += 24) {
    const auto start = midnight + from * 15min;
    const auto curves = chain.head_end.curve(at + from * 1min, start, 24);
    REQUIRE(curves.size() == 8);
    for (int point = 1; point <= 5; ++point)
      CHECK(curves.at(point) == chain.truth_curve(start, 24, static_cast<std::size_t>(point - 1)));
    for (int point = 6; point <= 8; ++point) CHECK(curves.at(point) == std::vector<std::int64_t>(24, -1));
  }
}

TEST_CASE("the daily freeze is fetched after midnight and is what the meters showed then") {
  Chain chain(rig::area(3));
  rig::run(chain.area, midnight + 48h + 10min);
  const auto first = chain.head_end.freeze(midnight + 48h + 10min, {2026, 7, 1, 0, 0, 0}, 0x0F);
  const auto second = chain.head_end.freeze(midnight + 48h + 12min, {2026, 7, 2, 0, 0, 0}, 0x0F);
  for (int point = 1; point <= 3; ++point) {
    REQUIRE(first.at(point).size() == 5);
    CHECK(first.at(point)[0] ==
          chain.truth.samples.at(midnight + 24h).shown[static_cast<std::size_t>(point - 1)]);
    CHECK(second.at(point)[0] ==
          chain.truth.samples.at(midnight + 48h).shown[static_cast<std::size_t>(point - 1)]);
  }
  CHECK(first.at(4).empty());
}

TEST_CASE("readings missed in an uplink outage over midnight are there afterwards") {
  auto setup = rig::area(3);
  setup.faults.push_back(
      {.kind = model::FaultWindow::Kind::uplink_outage, .from = midnight + 20h, .till = midnight + 28h});
  Chain chain(setup);
  rig::run(chain.area, midnight + 28h + 5min);
  CHECK(chain.head_end.logins.size() == 2);
  REQUIRE(chain.truth.of("concentrator north", "fault-struck").size() == 1);
  const auto curves = chain.head_end.curve(midnight + 28h + 5min, midnight + 20h, 32);
  for (int point = 1; point <= 3; ++point)
    CHECK(curves.at(point) == chain.truth_curve(midnight + 20h, 32, static_cast<std::size_t>(point - 1)));
}

TEST_CASE("a restart loses the connection, keeps archive and readings, and fetches what was missed") {
  auto setup = rig::area(4);
  setup.faults.push_back({.kind = model::FaultWindow::Kind::concentrator_restart,
                          .from = midnight + 23h + 7min,
                          .till = midnight + 26h});
  Chain chain(setup);
  rig::run(chain.area, midnight + 26h + 10min);
  CHECK(chain.head_end.drops.size() == 1);
  CHECK(chain.head_end.logins.size() == 2);
  const auto curves = chain.head_end.curve(midnight + 26h + 10min, midnight + 15min, 104);
  for (int point = 1; point <= 4; ++point)
    CHECK(curves.at(point) == chain.truth_curve(midnight + 15min, 104, static_cast<std::size_t>(point - 1)));
  const auto freeze = chain.head_end.freeze(midnight + 26h + 13min, {2026, 7, 1, 0, 0, 0}, 0x0F);
  CHECK(freeze.at(1)[0] == chain.truth.samples.at(midnight + 24h).shown[0]);
}

TEST_CASE("an outage of the area's supply leaves a gap that is known to be one, and all comes back") {
  auto setup = rig::area(2);
  setup.faults.push_back({.kind = model::FaultWindow::Kind::supply_outage,
                          .from = midnight + 5h + 7min,
                          .till = midnight + 6h + 3min});
  Chain chain(setup);
  rig::run(chain.area, midnight + 8h + 10min);
  CHECK(chain.head_end.logins.size() == 2);
  CHECK(chain.truth.of("area north", "supply-lost").size() == 1);
  CHECK(chain.truth.of("M0001", "supply-restored").size() == 1);
  const auto curves = chain.head_end.curve(midnight + 8h + 10min, midnight + 5h, 12);
  auto expected = chain.truth_curve(midnight + 5h, 12, 0);
  for (const int gone : {1, 2, 3, 4}) expected[static_cast<std::size_t>(gone)] = -1;  // 05:15 .. 06:00
  CHECK(curves.at(1) == expected);
}

TEST_CASE("a dead meter does not keep the living from being fresh, and is caught up when it speaks again") {
  auto setup = rig::area(8);
  for (const model::MeterId dead : {2u, 3u, 5u})
    setup.faults.push_back({.kind = model::FaultWindow::Kind::meter_silent,
                            .from = midnight + 1h + 1min,
                            .till = midnight + 9h,
                            .meter = dead});
  Chain chain(setup);
  rig::run(chain.area, midnight + 6h + 1min);  // one minute after the quarter hour
  const auto fresh = chain.head_end.curve(midnight + 6h + 1min, midnight + 6h, 1);
  for (const int living : {1, 4, 6, 7, 8})
    CHECK(fresh.at(living)[0] ==
          chain.truth.samples.at(midnight + 6h).shown[static_cast<std::size_t>(living - 1)]);
  CHECK(fresh.at(2)[0] == -1);
  // 20 passes between 01:15 and 06:00: asked at 1, 3, 7, then every 8 passes, twice each: 1 + 1 + 1 + 2
  // rounds.
  CHECK(chain.truth.of("M0002", "fault-struck").empty());
  rig::run(chain.area, midnight + 11h + 10min);
  const auto struck = chain.truth.of("M0002", "fault-struck");
  REQUIRE(struck.size() == 1);
  CHECK(struck[0].value >=
        2 * 5 * 3);  // all meters' requests unheard on this line, 3 dead ones, at least 5 rounds
  CHECK(struck[0].value <= 2 * 7 * 3);
  const auto later = chain.head_end.curve(midnight + 11h + 10min, midnight + 1h, 40);
  CHECK(later.at(2) == chain.truth_curve(midnight + 1h, 40, 1));
}

TEST_CASE("answers that come too late never become another meter's or another quarter hour's reading") {
  auto setup = rig::area(6);
  setup.concentrator.answer_timeout =
      450ms;  // one turnaround in ten is longer, and runs into the next request
  setup.lines[0].turnaround_min = 20ms;
  setup.lines[0].turnaround_max = 500ms;
  Chain chain(setup);
  rig::run(chain.area, midnight + 12h + 14min);
  const auto curves = chain.head_end.curve(midnight + 12h + 14min, midnight, 49);
  int missing = 0;
  for (int point = 1; point <= 6; ++point) {
    const auto expected = chain.truth_curve(midnight, 49, static_cast<std::size_t>(point - 1));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto value = curves.at(point)[i];
      if (value == -1)
        ++missing;
      else
        CHECK(value == expected[i]);
    }
  }
  // What was missed is fetched later: at the end a meter lacks at most the passes it is just being left out
  // of.
  CHECK(missing <= 6 * 4);
}

TEST_CASE("long answers are heard out on slow lines, so gaps are filled there, too") {
  auto setup = rig::area(2);
  setup.lines[0].baud = 1200;  // six records are 2 s on the wire, the patience for an answer 1.2 s
  setup.lines[0].turnaround_min = setup.lines[0].turnaround_max = 500ms;
  setup.faults.push_back({.kind = model::FaultWindow::Kind::concentrator_restart,
                          .from = midnight + 2h + 1min,
                          .till = midnight + 7h});
  Chain chain(setup);
  rig::run(chain.area, midnight + 8h + 10min);
  const auto curves = chain.head_end.curve(midnight + 8h + 10min, midnight + 15min, 32);
  for (int point = 1; point <= 2; ++point)
    CHECK(curves.at(point) == chain.truth_curve(midnight + 15min, 32, static_cast<std::size_t>(point - 1)));
}

TEST_CASE("a frame is handed through to a meter between polls, and its effect is physical") {
  Chain chain(rig::area(3));
  rig::run(chain.area, midnight + 15min + 20s);  // the pass has just begun
  const core::CivilTime soon{2026, 7, 1, 1, 0, 0};
  const auto asked = midnight + 15min + 20s;
  const auto answer = chain.head_end.forward(asked, remote_control(2, dlt645::Control1C::trip, soon));
  dlt645::Frame frame;
  REQUIRE(dlt645::decode(answer, frame).has_value());
  CHECK(dlt645::expect_done(frame, rig::address_of(2), dlt645::Function::remote_control).has_value());
  CHECK(chain.head_end.last_at - asked < 5s);
  const auto opened = chain.truth.of("M0002", "relay-opened");
  REQUIRE(opened.size() == 1);
  CHECK_FALSE(chain.area.is_supplied(2, chain.head_end.last_at));
  CHECK(chain.area.is_supplied(1, chain.head_end.last_at));
}

TEST_CASE("a customer who may close presses the button some minutes later") {
  Chain chain(rig::area(1));
  const core::CivilTime soon{2026, 7, 1, 1, 0, 0};
  chain.head_end.forward(midnight + 3min, remote_control(1, dlt645::Control1C::trip, soon));
  chain.head_end.forward(chain.head_end.last_at, remote_control(1, dlt645::Control1C::close_allow, soon));
  const auto allowed = chain.truth.of("M0001", "close-allowed");
  REQUIRE(allowed.size() == 1);
  rig::run(chain.area, midnight + 30min);
  const auto closed = chain.truth.of("M0001", "relay-closed");
  REQUIRE(closed.size() == 1);
  CHECK(closed[0].text == "button");
  CHECK(closed[0].at - allowed[0].at >= 1min);
  CHECK(closed[0].at - allowed[0].at <= 10min);
}

TEST_CASE("a recharge is handed through, applied once, and a repeat is refused") {
  auto setup = rig::area(1);
  setup.meters[0].has_purse = true;
  setup.meters[0].opening_balance = core::MicroYuan(10'000'000);
  setup.meters[0].purchase_count = 1;
  Chain chain(setup);
  dlt645::PurchaseRequest purchase;
  purchase.amount = core::Fen(5000);
  purchase.purchase_count = 2;
  dlt645::Wire wire;
  dlt645::encode(rig::address_of(1), purchase, wire, 4);
  chain.head_end.forward(midnight + 3min, wire);
  const auto again = chain.head_end.forward(chain.head_end.last_at, wire);
  dlt645::Frame frame;
  REQUIRE(dlt645::decode(again, frame).has_value());
  REQUIRE(dlt645::security_refusal_of(frame));
  CHECK(*dlt645::security_refusal_of(frame) == dlt645::SecurityRefusal::repeated_recharge);
  const auto applied = chain.truth.of("M0001", "recharge-applied");
  REQUIRE(applied.size() == 1);
  CHECK(applied[0].value == 5000);
  CHECK(applied[0].text == "purchase count 2");
}

TEST_CASE("no meter, no such port, no frame: the forward comes back empty") {
  Chain chain(rig::area(1));
  const auto request = remote_control(77, dlt645::Control1C::trip, {2026, 7, 1, 1, 0, 0});
  CHECK(chain.head_end.forward(midnight + 3min, request).empty());
  CHECK(chain.head_end.forward(chain.head_end.last_at, request, 9).empty());
  const std::vector<std::uint8_t> nonsense{1, 2, 3};
  CHECK(chain.head_end.forward(chain.head_end.last_at, nonsense).empty());
}

TEST_CASE("clock, archive query and what the concentrator does not know") {
  Chain chain(rig::area(3));
  gdw3761::FrameWriter writer;
  auto at = midnight + 5min;
  chain.head_end.write(at, gdw3761::write_set_clock(writer, rig::concentrator, 3, {2026, 7, 1, 0, 6, 0}));
  auto raw = chain.head_end.await(at, gdw3761::Afn::confirm);
  CHECK(gdw3761::parse_confirm(*gdw3761::decode(raw))->is_good);
  CHECK(gdw3761::decode(raw)->sequence.counter() == 3);
  at = chain.head_end.last_at;
  chain.head_end.write(at, gdw3761::write_clock_request(writer, rig::concentrator, 4));
  raw = chain.head_end.await(at, gdw3761::Afn::current_data);
  const auto clock = gdw3761::parse_clock_answer(*gdw3761::decode(raw));
  REQUIRE(clock.has_value());
  CHECK(*clock >= core::CivilTime{2026, 7, 1, 0, 6, 0});
  CHECK(*clock <= core::CivilTime{2026, 7, 1, 0, 6, 3});
  at = chain.head_end.last_at;
  const std::vector<std::uint16_t> indices{2, 9, 1};
  chain.head_end.write(at, gdw3761::write_query_archive(writer, rig::concentrator, 5, indices));
  raw = chain.head_end.await(at, gdw3761::Afn::query);
  REQUIRE(*gdw3761::archive_row_count(*gdw3761::decode(raw)) == 2);
  CHECK(gdw3761::archive_row(*gdw3761::decode(raw), 0)->address == rig::address_of(2));
  at = chain.head_end.last_at;
  chain.head_end.write(at, gdw3761::write_reset(writer, rig::concentrator, 6, 2));
  raw = chain.head_end.await(at, gdw3761::Afn::confirm);
  CHECK_FALSE(gdw3761::parse_confirm(*gdw3761::decode(raw))->is_good);
}

TEST_CASE("garbage from the uplink changes nothing") {
  Chain chain(rig::area(2));
  const core::RandomStream random(21, 0, core::Purpose::test);
  auto at = midnight + 5min;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(random.between(1, 60, 3 * i)));
    for (std::size_t k = 0; k < bytes.size(); ++k)
      bytes[k] = random.below(3, (i << 20) + k) == 0
                     ? 0x68
                     : static_cast<std::uint8_t>(random.below(256, (i << 20) + k));
    at += 200ms;
    rig::run(chain.area, at);
    chain.head_end.write(at, bytes);
  }
  rig::run(chain.area, midnight + 3h);
  const auto curves = chain.head_end.curve(midnight + 3h, midnight, 12);
  CHECK(curves.at(1) == chain.truth_curve(midnight, 12, 0));
}

TEST_CASE("a flipped copy of every frame kind is survived") {
  Chain chain(rig::area(2));
  gdw3761::FrameWriter writer;
  std::vector<std::vector<std::uint8_t>> frames;
  const auto keep = [&](core::Bytes frame) { frames.emplace_back(frame.begin(), frame.end()); };
  keep(gdw3761::write_daily_request(writer, rig::concentrator, 1, gdw3761::UnitId::of(1, 161),
                                    {2026, 7, 1, 0, 0, 0}));
  keep(gdw3761::write_set_clock(writer, rig::concentrator, 1, {2026, 7, 1, 0, 6, 0}));
  keep(gdw3761::write_clock_request(writer, rig::concentrator, 1));
  const std::vector<std::uint16_t> indices{1};
  keep(gdw3761::write_query_archive(writer, rig::concentrator, 1, indices));
  const core::RandomStream random(22, 0, core::Purpose::test);
  auto at = midnight + 5min;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    auto frame = frames[i % frames.size()];
    const auto where =
        static_cast<std::size_t>(random.between(6, static_cast<std::int64_t>(frame.size()) - 3, 2 * i));
    frame[where] = static_cast<std::uint8_t>(random.below(256, 2 * i + 1));
    frame[frame.size() - 2] =
        core::sum_of(core::Bytes(frame).subspan(6, frame.size() - 8));  // a good sum over bad data
    at += 50ms;
    rig::run(chain.area, at);
    chain.head_end.write(at, frame);
  }
  rig::run(chain.area, at + 1h);
  CHECK(chain.area.next() > at);
}

TEST_CASE("login is repeated until it is confirmed, and heartbeats keep the link") {
  rig::Truth truth;
  rig::HeadEnd head_end;
  head_end.confirms = false;
  model::Area area(rig::area(1), truth, head_end);
  head_end.wire(area);
  rig::run(area, midnight + 10min);
  CHECK(head_end.logins.size() >= 4);
  CHECK(head_end.drops.size() <= head_end.logins.size());
  CHECK(head_end.drops.size() + 1 >= head_end.logins.size());
  head_end.confirms = true;
  rig::run(area, midnight + 13min);
  const auto stable = head_end.logins.size();
  head_end.received.clear();
  rig::run(area, midnight + 73min);
  CHECK(head_end.logins.size() == stable);
  CHECK(head_end.received.size() == 12);  // one heartbeat every five minutes
  head_end.confirms = false;  // the head-end hangs: after three heartbeats without a word, a new connection
  rig::run(area, midnight + 90min);
  CHECK(head_end.logins.size() > stable);
}
