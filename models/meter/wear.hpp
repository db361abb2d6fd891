/// How a meter wears out: its clock's battery runs down, its crystal ages.
///
///     V(t) = V0 - K q / (Q - q),  q / Q = (age + t) / life                [C. M. Shepherd, J. Electrochem.
///     Soc. 112(7), 1965: the polarisation term; a lithium thionyl chloride cell on its standing current]
///     gain(t) = r t + A ((t + T) ln(1 + t / T) - t)      integral of the rate r + A ln(1 + t / T)  [MIL-PRF-
///     55310: logarithmic ageing of quartz]
/// V0 = 3.65 V open and K = 0.10 V make a cell that stays above 3.3 V for three quarters of its life and is
/// at 3.0 V, where a meter calls it low, after 87 %. Unit: mV, s, days. Range: any age; an exhausted cell has
/// 0 mV. Errors, randomness: none. Time: days since it was put into service.
#pragma once
#include <cstdint>

namespace model {
inline constexpr std::int64_t battery_low_mV = 3000;
struct BatteryWear {
  double life_days = 3650;  ///< ten years of standing current and self-discharge
  double age_days = 0;      ///< when put into service
};
std::int64_t battery_mV(const BatteryWear& wear, double days);
/// The day on which it has fallen to `mV`. Range: 0 < mV < 3600.
double days_until(const BatteryWear& wear, double mV);

struct CrystalAgeing {
  double rate_ppm = 0;      ///< when put into service
  double ageing_ppm = 0;    ///< A: gained when t has grown to 1.7 T
  double ageing_days = 30;  ///< T
};
/// What the clock gains (or loses) in so many days. Unit: s.
double clock_gain_s(const CrystalAgeing& crystal, double days);
}  // namespace model
