/// What meters are asked about themselves, and the names under which the store keeps the answers
/// (`meter_condition`).
///
/// Data identifiers: DL/T 645-2007, tables A.1, A.2 and A.4. Unit: in the names. Randomness, time: none.
#pragma once
#include <array>
#include <string_view>

namespace headend::health {
inline constexpr std::string_view clock_offset_ms = "clock_offset_ms";    ///< meter - head-end; 04000102
inline constexpr std::string_view battery_mV = "battery_mV";              ///< of the clock; 02800008
inline constexpr std::string_view cover_openings = "cover_openings";      ///< count since made; 03300D00
inline constexpr std::string_view relay_trips = "relay_trips";            ///< count since made; 1D000001
inline constexpr std::string_view reverse_centikWh = "reverse_centikWh";  ///< 00020000
}  // namespace headend::health
