// Q/GDW 1376.1: captured frames, AUX rules, points and functions, everyday messages, curves and freezes.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "protocols/gdw3761/freeze.hpp"
#include "protocols/gdw3761/messages.hpp"
#include "tests/protocols/frames.hpp"

using namespace gdw3761;
using protocol_test::bytes_of;

namespace {
const TerminalAddress terminal = terminal_address(171, 2082, 1);

FrameView view_of(core::Bytes bytes) {
  const auto view = decode(bytes);
  REQUIRE(view.has_value());
  CHECK(view->raw.size() == bytes.size());
  return *view;
}
}  // namespace

TEST_CASE("a captured login decodes, and writing it gives the same bytes") {
  // qgdw376.1.ksy sample loginOut.3761: A1 0171, A2 2082, logout.
  const auto bytes = bytes_of("68 32 00 32 00 68 C9 71 01 22 08 00 02 71 00 00 02 00 DA 16");
  const auto view = view_of(bytes);
  CHECK(region_of(view.address) == 171);
  CHECK(view.address.terminal == 2082);
  CHECK(view.sequence.must_confirm());
  CHECK(parse_link(view)->event == LinkEvent::logout);
  FrameWriter writer;
  CHECK(core::to_hex(write_link(writer, terminal_address(171, 2082), 1, {LinkEvent::logout, {}})) ==
        core::to_hex(bytes));
}

TEST_CASE("a head-end's confirm of a heartbeat is the captured one, byte for byte") {
  FrameWriter writer;
  const auto bytes =
      write_confirm_unit(writer, terminal_address(2120, 7), 1, false, Afn::link, UnitId::of(0, 3));
  CHECK(core::to_hex(bytes, "") == "684A004A00680B2021070000006100000400020000040000BE16");
  CHECK(parse_confirm(view_of(bytes))->is_good);
  CHECK_FALSE(
      parse_confirm(view_of(write_confirm_unit(writer, terminal, 1, true, Afn::set, UnitId::of(1, 10), 2)))
          ->is_good);
  CHECK_FALSE(parse_confirm(view_of(write_confirm(writer, terminal, 1, true, false)))->is_good);
}

TEST_CASE("AUX is taken off by its flags: password downwards, event counters with ACD, time label with TpV") {
  const auto reset = view_of(
      bytes_of("688A008A006841000234120401F000000100000000000000000000000000000000000028531307051916"));
  CHECK(reset.password.size() == 16);
  REQUIRE(reset.time_label.has_value());
  CHECK((reset.time_label->hour == 13 && reset.time_label->minute == 53 && reset.time_label->second == 28));
  CHECK((reset.time_label->day == 7 && reset.time_label->delay_min == 5));
  CHECK(reset.units.size() == 4);
  const auto confirm = view_of(bytes_of("685200520068A0000234120400E00000010011000027521307057616"));
  REQUIRE(confirm.event_counters.has_value());
  CHECK((*confirm.event_counters)[0] == 0x11);
  CHECK(confirm.units.size() == 4);
}

TEST_CASE("points and functions map to their bits and back") {
  const auto check = [](int pn, int fn, const char* hex) {
    const UnitId id = UnitId::of(pn, fn);
    CHECK(core::to_hex(std::array{id.da1, id.da2, id.dt1, id.dt2}) == hex);
    CHECK(id.point() == pn);
    CHECK(id.function() == fn);
  };
  check(0, 1, "00 00 01 00");
  check(1, 25, "01 01 01 03");
  check(1, 129, "01 01 01 10");
  check(9, 167, "01 02 40 14");
  check(2040, 101, "80 FF 10 0C");
  std::vector<int> points;
  UnitId::of_group(1, 0x85, 101).each_point([&](int point) { points.push_back(point); });
  CHECK(points == std::vector<int>{9, 11, 16});
}

TEST_CASE("each way an uplink frame can be wrong has its own fault") {
  const std::string good = "68 32 00 32 00 68 C9 71 01 22 08 00 02 71 00 00 02 00 DA 16";
  auto bytes = bytes_of(good);
  bytes[18] ^= 1;
  CHECK(decode(bytes).error() == core::Fault::bad_checksum);
  bytes = bytes_of(good);
  bytes[19] = 0x17;
  CHECK(decode(bytes).error() == core::Fault::bad_end);
  bytes = bytes_of(good);
  bytes[1] = 0x36;
  CHECK(decode(bytes).error() == core::Fault::bad_start);
  bytes = bytes_of(good);
  bytes[1] = bytes[3] = 0x1E;
  CHECK(decode(bytes).error() == core::Fault::bad_length);
  bytes = bytes_of(good);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    CHECK(decode(core::Bytes(bytes).first(cut)).error() == core::Fault::incomplete);
  }
}

