// The bytes of reports: one by hand, all by the protocols' decoders.
#include <catch2/catch.hpp>

#include "protocols/dlt645/answers.hpp"
#include "protocols/dlt645/load_record.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "protocols/gdw3761/messages.hpp"
#include "protocols/modbus/tcp.hpp"
#include "stress/fleet/report_writer.hpp"

using namespace stress;

namespace {
EstatePlan estate_of(std::uint32_t meters, std::uint32_t manager_permille = 0) {
  EstatePlan estate;
  estate.meters = meters;
  estate.manager_permille = manager_permille;
  estate.seed = 3;
  estate.opens = core::instant_from_seconds(1'767'225'600);  // 2026-01-01T08:00:00+08:00
  return estate;
}
}  // namespace

TEST_CASE("a report of two readings, byte for byte") {
  const auto estate = estate_of(2);
  ReportWriter writer(estate, {});
  std::vector<std::uint8_t> bytes;
  CHECK(writer.put_report(estate.collector(0), 1, 5, bytes) == 2);
  // User data: C, A1 33 01, A2 1, A3; AFN, SEQ with FIR FIN CON; DA points 1 and 2, DT F101; twice Td_c
  // 08:15 01 01 26 density 1 count 1 and the register.
  const auto value = [&](std::uint32_t meter) {
    std::array<std::uint8_t, 4> bcd{};
    core::put_bcd_little_endian(bcd, writer.truth(meter, 1));
    return core::to_hex(bcd);
  };
  const std::string user = "C4 01 33 01 00 00 0D 75 03 01 10 0C 15 08 01 01 26 01 01 " + value(1) +
                           " 15 08 01 01 26 01 01 " + value(2);
  const auto user_bytes = *core::from_hex(user);
  REQUIRE(user_bytes.size() == 34);
  auto expected = *core::from_hex("68 8A 00 8A 00 68");  // 34 x 4 + 2
  expected.insert(expected.end(), user_bytes.begin(), user_bytes.end());
  expected.push_back(core::sum_of(user_bytes));
  expected.push_back(0x16);
  CHECK(core::to_hex(bytes) == core::to_hex(expected));
}

TEST_CASE("the frames of a quarter hold every meter once, with the truth, at its due instant") {
  const core::Zone zone;
  for (const std::uint32_t each : {1u, 7u, 8u, 64u, 200u}) {
    INFO(each << " readings a frame");
    const auto estate = estate_of(230);
    ReportWriter writer(estate, {each, 0, 40});
    for (std::uint32_t position = 0; position < estate.collectors(); ++position) {
      const auto collector = estate.collector(position);
      const std::uint32_t parts = writer.parts_of(collector);
      std::uint32_t next = 1;
      for (std::uint32_t frame = 5 * parts; frame < 6 * parts; ++frame) {
        std::vector<std::uint8_t> bytes;
        const auto told = writer.put_report(collector, frame, 3, bytes);
        const auto view = gdw3761::decode(bytes);
        REQUIRE(view.has_value());
        REQUIRE(view->control == gdw3761::control::report);
        REQUIRE(view->sequence == gdw3761::Sequence::single(3, true));
        REQUIRE(view->address == gdw3761::terminal_address(3301, collector.number));
        std::uint32_t seen = 0;
        const auto walked = gdw3761::each_curve(*view, [&](const gdw3761::Curve& curve) {
          ++seen;
          REQUIRE(curve.point == static_cast<int>(next));
          REQUIRE(zone.instant(curve.time.start) == estate.due(45));
          const std::uint32_t meter = collector.first_meter + next - 1;
          REQUIRE(curve.value(0)->count() == std::int64_t{register_at(3, meter, 45)});
          REQUIRE(writer.frame_of(collector, 45, next) == frame);
          ++next;
        });
        REQUIRE(walked.has_value());
        REQUIRE(seen == told);
        REQUIRE(told <= each);
      }
      CHECK(next == collector.meters + 1);
    }
  }
}

TEST_CASE("a passed-on report is the meter's own answer to a load record") {
  const auto estate = estate_of(10);
  ReportWriter writer(estate, {64, 1000, 0});
  const auto collector = estate.collector(0);
  REQUIRE(writer.passes_on(collector));
  std::vector<std::uint8_t> bytes;
  CHECK(writer.put_report(collector, 23, 9, bytes) == 1);  // quarter 2, fourth meter
  const auto view = gdw3761::decode(bytes);
  REQUIRE(view.has_value());
  CHECK(view->control == gdw3761::control::report);
  const auto forward = gdw3761::parse_forward_answer(*view);
  REQUIRE(forward.has_value());
  dlt645::Frame frame;
  REQUIRE(dlt645::decode(forward->payload, frame).has_value());
  const auto value =
      dlt645::expect_data(frame, core::MeterAddress(330'100'000'004), dlt645::item::load_record_latest(4));
  REQUIRE(value.has_value());
  dlt645::EnergyRecord record;
  REQUIRE(dlt645::take_energy_record(*value, record).has_value());
  CHECK(core::Zone().instant(record.at) == estate.due(2));
  CHECK(record.forward.count() == std::int64_t{register_at(3, 4, 2)});
}

TEST_CASE("a manager says who it is and writes registers") {
  const auto estate = estate_of(70, 1000);
  ReportWriter writer(estate, {});
  const auto collector = estate.collector(1);  // meters 60 .. 70
  std::vector<std::uint8_t> bytes;
  writer.put_login(collector, 77, bytes);
  auto adu = modbus::tcp::decode(bytes);
  REQUIRE(adu.has_value());
  CHECK(adu->transaction == 77);
  auto write = modbus::tcp::parse_write(adu->pdu);
  REQUIRE(write.has_value());
  CHECK(write->address == 0x0F00);
  CHECK(modbus::u16_at(write->registers, 0) == 3301);
  CHECK(modbus::u16_at(write->registers, 1) == 2);
  bytes.clear();
  CHECK(writer.put_report(collector, 4, 78, bytes) == 11);
  adu = modbus::tcp::decode(bytes);
  REQUIRE(adu.has_value());
  write = modbus::tcp::parse_write(adu->pdu);
  REQUIRE(write.has_value());
  CHECK(write->address == 0x1000);
  CHECK(write->count == 4 + 2 * 11);
  CHECK(modbus::u16_at(write->registers, 0) == 2026);
  CHECK(modbus::u16_at(write->registers, 1) == 0x0101);
  CHECK(modbus::u16_at(write->registers, 2) == 0x0900);  // 09:00, the fourth quarter behind 08:00
  CHECK(modbus::u16_at(write->registers, 3) == 1);
  for (std::uint32_t i = 0; i < 11; ++i)
    CHECK(modbus::u32_at(write->registers, 4 + 2 * i) == register_at(3, 60 + i, 4));
}
