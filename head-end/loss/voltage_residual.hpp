/// Where along a feeder is something drawn that no meter reports? The voltages know.
///
/// Linearised, with D the drops in V per kW (AreaReadings::drop_V_per_kW):
///     v_i(t) = V_source - sum_j D_ij p_j(t),   r_i(t) = V_source - sum_j D_ij reported_j(t) - v_i(t) = sum_j
///     D_ij x_j(t)
/// A single unmetered load x at connection j leaves residuals in proportion to column j; for each j the load
/// that fits best is x(t) = (D_j' r(t)) / (D_j' D_j), and `explained` is the share of the squared residuals
/// it accounts for. The published example judges the same residuals by hand (Pozna, Fodor, Hangos 2019,
/// measured against model voltages). Unit: kW, V. Range: voltages and a network model must be there. Errors:
/// none; without them the answer is empty. Randomness: none. Time: intervals only; those with a missing
/// voltage or energy are left out.
#pragma once
#include "head-end/loss/area_readings.hpp"

namespace headend::loss {
struct Tap {
  double explained = 0;      ///< 0..1
  double mean_power_kW = 0;  ///< of the unmetered load, if it stands here
};
/// One per customer's connection.
std::vector<Tap> locate_taps(const AreaReadings& area);
}  // namespace headend::loss
