// Commands over the wire: relay, keep-power, delays, passwords, broadcasts, clears.
#include <catch2/catch.hpp>

#include "protocols/dlt645/status_words.hpp"
#include "tests/models/meter/bench_meter.hpp"

using namespace model;
using dlt645::Control1C;
namespace status3 = dlt645::status3;

TEST_CASE("a trip opens at once, a close closes at once, and status word 3 says so") {
  BenchMeter bench(bench_setup());
  CHECK((bench.word3() & (status3::relay_open | status3::relay_commanded_open)) == 0);
  CHECK(bench.done(Control1C::trip));
  CHECK((bench.word3() & status3::relay_open) != 0);
  CHECK((bench.word3() & status3::relay_commanded_open) != 0);
  const auto passed = bench.meter.passed_uJ();
  bench.run_for(1h);
  CHECK(bench.meter.passed_uJ() == passed);
  CHECK(bench.number(0x1D000001) == 1);
  CHECK(bench.value(0x1D000101).size() == 34);
  CHECK(bench.done(Control1C::close));
  CHECK((bench.word3() & (status3::relay_open | status3::relay_commanded_open)) == 0);
  CHECK(bench.number(0x1E000001) == 1);
  bench.run_for(1h);
  CHECK(bench.meter.passed_uJ() == core::microjoules_per_kWh);
}

TEST_CASE("close-allowed needs the customer's button") {
  BenchMeter bench(bench_setup());
  CHECK(bench.done(Control1C::trip));
  CHECK(bench.done(Control1C::close_allow));
  CHECK_FALSE(bench.meter.is_supplied());
  CHECK((bench.word3() & status3::relay_open) != 0);
  CHECK((bench.word3() & status3::relay_commanded_open) == 0);
  bench.run_for(90s);
  bench.meter.press_button(bench.now, bench.happened);
  CHECK(bench.meter.is_supplied());
  CHECK(bench.last(Kind::relay_closed)->at == bench.now);
}

TEST_CASE("a delayed trip warns first: command bit at once, contact after the minutes of 04001401") {
  BenchMeter bench(bench_setup());
  CHECK(bench.write(0x04001401, {0x05, 0x00}));
  bench.run_for(10s);
  CHECK(bench.done(Control1C::trip));
  CHECK((bench.word3() & (status3::relay_open | status3::relay_commanded_open | status3::trip_alarm)) ==
        (status3::relay_commanded_open | status3::trip_alarm));
  bench.run_for(5min - 1ns);
  CHECK(bench.meter.is_supplied());
  bench.run_for(1ns);
  CHECK_FALSE(bench.meter.is_supplied());
  CHECK(bench.last(Kind::relay_opened)->at == china("2026-07-01T00:05:10"));
  CHECK((bench.word3() & status3::trip_alarm) == 0);
}

TEST_CASE("an expired command is refused and nothing moves") {
  BenchMeter bench(bench_setup());
  const auto refusal = bench.command(Control1C::trip, -1s);
  REQUIRE(refusal);
  CHECK(dlt645::refusal_of(*refusal) == dlt645::Refusal::other);
  CHECK(bench.meter.is_supplied());
  CHECK(bench.done(Control1C::trip, 0s));  // valid to this very second
}

TEST_CASE("keep-power refuses trips, cancels a running delay, and allows an open relay to close") {
  BenchMeter bench(bench_setup());
  CHECK(bench.done(Control1C::keep_power));
  CHECK((bench.word3() & status3::keep_power) != 0);
  CHECK_FALSE(bench.done(Control1C::trip));
  CHECK((bench.word3() & status3::relay_commanded_open) == 0);  // "fail, keep state": shows nothing
  CHECK(bench.count(Kind::command_refused) == 1);
  for (const auto other : {Control1C::close_allow, Control1C::close, Control1C::alarm, Control1C::alarm_off})
    CHECK(bench.done(other));
  CHECK(bench.meter.is_supplied());
  CHECK(bench.done(Control1C::keep_power_off));
  CHECK(bench.write(0x04001401, {0x10, 0x00}));
  CHECK(bench.done(Control1C::trip));
  CHECK(bench.done(Control1C::keep_power));
  bench.run_for(1h);
  CHECK(bench.meter.is_supplied());
  CHECK((bench.word3() & status3::trip_alarm) == 0);
  CHECK(bench.done(Control1C::keep_power_off));
  CHECK(bench.write(0x04001401, {0x00, 0x00}));
  CHECK(bench.done(Control1C::trip));
  CHECK(bench.done(Control1C::keep_power));
  CHECK_FALSE(bench.meter.is_supplied());  // built-in relay: only allowed to close
  bench.meter.press_button(bench.now, bench.happened);
  CHECK(bench.meter.is_supplied());
}

TEST_CASE("three wrong passwords lock the meter for a day of its clock") {
  BenchMeter bench(bench_setup());
  const dlt645::Password wrong{0x02, 123456};
  for (int i = 0; i < 3; ++i) CHECK_FALSE(bench.write(0x04001401, {0x01, 0x00}, wrong));
  CHECK_FALSE(bench.write(0x04001401, {0x01, 0x00}));
  bench.run_for(24h - 1s);
  CHECK_FALSE(bench.write(0x04001401, {0x01, 0x00}));
  bench.run_for(1s);
  CHECK(bench.write(0x04001401, {0x01, 0x00}));
  const auto refused = bench.ask(dlt645::WriteRequest{dlt645::DataIdentifier(0x04001401), wrong, 0, {}});
  REQUIRE(refused);
  CHECK(dlt645::refusal_of(*refused) == dlt645::Refusal::not_authorised);
}

