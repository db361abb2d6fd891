/// The physical quantities of a metering chain, each a whole number of the unit in its name.
///
/// Chosen so that products stay exact in 64 bits: mW x ms = uJ, and a household needs 2.5 million kWh to
/// overflow it. The register and the wire count hundredths of a kWh (DL/T 645-2007 format XXXXXX.XX).
#pragma once
#include "core/quantity.hpp"

namespace core {
using Millivolts = Quantity<struct MillivoltsTag>;
using Milliamperes = Quantity<struct MilliamperesTag>;
using Milliwatts = Quantity<struct MilliwattsTag>;    ///< active power, import positive
using Millivars = Quantity<struct MillivarsTag>;      ///< reactive power, inductive positive
using Microjoules = Quantity<struct MicrojoulesTag>;  ///< physical energy: truth
using CentiKilowattHours =
    Quantity<struct CentiKilowattHoursTag>;  ///< 0.01 kWh = 10 Wh: what registers show, books bill
using PartsPerMillion = Quantity<struct PartsPerMillionTag>;

inline constexpr std::int64_t microjoules_per_kWh = 3'600'000'000'000;
inline constexpr std::int64_t microjoules_per_centikWh = microjoules_per_kWh / 100;

/// Truncated, never rounded: a register shows only what has fully passed. Range: energy >= 0.
constexpr CentiKilowattHours shown_energy(Microjoules energy) {
  return CentiKilowattHours(energy.count() / microjoules_per_centikWh);
}
}  // namespace core
