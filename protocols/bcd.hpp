/// Eight decimal digits at a time between numbers and BCD, for the paths that every reading takes.
///
/// The same as core's byte loops, without the loops: three multiplications each way.
#pragma once
#include <cstdint>
#include <optional>

#include "core/bytes.hpp"

namespace framing {
/// The digits of `value` as nibbles, lowest digit lowest. Range: value < 10^8.
constexpr std::uint32_t bcd_of_8_digits(std::uint32_t value) {
  // Lanes of 16 bits with four digits each, then of 8 bits with two, then nibbles. 5243 / 2^19 = 1 / 100 and
  // 103 / 2^10 = 1 / 10 are exact for lanes below 10^4 and 10^2.
  const std::uint64_t fours = (value % 10'000) | static_cast<std::uint64_t>(value / 10'000) << 32;
  const std::uint64_t hundreds = (fours * 5243 >> 19) & 0x0000007F0000007Full;
  const std::uint64_t pairs = (fours - 100 * hundreds) | hundreds << 16;
  const std::uint64_t tens = (pairs * 103 >> 10) & 0x000F000F000F000Full;
  const std::uint64_t bytes = pairs + 6 * tens;  // p + 6t = 16t + (p - 10t)
  const std::uint64_t packed = (bytes | bytes >> 8) & 0x0000FFFF0000FFFFull;
  return static_cast<std::uint32_t>(packed | packed >> 16);
}

/// The number whose digits are the nibbles; nothing where a nibble is above 9.
constexpr std::optional<std::uint32_t> number_of_8_digits(std::uint32_t bcd) {
  if ((bcd & (bcd << 1 | bcd << 2) & 0x88888888u) != 0) return std::nullopt;  // 8 together with 4 or 2
  const std::uint32_t pairs = bcd - 6 * (bcd >> 4 & 0x0F0F0F0Fu);
  const std::uint32_t fours = (pairs & 0x00FF00FFu) + 100 * (pairs >> 8 & 0x00FF00FFu);
  return (fours & 0xFFFFu) + 10'000 * (fours >> 16);
}

/// Four bytes, lowest first.
constexpr void put_bcd_4_bytes(std::span<std::uint8_t> out, std::uint32_t value) {
  const std::uint32_t bcd = bcd_of_8_digits(value);
  for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(bcd >> (8 * i));
}
constexpr std::optional<std::uint32_t> number_at_4_bytes(core::Bytes bytes) {
  return number_of_8_digits(static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8 |
                            static_cast<std::uint32_t>(bytes[2]) << 16 |
                            static_cast<std::uint32_t>(bytes[3]) << 24);
}
}  // namespace framing
