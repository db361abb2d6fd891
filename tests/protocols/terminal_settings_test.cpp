// The settings of a terminal on the wire: bytes by hand, random settings there and back, garbage.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "protocols/gdw3761/terminal_settings.hpp"
#include "tests/protocols/frames.hpp"

using namespace gdw3761;
using protocol_test::bytes_of;

namespace {
const TerminalAddress terminal = terminal_address(3301, 1, 1);

/// Draws that follow one another.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : stream_(seed, 3, core::Purpose::test) {}
  std::uint64_t below(std::uint64_t bound) { return stream_.below(bound, next_++); }
  template <class Number>
  Number between(int low, int high) {
    return static_cast<Number>(low + static_cast<int>(below(static_cast<std::uint64_t>(high - low + 1))));
  }

 private:
  core::RandomStream stream_;
  std::uint64_t next_ = 0;
};

Parameter random_parameter(Draws& draws) {
  const auto count = draws.below(4) + 1;
  const auto many = [&](auto make) {
    std::vector<decltype(make())> blocks;
    for (std::uint64_t i = 0; i < count; ++i) blocks.push_back(make());
    return Parameter(std::move(blocks));
  };
  const auto address = [&] { return core::MeterAddress(1 + draws.below(999'999'999'999)); };
  switch (draws.below(8)) {
    case 0:
      return many([&] {
        ArchiveRow row;
        row.index = draws.between<std::uint16_t>(1, 2040);
        row.point = draws.between<std::uint16_t>(1, 2040);
        row.baud = baud_of_code(draws.between<std::uint8_t>(0, 7));
        row.port = draws.between<std::uint8_t>(0, 31);
        row.address = address();
        row.password = draws.below(1ull << 48);
        row.collector = address();
        row.user_class = draws.between<std::uint8_t>(0, 255);
        return row;
      });
    case 1:
      return many([&] {
        return PulseInput{draws.between<std::uint8_t>(1, 64), draws.between<std::uint8_t>(1, 255),
                          draws.between<std::uint8_t>(0, 255), draws.between<std::uint16_t>(1, 65'535)};
      });
    case 2:
      return many([&] {
        ReadingPlan plan;
        plan.port = draws.between<std::uint8_t>(1, 31);
        plan.control = draws.between<std::uint16_t>(0, 65'535);
        plan.reading_days = static_cast<std::uint32_t>(draws.below(1ull << 32));
        plan.reading_min = draws.between<int>(0, 1439);
        plan.interval_min = draws.between<std::uint8_t>(0, 255);
        plan.broadcast_day = draws.between<int>(0, 31);
        plan.broadcast_min = draws.between<int>(0, 1439);
        for (auto n = draws.below(25); n > 0; --n)
          plan.windows.push_back({draws.between<int>(0, 1439), draws.between<int>(0, 1439)});
        return plan;
      });
    case 3:
      return many([&] {
        return PortRate{draws.between<std::uint8_t>(1, 31), draws.between<std::uint8_t>(0, 255),
                        static_cast<std::uint32_t>(1 + draws.below(4'000'000'000))};
      });
    case 4:
      return many([&] {
        return PortAttempts{draws.between<std::uint8_t>(1, 31), draws.between<std::uint8_t>(1, 10)};
      });
    case 5:
      return many([&] {
        return CollectorRecord{address(), draws.between<std::uint8_t>(1, 31),
                               draws.between<std::uint8_t>(0, 255), draws.below(2) == 0};
      });
    case 6:
      return std::vector{
          TerminalName{draws.between<std::uint16_t>(0, 9'999), draws.between<std::uint16_t>(1, 65'534)}};
    default:
      return many([&] {
        return MeterNote{draws.between<std::uint16_t>(1, 2'040), draws.below(1'000'000'000'000),
                         static_cast<std::int64_t>(draws.below(10'000'000'000))};
      });
  }
}

std::string unit_hex(const Parameter& parameter) {
  std::vector<std::uint8_t> out;
  put_parameter(out, parameter);
  return core::to_hex(out);
}
}  // namespace

TEST_CASE("each setting has the bytes that its item says, written out by hand") {
  ReadingPlan plan;
  plan.port = 2;
  plan.control = 0x0008;
  plan.reading_days = 1u << 0 | 1u << 14;  // the 1st and the 15th
  plan.reading_min = 23 * 60 + 30;
  plan.interval_min = 60;
  plan.broadcast_day = 5;
  plan.broadcast_min = 2 * 60 + 10;
  plan.windows = {{1 * 60, 5 * 60 + 59}, {22 * 60, 30}};
  // F33: n, port, control, days low first, 23:30 as mm hh, interval, 02:10 of the 5th as mm hh DD, two
  // windows
  CHECK(unit_hex(std::vector{plan}) ==
        "00 00 01 04 01 02 08 00 01 40 00 00 30 23 3C 10 02 05 02 00 01 59 05 00 22 30 00");
  CHECK(unit_hex(std::vector{PortRate{3, 0x6B, 9'600}}) == "00 00 02 04 01 03 6B 80 25 00 00");
  CHECK(unit_hex(std::vector{PulseInput{4, 9, 0, 1'200}}) == "00 00 04 01 01 04 09 00 B0 04");
  // Ours, beyond the last of the standard: F241 to F244 are the low four bits of group 30.
  CHECK(unit_hex(std::vector{PortAttempts{2, 3}}) == "00 00 01 1E 01 02 03");
  CHECK(unit_hex(std::vector{CollectorRecord{core::MeterAddress(330100000007), 2, 0x6B, true}}) ==
        "00 00 02 1E 01 07 00 00 00 01 33 02 6B 01");
  CHECK(unit_hex(std::vector{TerminalName{3301, 258}}) == "00 00 04 1E 01 33 02 01");
  CHECK(unit_hex(std::vector{MeterNote{7, 123456789012, 12'345'678}}) ==
        "00 00 08 1E 01 00 07 00 12 90 78 56 34 12 78 56 34 12 00");
}

TEST_CASE("a row of the archive is the same bytes in a unit as in its own message") {
  ArchiveRow row;
  row.index = row.point = 5;
  row.address = core::MeterAddress(330100000012);
  row.password = 0x665544332211;
  FrameWriter alone, among;
  const auto message = write_set_archive(alone, terminal, 3, std::array{row});
  const Parameter parameter = std::vector{row};
  CHECK(core::to_hex(write_set_parameters(among, terminal, 3, std::array{parameter})) ==
        core::to_hex(message));
}

TEST_CASE("any settings, any number in one frame: what is written is read, and written again byte for byte") {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    INFO("seed " << seed);
    Draws draws(seed);
    std::vector<Parameter> parameters;
    for (auto n = draws.below(6) + 1; n > 0; --n) parameters.push_back(random_parameter(draws));
    FrameWriter writer;
    const auto frame = decode(write_set_parameters(writer, terminal, 1, parameters));
    REQUIRE(frame.has_value());
    CHECK(frame->password.size() == 16);
    std::vector<std::uint8_t> again;
    core::Bytes rest = frame->units;
    for (const auto& expected : parameters) {
      const auto unit = take_parameter(rest);
      REQUIRE(unit.parameter.has_value());
      CHECK(unit.unit == UnitId::of(0, fn_of(expected)));
      REQUIRE(*unit.parameter == expected);
      put_parameter(again, *unit.parameter);
    }
    CHECK(rest.empty());
    CHECK(core::to_hex(again) == core::to_hex(frame->units));
  }
}

TEST_CASE("questions for settings come through, with keys of every width") {
  const std::vector<ParameterQuery> queries{{setting::archive, {1, 2040}},
                                            {setting::pulse_inputs, {1, 64}},
                                            {setting::reading_plans, {2, 31}},
                                            {setting::port_rates, {}},
                                            {setting::attempts, {2}},
                                            {setting::terminal_address, {}},
                                            {setting::collectors, {330100000007, 1}},
                                            {setting::meters, {7, 300}}};
  FrameWriter writer;
  const auto frame = decode(write_query_parameters(writer, terminal, 2, queries));
  REQUIRE(frame.has_value());
  core::Bytes rest = frame->units;
  for (const auto& query : queries) CHECK(take_parameter_query(rest).value() == query);
  CHECK(rest.empty());
}

TEST_CASE("a block that holds what it must not spoils its unit and not the next one") {
  const auto good = bytes_of("00 00 01 1E 01 02 03");
  for (const auto* bad : {
           "00 00 01 04 01 20 08 00 00 00 00 00 00 00 0F 11 01 00 00",              // port 32
           "00 00 01 04 01 02 08 00 00 00 00 00 60 00 0F 11 01 00 00",              // minute 60
           "00 00 01 04 01 02 08 00 00 00 00 00 00 24 0F 11 01 00 00",              // hour 24
           "00 00 01 04 01 02 08 00 00 00 00 00 00 00 0F 11 01 32 00",              // day 32
           "00 00 01 04 01 02 08 00 00 00 00 00 00 00 0F 11 01 00 01 00 00 5A 00",  // no digit
           "00 00 02 04 01 02 6B 00 00 00 00",                                      // no rate
           "00 00 04 01 01 04 09 00 00 00",                                         // no pulses a kWh
           "00 00 04 01 01 41 09 00 B0 04",                                         // input 65
           "00 00 01 1E 01 02 00",                                                  // no attempt
           "00 00 01 1E 01 02 0B",                                                  // eleven
           "00 00 02 1E 01 00 00 00 00 00 00 02 6B 01",                             // collector nobody
           "00 00 02 1E 01 07 00 00 00 01 33 02 6B 02",                             // state 2
           "00 00 04 1E 01 33 00 00",                                               // terminal 0
           "00 00 04 1E 01 33 FF FF",                                               // broadcast
           "00 00 04 1E 0A 33 02 01",                                               // region no digits
           "00 00 08 1E 01 00 00 00 12 90 78 56 34 12 78 56 34 12 00",              // point 0
       }) {
    INFO(bad);
    auto units = bytes_of(bad);
    units.insert(units.end(), good.begin(), good.end());
    core::Bytes rest = units;
    CHECK(take_parameter(rest).parameter.error() == core::Fault::bad_field);
    const auto next = take_parameter(rest);
    REQUIRE(next.parameter.has_value());
    CHECK(*next.parameter == Parameter(std::vector{PortAttempts{2, 3}}));
    CHECK(rest.empty());
  }
}

TEST_CASE("what cannot be told apart takes the rest with it: unknown items, cut blocks, several bits") {
  const auto check = [](const char* hex, core::Fault fault) {
    INFO(hex);
    const auto units = bytes_of(hex);
    core::Bytes rest = units;
    CHECK(take_parameter(rest).parameter.error() == fault);
    CHECK(rest.empty());
  };
  check("00 00 10 00 01 02 03 04", core::Fault::unknown_item);  // F5
  check("01 01 01 1E 01 02 03", core::Fault::unknown_item);     // p1
  check("00 00 03 1E 01 02 03", core::Fault::unknown_item);     // F241 and F242 at once
  check("00 00 00 1E 01 02 03", core::Fault::unknown_item);     // no function
  check("00 00 01", core::Fault::bad_length);
  check("00 00 01 1E", core::Fault::bad_length);
  check("00 00 01 1E 02 02 03 03", core::Fault::bad_length);
}

TEST_CASE("verdicts unit by unit survive the wire, and one bad unit makes the whole no") {
  const std::vector<UnitVerdict> verdicts{
      {UnitId::of(0, 33), 0}, {UnitId::of(0, 34), 1}, {UnitId::of(0, 241), 0}};
  FrameWriter writer;
  const auto frame = decode(write_confirm_units(writer, terminal, 7, true, Afn::set, verdicts));
  REQUIRE(frame.has_value());
  CHECK(parse_confirm_units(*frame).value() == verdicts);
  CHECK_FALSE(parse_confirm(*frame)->is_good);
  CHECK(core::to_hex(frame->units) == "00 00 04 00 04 00 00 01 04 00 00 00 02 04 01 00 00 01 1E 00");
  const auto all_good = decode(write_confirm(writer, terminal, 7, true));
  CHECK(parse_confirm_units(*all_good).error() == core::Fault::unexpected_answer);
}

TEST_CASE("garbage for settings ends, crashes nothing, and what is taken is written as it was read") {
  const core::RandomStream random(31, 5, core::Purpose::test);
  constexpr std::array functions{10, 11, 33, 34, 241, 242, 243, 244, 1, 245};
  std::uint64_t draw = 0;
  std::size_t good = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::vector<std::uint8_t> units;
    for (auto n = random.below(3, draw++) + 1; n > 0; --n) {
      const auto unit = UnitId::of(0, functions[random.below(functions.size(), draw++)]);
      units.insert(units.end(), {unit.da1, unit.da2, unit.dt1, unit.dt2});
      const auto small = random.below(2, draw++) == 0;
      for (auto k = random.below(40, draw++); k > 0; --k)
        units.push_back(static_cast<std::uint8_t>(random.below(small ? 3 : 256, draw++)));
    }
    for (core::Bytes rest = units; !rest.empty();) {
      const auto before = rest;
      const auto unit = take_parameter(rest);
      REQUIRE(rest.size() < before.size());
      if (!unit.parameter) continue;
      ++good;
      std::vector<std::uint8_t> again;
      put_parameter(again, *unit.parameter);
      REQUIRE(again.size() == before.size() - rest.size());
      REQUIRE(std::equal(again.begin(), again.end(), before.begin()));
    }
    for (core::Bytes rest = units; !rest.empty();) {
      const auto before = rest.size();
      (void)take_parameter_query(rest);
      REQUIRE(rest.size() < before);
    }
  }
  CHECK(good > 1'000);
}
