// Requests and answers of DL/T 645-2007: golden frames first, then round trips and refusals.
#include <catch2/catch.hpp>

#include "protocols/dlt645/civil_fields.hpp"
#include "protocols/dlt645/load_record.hpp"
#include "protocols/dlt645/numbers.hpp"
#include "protocols/dlt645/security.hpp"
#include "protocols/dlt645/status_words.hpp"
#include "tests/protocols/frames.hpp"

using namespace dlt645;
using protocol_test::bytes_of;

namespace {
const core::MeterAddress meter(201000000012);

Frame decoded(const Wire& wire) {
  Frame frame;
  REQUIRE(decode(wire, frame).value() == wire.size());
  return frame;
}
template <class Request>
Frame sent(const Request& request) {
  Wire wire;
  encode(AddressPattern(meter), request, wire);
  return decoded(wire);
}
}  // namespace

TEST_CASE("remote control carries password, operator, command and when it expires, in the standard's order") {
  RemoteControlRequest trip;
  trip.command = Control1C::trip;
  trip.password = {0x02, 123456};
  trip.operator_code = 0x44332211;
  trip.valid_until = {2026, 7, 1, 0, 15, 30};
  const Frame frame = sent(trip);
  // PA P0 P1 P2, C0..C3, N1 N2, ss mm hh DD MM YY
  CHECK(core::to_hex(frame.data) == "02 56 34 12 11 22 33 44 1A 00 30 15 00 01 07 26");
  const auto parsed = parse_remote_control(frame);
  REQUIRE(parsed.has_value());
  CHECK(parsed->command == Control1C::trip);
  CHECK(parsed->password == trip.password);
  CHECK(parsed->operator_code == trip.operator_code);
  CHECK(parsed->valid_until == trip.valid_until);
  CHECK(parse_remote_control(sent(ReadRequest{item::forward_active, {}, {}})).error() ==
        core::Fault::bad_length);
}

TEST_CASE("reading a load record asks for how many and from when") {
  const Frame frame = sent(ReadRequest{item::load_record_from(4), 6, core::CivilTime{2026, 7, 1, 0, 15, 0}});
  CHECK(core::to_hex(frame.data) == "01 00 04 06 06 15 00 01 07 26");
  const auto parsed = parse_read(frame);
  REQUIRE(parsed.has_value());
  CHECK(parsed->item == item::load_record_from(4));
  CHECK(parsed->blocks == 6);
  CHECK(parsed->from == core::CivilTime{2026, 7, 1, 0, 15, 0});
}

TEST_CASE("a write carries identifier, password, operator and value") {
  // Layout of a captured vendor write: DI 04CC0001, PA 02, P 000000, operator 11111111, data 11.
  Frame frame;
  REQUIRE(decode(bytes_of("68FFFFFFFFFFFF68140D3433FF37353333334444444444AA16"), frame).has_value());
  const auto parsed = parse_write(frame);
  REQUIRE(parsed.has_value());
  CHECK(parsed->item == DataIdentifier(0x04CC0001));
  CHECK(parsed->password == Password{0x02, 0});
  CHECK(parsed->operator_code == 0x11111111);
  CHECK(core::to_hex(parsed->value) == "11");
  Wire again;
  encode(frame.address, *parsed, again);
  CHECK(core::to_hex(again, "") == "68FFFFFFFFFFFF68140D3433FF37353333334444444444AA16");
}

TEST_CASE("freeze, baud, clear, password and address requests round-trip") {
  const auto freeze = parse_freeze(sent(FreezeRequest{.month = 99, .day = 99, .hour = 0, .minute = 30}));
  REQUIRE(freeze.has_value());
  CHECK((freeze->month == 99 && freeze->day == 99 && freeze->hour == 0 && freeze->minute == 30));
  CHECK(core::to_hex(sent(FreezeRequest{}).data) == "99 99 99 99");
  for (const int baud : {600, 1200, 2400, 4800, 9600, 19200})
    CHECK(parse_change_baud(sent(BaudRequest{baud}))->baud == baud);
  CHECK(baud_word(2400) == 0x08);
  CHECK_FALSE(baud_of_word(0x18).has_value());
  const auto clear =
      parse_clear(sent(ClearRequest{Function::clear_events, {2, 1}, 7, DataIdentifier(0x03300300)}));
  REQUIRE(clear.has_value());
  CHECK(clear->events == DataIdentifier(0x03300300));
  CHECK(parse_clear(sent(ClearRequest{Function::clear_meter, {2, 1}, 7, {}}))->what == Function::clear_meter);
  const auto words =
      parse_change_password(sent(PasswordRequest{DataIdentifier(0x04000C03), {2, 1}, {2, 999999}}));
  REQUIRE(words.has_value());
  CHECK(words->new_password == Password{2, 999999});
  CHECK(parse_write_address(sent(WriteAddressRequest{meter}))->address == meter);
  CHECK(parse_time(sent(TimeRequest{{2028, 2, 29, 23, 59, 59}}))->time ==
        core::CivilTime{2028, 2, 29, 23, 59, 59});
  CHECK(parse_terminal_output(sent(TerminalOutputRequest{1}))->signal == 1);
}

