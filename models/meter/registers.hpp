/// The active-energy registers: what the customer is billed for.
///
/// Count whole pulses; display and wire show hundredths of a kWh, truncated, never rounded:
///     shown = floor(pulses x 100 / pulses_per_kWh) mod 10^8                        [DL/T 645-2007, format
///     XXXXXX.XX]
/// The total and the four rates truncate each for itself, so the rates shown may add up to 0.04 kWh less than
/// the total. Unit: pulses. Range: 0 .. 10^6 kWh, then rolls over to 0. Errors: none. Randomness: none. Time:
/// none.
#pragma once
#include <array>
#include <cstdint>

#include "models/meter/tariff_tables.hpp"

namespace model {
/// Shown values, 0.01 kWh: the total and the rates 1..4.
struct ShownRegisters {
  std::uint32_t total = 0;
  std::array<std::uint32_t, rates> by_rate{};
  bool operator==(const ShownRegisters&) const = default;
};

inline constexpr std::uint64_t shown_rollover = 100'000'000;  ///< 0.01 kWh

struct EnergyRegisters {
  std::uint64_t pulses = 0;
  std::array<std::uint64_t, rates> rate_pulses{};

  void count(std::uint64_t new_pulses, int rate) {
    pulses += new_pulses;
    rate_pulses[static_cast<std::size_t>(rate)] += new_pulses;
  }
  /// Hundredths of a kWh that have fully passed, without rollover.
  static std::uint64_t whole_centikWh(std::uint64_t pulses, std::int32_t pulses_per_kWh) {
    return pulses * 100 / static_cast<std::uint64_t>(pulses_per_kWh);
  }
  std::uint32_t shown_total(std::int32_t pulses_per_kWh) const {
    return static_cast<std::uint32_t>(whole_centikWh(pulses, pulses_per_kWh) % shown_rollover);
  }
  ShownRegisters shown(std::int32_t pulses_per_kWh) const;
};
}  // namespace model
