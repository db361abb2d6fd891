/// The roster: every meter of a scenario by name, once, so that wiring, the head-end's customer file and
/// audit agree.
///
/// Running numbers go over areas, groups and copies in the order of the file, from 1. The number is the
/// meter's id in the truth and in the books, and makes its name ("M0017"), its customer's account ("A0017")
/// and its address (3301 00000017). Pure function of the scenario; Randomness: none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.hpp"
#include "scenarios/scenario.hpp"

namespace scenario {
/// Administrative code of Hangzhou (GB/T 2260), as a concentrator's address A1 (Q/GDW 1376.1, section 4.3.3).
inline constexpr std::uint16_t region_code = 3301;
/// The first RS-485 port of a concentrator; the clock and the uplink have port 1 (Q/GDW 1376.1, F10:
/// ports 1..31).
inline constexpr int first_line_port = 2;
inline constexpr int line_ports = 30;
inline constexpr std::int64_t meters_limit = std::int64_t{1} << 24;

struct RosterEntry {
  std::uint32_t id = 0;  ///< from 1, consecutive in an area and over areas
  std::string name;      ///< "M0017"
  std::string account;   ///< "A0017"
  core::MeterAddress address;
  std::uint32_t area = 0;            ///< position in Scenario::areas
  std::uint32_t group = 0;           ///< position in Area::meters
  std::uint32_t index_in_area = 0;   ///< from 0
  std::uint32_t index_in_group = 0;  ///< from 0
  std::uint16_t point = 0;           ///< measuring point pn at the concentrator: index in the area + 1
  std::uint16_t line = 0;            ///< RS-485 line of the area, from 0: index in the area / meters_per_line
  std::uint8_t port = 0;  ///< concentrator port of that line: line + 2, or 2 for all behind carrier modules
};

/// All meters, by id without holes: entry i has id i + 1.
std::vector<RosterEntry> roster(const Scenario& scenario);

/// Concentrator addresses, Q/GDW 1376.1: A1 = `region_code`, A2 = position of the area + 1.
constexpr std::uint16_t concentrator_address(std::size_t area) {
  return static_cast<std::uint16_t>(area + 1);
}
/// Meters in one area, all groups together.
std::int64_t meter_count(const Area& area);
std::int64_t meter_count(const Scenario& scenario);
/// The id behind "M0017"; nothing when the scenario has no such meter. Cheap: does not make the roster.
std::optional<std::uint32_t> find_meter(const Scenario& scenario, std::string_view name);
/// The group a meter is of. Range: 1 <= id <= meter_count (checked).
const MeterGroup& group_of(const Scenario& scenario, std::uint32_t id);
/// "M" + 17 -> "M0017".
std::string numbered(std::string_view prefix, std::uint32_t number);
}  // namespace scenario
