// Pushed readings: confirmed when they are in the committed store and never before, whatever comes between.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "tests/head-end/talk/ingest_scene.hpp"

using namespace talk_test;
using headend::ReadingVerdict;

namespace {
constexpr Duration confirm_within = 20ms;

/// Every reading of these meters in [first, first + count) as the truth has it.
Stored truth_of(const IngestScene& scene, const std::vector<MeterId>& meters, std::int64_t first,
                std::int64_t count) {
  Stored truth;
  for (const auto meter : meters)
    for (std::int64_t quarter = first; quarter < first + count; ++quarter)
      truth[{meter, quarter}] = scene.truth(meter, quarter);
  return truth;
}
}  // namespace

TEST_CASE("a report of several units and quarter hours is confirmed by the commit, within 20 ms") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  scene.run_for(90s);  // the login's own commit is over
  const auto sent_at = scene.now();
  north.say(curve_report(scene.configuration, 0,
                         {.counter = 5, .due = scene.due(8), .count = 4, .points = {1, 2, 3, 8, 9, 10}}));
  scene.run_for(confirm_within - 1ns);
  CHECK(north.answers.empty());
  CHECK(scene.stored().empty());
  scene.run_for(1ns);
  REQUIRE(north.answers.size() == 1);
  CHECK(north.answers[0].is_good);
  CHECK(north.answers[0].counter == 5);
  CHECK(north.answers[0].at == sent_at + confirm_within);
  CHECK(scene.stored() == truth_of(scene, {1, 2, 3, 8, 9, 10}, 8, 4));
  CHECK(scene.ingest().count(ReadingVerdict::accepted) == 24);
  CHECK(scene.ingest().frames_confirmed == 1);
}

TEST_CASE("what comes while a commit is awaited shares it") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north, south;
  scene.greet(north, 0);
  scene.greet(south, 1);
  scene.run_for(90s);
  const auto commits_before = scene.ingest().commits;
  const auto sent_at = scene.now();
  north.say(curve_report(scene.configuration, 0, {.counter = 1, .due = scene.due(0)}));
  scene.run_for(15ms);
  south.say(curve_report(scene.configuration, 1, {.counter = 2, .due = scene.due(0)}));
  scene.run_for(5ms);
  REQUIRE(north.answers.size() == 1);
  REQUIRE(south.answers.size() == 1);
  CHECK(north.answers[0].at == sent_at + confirm_within);
  CHECK(south.answers[0].at == sent_at + confirm_within);
  CHECK(scene.ingest().commits == commits_before + 1);
}

TEST_CASE("fifteen unconfirmed frames in one write are confirmed in their order, by one commit") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  std::vector<std::uint8_t> all;
  for (unsigned counter = 0; counter < 15; ++counter) {
    const auto frame = curve_report(scene.configuration, 0, {.counter = counter, .due = scene.due(counter)});
    all.insert(all.end(), frame.begin(), frame.end());
  }
  north.say(all);
  scene.run_for(confirm_within);
  REQUIRE(north.answers.size() == 15);
  for (unsigned counter = 0; counter < 15; ++counter) CHECK(north.answers[counter].counter == counter);
  CHECK(north.good() == 15);
  CHECK(scene.stored() == truth_of(scene, {1}, 0, 15));
}

TEST_CASE("a meter's own answer that is passed on is booked under its address") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  north.say(passed_on_report(scene.configuration, 0, 7, scene.due(3), 1));
  scene.run_for(confirm_within);
  REQUIRE(north.answers.size() == 1);
  CHECK(north.answers[0].is_good);
  CHECK(scene.stored() == truth_of(scene, {7}, 3, 1));

  // The meter of another concentrator is nobody here: told, and confirmed, because it would not get better.
  north.say(passed_on_report(scene.configuration, 0, 11, scene.due(3), 2));
  scene.run_for(confirm_within);
  REQUIRE(north.answers.size() == 2);
  CHECK(north.answers[1].is_good);
  CHECK(scene.ingest().values_of_nobody == 1);
  CHECK(scene.stored() == truth_of(scene, {7}, 3, 1));
}

TEST_CASE(
    "cut off before the commit nothing was confirmed; cut off behind it everything confirmed is there") {
  const auto cut_after_ms = GENERATE(range(0, 25));
  INFO("power cut " << cut_after_ms << " ms after the report");
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  scene.run_for(90s);
  const auto report =
      curve_report(scene.configuration, 0, {.counter = 3, .due = scene.due(8), .count = 2, .points = {1, 9}});
  north.say(report);
  scene.run_for(cut_after_ms * 1ms);
  const bool was_confirmed = !north.answers.empty();
  CHECK(was_confirmed == (cut_after_ms >= 20));
  scene.crash();
  CHECK(north.closes_seen == 1);
  const auto stored = scene.stored();
  CHECK(stored.size() == (was_confirmed ? 4 : 0));

  // The collector has not heard it, or forgets that it has: it says the same again.
  scene.restart_after(3s);
  ReportCaller again;
  scene.greet(again, 0);
  again.say(report);
  scene.run_for(confirm_within);
  REQUIRE(again.answers.size() == 1);
  CHECK(again.answers[0].is_good);
  CHECK(scene.ingest().count(was_confirmed ? ReadingVerdict::repeated : ReadingVerdict::accepted) == 4);
  CHECK(scene.stored().size() == 4);
}