TEST_CASE("clock, heartbeat with a clock, and reset round-trip") {
  FrameWriter writer;
  const core::CivilTime time{2026, 7, 5, 23, 59, 58};  // a Sunday
  CHECK(*parse_set_clock(view_of(write_set_clock(writer, terminal, 3, time))) == time);
  CHECK(*parse_clock_answer(view_of(write_clock_answer(writer, terminal, 3, time))) == time);
  CHECK(*parse_link(view_of(write_link(writer, terminal, 3, {LinkEvent::heartbeat, time})))->clock == time);
  std::array<std::uint8_t, 6> clock{};
  put_clock(clock, time);
  CHECK(core::to_hex(clock) == "58 59 23 05 E7 26");  // week 7 in the top bits, month 07
  CHECK(view_of(write_reset(writer, terminal, 1, 1)).password.size() == 16);
}

TEST_CASE("archive rows survive the wire and counts that lie are refused") {
  FrameWriter writer;
  std::vector<ArchiveRow> rows(600);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].index = rows[i].point = static_cast<std::uint16_t>(i + 1);
    rows[i].address = core::MeterAddress(330000000000ull + i);
    rows[i].port = static_cast<std::uint8_t>(2 + i % 3);
  }
  REQUIRE(rows.size() <= archive_rows_max);
  const auto view = view_of(write_set_archive(writer, terminal, 5, rows));
  REQUIRE(archive_row_count(view).value() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(*archive_row(view, i) == rows[i]);
  CHECK(archive_row(view, rows.size()).error() == core::Fault::no_data);
  FrameView lying = view;
  lying.units = view.units.first(view.units.size() - 1);
  CHECK(archive_row_count(lying).error() == core::Fault::bad_length);
  const std::array<std::uint16_t, 3> indices{1, 7, 600};
  FrameWriter asking;
  const auto query = view_of(write_query_archive(asking, terminal, 6, indices));
  CHECK(archive_query_count(query).value() == 3);
  CHECK(archive_query_index(query, 2).value() == 600);
}

