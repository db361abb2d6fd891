// Reading over the wire: public frames of real meters, lengths of every identifier, load records, follow-up
// frames.
#include <catch2/catch.hpp>

#include "protocols/dlt645/load_record.hpp"
#include "tests/models/meter/bench_meter.hpp"

using namespace model;

namespace {
std::vector<std::uint8_t> hex(const char* text) { return *core::from_hex(text); }
}  // namespace

TEST_CASE("the requests that a real meter 201000000012 was recorded with get answers of the recorded shape") {
  // Public replay table of a single-phase prepaid meter (answers: control code and L).
  struct Case {
    const char* request;
    std::uint8_t control;
    std::size_t data_bytes;
  };
  const auto c = GENERATE(values<Case>({
      {"6812000000102068110433323433F316", 0x91, 0x18},  // 0001FF00: total and four rates
      {"6812000000102068110433323435F516", 0x91, 0x0A},  // 0201FF00: voltage, absent phases FFFF
      {"6812000000102068110434343337F916", 0x91, 0x08},  // 04000101: week, day, month, year
      {"681200000010206811043335C3338516", 0x91, 0x08},  // 00900200: remaining money
      {"6812000000102068110433333436F716", 0x91, 0x16},  // 03010000
      {"6812000000102068110433383433F916", 0xD1, 0x01},  // 00010500: a fifth rate
      {"68120000001020681104343333501116", 0x91, 0x07},  // 1D000001
      {"FEFEFEFE68AAAAAAAAAAAA68110433333433AE16", 0x91, 0x08},
  }));
  auto setup = bench_setup();
  BenchMeter bench(std::move(setup));
  bench.run_for(1h);
  const auto answer = bench.say(hex(c.request));
  INFO(c.request);
  REQUIRE(answer.has_value());
  CHECK(int{answer->control.byte} == int{c.control});
  CHECK(answer->data.size() == c.data_bytes);
}