TEST_CASE("readings come late, twice and in any order: each is stored once, all frames are confirmed") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  unsigned counter = 0;
  for (const std::int64_t quarter : {9, 3, 3, 0, 9, 8, 1, 2, 4, 5, 7, 6, 0}) {
    north.say(curve_report(scene.configuration, 0,
                           {.counter = counter++ % 16, .due = scene.due(quarter), .points = {1, 2, 1}}));
    scene.run_for(7ms);
  }
  scene.run_for(confirm_within);
  CHECK(north.good() == 13);
  CHECK(north.denied() == 0);
  CHECK(scene.stored() == truth_of(scene, {1, 2}, 0, 10));
  CHECK(scene.ingest().count(ReadingVerdict::accepted) == 20);
  CHECK(scene.ingest().count(ReadingVerdict::repeated) == 13 * 3 - 20);
}

TEST_CASE("a value that cannot be is rejected, written down, and confirmed") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  const auto& told = scene.configuration;
  north.say(curve_report(told, 0, {.counter = 0, .due = scene.due(4)}));
  north.say(curve_report(told, 0, {.counter = 1, .due = scene.due(5), .off_centikWh = -500}));
  north.say(curve_report(told, 0, {.counter = 2, .due = scene.due(5), .off_centikWh = 1'000'000}));
  north.say(curve_report(told, 0, {.counter = 3, .due = scene.due(4), .off_centikWh = 1}));
  north.say(curve_report(told, 0, {.counter = 4, .due = scene.due(6) + 7min}));
  north.say(curve_report(told, 0, {.counter = 5, .due = scene.due(4 * 24 * 3)}));  // tomorrow's
  north.say(curve_report(told, 0, {.counter = 6, .due = scene.due(-1)}));
  scene.run_for(confirm_within);
  CHECK(north.good() == 7);
  CHECK(scene.stored() == truth_of(scene, {1}, 4, 1));
  CHECK(scene.ingest().count(ReadingVerdict::runs_backwards) == 1);
  CHECK(scene.ingest().count(ReadingVerdict::too_large) == 1);
  CHECK(scene.ingest().count(ReadingVerdict::contradicts_stored) == 1);
  CHECK(scene.ingest().count(ReadingVerdict::not_due) == 3);
  CHECK(scene.committed("SELECT count(*) FROM rejected_reading") == 6);
}

TEST_CASE("missing values and points without a meter are counted and confirmed") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  north.say(curve_report(
      scene.configuration, 0,
      {.counter = 1, .due = scene.due(2), .count = 3, .points = {1, 2, 11, 64}, .missing = {2, 11, 64}}));
  scene.run_for(confirm_within);
  REQUIRE(north.answers.size() == 1);
  CHECK(north.answers[0].is_good);
  CHECK(scene.stored() == truth_of(scene, {1}, 2, 3));
  CHECK(scene.ingest().values_missing == 3);
  CHECK(scene.ingest().values_of_nobody == 6);
}

TEST_CASE("a report that is not what it should be is denied, between good ones, in its place") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  const auto& told = scene.configuration;
  const auto due = scene.due(2);
  const auto good = [&](unsigned counter) { return curve_report(told, 0, {.counter = counter, .due = due}); };
  const std::vector<std::uint8_t> unit{0x01, 0x01, 0x10, 0x0C};  // point 1, F101
  const auto truncated = [&](std::size_t bytes) {
    auto units = unit;
    for (const int byte : {0x00, 0x00, 0x02, 0x03, 0x26, 0x01, 0x02, 0x11, 0x22, 0x33, 0x00, 0x44})
      units.push_back(static_cast<std::uint8_t>(byte));
    units.resize(unit.size() + bytes);
    return units;
  };
  auto broken = load_record_answer(told, 1, due);
  broken[broken.size() - 2] ^= 1;  // the meter's own checksum
  auto other_month = curve_report(told, 0, {.counter = 7, .due = due, .density = gdw3761::density_30min});
  const std::vector<std::vector<std::uint8_t>> bad{
      raw_report(told, 0, gdw3761::Afn::history_data, 7, {}),
      raw_report(told, 0, gdw3761::Afn::history_data, 7, unit),
      raw_report(told, 0, gdw3761::Afn::history_data, 7, truncated(6)),
      raw_report(told, 0, gdw3761::Afn::history_data, 7, truncated(12)),
      raw_report(told, 0, gdw3761::Afn::current_data, 7, truncated(11)),
      raw_report(told, 0, gdw3761::Afn::forward, 7, {}),
      raw_report(told, 0, gdw3761::Afn::set, 7, unit),
      passed_on_payload(told, 0, {}, 7),
      passed_on_payload(told, 0, broken, 7),
      other_month,
  };
  for (std::size_t i = 0; i < bad.size(); ++i) {
    INFO("bad frame " << i);
    north.answers.clear();
    north.say(good(6));
    north.say(bad[i]);
    north.say(good(8));
    scene.run_for(confirm_within);
    REQUIRE(north.answers.size() == 3);
    CHECK((north.answers[0].counter == 6 && north.answers[0].is_good));
    CHECK((north.answers[1].counter == 7 && !north.answers[1].is_good));
    CHECK((north.answers[2].counter == 8 && north.answers[2].is_good));
    CHECK(north.is_connected());
  }
  CHECK(scene.ingest().frames_malformed == bad.size());
  CHECK(scene.ingest().frames_refused == 0);
  CHECK(scene.stored() == truth_of(scene, {1}, 2, 1));
}