TEST_CASE("expectations tell a stranger's answer, a stale answer and a refusal apart") {
  Wire wire;
  const auto value = bytes_of("93 30 02 00");
  answer_data(meter, item::forward_active, value, wire);
  const Frame frame = decoded(wire);
  const auto taken = expect_data(frame, meter, item::forward_active);
  REQUIRE(taken.has_value());
  CHECK(energy_at(*taken) == core::CentiKilowattHours(23093));
  CHECK(expect_data(frame, core::MeterAddress(1), item::forward_active).error() ==
        core::Fault::wrong_address);
  CHECK(expect_data(frame, meter, item::reverse_active).error() == core::Fault::unexpected_answer);
  CHECK(expect_data(sent(ReadRequest{item::forward_active, {}, {}}), meter, item::forward_active).error() ==
        core::Fault::unexpected_answer);
  wire.clear();
  refuse(meter, Function::read, Refusal::no_such_data, wire);
  CHECK(core::to_hex(wire, "") == "6812000000102068D101351916");  // captured: ERR 02
  CHECK(expect_data(decoded(wire), meter, item::forward_active).error() == core::Fault::refused);
  CHECK(refusal_of(decoded(wire)) == Refusal::no_such_data);
  CHECK(describe(Refusal::no_such_data | Refusal::not_authorised) ==
        "no requested data, password wrong or unauthorised");
}

TEST_CASE("follow-up answers carry their sequence number last") {
  Wire wire;
  answer_follow_up(meter, item::load_record_from(0), bytes_of("A0 A1"), 3, wire, true);
  const Frame frame = decoded(wire);
  const auto answer = parse_data_answer(frame);
  REQUIRE(answer.has_value());
  CHECK(core::to_hex(answer->value) == "A0 A1");
  CHECK(answer->sequence == 3);
  CHECK(answer->more_follows);
}

TEST_CASE("a recharge carries binary fen and its purchase count, and total lengths are exact") {
  PurchaseRequest purchase;
  purchase.item = item::recharge;
  purchase.operator_code = 0x11223344;
  purchase.amount = core::Fen(5000);  // 50.00 yuan = 1388H, low byte first
  purchase.purchase_count = 7;
  purchase.customer = 123456789012;
  const Frame frame = sent(purchase);
  CHECK(frame.data.size() == 30);
  CHECK(core::to_hex(core::Bytes(frame.data).subspan(0, 16)) ==
        "FF 02 01 07 44 33 22 11 88 13 00 00 07 00 00 00");
  const auto request = parse_security(frame);
  REQUIRE(request.has_value());
  const auto parsed = parse_purchase(*request);
  REQUIRE(parsed.has_value());
  CHECK(parsed->amount == core::Fen(5000));
  CHECK(parsed->purchase_count == 7);
  CHECK(parsed->customer == 123456789012);
  SecurityRequest cut = *request;
  cut.body = cut.body.first(21);
  CHECK(parse_purchase(cut).error() == core::Fault::bad_length);
  Wire wire;
  refuse_security(meter, SecurityRefusal::wrong_purchase_count, wire);
  CHECK(core::to_hex(decoded(wire).data) == "20 00");
  CHECK(expect_security(decoded(wire), meter, item::recharge).error() == core::Fault::refused);
  CHECK(security_refusal_of(decoded(wire)) == SecurityRefusal::wrong_purchase_count);
  wire.clear();
  answer_security(meter, PurseState{core::Fen(19856), 1, 8, 2, 42, 3}, wire);
  const auto state = parse_purse_state(*expect_security(decoded(wire), meter, item::purse_state));
  REQUIRE(state.has_value());
  CHECK(state->remaining == core::Fen(19856));
  CHECK(state->purchase_count == 8);
  CHECK(state->customer == 42);
  CHECK(sent(AuthenticationRequest{}).data.size() == 32);
  CHECK(sent(WalletRequest{}).data.size() == 24);
  CHECK(parse_validity(*parse_security(sent(ValidityRequest{1, 30, 9})))->minutes == 30);
}

