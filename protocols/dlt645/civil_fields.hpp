/// Dates and times as DL/T 645-2007 sends them: BCD pairs, lowest unit first.
///
/// Written "YYMMDDhhmm" in the standard's tables, sent mm hh DD MM YY. Years 00..99 mean 2000..2099.
/// Errors: nothing for a byte that is not BCD, month 13, 30 February, hour 24 and the like. Randomness: none.
/// Time: none.
#pragma once
#include "core/bytes.hpp"
#include "core/civil.hpp"

namespace dlt645 {
inline constexpr std::size_t second_time_bytes = 6;  ///< ss mm hh DD MM YY
inline constexpr std::size_t minute_time_bytes = 5;  ///< mm hh DD MM YY
inline constexpr std::size_t week_date_bytes = 4;    ///< WW DD MM YY, WW 00 = Sunday
inline constexpr std::size_t clock_time_bytes = 3;   ///< ss mm hh

/// Range of all writers: out has the width, year 2000..2099.
void put_second_time(std::span<std::uint8_t> out, const core::CivilTime& time);
void put_minute_time(std::span<std::uint8_t> out, const core::CivilTime& time);
/// The weekday is worked out from the date.
void put_week_date(std::span<std::uint8_t> out, const core::CivilTime& time);
void put_clock_time(std::span<std::uint8_t> out, const core::CivilTime& time);

std::optional<core::CivilTime> second_time(core::Bytes six_bytes);
std::optional<core::CivilTime> minute_time(core::Bytes five_bytes);
/// The date alone; the weekday that was sent is not compared with it (meters may be set wrongly).
std::optional<core::CivilTime> week_date(core::Bytes four_bytes);
/// Hour, minute, second; the date stays 1970-01-01.
std::optional<core::CivilTime> clock_time(core::Bytes three_bytes);
}  // namespace dlt645
