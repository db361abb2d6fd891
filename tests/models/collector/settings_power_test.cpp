// Settings there and back through a whole concentrator: random ones, partial denials, power cuts, garbage.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "tests/models/collector/settings_bench.hpp"

using namespace bench;
using gdw3761::Parameter;
using gdw3761::UnitVerdict;

namespace {
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : stream_(seed, 4, core::Purpose::test) {}
  int below(int bound) { return static_cast<int>(stream_.below(static_cast<std::uint64_t>(bound), next_++)); }

 private:
  core::RandomStream stream_;
  std::uint64_t next_ = 0;
};

constexpr int kinds = 6;
/// A setting of the given kind that a concentrator with ports 2 and 3 takes, with other values each time.
Parameter good_parameter(int kind, Draws& draws) {
  const auto port = static_cast<std::uint8_t>(2 + draws.below(2));
  switch (kind) {
    case 0: {
      gdw3761::ReadingPlan plan;
      plan.port = port;
      plan.control = static_cast<std::uint16_t>(draws.below(1 << 16));
      plan.reading_days = static_cast<std::uint32_t>(draws.below(1 << 30));
      plan.reading_min = draws.below(1'440);
      plan.interval_min = static_cast<std::uint8_t>(draws.below(256));
      plan.broadcast_day = draws.below(32);
      plan.broadcast_min = draws.below(1'440);
      for (int n = draws.below(25); n > 0; --n) {
        const int from = draws.below(1'440);
        plan.windows.push_back({from, draws.below(1'440)});
      }
      return std::vector{plan};
    }
    case 1:
      return std::vector{gdw3761::PortRate{port, static_cast<std::uint8_t>(draws.below(256)),
                                           static_cast<std::uint32_t>(1 + draws.below(1 << 30))}};
    case 2:
      return std::vector{gdw3761::PortAttempts{port, static_cast<std::uint8_t>(1 + draws.below(10))}};
    case 3: {
      const auto input = static_cast<std::uint8_t>(1 + draws.below(20));
      return std::vector{gdw3761::PulseInput{input, static_cast<std::uint8_t>(100 + input),
                                             static_cast<std::uint8_t>(draws.below(256)),
                                             static_cast<std::uint16_t>(1 + draws.below(60'000))}};
    }
    case 4:
      return std::vector{
          gdw3761::CollectorRecord{core::MeterAddress(1 + static_cast<std::uint64_t>(draws.below(50))), port,
                                   static_cast<std::uint8_t>(draws.below(256)), draws.below(2) == 0}};
    default:
      return std::vector{gdw3761::MeterNote{static_cast<std::uint16_t>(1 + draws.below(2'040)),
                                            static_cast<std::uint64_t>(draws.below(1 << 30)),
                                            draws.below(1 << 30)}};
  }
}
/// The same kind, at a port that is not there, or otherwise wrong.
Parameter bad_parameter(int kind) {
  switch (kind % 4) {
    case 0: {
      gdw3761::ReadingPlan plan;
      plan.port = 9;
      return std::vector{plan};
    }
    case 1:
      return std::vector{gdw3761::PortRate{1, 0x6B, 2'400}};
    case 2:
      return std::vector{gdw3761::PortAttempts{4, 3}};
    default:
      return std::vector{gdw3761::PulseInput{1, 101, 0, 0}};
  }
}
}  // namespace

TEST_CASE("whatever is set is answered with the same bytes, setting after setting, several in a frame") {
  Bench bench(rig::area(2, 2));
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Draws draws(seed);
    std::vector<Parameter> parameters;
    std::vector<gdw3761::ParameterQuery> queries;
    for (int kind = 0; kind < kinds; ++kind) {
      if (draws.below(3) == 0) continue;
      parameters.push_back(good_parameter(kind, draws));
      queries.push_back(query_of(parameters.back()));
    }
    if (parameters.empty()) continue;
    REQUIRE(Bench::is_good(bench.set(parameters)));
    REQUIRE(core::to_hex(bench.ask(queries)) == core::to_hex(units_of(parameters)));
  }
}

TEST_CASE("of several units exactly the good ones are taken, and the answer says which") {
  Bench bench(rig::area(2, 2));
  for (std::uint64_t seed = 101; seed <= 160; ++seed) {
    INFO("seed " << seed);
    Draws draws(seed);
    std::vector<Parameter> sent;
    std::vector<UnitVerdict> expected;
    std::vector<std::vector<std::uint8_t>> before;
    for (int kind = 0; kind < kinds; ++kind) {
      const bool is_good = draws.below(3) != 0;
      sent.push_back(is_good ? good_parameter(kind, draws) : bad_parameter(kind));
      expected.push_back({gdw3761::UnitId::of(0, gdw3761::fn_of(sent.back())),
                          is_good ? UnitVerdict::good : UnitVerdict::other_error});
      before.push_back(bench.ask(query_of(sent.back())));
    }
    const auto confirm = bench.set(sent);
    const auto frame = gdw3761::decode(confirm);
    REQUIRE(frame.has_value());
    const auto good = std::count_if(expected.begin(), expected.end(), [](const UnitVerdict& verdict) {
      return verdict.error == UnitVerdict::good;
    });
    if (good == kinds || good == 0) {
      CHECK(Bench::is_good(confirm) == (good == kinds));
    } else {
      REQUIRE(gdw3761::parse_confirm_units(*frame).has_value());
      CHECK(*gdw3761::parse_confirm_units(*frame) == expected);
    }
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const auto after = bench.ask(query_of(sent[i]));
      CHECK(core::to_hex(after) == core::to_hex(expected[i].error == UnitVerdict::good
                                                    ? units_of(std::span(&sent[i], 1))
                                                    : before[i]));
    }
  }
}

TEST_CASE("rows of the archive and settings in one frame: the good row is taken beside the bad plan") {
  Bench bench(rig::area(2));
  gdw3761::ArchiveRow row;
  row.index = row.point = 9;
  row.address = core::MeterAddress(330100000099);
  row.user_class = 0x12;
  const std::vector<Parameter> sent{std::vector{row}, bad_parameter(0),
                                    std::vector<gdw3761::PortAttempts>{{2, 4}}};
  const auto confirm = bench.set(sent);
  const auto frame = gdw3761::decode(confirm);
  REQUIRE(frame.has_value());
  REQUIRE(gdw3761::parse_confirm_units(*frame).has_value());
  CHECK(gdw3761::parse_confirm_units(*frame)->at(1).error == UnitVerdict::other_error);
  CHECK(bench.ask({gdw3761::setting::archive, {9}}) == units_of(std::span(&sent[0], 1)));
  CHECK(bench.ask({gdw3761::setting::attempts, {2}}) == units_of(std::span(&sent[2], 1)));
}

TEST_CASE(
    "power gone at any instant of a set leaves all of the old or all of the new, and what was confirmed "
    "stays") {
  std::size_t old_ones = 0, new_ones = 0;
  // The frame of 69 bytes arrives 318 ms after it was sent (300 ms and 30 kbit/s); flash takes 46 ms.
  for (int cut_ms = 310; cut_ms < 380; cut_ms += 2) {
    INFO("cut after " << cut_ms << " ms");
    auto setup = rig::area(1);
    const auto sent_at = midnight + 2min + 40s;
    setup.faults.push_back({.kind = model::FaultWindow::Kind::concentrator_restart,
                            .from = sent_at + cut_ms * 1ms,
                            .till = sent_at + 10s});
    Bench bench(setup);
    const std::vector<Parameter> first{std::vector<gdw3761::PortAttempts>{{2, 3}},
                                       std::vector<gdw3761::PortRate>{{2, 0x6B, 2'400}}};
    const std::vector<Parameter> second{std::vector<gdw3761::PortAttempts>{{2, 7}},
                                        std::vector<gdw3761::PortRate>{{2, 0x6B, 1'200}}};
    REQUIRE(Bench::is_good(bench.set(first)));
    bench.run(sent_at);
    const bool is_confirmed = Bench::is_good(bench.set(second));
    bench.run(sent_at + 3min);  // up and logged in again
    const std::vector<gdw3761::ParameterQuery> queries{query_of(first[0]), query_of(first[1])};
    const auto found = bench.ask(queries);
    const bool is_new = found == units_of(second);
    REQUIRE((is_new || found == units_of(first)));
    REQUIRE((!is_confirmed || is_new));
    ++(is_new ? new_ones : old_ones);
  }
  CHECK(old_ones > 10);
  CHECK(new_ones > 2);
}

TEST_CASE("settings outlast a day without power, and the port lives by them at once") {
  auto setup = rig::area(1);
  setup.faults.push_back({.kind = model::FaultWindow::Kind::concentrator_restart,
                          .from = midnight + 10min,
                          .till = midnight + 25h});
  Bench bench(setup);
  gdw3761::ReadingPlan plan;
  plan.control = 0;  // no time broadcast either
  plan.windows = {{2 * 60, 2 * 60 + 29}};
  REQUIRE(bench.is_set(std::vector{plan}));
  bench.run(midnight + 26h);
  CHECK(bench.asked(0, midnight + 25h, bench.now()) == 0);
  bench.run(midnight + 26h + 30min);
  CHECK(bench.asked(0, midnight + 26h, bench.now()) > 0);
}

TEST_CASE("two sets in one breath are taken one after the other, each confirmed") {
  Bench bench(rig::area(1));
  gdw3761::FrameWriter one, two;
  const Parameter first = std::vector<gdw3761::PortAttempts>{{2, 3}},
                  second = std::vector<gdw3761::PortAttempts>{{2, 8}};
  const auto frame = gdw3761::write_set_parameters(one, bench.address, 1, std::span(&first, 1));
  std::vector<std::uint8_t> both(frame.begin(), frame.end());
  const auto next = gdw3761::write_set_parameters(two, bench.address, 2, std::span(&second, 1));
  both.insert(both.end(), next.begin(), next.end());
  bench.head_end.received.clear();
  bench.head_end.write(bench.now(), both);
  bench.run(bench.now() + 5s);
  std::vector<unsigned> confirmed;
  for (const auto& frame_up : bench.head_end.received)
    if (frame_up.afn == gdw3761::Afn::confirm && Bench::is_good(frame_up.raw))
      confirmed.push_back(gdw3761::decode(frame_up.raw)->sequence.counter());
  CHECK(confirmed == std::vector<unsigned>{1, 2});
  CHECK(bench.ask(query_of(second)) == units_of(std::span(&second, 1)));
}

TEST_CASE("a flood of sets in one breath is bounded: each is answered, and what finds no room is denied") {
  Bench bench(rig::area(1));
  std::vector<std::uint8_t> flood;
  for (unsigned i = 0; i < 40; ++i) {
    gdw3761::FrameWriter writer;
    const Parameter attempts = std::vector<gdw3761::PortAttempts>{{2, static_cast<std::uint8_t>(1 + i % 10)}};
    const auto frame = gdw3761::write_set_parameters(writer, bench.address, i, std::span(&attempts, 1));
    flood.insert(flood.end(), frame.begin(), frame.end());
  }
  bench.head_end.received.clear();
  bench.head_end.write(bench.now(), flood);
  bench.run(bench.now() + 20s);
  const auto answers = [&](bool is_good) {
    return std::count_if(bench.head_end.received.begin(), bench.head_end.received.end(), [&](const auto& up) {
      return up.afn == gdw3761::Afn::confirm && Bench::is_good(up.raw) == is_good;
    });
  };
  CHECK(answers(true) >= 16);
  CHECK(answers(false) > 0);
  CHECK(answers(true) + answers(false) == 40);
}

TEST_CASE(
    "garbage in sets and questions with good sums crashes nothing, and good settings still get through") {
  Bench bench(rig::area(1));
  const core::RandomStream random(51, 0, core::Purpose::test);
  constexpr std::array functions{10, 11, 33, 34, 241, 242, 243, 244, 49, 53};
  constexpr std::array afns{gdw3761::Afn::set, gdw3761::Afn::query, gdw3761::Afn::control,
                            gdw3761::Afn::history_data};
  gdw3761::FrameWriter writer;
  std::uint64_t draw = 0;
  for (int round = 0; round < 4'000; ++round) {
    const auto afn = afns[random.below(afns.size(), draw++)];
    writer.begin(gdw3761::control::request_class1, bench.address, afn, gdw3761::Sequence::single(1, true));
    for (auto n = random.below(3, draw++) + 1; n > 0; --n) {
      auto fn = functions[random.below(functions.size(), draw++)];
      if (fn == gdw3761::setting::terminal_address && afn == gdw3761::Afn::set) fn = gdw3761::setting::meters;
      writer.unit(gdw3761::UnitId::of(0, fn));
      const auto bound = random.below(2, draw++) == 0 ? 4u : 256u;
      for (auto k = random.below(30, draw++); k > 0; --k)
        writer.byte(static_cast<std::uint8_t>(random.below(bound, draw++)));
    }
    bench.head_end.write(bench.now(), writer.finish());
    bench.run(bench.now() + 100ms);
  }
  bench.run(bench.now() + 2min);
  const Parameter attempts = std::vector<gdw3761::PortAttempts>{{2, 3}};
  CHECK(bench.is_set(attempts));
  CHECK(bench.ask(query_of(attempts)) == units_of(std::span(&attempts, 1)));
}
