/// Decimal numbers on the wire: BCD, lowest pair first, the sign in the top bit of the highest byte.
///
/// 80H in the highest byte means minus; the rest is the magnitude (not a complement). A field of nothing but
/// FF is "absent" (the phases that a single-phase meter does not have). [DL/T 645-2007, Appendix A]
#pragma once
#include "core/bytes.hpp"
#include "core/units.hpp"
#include "protocols/bcd.hpp"

namespace dlt645 {
constexpr bool is_absent(core::Bytes field) {
  for (const auto byte : field)
    if (byte != 0xFF) return false;
  return !field.empty();
}
/// Nothing where a digit is not one. Without sign: the top bit is a digit's (as in counts up to 999999).
constexpr std::optional<std::int64_t> unsigned_number(core::Bytes field) {
  const auto value = core::bcd_little_endian(field);
  if (!value) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}
constexpr std::optional<std::int64_t> signed_number(core::Bytes field) {
  if (field.empty()) return std::nullopt;
  const std::uint8_t top = field[field.size() - 1] & 0x7F;
  if (!core::is_bcd(top)) return std::nullopt;
  std::int64_t value = core::bcd_value(top);
  for (std::size_t i = field.size() - 1; i-- > 0;) {
    if (!core::is_bcd(field[i])) return std::nullopt;
    value = value * 100 + core::bcd_value(field[i]);
  }
  return (field[field.size() - 1] & 0x80) != 0 ? -value : value;
}
/// Writes the low digits that fit; what does not fit is lost, as on a display.
constexpr void put_unsigned(std::span<std::uint8_t> out, std::uint64_t value) {
  core::put_bcd_little_endian(out, value);
}
constexpr void put_signed(std::span<std::uint8_t> out, std::int64_t value) {
  core::put_bcd_little_endian(out, static_cast<std::uint64_t>(value < 0 ? -value : value));
  auto& top = out[out.size() - 1];
  top = static_cast<std::uint8_t>((top & 0x7F) | (value < 0 ? 0x80 : 0x00));
}

/// XXXXXX.XX kWh in four bytes: the register. Range: 0 .. 999999.99 kWh (higher ones roll over, as the
/// display does).
constexpr void put_energy(std::span<std::uint8_t> four_bytes, core::CentiKilowattHours energy) {
  framing::put_bcd_4_bytes(four_bytes, static_cast<std::uint32_t>(energy.count() % 100'000'000));
}
constexpr std::optional<core::CentiKilowattHours> energy_at(core::Bytes four_bytes) {
  const auto value = framing::number_at_4_bytes(four_bytes);
  if (!value) return std::nullopt;
  return core::CentiKilowattHours(std::int64_t{*value});
}
}  // namespace dlt645
