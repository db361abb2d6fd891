/// What a meter finds at its terminals when somebody computes the network it hangs on.
///
/// Whoever computes the network keeps it up to date; the meter only looks. Single-phase meters have phase 0
/// only; a meter of three phases (the one at a transformer) has all, each with its own power. Unit: mV, mW,
/// mvar, on the meter's side of any current transformers. Errors: none. Randomness: none. Time: now.
#pragma once
#include <array>

#include "core/units.hpp"

namespace model {
struct Mains {
  struct PhaseState {
    core::Millivolts voltage{0};
    core::Milliwatts power{0};
    core::Millivars reactive{0};
  };
  int phases = 1;  ///< 1 or 3
  std::array<PhaseState, 3> phase{};
};
}  // namespace model
