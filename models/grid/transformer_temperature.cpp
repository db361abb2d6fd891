#include "models/grid/transformer_temperature.hpp"

#include "core/check.hpp"
#include "core/portable_math.hpp"

namespace model::grid {
namespace {
constexpr double loss_ratio = 5, oil_rise_K = 55, gradient_rated_K = 23;
constexpr double oil_exponent = 0.8, winding_exponent = 1.6;
constexpr double oil_min = 180, winding_min = 2 * 4;  // k11 tau_o, k22 tau_w
constexpr double ln_2 = 0.6931471805599453;

double power_of(double base, double exponent) {
  return base <= 0 ? 0 : core::portable_math::exp(exponent * core::portable_math::log(base));
}
}  // namespace

void TransformerTemperature::advance(double minutes, double load_factor, double ambient_C) {
  METERTWIN_CHECK(minutes > 0 && minutes <= 2 && load_factor >= 0, minutes, load_factor);
  const double losses = (1 + load_factor * load_factor * loss_ratio) / (1 + loss_ratio);
  const double oil_final_K = power_of(losses, oil_exponent) * oil_rise_K;
  const double gradient_final_K = gradient_rated_K * power_of(load_factor, winding_exponent);
  oil_C_ += minutes / oil_min * (oil_final_K - (oil_C_ - ambient_C));
  gradient_K_ += minutes / winding_min * (gradient_final_K - gradient_K_);
  aged_min_ += minutes * ageing_rate();
}

double TransformerTemperature::ageing_rate() const {
  return core::portable_math::exp(ln_2 * (hot_spot_C() - 98) / 6);
}
}  // namespace model::grid
