/// What a meter finds at its terminals when somebody computes the network it hangs on.
///
/// Whoever computes the network keeps it up to date; the meter only looks. Single-phase meters have phase 0
/// only; a meter of three phases (the one at a transformer) has all, each with its own power. Unit: mV, mW,
/// mvar, on the meter's side of any current transformers. Errors: none. Randomness: none. Time: now.
#pragma once
#include <array>
#include <cstdint>

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

/// A meter's counters of voltage events (DL/T 645-2007, 0301.. loss, 0302.. under-, 0303.. overvoltage): how
/// often, and for how long in all. Loss is below 78 % of rated voltage, under- and overvoltage outside of
/// 90..110 %, as the status words have it. Unit: ms of true time.
struct VoltageEvents {
  enum class Event : std::int8_t { none = -1, loss, under, over };
  struct Counter {
    std::uint32_t times = 0;
    std::int64_t lasted_ms = 0;
  };
  /// The voltage is this from `at_ms` on. Range: at_ms rises.
  void see(core::Millivolts voltage, core::Millivolts rated, std::int64_t at_ms);
  /// With what is running at `at_ms`.
  Counter counter(Event event, std::int64_t at_ms) const;

 private:
  Event now_ = Event::none;
  std::int64_t since_ms_ = 0;
  std::array<Counter, 3> counters_{};
};
}  // namespace model
