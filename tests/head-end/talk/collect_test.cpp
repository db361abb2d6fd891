// Collecting: rounds, backfill, and answers that are late, doubled, foreign, one behind or never come.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "head-end/collect/attendant.hpp"
#include "head-end/collect/gap_plan.hpp"
#include "head-end/store/inspection_book.hpp"
#include "tests/head-end/talk/scene.hpp"

using namespace talk_test;

namespace {
constexpr int curve_key = 0x0D * 1000 + 101;
constexpr int freeze_key = 0x0D * 1000 + 161;
constexpr int archive_key = 0x04 * 1000 + 10;

bool is_curve(const gdw3761::FrameView& frame) {
  return frame.afn == gdw3761::Afn::history_data &&
         gdw3761::UnitId::at(frame.units).function() == gdw3761::curve_fn;
}
}  // namespace

TEST_CASE("a day of rounds brings every quarter hour of every meter exactly as shown, one question a round") {
  Scene scene;
  scene.start();
  scene.run_until(at(0, 30, 0, 2));
  for (MeterId meter = 1; meter <= 3; ++meter)
    CHECK(scene.right_readings(meter) == 98);  // 00:00 to 00:15 the next day
  CHECK(scene.north().requests_by_fn[curve_key] == 98);
  CHECK(scene.north().readings_asked == 3 * 98);
  CHECK(scene.head_end().statistics().stale_answers == 0);
}

TEST_CASE(
    "the round begins after the concentrator's time to read, spread by less than a quarter of the period") {
  auto configuration = make_configuration();
  std::vector<Duration> offsets;
  for (headend::ConcentratorId id = 1; id <= 40; ++id) {
    const auto offset = headend::round_offset(configuration, id);
    CHECK(offset >= configuration.collect.after);
    CHECK(offset < configuration.collect.after + configuration.collect.every / 4);
    CHECK(offset == headend::round_offset(configuration, id));
    offsets.push_back(offset);
  }
  std::sort(offsets.begin(), offsets.end());
  CHECK(std::unique(offsets.begin(), offsets.end()) - offsets.begin() > 20);
  configuration.spread_seed += 1;
  CHECK(headend::round_offset(configuration, 1) != offsets.front());
}

TEST_CASE("the archive is set row by row at the first login and not again") {
  Scene scene(make_configuration({.meters_per_concentrator = {70}}));
  scene.start();
  scene.run_until(at(1));
  CHECK(scene.north().archive.size() == 70);
  CHECK(scene.north().requests_by_fn[archive_key] == 3);
  const auto& row = scene.north().archive.at(70);
  CHECK(row.address == core::MeterAddress(201000000070));
  CHECK(row.protocol == 30);
  CHECK(row.baud == 2400);
  CHECK(row.port == 2);
  scene.north().hang_up();
  scene.run_until(at(2));
  CHECK(scene.north().requests_by_fn[archive_key] == 3);
  scene.crash();
  scene.restart_after(60s);
  scene.run_until(at(3));
  CHECK(scene.north().requests_by_fn[archive_key] == 3);
}

TEST_CASE("a denied archive is offered again with the next round") {
  Scene scene;
  int offers = 0;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    return Deed{.denies = frame.afn == gdw3761::Afn::set && ++offers <= 2};
  };
  scene.start();
  scene.run_until(at(1));
  CHECK(offers == 3);
  CHECK(scene.north().archive.size() == 3);
  CHECK(scene.books().archive_is_set(1));
}

TEST_CASE("the concentrator's clock is set once a local day") {
  Scene scene;
  scene.start();
  scene.run_until(at(12, 0, 0, 3));
  CHECK(scene.north().clock_sets == 3);
}

TEST_CASE("what a concentrator did not have is asked for again and comes as backfill") {
  Scene scene;
  // Meter 2 could not be read from 02:00 to 02:45 until 05:00.
  scene.north().is_missing = [](MeterId id, Instant due, Instant now) {
    return id == 2 && due >= at(2) && due < at(2, 45) && now < at(5);
  };
  scene.start();
  scene.run_until(at(4, 30));
  CHECK_FALSE(scene.books().has_reading(2, at(2, 30)));
  CHECK(scene.books().has_reading(2, at(4)));
  CHECK(scene.right_readings(1) == 18);
  scene.run_until(at(9));
  CHECK(scene.right_readings(2) == 36);
  CHECK(scene.committed_from(headend::ReadingSource::backfill) == 3);
}

