// What `metertwin frame` tells of a frame: text for people, JSON for machines, reasons for bad ones.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/random.hpp"
#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/load_record.hpp"
#include "protocols/explain/explain.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "protocols/gdw3761/messages.hpp"
#include "tests/protocols/frames.hpp"

using nlohmann::json;
using protocol_test::bytes_of;

namespace {
json told(std::string_view hex) { return json::parse(explain::explain(bytes_of(hex)).json); }
}  // namespace

TEST_CASE("an energy answer is told with address, item, value and unit") {
  const auto explanation =
      explain::explain(bytes_of("68 18 55 60 06 00 00 68 91 08 33 33 34 33 C6 63 35 33 9A 16"));
  CHECK(explanation.is_good);
  CHECK(explain::to_text(explanation) ==
        "DL/T 645-2007\n"
        "  address: 000006605518\n"
        "  control: 91 (read, answer)\n"
        "  data identifier: 00010000 (forward active energy, total, （当前）正向有功总电能)\n"
        "  data: 93 30 02 00\n"
        "    value: 230.93 kWh\n");
  const auto said = json::parse(explanation.json);
  CHECK(said["addr"] == "000006605518");
  CHECK(said["DI"] == "00010000");
  CHECK(said["value"] == "230.93");
  CHECK(said["unit"] == "kWh");
}

TEST_CASE("an answer to remote control, a recharge refused and a clock broadcast are told") {
  dlt645::Wire wire;
  dlt645::refuse(core::MeterAddress(12), dlt645::Function::remote_control, dlt645::Refusal::not_authorised,
                 wire);
  const auto refused = told(core::to_hex(wire));
  CHECK(refused["C"] == "DC");
  CHECK(refused["ERR"] == "04");
  CHECK(refused["errors"] == "password wrong or unauthorised");
  CHECK(told("6899999999999968080684554338394A4B16")["value"] == "2017-06-05 10:22:51");
  dlt645::RemoteControlRequest trip;
  trip.valid_until = {2026, 7, 1, 0, 15, 0};
  wire.clear();
  dlt645::encode(core::MeterAddress(12), trip, wire);
  const auto command = told(core::to_hex(wire));
  CHECK(command["N1"] == "1A");
  CHECK(command["command"] == "trip");
  CHECK(command["valid_until"] == "2026-07-01 00:15:00");
}

TEST_CASE("load records in an answer are told one by one") {
  dlt645::Data records;
  const auto at = bytes_of("15 00 01 07 26");
  dlt645::put_energy_record(at, core::CentiKilowattHours(12345), core::CentiKilowattHours(0), records);
  dlt645::put_energy_record(at, core::CentiKilowattHours(12399), core::CentiKilowattHours(0), records);
  dlt645::Wire wire;
  dlt645::answer_data(core::MeterAddress(12), dlt645::item::load_record_from(4), records, wire);
  const auto said = told(core::to_hex(wire));
  REQUIRE(said["records"].size() == 2);
  CHECK(said["records"][1]["forward active"] == "123.99");
  CHECK(said["records"][1]["time"] == "2026-07-01 00:15");
}

TEST_CASE("a meter's frame inside a forwarding is told inside it") {
  gdw3761::FrameWriter writer;
  const auto inner = bytes_of("68 18 55 60 06 00 00 68 91 08 33 33 34 33 C6 63 35 33 9A 16");
  const auto frame =
      gdw3761::write_forward_answer(writer, gdw3761::terminal_address(171, 2082), 1, {2, inner});
  const auto said = told(core::to_hex(frame));
  CHECK(said["AFN"] == "10");
  CHECK(said["A1"] == "0171");
  CHECK(said["A2"] == 2082);
  CHECK(said["inner"]["value"] == "230.93");
}

TEST_CASE("a curve is told value by value, and a missing one is null") {
  gdw3761::FrameWriter writer;
  gdw3761::CurveWriter curve(writer);
  std::array<std::uint8_t, gdw3761::CurveTime::width> time{};
  gdw3761::put_curve_time(time, {{2026, 7, 1, 0, 15, 0}, gdw3761::density_15min, 2});
  curve.begin(gdw3761::terminal_address(171, 2082), 1);
  curve.group(0, 0x01);
  curve.point(time);
  curve.value(core::CentiKilowattHours(23093));
  curve.missing();
  const auto said = told(core::to_hex(writer.finish()));
  const auto& values = said["units"][0]["values"];
  REQUIRE(values.size() == 5);
  CHECK(values[0]["value"] == "2026-07-01 00:15");
  CHECK(values[3]["value"] == "230.93");
  CHECK(values[4]["value"].is_null());
}

TEST_CASE("a bad frame gets the reason that is nearest to a good one") {
  const auto wrong_sum = told("68 18 55 60 06 00 00 68 91 08 33 33 34 33 C6 63 35 33 9B 16");
  CHECK(wrong_sum["ok"] == false);
  CHECK(wrong_sum["error"] == "checksum");
  CHECK(wrong_sum["reason"] == "the checksum is 9B, the bytes sum to 9A");
  CHECK(told("68 18 55 60 06 00 00 68 91 08 33 33 34 33 C6 63 35 33 9A 17")["error"] == "end");
  CHECK(told("FE FE 68 18 55 60 06 00 00 68 91 08 33 33")["error"] == "incomplete");
  CHECK(told("68 18 55 60 06 00 00 68 91 C9 33 33 00 00 00 00")["error"] == "length");
  CHECK(told("01 03 00 46 00 1C A5 D7")["reason"] == "the CRC is A5 D7, the bytes give A5 D6");
  CHECK_FALSE(explain::explain({}).is_good);
  CHECK_FALSE(explain::explain(bytes_of("00 11 22 33 44")).is_good);
}

TEST_CASE("noise before and bytes after a good frame are named, not fatal") {
  const auto said = told("00 12 68 18 55 60 06 00 00 68 91 08 33 33 34 33 C6 63 35 33 9A 16 FF");
  CHECK(said["ok"] == true);
  CHECK(said["noise_before"] == "0012");
  CHECK(said["surplus_after"] == "FF");
}

TEST_CASE("random bytes and mutilated frames are explained without harm") {
  const core::RandomStream random(12, 6, core::Purpose::test);
  const std::vector<std::vector<std::uint8_t>> good{
      bytes_of("68 18 55 60 06 00 00 68 91 08 33 33 34 33 C6 63 35 33 9A 16"),
      bytes_of("6856005600684B71012208020DE501010100270818050534162800A116"),
      bytes_of("681700430500000000000000727905010040000300008A4516"),
      bytes_of("682C000304000000000C55555555555501000200006614040010680100020000666811043434393827160616")};
  std::uint64_t draw = 0, told_good = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = good[random.below(good.size(), draw++)];
    for (auto changes = random.below(4, draw++); changes > 0; --changes) {
      const auto place = random.below(bytes.size(), draw++);
      bytes[place] = static_cast<std::uint8_t>(random.below(256, draw++));
    }
    bytes.resize(random.below(bytes.size() + 1, draw++));
    const auto explanation = explain::explain(bytes);
    CHECK(json::parse(explanation.json)["ok"] == explanation.is_good);
    told_good += explanation.is_good;
  }
  CHECK(told_good < 10'000);
}
