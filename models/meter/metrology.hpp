/// The measuring element: turns physical energy into pulses, a little wrong, as its class allows.
///
///     one pulse per  3.6e12 / pulses_per_kWh / (1 + error)  uJ that pass, rounded to whole uJ
/// With 1200 imp/kWh a pulse is 3.0e9 uJ, so rounding adds less than 2e-10 to the error. Below the starting
/// current nothing is counted (GB/T 17215.321: 0.004 Ib class 1, 0.005 Ib class 2). Unit: uJ in, pulses out.
/// Errors: none. Randomness: none (the error is drawn with the meter). Time: none.
#pragma once
#include <cstdint>

#include "models/meter/type_plate.hpp"

namespace model {
class Metrology {
 public:
  /// Range: |error| < 100 %.
  Metrology(const TypePlate& plate, core::PartsPerMillion error);

  /// Energy passes at a constant power; answers how many pulses that completes. Range: energy >= 0.
  std::uint64_t measure(core::Microjoules energy) {
    carried_uJ_ += energy.count();
    if (carried_uJ_ < pulse_uJ_) return 0;
    const auto pulses = static_cast<std::uint64_t>(carried_uJ_ / pulse_uJ_);
    carried_uJ_ %= pulse_uJ_;
    return pulses;
  }
  /// Energy still to pass until `pulses` more pulses are complete. Range: pulses >= 1.
  core::Microjoules energy_until(std::uint64_t pulses) const {
    return core::Microjoules(static_cast<std::int64_t>(pulses) * pulse_uJ_ - carried_uJ_);
  }
  core::Microjoules pulse_energy() const { return core::Microjoules(pulse_uJ_); }
  /// True if the element turns at this load: apparent power at rated voltage at or above the starting
  /// current.
  bool starts_at(core::Milliwatts power, core::Millivars reactive) const;

 private:
  std::int64_t pulse_uJ_;
  std::int64_t carried_uJ_ = 0;
  std::int32_t starting_mVA_;
};
}  // namespace model