TEST_CASE("after an outage over midnight every quarter hour and the daily freeze are filled in") {
  Scene scene;
  scene.start();
  scene.run_until(at(20));
  scene.redials = false;
  scene.north().hang_up();
  scene.run_until(at(8, 2, 0, 2));
  CHECK_FALSE(scene.books().has_reading(1, at(0, 0, 0, 2)));
  scene.redials = true;
  scene.run_until(at(9, 0, 0, 2));
  for (MeterId meter = 1; meter <= 3; ++meter) CHECK(scene.right_readings(meter) == 96 + 36);
  CHECK(scene.committed("SELECT count(*) FROM daily_freeze") == 3);
  CHECK(scene.committed("SELECT count(*) FROM anomaly") == 0);
}

TEST_CASE("daily freezes are asked for until they are in, then no more") {
  Scene scene(make_configuration({.meters_per_concentrator = {20}}));
  int refused = 0;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    const bool is_freeze = frame.afn == gdw3761::Afn::history_data && !is_curve(frame);
    return Deed{.denies = is_freeze && ++refused <= 2};
  };
  scene.start();
  scene.run_until(at(6, 0, 0, 2));
  CHECK(scene.committed("SELECT count(*) FROM daily_freeze WHERE total_centikWh = rate2_centikWh") == 20);
  CHECK(scene.north().requests_by_fn[freeze_key] == 2 + 3);
}

TEST_CASE("a lost question or answer is asked again with another counter") {
  Scene scene;
  int n = 0;
  std::vector<unsigned> counters;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    if (!is_curve(frame)) return Deed{};
    counters.push_back(frame.sequence.counter());
    ++n;
    return Deed{.is_heard = n % 3 != 1, .is_answered = n % 3 != 2};
  };
  scene.start();
  scene.run_until(at(6));
  CHECK(scene.right_readings(1) == 24);
  REQUIRE(counters.size() >= 3);
  CHECK(counters[0] != counters[1]);
  CHECK(counters[1] != counters[2]);
  CHECK(scene.head_end().statistics().timeouts == 2 * 24);
}

TEST_CASE(
    "an answer that comes after its time, doubled, or with a foreign address or counter never answers "
    "another question") {
  Scene scene(make_configuration({.meters_per_concentrator = {10}}));
  int n = 0;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    Deed deed;
    if (!is_curve(frame)) return deed;
    switch (++n % 5) {
      case 0:
        deed.late = 25s;
        break;  // after answer_timeout: the retry is already under way
      case 1:
        deed.copies = 3;
        break;
      case 2:
        deed.foreign_terminal = 77;
        break;
      case 3:
        deed.counter_shift = 1, deed.denies = true;
        break;
      default:
        break;
    }
    return deed;
  };
  scene.start();
  scene.run_until(at(12));
  for (MeterId meter = 1; meter <= 10; ++meter) CHECK(scene.right_readings(meter) == 48);
  CHECK(scene.head_end().statistics().stale_answers > 0);
  CHECK(scene.head_end().statistics().foreign_frames > 0);
  CHECK(scene.committed("SELECT count(*) FROM rejected_reading") == 0);
}

TEST_CASE("an answer exactly at the deadline is in time, one nanosecond later it is not") {
  const auto [extra, timeouts] = GENERATE(table<Duration, std::uint64_t>({{0ns, 0}, {1ns, 1}}));
  Scene scene;
  int n = 0;
  const Duration late = scene.configuration.collect.answer_timeout - scene.north().latency + extra;
  scene.north().script = [&, late_by = late](int, const gdw3761::FrameView& frame) {
    return Deed{.late = is_curve(frame) && ++n == 1 ? late_by : 0ns};
  };
  scene.start();
  scene.run_until(at(0, 14));
  CHECK(scene.head_end().statistics().timeouts == timeouts);
  CHECK(scene.right_readings(1) == 1);
}

TEST_CASE("a connection that dies in the middle of a question is taken up where it stopped") {
  Scene scene;
  int n = 0;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    return Deed{.drops_line = is_curve(frame) && ++n % 4 == 0};
  };
  scene.start();
  scene.run_until(at(6));
  CHECK(scene.right_readings(1) == 24);
  CHECK(scene.north().closes_seen == 0);  // it was the concentrator's own doing
  CHECK(scene.head_end().statistics().logins > 4);
}