TEST_CASE("an energy of 1234.56 kWh goes out as the published frame") {
  // FE x4, then 68 12 90 78 56 34 12 68 91 08 33 33 34 33 89 67 45 33 54 16 (hand computed from the
  // standard).
  auto setup = bench_setup();
  setup.address = core::MeterAddress(123456789012);
  setup.opening_register = core::CentiKilowattHours(123'456);
  BenchMeter bench(std::move(setup));
  dlt645::Wire request, answer;
  dlt645::encode(core::MeterAddress(123456789012), dlt645::ReadRequest{dlt645::item::forward_active, {}, {}},
                 request);
  REQUIRE(bench.meter.answer(core::Bytes(request), bench.now, answer, bench.happened));
  CHECK(core::to_hex(answer, "") == "FEFEFEFE6812907856341268910833333433896745335416");
}

TEST_CASE("every identifier of the single-phase prepaid meter answers with its length") {
  struct Item {
    std::uint32_t item;
    std::size_t bytes;
  };
  const std::vector<Item> items = {
      {0x00000000, 4},  {0x0000FF00, 20}, {0x00010000, 4},   {0x00010100, 4},  {0x00010400, 4},
      {0x0001FF00, 20}, {0x00010001, 4},  {0x0001000C, 4},   {0x00020000, 4},  {0x0002FF00, 20},
      {0x00020400, 4},  {0x00030000, 4},  {0x00040000, 4},   {0x00050000, 4},  {0x00060000, 4},
      {0x00070000, 4},  {0x00080000, 4},  {0x00090000, 4},   {0x000A0000, 4},  {0x00150000, 4},
      {0x00290000, 4},  {0x003D0000, 4},  {0x00160000, 4},   {0x002A0000, 4},  {0x003E0000, 4},
      {0x00850000, 4},  {0x00860000, 4},  {0x00900100, 4},   {0x00900101, 4},  {0x00900200, 4},
      {0x00900201, 4},  {0x00900220, 4},  {0x01010000, 8},   {0x01020000, 8},  {0x0101FF00, 40},
      {0x02010100, 2},  {0x02010200, 2},  {0x0201FF00, 6},   {0x02020100, 3},  {0x0202FF00, 9},
      {0x02030000, 3},  {0x02030100, 3},  {0x0203FF00, 12},  {0x02040000, 3},  {0x02050000, 3},
      {0x02060000, 2},  {0x0206FF00, 8},  {0x02070100, 2},   {0x02080100, 2},  {0x020A0101, 2},
      {0x020B0103, 2},  {0x02800001, 3},  {0x02800002, 2},   {0x02800003, 3},  {0x02800004, 3},
      {0x02800005, 3},  {0x02800006, 3},  {0x02800007, 2},   {0x02800008, 2},  {0x02800009, 2},
      {0x0280000A, 4},  {0x0280000B, 4},  {0x03010000, 18},  {0x03020000, 18}, {0x03030000, 18},
      {0x03040000, 18}, {0x03110000, 3},  {0x03110001, 12},  {0x0311000A, 12}, {0x03300000, 3},
      {0x03300001, 50}, {0x03300100, 3},  {0x03300101, 106}, {0x03300200, 3},  {0x03300300, 3},
      {0x03300301, 14}, {0x03300400, 3},  {0x03300401, 16},  {0x03300D00, 3},  {0x1D000001, 3},
      {0x1D000101, 34}, {0x1E000001, 3},  {0x1E000101, 34},  {0x03320601, 4},  {0x03330201, 2},
      {0x03330601, 4},  {0x04000101, 4},  {0x04000102, 3},   {0x0400010C, 7},  {0x04000103, 1},
      {0x04000104, 1},  {0x04000105, 2},  {0x04000106, 5},   {0x04000107, 5},  {0x04000108, 5},
      {0x04000109, 5},  {0x04000201, 1},  {0x04000202, 1},   {0x04000203, 1},  {0x04000204, 1},
      {0x04000205, 2},  {0x04000206, 1},  {0x04000207, 1},   {0x04000301, 1},  {0x04000401, 6},
      {0x04000402, 6},  {0x04000403, 32}, {0x04000404, 6},   {0x04000405, 6},  {0x04000406, 6},
      {0x04000407, 4},  {0x04000408, 4},  {0x04000409, 3},   {0x0400040A, 3},  {0x0400040B, 10},
      {0x0400040C, 10}, {0x0400040D, 16}, {0x0400040E, 6},   {0x04000501, 2},  {0x04000507, 2},
      {0x040005FF, 14}, {0x04000601, 1},  {0x04000701, 1},   {0x04000705, 1},  {0x04000801, 1},
      {0x04000802, 1},  {0x04000901, 1},  {0x04000902, 1},   {0x04000A01, 4},  {0x04000A02, 2},
      {0x04000A07, 2},  {0x04000B01, 2},  {0x04000B03, 2},   {0x04000D01, 2},  {0x04000E01, 3},
      {0x04000E03, 2},  {0x04000F01, 4},  {0x04000F04, 4},   {0x04001001, 4},  {0x04001005, 4},
      {0x04001301, 1},  {0x04001401, 2},  {0x04010000, 42},  {0x04010008, 42}, {0x04020000, 42},
      {0x04020001, 42}, {0x04030001, 4},  {0x04050101, 4},   {0x040501FF, 16}, {0x040502FF, 16},
      {0x04060001, 4},  {0x040600FF, 16}, {0x040601FF, 20},  {0x040602FF, 16}, {0x04060305, 4},
      {0x04800001, 32}, {0x05060001, 5},  {0x05060101, 20},  {0x05060201, 20}, {0x05060901, 40},
      {0x05061001, 24}, {0x05040001, 5},  {0x05040101, 4},
  };
  BenchMeter bench(bench_setup(china("2026-06-30T20:00:00")));
  bench.run_for(26h);
  for (const auto& [item, bytes] : items) {
    INFO(dlt645::to_string(dlt645::DataIdentifier(item)));
    CHECK(bench.value(item).size() == bytes);
  }
  for (const std::uint32_t unknown : {0x00FF0000u, 0x00010500u, 0x0001000Du, 0x02010400u, 0x04FF0000u,
                                      0x05060140u, 0x09000000u, 0x04000C01u}) {
    INFO(unknown);
    const auto frame = bench.ask(dlt645::ReadRequest{dlt645::DataIdentifier(unknown), {}, {}});
    REQUIRE(frame);
    CHECK(dlt645::refusal_of(*frame) == dlt645::Refusal::no_such_data);
  }
}

TEST_CASE("plate items read as real meters' do") {
  BenchMeter bench(bench_setup());
  // Captured from meter 000006605518: 04000404 = "220.0V", 04000407 = "2.0", 04000409 = 001200.
  CHECK(bench.value(0x04000404) == std::vector<std::uint8_t>{0x56, 0x30, 0x2E, 0x30, 0x32, 0x32});
  CHECK(bench.value(0x04000407) == std::vector<std::uint8_t>{0x00, 0x30, 0x2E, 0x32});
  CHECK(bench.number(0x04000409) == 1200);
  bench.run_for(18h + 53min + 32s);
  CHECK(bench.value(0x04000102) == std::vector<std::uint8_t>{0x32, 0x53, 0x18});
  CHECK(bench.value(0x04000101) == std::vector<std::uint8_t>{0x03, 0x01, 0x07, 0x26});  // a Wednesday
}

TEST_CASE("voltage, current, powers and power factor fit together") {
  auto setup = bench_setup();
  setup.load = Load::household({.seed = 11, .home = 4});
  BenchMeter bench(std::move(setup));
  for (int hour = 0; hour < 24; ++hour) {
    bench.run_for(1h);
    const auto number = [&](std::uint32_t item) { return static_cast<double>(bench.number(item)); };
    const double volts = number(0x02010100) / 10, amperes = number(0x02020100) / 1000,
                 kW = number(0x02030000) / 10'000;
    const double kvar = number(0x02040000) / 10'000, kVA = number(0x02050000) / 10'000,
                 factor = number(0x02060000) / 1000;
    CHECK(volts == Approx(220).margin(20));
    CHECK(volts * amperes / 1000 == Approx(kVA).margin(0.0005));
    CHECK(kW * kW + kvar * kvar == Approx(kVA * kVA).margin(0.002));
    CHECK(kW == Approx(kVA * factor).margin(0.005));
  }
}

TEST_CASE("load records come back as blocks, from a given time, across frames") {
  BenchMeter bench(bench_setup());
  bench.run_for(24h);
  dlt645::ReadRequest request{dlt645::item::load_record_from(4), 20, core::CivilTime{2026, 7, 1, 10, 0, 0}};
  auto frame = bench.ask(request);
  std::vector<dlt645::EnergyRecord> records;
  for (std::uint8_t sequence = 1; frame; ++sequence) {
    auto answer = dlt645::parse_data_answer(*frame);
    REQUIRE(answer.has_value());
    core::Bytes rest = answer->value;
    while (!rest.empty()) {
      dlt645::EnergyRecord record;
      const auto taken = dlt645::take_energy_record(rest, record);
      REQUIRE(taken.has_value());
      records.push_back(record);
      rest = rest.subspan(*taken);
    }
    if (!answer->more_follows) break;
    frame = bench.ask(dlt645::FollowUpRequest{request.item, sequence});
  }
  REQUIRE(records.size() == 20);
  for (std::size_t i = 0; i < records.size(); ++i) {
    CHECK(civil_seconds(records[i].at) ==
          civil_seconds({2026, 7, 1, 10, 0, 0}) + static_cast<std::int64_t>(i) * 900);
    CHECK(records[i].forward == core::CentiKilowattHours(1000 + 25 * static_cast<std::int64_t>(i)));
  }
  // Another sequence number than the ones owed is no data.
  const auto beyond = bench.ask(dlt645::FollowUpRequest{request.item, 9});
  REQUIRE(beyond);
  CHECK(dlt645::refusal_of(*beyond) == dlt645::Refusal::no_such_data);
  // Nothing after the newest record.
  const auto future = bench.ask(
      dlt645::ReadRequest{dlt645::item::load_record_from(4), 1, core::CivilTime{2026, 7, 3, 0, 0, 0}});
  REQUIRE(future);
  CHECK(dlt645::refusal_of(*future) == dlt645::Refusal::no_such_data);
  // Earliest and latest.
  CHECK(bench.ask(dlt645::ReadRequest{dlt645::item::load_record_latest(0), 1, {}})->data.size() == 4 + 32);
  CHECK(bench.ask(dlt645::ReadRequest{dlt645::item::load_record_earliest(0), 2, {}})->data.size() == 4 + 64);
}

TEST_CASE("the largest quarter hour is the month's demand, with the time it ended") {
  auto setup = bench_setup();
  auto profile = std::make_shared<LoadProfile>();
  profile->step = 900s;
  profile->power_mW.assign(96, 400'000);
  profile->power_mW[40] = 2'000'000;  // 10:00..10:15
  setup.load = Load::repeated(profile, {1, 1});
  BenchMeter bench(std::move(setup));
  bench.run_for(12h);
  const auto demand = bench.value(0x01010000);
  REQUIRE(demand.size() == 8);
  CHECK(core::bcd_little_endian(core::Bytes(demand).first(3)) == 20'000u);
  CHECK(std::vector<std::uint8_t>(demand.begin() + 3, demand.end()) ==
        std::vector<std::uint8_t>{0x15, 0x10, 0x01, 0x07, 0x26});
}
