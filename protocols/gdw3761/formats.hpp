/// The data formats of Q/GDW 1376.1, Appendix A: BCD, lowest pair first; a field of EE is "missing".
///
/// Numbers are whole counts of the last decimal. Errors: nothing for missing or malformed fields. No
/// allocation.
#pragma once
#include "core/bytes.hpp"
#include "core/civil.hpp"

namespace gdw3761 {
inline constexpr std::uint8_t missing_byte = 0xEE;
constexpr bool is_missing(core::Bytes field) {
  for (const auto byte : field)
    if (byte != missing_byte) return false;
  return !field.empty();
}

/// A decimal format: bytes, decimals and whether the top bit is a sign.
struct NumberFormat {
  std::uint8_t bytes = 0, decimals = 0;
  bool is_signed = false;
};
inline constexpr NumberFormat a5{2, 1, true};    ///< +-XXX.X: angles, power factor in %
inline constexpr NumberFormat a7{2, 1, false};   ///< XXX.X: volts
inline constexpr NumberFormat a8{2, 0, false};   ///< XXXX
inline constexpr NumberFormat a9{3, 4, true};    ///< +-XX.XXXX: kW
inline constexpr NumberFormat a10{3, 0, false};  ///< XXXXXX
inline constexpr NumberFormat a11{4, 2, false};  ///< XXXXXX.XX: kWh
inline constexpr NumberFormat a13{4, 4, false};  ///< XXXX.XXXX
inline constexpr NumberFormat a14{5, 4, false};  ///< XXXXXX.XXXX: kWh
inline constexpr NumberFormat a23{3, 4, false};  ///< XX.XXXX: demand
inline constexpr NumberFormat a25{3, 3, true};   ///< +-XXX.XXX: amperes
constexpr std::optional<std::int64_t> number_at(NumberFormat format, core::Bytes field) {
  if (field.size() < format.bytes || format.bytes == 0) return std::nullopt;
  const std::uint8_t sign = format.is_signed ? 0x80 : 0x00;
  std::int64_t value = 0;
  for (int i = format.bytes; i-- > 0;) {
    auto byte = field[static_cast<std::size_t>(i)];
    if (i == format.bytes - 1) byte = static_cast<std::uint8_t>(byte & ~sign);
    if (!core::is_bcd(byte)) return std::nullopt;
    value = value * 100 + core::bcd_value(byte);
  }
  return (field[format.bytes - 1u] & sign) != 0 ? -value : value;
}
/// Range: |number| has at most the format's digits; higher ones are lost.
constexpr void put_number(NumberFormat format, std::span<std::uint8_t> out, std::int64_t number) {
  core::put_bcd_little_endian(out.first(format.bytes),
                              static_cast<std::uint64_t>(number < 0 ? -number : number));
  if (format.is_signed && number < 0) out[format.bytes - 1u] |= 0x80;
}

inline constexpr std::size_t clock_bytes = 6;        ///< A.1: ss mm hh DD (week << 5 | MM) YY
inline constexpr std::size_t minute_time_bytes = 5;  ///< A.15: mm hh DD MM YY
inline constexpr std::size_t day_bytes = 3;          ///< A.20: DD MM YY, Td_d
inline constexpr std::size_t month_bytes = 2;        ///< A.21: MM YY, Td_m
/// Week in A.1: 1 Monday .. 7 Sunday, 0 unknown; written from the date.
void put_clock(std::span<std::uint8_t> out, const core::CivilTime& time);
void put_minute_time(std::span<std::uint8_t> out, const core::CivilTime& time);
void put_day(std::span<std::uint8_t> out, const core::CivilTime& time);
void put_month(std::span<std::uint8_t> out, const core::CivilTime& time);
std::optional<core::CivilTime> clock_at(core::Bytes six_bytes);
std::optional<core::CivilTime> minute_time_at(core::Bytes five_bytes);
std::optional<core::CivilTime> day_at(core::Bytes three_bytes);
std::optional<core::CivilTime> month_at(core::Bytes two_bytes);
}  // namespace gdw3761