TEST_CASE("what stood before the fault of a denied report is recognised when it comes again") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  const auto whole =
      curve_report(scene.configuration, 0, {.counter = 4, .due = scene.due(2), .count = 2, .points = {1, 2}});
  const auto view = gdw3761::decode(whole);
  REQUIRE(view.has_value());
  north.say(raw_report(scene.configuration, 0, gdw3761::Afn::history_data, 4,
                       view->units.first(view->units.size() - 1)));
  scene.run_for(confirm_within);
  REQUIRE(north.answers.size() == 1);
  CHECK_FALSE(north.answers[0].is_good);
  north.say(whole);
  scene.run_for(confirm_within);
  REQUIRE(north.answers.size() == 2);
  CHECK(north.answers[1].is_good);
  CHECK(scene.stored() == truth_of(scene, {1, 2}, 2, 2));
}

TEST_CASE("a frame that asks for no confirmation gets none, and is committed all the same") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  scene.run_for(90s);
  north.say(curve_report(scene.configuration, 0, {.counter = 1, .due = scene.due(2), .must_confirm = false}));
  scene.run_for(confirm_within);
  CHECK(north.answers.empty());
  CHECK(scene.stored() == truth_of(scene, {1}, 2, 1));
}

TEST_CASE("frames in another's name, or with a wrong checksum, are not answered and not booked") {
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  north.say(curve_report(scene.configuration, 0, {.counter = 1, .due = scene.due(2), .terminal = 2}));
  auto bent = curve_report(scene.configuration, 0, {.counter = 2, .due = scene.due(3)});
  bent[bent.size() - 2] ^= 0x10;
  north.say(bent);
  scene.run_for(1s);
  CHECK(north.answers.empty());
  CHECK(north.is_connected());
  CHECK(scene.head_end().statistics().foreign_frames == 1);
  CHECK(scene.ingest().frames_taken == 0);
  CHECK(scene.stored().empty());
}

TEST_CASE("reports cut anywhere, doubled, shuffled, between noise: the store is the union of what was good") {
  const std::uint64_t seed = GENERATE(range(1, 9));
  INFO("seed " << seed);
  const core::RandomStream draws(seed, 0, core::Purpose::test);
  std::uint64_t draw = 0;
  const auto below = [&](std::uint64_t bound) { return draws.below(bound, draw++); };
  IngestScene scene(pushing_estate());
  scene.start();
  ReportCaller north;
  scene.greet(north, 0);
  Stored expected;
  std::vector<unsigned> counters;
  std::vector<std::uint8_t> stream;
  for (unsigned n = 0; n < 120; ++n) {
    const auto quarter = static_cast<std::int64_t>(below(40));
    const int count = 1 + static_cast<int>(below(3));
    const int point = 1 + static_cast<int>(below(10));
    auto frame = below(3) == 0 ? passed_on_report(scene.configuration, 0, static_cast<MeterId>(point),
                                                  scene.due(quarter), n % 16)
                               : curve_report(scene.configuration, 0,
                                              {.counter = n % 16,
                                               .due = scene.due(quarter),
                                               .count = count,
                                               .points = {point, 1 + point % 10}});
    const bool is_passed_on = gdw3761::decode(frame)->afn == gdw3761::Afn::forward;
    if (below(5) == 0) {
      frame[frame.size() - 2] ^= 0x01;  // nobody's
    } else {
      counters.push_back(n % 16);
      for (int i = 0; i < (is_passed_on ? 1 : count); ++i)
        for (const int p : {point, 1 + point % 10})
          if (p == point || !is_passed_on)
            expected[{static_cast<MeterId>(p), quarter + i}] =
                scene.truth(static_cast<MeterId>(p), quarter + i);
    }
    // Noise without a start byte cannot swallow the frame behind it.
    for (auto noise = below(4); noise > 0; --noise) stream.push_back(static_cast<std::uint8_t>(below(0x60)));
    stream.insert(stream.end(), frame.begin(), frame.end());
  }
  for (std::size_t at = 0; at < stream.size();) {
    const auto bytes = std::min<std::size_t>(1 + below(300), stream.size() - at);
    north.say(core::Bytes(stream).subspan(at, bytes));
    scene.run_for(below(30) * 1ms);
    at += bytes;
  }
  scene.run_for(confirm_within);
  REQUIRE(north.answers.size() == counters.size());
  for (std::size_t i = 0; i < counters.size(); ++i) CHECK(north.answers[i].counter == counters[i]);
  CHECK(north.denied() == 0);
  CHECK(scene.stored() == expected);
}
