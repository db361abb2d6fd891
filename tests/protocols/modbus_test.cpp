// Modbus RTU: the published CRC check value, golden requests of the DDSY1352, answers, exceptions and bad
// bytes.
#include <catch2/catch.hpp>

#include "protocols/modbus/acrel_ddsy1352.hpp"
#include "tests/protocols/frames.hpp"

using namespace modbus;
using protocol_test::bytes_of;

namespace {
Wire answer_of(std::uint8_t unit, std::uint8_t function, const std::vector<std::uint8_t>& body) {
  Wire wire;
  wire.push_back(unit);
  wire.push_back(function);
  wire.append(body);
  wire.append_little_endian(crc16(wire), 2);
  return wire;
}
}  // namespace

TEST_CASE("CRC-16/MODBUS of 123456789 is 4B37") {
  const std::string_view digits = "123456789";
  CHECK(crc16(core::Bytes(reinterpret_cast<const std::uint8_t*>(digits.data()), digits.size())) == 0x4B37);
}

TEST_CASE("requests are the bytes that the vendor's tool sends") {
  Wire wire;
  encode_read({1, Function::read_holding, acrel::prepay_block, acrel::prepay_block_words}, wire);
  CHECK(core::to_hex(wire, "") == "01030046001CA5D6");
  const std::array<std::uint16_t, 2> trip{1, 1};
  encode({1, Function::write_many, acrel::forced_control, 2}, trip, wire);
  CHECK(core::to_hex(wire, "") == "01100057000204000100012775");
  const auto parsed = parse_request(wire);
  REQUIRE(parsed.has_value());
  CHECK(parsed->request.address == acrel::forced_control);
  CHECK(u16_at(parsed->written, 1) == 1);
}

TEST_CASE(
    "an answer is found behind noise and an echo, in pieces, and its registers decode high word first") {
  const Request request{1, Function::read_holding, acrel::energy_total, 2};
  Wire echo;
  encode_read(request, echo);
  const Wire answer = answer_of(1, 3, bytes_of("04 00 01 86 A0"));
  AnswerFramer framer;
  framer.expect(request);
  framer.feed(bytes_of("FF 01 03"));
  framer.feed(echo);
  CHECK(framer.take().error() == core::Fault::incomplete);
  for (const auto byte : answer) framer.feed(core::Bytes(&byte, 1));
  const auto taken = framer.take();
  REQUIRE(taken.has_value());
  CHECK(u32_at(taken->registers, 0) == 100000);
  CHECK(acrel::value_text(*acrel::entry_at(acrel::energy_total), taken->registers) == "1000.00");
}

TEST_CASE("negative powers are negative and meter numbers are digits") {
  CHECK(acrel::value_text(*acrel::entry_at(acrel::active_power), bytes_of("FB 2E")) == "-1.234");
  CHECK(acrel::value_text(*acrel::entry_at(acrel::meter_number), bytes_of("20 10 00 00 00 12")) ==
        "201000000012");
}

TEST_CASE("exceptions, strangers, stale answers and bad sums have their own faults") {
  const Request request{1, Function::read_holding, 0, 1};
  const auto refused = parse_answer(request, answer_of(1, 0x83, {2}));
  REQUIRE(refused.has_value());
  CHECK(refused->exception == 2);
  CHECK(exception_name(2) == "illegal data address");
  CHECK(parse_answer(request, answer_of(2, 3, bytes_of("02 00 01"))).error() == core::Fault::wrong_address);
  CHECK(parse_answer(request, answer_of(1, 4, bytes_of("02 00 01"))).error() ==
        core::Fault::unexpected_answer);
  CHECK(parse_answer(request, answer_of(1, 3, bytes_of("04 00 01 00 01"))).error() ==
        core::Fault::bad_length);
  auto flipped = answer_of(1, 3, bytes_of("02 00 01"));
  flipped[4] ^= 0x10;
  CHECK(parse_answer(request, flipped).error() == core::Fault::bad_checksum);
  const Wire whole = answer_of(1, 3, bytes_of("02 00 01"));
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    CHECK(parse_answer(request, core::Bytes(whole).first(cut)).error() == core::Fault::incomplete);
  }
}
