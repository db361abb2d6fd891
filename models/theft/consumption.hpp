/// What one customer draws, as interval energies: the raw material of theft and of its detection.
///
/// Unit: kWh per interval, as doubles: these series are statistics about customers, never a bill; registers
/// and books keep whole numbers. Interval k of day d is element d x intervals_per_day + k. Range: energies >=
/// 0, 1 <= intervals_per_day <= 1440. Errors: none. Randomness: `uniform` is addressed. Time: intervals only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random.hpp"

namespace model::theft {
struct Consumption {
  int intervals_per_day = 48;
  std::vector<double> energy_kWh;

  std::size_t slot_of(std::size_t interval) const {
    return interval % static_cast<std::size_t>(intervals_per_day);
  }
  /// Hour of the local day at which the interval begins, 0 <= hour < 24.
  double hour_of(std::size_t interval) const {
    return 24.0 * static_cast<double>(slot_of(interval)) / intervals_per_day;
  }
};

/// Uniform in [0, 1) on a grid of 2^-53, the same on every machine.
inline double uniform(const core::RandomStream& draws, std::uint64_t index) {
  return static_cast<double>(draws.word(index) >> 11) * 0x1p-53;
}
inline double uniform(const core::RandomStream& draws, double low, double high, std::uint64_t index) {
  return low + (high - low) * uniform(draws, index);
}
}  // namespace model::theft