TEST_CASE("a concentrator that answers every question with rubbish does not stop the others") {
  Scene scene(make_configuration({.meters_per_concentrator = {3, 3}}));
  scene.concentrators[0]->script = [](int, const gdw3761::FrameView&) {
    return Deed{.is_answered = true, .copies = 0, .before = {0x68, 0x32, 0x00, 0x32, 0x00, 0x68, 0x88, 0x01}};
  };
  scene.start();
  scene.run_until(at(6));
  CHECK(scene.right_readings(4) == 24);
  CHECK(scene.right_readings(1) == 0);
}

TEST_CASE("an answer in several frames is taken frame by frame, each with the whole time-out") {
  auto configuration = make_configuration({.meters_per_concentrator = {20}});
  configuration.collect.answer_timeout = 1500ms;  // less than the three frames take together
  Scene scene(configuration);
  scene.north().script = [](int, const gdw3761::FrameView& frame) {
    return Deed{.in_parts = is_curve(frame)};
  };
  scene.start();
  scene.run_until(at(3));
  for (MeterId meter : {1u, 8u, 9u, 20u}) CHECK(scene.right_readings(meter) == 12);
  CHECK(scene.head_end().statistics().timeouts == 0);
  CHECK(scene.head_end().statistics().stale_answers == 0);
}

TEST_CASE("well-formed answers with random units change nothing and stop nothing") {
  const std::uint64_t seed = GENERATE(range<std::uint64_t>(1, 31));
  INFO("seed " << seed);
  const core::RandomStream draws(seed, 1, core::Purpose::test);
  Scene scene(make_configuration({.payment = headend::PaymentMode::prepaid_meter}));
  std::uint64_t n = 0;
  scene.north().script = [&](int, const gdw3761::FrameView& frame) {
    Deed deed;
    if (scene.now() > at(3) || frame.afn == gdw3761::Afn::set) return deed;
    // Half of them begin like the truth: the unit that was asked for.
    if (draws.below(2, ++n) == 0) deed.units.assign(frame.units.begin(), frame.units.begin() + 4);
    for (std::uint64_t i = draws.below(60, ++n) + 1; i > 0; --i)
      deed.units.push_back(static_cast<std::uint8_t>(draws.word(++n)));
    return deed;
  };
  scene.start();
  scene.run_until(at(8));
  for (MeterId meter = 1; meter <= 3; ++meter) CHECK(scene.right_readings(meter) == 32);
}

TEST_CASE("answers with a few wrong bytes under a good checksum never end the head-end") {
  const std::uint64_t seed = GENERATE(range<std::uint64_t>(1, 31));
  INFO("seed " << seed);
  const core::RandomStream draws(seed, 1, core::Purpose::test);
  Scene scene(
      make_configuration({.meters_per_concentrator = {20}, .payment = headend::PaymentMode::prepaid_meter}));
  std::uint64_t n = 0;
  scene.north().script = [&](int, const gdw3761::FrameView&) {
    return Deed{.flips = static_cast<int>(draws.below(6, ++n))};
  };
  scene.start();
  scene.counter.say(R"({"do":"sale","key":"k","account":"A0002","amount_fen":5000})");
  scene.run_until(at(1, 0, 0, 2));
  CHECK(scene.head_end().statistics().readings > 0);
  CHECK(scene.committed("SELECT sum(amount_fen) FROM posting") == 0);
  CHECK(scene.north().meter(2).credits <= 1);
}

TEST_CASE("a dead meter costs the living nothing") {
  Scene scene(make_configuration({.meters_per_concentrator = {12}}));
  scene.north().is_missing = [](MeterId id, Instant, Instant) { return id == 5; };
  scene.start();
  scene.run_until(at(12));
  CHECK(scene.right_readings(4) == 48);
  CHECK(scene.right_readings(5) == 0);
  // One round question each quarter hour, and few for the dead one thanks to its back-off.
  CHECK(scene.north().requests_by_fn[curve_key] < 2 * 48);
}

