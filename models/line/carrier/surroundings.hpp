/// What else is on the mains: bursts, interferers, the day's rhythm and the load that eats the signal.
///
/// Plain values; the defaults are the "default noise" of the reference area. Bursts are a two-state Markov
/// process in continuous time (Gilbert 1960, Elliott 1963) per phase, with exponential sojourns; what share
/// of time is bad is lasts / (lasts + every). Unit: in the names. Range: durations > 0. Errors: none.
#pragma once
#include <array>
#include <vector>

#include "core/instant.hpp"

namespace model::carrier {
struct Bursts {
  core::Duration mean_every = std::chrono::seconds(20);       ///< quiet between two
  core::Duration mean_lasts = std::chrono::milliseconds(60);  ///< Zimmermann and Dostert: bursts of up to ms;
                                                              ///< switching and welding last longer; assumed
  double rise_dB = 35;                                        ///< above the background; up to 50 published
};

/// A steady tone from outside: a broadcaster, an inverter, an electronic ballast.
struct Interferer {
  double frequency_Hz = 0;
  double power_dBm = -60;             ///< at every receiver
  int from_hour = 0, till_hour = 24;  ///< civil, half open
};

struct Surroundings {
  bool is_mains_synchronous = true;  ///< Katayama's rhythm of the half wave
  bool has_bursts = true;
  Bursts bursts;
  std::vector<Interferer> interferers;
  /// Noise of appliances above the background, by civil hour; evenings are loudest. Assumed.
  std::array<double, 24> daily_dB{0, 0, 0, 0, 0, 1, 2, 3, 3, 2, 2, 2, 3, 3, 2, 2, 3, 4, 6, 7, 7, 6, 4, 2};
  double hourly_spread_dB = 3;  ///< per receiver and hour: what just happens to run next door. Assumed
  /// Voltage divider between the modem's source impedance and the mains: loss = 20 log10((Zs + Z) / Z), with
  /// 1 / Z = 1 / Z_empty + load / (Z_load x 1 kW): a house's appliances in parallel.
  double source_ohm = 2, empty_ohm = 20, ohm_of_1_kW = 15;
  std::array<double, 24> load_kW{0.3, 0.3, 0.2, 0.2, 0.2, 0.3, 0.5, 0.7, 0.6, 0.5, 0.5, 0.6,
                                 0.7, 0.6, 0.5, 0.5, 0.6, 0.9, 1.3, 1.4, 1.3, 1.1, 0.8, 0.5};
};

/// dB that the transmitter loses into `load_kW` beside it.
double access_loss_dB(const Surroundings& surroundings, double load_kW);
}  // namespace model::carrier