TEST_CASE("signed numbers use the top bit, and a field of FF is absent") {
  CHECK(signed_number(bytes_of("45 23 81")) == -12345);
  CHECK(signed_number(bytes_of("45 23 01")) == 12345);
  CHECK(unsigned_number(bytes_of("99 99 99 99")) == 99999999);
  CHECK_FALSE(signed_number(bytes_of("4A 23 01")).has_value());
  CHECK(is_absent(bytes_of("FF FF")));
  std::array<std::uint8_t, 3> field{};
  put_signed(field, -799999);
  CHECK(core::to_hex(field) == "99 99 F9");
  CHECK(signed_number(field) == -799999);
}

TEST_CASE("times refuse what no calendar has") {
  CHECK(second_time(bytes_of("51 22 10 05 06 17")) == core::CivilTime{2017, 6, 5, 10, 22, 51});
  CHECK_FALSE(second_time(bytes_of("51 22 10 30 02 26")).has_value());
  CHECK_FALSE(second_time(bytes_of("51 22 24 05 06 17")).has_value());
  CHECK_FALSE(second_time(bytes_of("5A 22 10 05 06 17")).has_value());
  std::array<std::uint8_t, 4> date{};
  put_week_date(date, {2016, 1, 11, 0, 0, 0});  // a Monday; captured meter answer
  CHECK(core::to_hex(date) == "01 11 01 16");
}

TEST_CASE("a load record block holds its classes, its sum and its end") {
  Data data;
  const auto at = bytes_of("15 00 01 07 26");
  put_energy_record(at, core::CentiKilowattHours(123456), core::CentiKilowattHours(7), data);
  CHECK(core::to_hex(data) ==
        "A0 A0 1B 15 00 01 07 26 AA AA AA 56 34 12 00 07 00 00 00 00 00 00 00 00 00 00 00 AA AA AA 3D E5");
  EnergyRecord energy;
  REQUIRE(take_energy_record(data, energy).value() == energy_record_bytes);
  CHECK(energy.at == core::CivilTime{2026, 7, 1, 0, 15, 0});
  CHECK(energy.forward == core::CentiKilowattHours(123456));
  CHECK(energy.reverse == core::CentiKilowattHours(7));
  LoadRecord general;
  REQUIRE(take_load_record(data, general).value() == energy_record_bytes);
  CHECK(general.classes == load_class::energies);
  Data again;
  put_load_record(general, again);
  CHECK(core::to_hex(again) == core::to_hex(data));
  data[12] ^= 0x01;
  CHECK(take_load_record(data, general).error() == core::Fault::bad_checksum);
}

TEST_CASE("a load record with every class round-trips, absent phases included") {
  LoadRecord record;
  record.at = {2026, 12, 31, 23, 45, 0};
  record.classes = load_class::all;
  record.voltage_dV = {2301, LoadRecord::absent, LoadRecord::absent};
  record.current_mA = {-5123, LoadRecord::absent, LoadRecord::absent};
  record.frequency_cHz = 5001;
  record.active_dW = {-12345, 12345, 0, 1};
  record.reactive_dvar = {1, 2, 3, -4};
  record.power_factor_permille = {-950, 950, 1000, 0};
  record.energy_ckWh = {99999, 1, 2, -3};
  record.quadrant_ckvarh = {1, 2, 3, 4};
  record.demand_dW = {5, -6};
  Data data;
  put_load_record(record, data);
  CHECK(data.size() == load_record_bytes_max);
  LoadRecord back;
  REQUIRE(take_load_record(data, back).value() == data.size());
  CHECK(back.voltage_dV == record.voltage_dV);
  CHECK(back.current_mA == record.current_mA);
  CHECK(back.active_dW == record.active_dW);
  CHECK(back.power_factor_permille == record.power_factor_permille);
  CHECK(back.energy_ckWh == record.energy_ckWh);
  CHECK(back.quadrant_ckvarh == record.quadrant_ckvarh);
  CHECK(back.demand_dW == record.demand_dW);
  for (std::size_t cut = 0; cut < data.size(); ++cut) {
    CHECK_FALSE(take_load_record(core::Bytes(data).first(cut), back).has_value());
  }
}

TEST_CASE("status word 3 says that a tripped, alarmed, money-prepaid meter is exactly that") {
  const std::uint16_t word =
      status3::relay_open | status3::relay_commanded_open | status3::trip_alarm | status3::money_prepaid;
  CHECK(word == 0x02D0);
  CHECK(describe_status_word(3, word) ==
        std::vector<std::string_view>{"relay open", "relay commanded open", "trip alarm", "money prepaid"});
  CHECK(describe_status_word(8, word).empty());
}