TEST_CASE("gaps with the same times travel together, eight points a unit") {
  const auto configuration = make_configuration({.meters_per_concentrator = {20}});
  const headend::Estate estate(configuration);
  const std::vector<headend::Gap> gaps = {{1, at(1), 4}, {2, at(1), 4}, {3, at(0, 30), 1},
                                          {8, at(1), 4}, {9, at(1), 4}, {10, at(1), 5}};
  const auto plan = headend::plan_of(gaps, estate);
  REQUIRE(plan.size() == 4);
  CHECK(plan[0].first == at(0, 30));
  CHECK(plan[0].mask == 0x04);
  CHECK(plan[1].group == 0);
  CHECK(plan[1].mask == 0x83);
  CHECK(plan[1].count == 4);
  CHECK(plan[2].group == 1);
  CHECK(plan[2].mask == 0x01);
  CHECK(plan[3].count == 5);
  CHECK(plan[3].mask == 0x02);
}

TEST_CASE("a roof's reverse register is read once after midnight; check-ups ask every meter once a night") {
  auto configuration = make_configuration({.meters_per_concentrator = {3}});
  configuration.meters[1].feeds_in = true;
  configuration.check_up.every = 24h;
  Scene scene(configuration);
  std::map<std::pair<MeterId, std::uint32_t>, int> asked;
  scene.north().told = [&](MeterId id, std::uint32_t item) -> std::vector<std::uint8_t> {
    const int time = ++asked[{id, item}];
    if (id == 3 && item == 0x02800008 && time <= 2) return {};  // twice it says that it has no such data
    switch (item) {
      case 0x00020000:
        return {0x50, 0x12, 0x00, 0x00};
      case 0x02800008:
        return {0x55, 0x03};
      case 0x04000102: {  // ss mm hh, forty seconds fast
        const auto civil = scene.configuration.zone.civil(scene.now() + 40s);
        const auto bcd = [](int v) { return static_cast<std::uint8_t>(v / 10 * 16 + v % 10); };
        return {bcd(civil.second), bcd(civil.minute), bcd(civil.hour)};
      }
      case 0x03300D00:
        return {0x02, 0x00, 0x00};
      case 0x1D000001:
        return {0x07, 0x01, 0x00};
      default:
        return {};
    }
  };
  scene.start();
  scene.run_until(at(4, 0, 0, 2));
  const auto& book = scene.books().inspections();
  const Instant midnight = at(0, 0, 0, 2);
  REQUIRE(book.reverse_of(2, midnight, midnight).size() == 1);
  CHECK(book.reverse_of(2, midnight, midnight)[0].shown == core::CentiKilowattHours(1250));
  CHECK(book.reverse_of(1, midnight, midnight).empty());
  for (MeterId id = 1; id <= 3; ++id) {
    INFO("meter " << id);
    const auto battery = book.conditions(id, "battery_mV", midnight);
    REQUIRE(battery.size() == 1);
    CHECK(battery[0].value == 3550);
    REQUIRE(book.conditions(id, "cover_openings", midnight).size() == 1);
    CHECK(book.conditions(id, "relay_trips", midnight)[0].value == 107);
    // Asked once a second, answered a second later, in whole seconds.
    const auto clock = book.conditions(id, "clock_offset_ms", midnight);
    REQUIRE_FALSE(clock.empty());
    CHECK(std::abs(clock.back().value - 40'000) <= 2'500);
  }
  // Of two midnights, the opening one and the second; meter 3 was asked thrice after the first.
  CHECK(asked[{1, 0x02800008}] == 2);
  CHECK(asked[{3, 0x02800008}] == 4);
}

TEST_CASE("a reverse register that cannot be read at night stays unknown; by day it is not asked for") {
  auto configuration = make_configuration({.meters_per_concentrator = {2}});
  configuration.meters[0].feeds_in = true;
  Scene scene(configuration);
  int asked_by_day = 0;
  scene.north().told = [&](MeterId, std::uint32_t item) -> std::vector<std::uint8_t> {
    if (item != 0x00020000) return {};
    if (scene.now() > at(3, 1) && scene.now() < at(23, 59)) ++asked_by_day;
    return {};
  };
  scene.start();
  scene.run_until(at(12));
  CHECK(asked_by_day == 0);
  CHECK_FALSE(scene.books().inspections().has_reverse(1, at(0)));
  CHECK(scene.right_readings(1) > 40);
}
