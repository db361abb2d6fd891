#include "models/meter/wear.hpp"

#include <cmath>

#include "core/portable_math.hpp"

namespace model {
namespace {
constexpr double open_mV = 3600, polarisation_mV = 100;
constexpr double seconds_per_ppm_day = 0.0864;
}  // namespace

std::int64_t battery_mV(const BatteryWear& wear, double days) {
  const double used = (wear.age_days + days) / wear.life_days;
  if (used >= 1) return 0;
  const double voltage = open_mV - polarisation_mV * used / (1 - used);
  return voltage > 0 ? static_cast<std::int64_t>(voltage) : 0;
}

double days_until(const BatteryWear& wear, double mV) {
  const double fall = (open_mV - mV) / polarisation_mV;
  return wear.life_days * fall / (1 + fall) - wear.age_days;
}

double clock_gain_s(const CrystalAgeing& crystal, double days) {
  const double t = days, T = crystal.ageing_days;
  const double aged = (t + T) * core::portable_math::log(1 + t / T) - t;
  return seconds_per_ppm_day * (crystal.rate_ppm * t + crystal.ageing_ppm * aged);
}
}  // namespace model