TEST_CASE("a changed password is the one that counts") {
  BenchMeter bench(bench_setup());
  const auto changed = bench.ask(dlt645::PasswordRequest{
      dlt645::DataIdentifier(0x04000C03), dlt645::Password{0x02, 0}, dlt645::Password{0x02, 654321}});
  REQUIRE(changed);
  CHECK(changed->control == dlt645::Control::answer(dlt645::Function::change_password));
  CHECK_FALSE(bench.write(0x04001401, {0x01, 0x00}));
  CHECK(bench.write(0x04001401, {0x01, 0x00}, {0x02, 654321}));
  CHECK(bench.value(0x04000C03).empty());  // passwords are never read
}

TEST_CASE("level 4 may write but not clear") {
  BenchMeter bench(bench_setup());
  bench.run_for(1h);
  const auto refused = bench.ask(dlt645::ClearRequest{dlt645::Function::clear_meter, {0x04, 0}, 1});
  REQUIRE(refused);
  CHECK(dlt645::refusal_of(*refused) == dlt645::Refusal::not_authorised);
  CHECK(bench.meter.shown_centikWh() == 100);
  const auto cleared = bench.ask(dlt645::ClearRequest{dlt645::Function::clear_meter, {0x02, 0}, 0x55});
  REQUIRE(cleared);
  CHECK_FALSE(cleared->control.is_abnormal());
  CHECK(bench.meter.shown_centikWh() == 0);
  CHECK(bench.number(0x03300100) == 1);
  const auto record = bench.value(0x03300101);
  REQUIRE(record.size() == 106);
  CHECK(record[6] == 0x55);
  CHECK(core::bcd_little_endian(core::Bytes(record).subspan(10, 4)) == 100u);
}

TEST_CASE("broadcasts and wildcards: heard by all, answered by none; commands need the full address") {
  BenchMeter bench(bench_setup());
  bench.run_for(1h);
  dlt645::Wire wire;
  dlt645::encode(dlt645::AddressPattern::broadcast(), dlt645::FreezeRequest{}, wire);
  CHECK_FALSE(bench.say(wire));
  CHECK(bench.value(0x05010101).size() == 20);
  wire.clear();
  dlt645::encode(dlt645::AddressPattern::any(), dlt645::ReadRequest{dlt645::item::forward_active, {}, {}},
                 wire, 4);
  const auto answer = bench.say(wire);
  REQUIRE(answer.has_value());
  CHECK(answer->address == dlt645::AddressPattern(bench.meter.address()));
  wire.clear();
  dlt645::encode(dlt645::AddressPattern::any(), dlt645::ReadAddressRequest{}, wire);
  REQUIRE(bench.say(wire));
  wire.clear();
  dlt645::RemoteControlRequest trip;
  trip.valid_until = core::Zone(8h).civil(bench.now + 1h);
  dlt645::encode(dlt645::AddressPattern::any(), trip, wire);
  CHECK_FALSE(bench.say(wire));
  CHECK(bench.meter.is_supplied());
  wire.clear();
  dlt645::encode(core::MeterAddress(201000000013), dlt645::ReadRequest{dlt645::item::forward_active, {}, {}},
                 wire);
  CHECK_FALSE(bench.say(wire));
}

TEST_CASE("an address changes only with the programming key pressed") {
  BenchMeter bench(bench_setup());
  const auto rename = [&] {
    dlt645::Wire wire;
    dlt645::encode(dlt645::AddressPattern::any(), dlt645::WriteAddressRequest{core::MeterAddress(99)}, wire);
    return bench.say(wire);
  };
  REQUIRE(rename());
  CHECK(bench.meter.address() == core::MeterAddress(201000000012));
  bench.meter.press_programming_key(bench.now, bench.happened);
  REQUIRE(rename());
  CHECK(bench.meter.address() == core::MeterAddress(99));
}

TEST_CASE("a planned daily freeze happens at its minute") {
  BenchMeter bench(bench_setup());
  REQUIRE(bench.ask(dlt645::FreezeRequest{.month = 99, .day = 99, .hour = 6, .minute = 10}));
  bench.run_for(48h);
  CHECK(bench.value(0x05000001) == std::vector<std::uint8_t>{0x10, 0x06, 0x02, 0x07, 0x26});
  CHECK(bench.value(0x05000002) == std::vector<std::uint8_t>{0x10, 0x06, 0x01, 0x07, 0x26});
  CHECK(bench.value(0x05000003).empty());
}

TEST_CASE("a written day table takes effect at once and is logged as programming") {
  BenchMeter bench(bench_setup());
  std::vector<std::uint8_t> slots;
  for (const int hour : {0x00, 0x08, 0x22}) {
    slots.push_back(hour == 0x08 ? 0x02 : 0x04);  // rate
    slots.push_back(0x00);
    slots.push_back(static_cast<std::uint8_t>(hour));
  }
  CHECK(bench.write(0x04010001, slots));
  bench.run_for(24h);
  CHECK(bench.meter.shown_registers() == ShownRegisters{2400, {0, 1400, 0, 1000}});
  CHECK(bench.number(0x03300000) == 1);
  CHECK(bench.value(0x03300001).size() == 50);
  const auto refusal_for = [&](std::vector<std::uint8_t> bytes) {
    const auto frame = bench.ask(dlt645::WriteRequest{dlt645::DataIdentifier(0x04010001), {}, 0, bytes});
    return frame ? dlt645::refusal_of(*frame) : std::nullopt;
  };
  CHECK(refusal_for({0x05, 0x00, 0x00}) == dlt645::Refusal::too_many_rates);
  CHECK(refusal_for(std::vector<std::uint8_t>(15 * 3, 0x01)) == dlt645::Refusal::too_many_slots);
  CHECK(refusal_for({0x01, 0x60, 0x00}) == dlt645::Refusal::other);
}