TEST_CASE("forwarding hands a meter's frame through, and an empty answer is no answer") {
  FrameWriter writer;
  const auto payload = bytes_of("68 12 00 00 00 10 20 68 11 04 33 32 34 33 F3 16");
  const auto request =
      view_of(write_forward(writer, terminal, 4, {2, line_settings_8E1(2400), 60'000, 100, payload}));
  CHECK(request.units[5] == 0x6B);  // captured comm word of 2400 8E1
  CHECK(request.units[6] == 0xBC);  // captured frame time-out of 60 s
  const auto parsed = parse_forward(request);
  REQUIRE(parsed.has_value());
  CHECK(parsed->frame_timeout_ms == 60'000);
  CHECK(core::to_hex(parsed->payload) == core::to_hex(payload));
  FrameWriter answering;
  CHECK(parse_forward_answer(view_of(write_forward_answer(answering, terminal, 4, {2, payload})))
            ->payload.size() == 16);
  CHECK(
      parse_forward_answer(view_of(write_forward_answer(answering, terminal, 4, {2, {}})))->payload.empty());
  CHECK(parse_forward_answer(request).error() == core::Fault::unexpected_answer);
}

TEST_CASE("a curve of a hundred groups is walked point by point, missing values included") {
  FrameWriter writer;
  CurveWriter curve(writer);
  std::array<std::uint8_t, CurveTime::width> time{};
  put_curve_time(time, {{2026, 7, 1, 0, 15, 0}, density_15min, 4});
  CHECK(core::to_hex(time) == "15 00 01 07 26 01 04");
  curve.begin(terminal, 9);
  for (int group = 0; group < 60; ++group) {
    REQUIRE(writer.room() >= CurveWriter::group_bytes(8, 4));
    curve.group(group, 0xFF);
    for (int bit = 0; bit < 8; ++bit) {
      curve.point(time);
      for (int i = 0; i < 4; ++i) {
        if (i == 2 && bit == 3)
          curve.missing();
        else
          curve.value(core::CentiKilowattHours(100'000 * group + 1'000 * bit + i));
      }
    }
  }
  const auto view = view_of(writer.finish());
  int points = 0;
  const auto walked = each_curve(view, [&](const Curve& one) {
    ++points;
    REQUIRE(one.point == points);
    CHECK(one.time.start == core::CivilTime{2026, 7, 1, 0, 15, 0});
    REQUIRE(one.time.count == 4);
    const int group = (points - 1) / 8, bit = (points - 1) % 8;
    for (int i = 0; i < 4; ++i) {
      const auto value = one.value(static_cast<std::size_t>(i));
      CHECK(value.has_value() == !(i == 2 && bit == 3));
      if (value) CHECK(value->count() == 100'000 * group + 1'000 * bit + i);
    }
  });
  CHECK(walked.has_value());
  CHECK(points == 480);
}

TEST_CASE("a curve request names its groups, and an answer cut anywhere is refused after what was whole") {
  FrameWriter writer;
  begin_curve_request(writer, terminal, 2);
  curve_request_unit(writer, UnitId::of_group(0, 0x07, curve_fn), {{2026, 7, 1, 0, 0, 0}, density_15min, 1});
  curve_request_unit(writer, UnitId::of_group(4, 0x80, curve_fn), {{2026, 7, 1, 0, 0, 0}, density_15min, 1});
  int units = 0;
  CHECK(each_curve_request(view_of(writer.finish()), [&](UnitId unit, const CurveTime& time) {
          CHECK(unit.function() == curve_fn);
          CHECK(time.count == 1);
          ++units;
        }).has_value());
  CHECK(units == 2);
  CurveWriter curve(writer);
  curve.begin(terminal, 2);
  curve.group(0, 0x03);
  std::array<std::uint8_t, CurveTime::width> time{};
  put_curve_time(time, {{2026, 7, 1, 0, 0, 0}, density_15min, 1});
  for (int i = 0; i < 2; ++i) curve.point(time), curve.value(core::CentiKilowattHours(i));
  FrameView view = view_of(writer.finish());
  const core::Bytes whole = view.units;
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    view.units = whole.first(cut);
    CHECK_FALSE(each_curve(view, [](const Curve&) {}).has_value());
  }
}

TEST_CASE("daily and monthly freezes carry every rate, missing ones too") {
  FrameWriter writer;
  const core::CivilTime day{2026, 7, 1, 0, 0, 0};
  const auto request = parse_freeze_request(
      view_of(write_daily_request(writer, terminal, 1, UnitId::of(7, daily_forward_fn), day)));
  REQUIRE(request.has_value());
  CHECK((request->unit.point() == 7 && request->frozen == day && !request->is_monthly));
  RateEnergies energies;
  energies.copied_at = core::CivilTime{2026, 7, 2, 0, 5, 0};
  energies.rates = 4;
  energies.energy[0] = core::CentiKilowattHours(23093);
  energies.energy[2] = core::CentiKilowattHours(22176);
  writer.begin(control::answer_data, terminal, Afn::history_data, Sequence::single(1));
  writer.unit(UnitId::of(7, daily_forward_fn));
  put_daily(writer, day, energies);
  int seen = 0;
  CHECK(each_freeze(view_of(writer.finish()), [&](const FreezeAnswer& answer) {
          ++seen;
          CHECK((answer.point == 7 && answer.frozen == day && answer.energies.rates == 4));
          CHECK(answer.energies.energy[0] == core::CentiKilowattHours(23093));
          CHECK_FALSE(answer.energies.energy[1].has_value());
          CHECK(answer.energies.energy[2] == core::CentiKilowattHours(22176));
        }).has_value());
  CHECK(seen == 1);
}

TEST_CASE("random units never crash a parser") {
  const core::RandomStream random(11, 5, core::Purpose::test);
  constexpr std::array afns{Afn::confirm, Afn::link,         Afn::set,          Afn::control,
                            Afn::query,   Afn::current_data, Afn::history_data, Afn::forward};
  constexpr std::array functions{1, 2, 3, 10, 31, 101, 161, 177};
  std::uint64_t draw = 0, good = 0;
  FrameWriter writer;
  for (int round = 0; round < 20'000; ++round) {
    const auto afn = afns[random.below(afns.size(), draw++)];
    writer.begin(random.below(2, draw++) == 0 ? control::answer_data : control::request_class2, terminal, afn,
                 Sequence::single(1));
    const int point = static_cast<int>(random.below(4, draw++));
    writer.unit(UnitId::of(point, functions[random.below(functions.size(), draw++)]));
    for (auto n = random.below(60, draw++); n > 0; --n)
      writer.byte(static_cast<std::uint8_t>(random.below(256, draw++)));
    const auto view = view_of(writer.finish());
    good += parse_link(view).has_value() + parse_confirm(view).has_value() +
            parse_set_clock(view).has_value() + parse_clock_answer(view).has_value() +
            archive_row(view, 0).has_value() + archive_query_index(view, 0).has_value() +
            parse_forward(view).has_value() + parse_forward_answer(view).has_value() +
            parse_freeze_request(view).has_value();
    good += each_curve(view, [](const Curve&) {}).has_value() +
            each_freeze(view, [](const FreezeAnswer&) {}).has_value();
  }
  CHECK(good < 20'000u * 3);
}
