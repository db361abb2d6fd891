// Modbus-TCP frames: a published example, hand-made answers, and bytes that are nothing of the kind.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "protocols/modbus/tcp.hpp"
#include "tests/protocols/frames.hpp"

namespace tcp = modbus::tcp;
using protocol_test::bytes_of;

TEST_CASE("a write request is the example of the Modbus application protocol behind a header") {
  // MODBUS Application Protocol V1.1b3, 6.12: write 000A and 0102 to registers starting at 2 (address 0001).
  tcp::Adu adu;
  const std::array<std::uint16_t, 2> values{0x000A, 0x0102};
  tcp::put_write(0x1501, 0xFF, 0x0001, values, adu);
  CHECK(core::to_hex(adu) == core::to_hex(bytes_of("15 01 00 00 00 0B FF 10 00 01 00 02 04 00 0A 01 02")));
  const auto view = tcp::decode(adu);
  REQUIRE(view.has_value());
  CHECK(view->transaction == 0x1501);
  CHECK(view->unit == 0xFF);
  CHECK(view->length == adu.size());
  const auto request = tcp::parse_write(view->pdu);
  REQUIRE(request.has_value());
  CHECK(request->address == 1);
  CHECK(request->count == 2);
  CHECK(modbus::u16_at(request->registers, 1) == 0x0102);
}

TEST_CASE("answers and exceptions are told apart") {
  tcp::Adu good, busy;
  tcp::put_write_answer(7, 255, 0x1000, 2, good);
  CHECK(core::to_hex(good) == core::to_hex(bytes_of("00 07 00 00 00 06 FF 10 10 00 00 02")));
  CHECK(*tcp::parse_write_answer(tcp::decode(good)->pdu) == tcp::Exception::none);
  tcp::put_exception(8, 255, 0x10, tcp::Exception::device_busy, busy);
  CHECK(core::to_hex(busy) == core::to_hex(bytes_of("00 08 00 00 00 03 FF 90 06")));
  CHECK(*tcp::parse_write_answer(tcp::decode(busy)->pdu) == tcp::Exception::device_busy);
  CHECK(tcp::parse_write_answer(core::Bytes(good).first(1)).error() == core::Fault::unexpected_answer);
}

TEST_CASE("a frame that is cut anywhere is incomplete, and one that contradicts itself is refused") {
  tcp::Adu adu;
  const std::array<std::uint16_t, 3> values{1, 2, 3};
  tcp::put_write(1, 255, 0x0F00, values, adu);
  for (std::size_t length = 0; length < adu.size(); ++length)
    CHECK(tcp::decode(core::Bytes(adu).first(length)).error() == core::Fault::incomplete);
  auto other_protocol = adu;
  other_protocol[3] = 1;
  CHECK(tcp::decode(other_protocol).error() == core::Fault::bad_start);
  auto too_long = adu;
  too_long[4] = 0x20;
  CHECK(tcp::decode(too_long).error() == core::Fault::bad_length);
  auto wrong_count = adu;
  wrong_count[11] = 4;
  CHECK(tcp::parse_write(tcp::decode(wrong_count)->pdu).error() == core::Fault::bad_length);
  auto no_registers = adu;
  no_registers[11] = 0;
  CHECK(tcp::parse_write(tcp::decode(no_registers)->pdu).error() == core::Fault::bad_field);
}

TEST_CASE("random bytes are decoded to something or refused, never more than is there") {
  const std::uint64_t seed = 20261121;
  INFO("seed " << seed);
  const core::RandomStream draws(seed, 0, core::Purpose::test);
  std::uint64_t index = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::uint8_t> bytes(draws.below(300, index++));
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(draws.below(round % 2 == 0 ? 256 : 3, index++));
    const auto view = tcp::decode(bytes);
    if (!view) continue;
    REQUIRE(view->length <= bytes.size());
    const auto request = tcp::parse_write(view->pdu);
    if (request) CHECK(request->registers.size() == 2u * request->count);
  }
}
