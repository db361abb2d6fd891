#include <catch2/catch.hpp>

#include "core/address.hpp"
#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/random.hpp"

using namespace core;

TEST_CASE("hexadecimal comes back whatever separates it") {
  const std::vector<std::uint8_t> frame{0x68, 0x01, 0xFE, 0x16};
  for (const auto* text : {"68 01 FE 16", "6801fe16", "68:01:fe:16", "0x68,0x01,0xFE,0x16", "68-01\n\tFE 16"})
    CHECK(from_hex(text) == frame);
  CHECK(to_hex(frame) == "68 01 FE 16");
  CHECK(to_hex(frame, "") == "6801FE16");
  for (const auto* text : {"6", "68 0", "6g", "hello"}) CHECK_FALSE(from_hex(text));
}

TEST_CASE("BCD fields travel lowest pair first and refuse what is not a digit") {
  std::array<std::uint8_t, 4> field{};
  put_bcd_little_endian(field, 12345678);
  CHECK(to_hex(field) == "78 56 34 12");
  CHECK(bcd_little_endian(field) == 12345678u);
  field[2] = 0x3A;
  CHECK_FALSE(bcd_little_endian(field));
}

TEST_CASE("a meter address has one to twelve digits and shows all twelve") {
  CHECK(to_string(*parse_meter_address("17")) == "000000000017");
  CHECK(parse_meter_address("999999999999")->is_broadcast());
  for (const auto* text : {"", "1234567890123", "12a", "-1", " 1"}) CHECK_FALSE(parse_meter_address(text));
}

TEST_CASE("a digest changes with every bit, with length and with order") {
  const RandomStream stream(42, 5, Purpose::test);
  for (std::uint64_t round = 0; round < 200; ++round) {
    std::vector<std::uint8_t> bytes(1 + stream.below(64, round * 1000));
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::uint8_t>(stream.word(round * 1000 + 1 + i));
    const auto digest_of = [](const std::vector<std::uint8_t>& b) {
      Digest d;
      d.add(Bytes(b));
      return d.value();
    };
    const auto original = digest_of(bytes);
    auto flipped = bytes;
    flipped[stream.below(bytes.size(), round * 1000 + 100)] ^=
        static_cast<std::uint8_t>(1u << stream.below(8, round * 1000 + 101));
    CHECK(digest_of(flipped) != original);
    auto longer = bytes;
    longer.push_back(0);
    CHECK(digest_of(longer) != original);
  }
  Digest ab, ba;
  ab.add(std::string_view("a"));
  ab.add(std::string_view("b"));
  ba.add(std::string_view("b"));
  ba.add(std::string_view("a"));
  CHECK(ab.value() != ba.value());
}
