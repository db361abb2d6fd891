/// How warm a distribution transformer is, and how fast its paper ages: IEC 60076-7, 8.2, by difference
/// equations.
///
///     top oil    d theta_o  = dt / (k11 tau_o) [ ((1 + K^2 R) / (1 + R))^x  d_or - (theta_o - theta_a) ]
///     gradient   d theta_h  = dt / (k22 tau_w) [ k21 d_hr K^y - theta_h ]
///     hot spot   theta_o + theta_h,   relative ageing V = 2^((hot spot - 98) / 6)   (paper not upgraded)
/// Constants of distribution transformers, ONAN (the standard's tables 4 and E.1): R 5, d_or 55 K, d_hr 23 K,
/// x 0.8, y 1.6, k11 1, k21 1, k22 2, tau_o 180 min, tau_w 4 min. With k21 = 1 the standard's second gradient
/// term is nothing. K is apparent power over rated. Unit: degrees Celsius, minutes. Range: K 0..3; a step of
/// at most half of the shortest time constant (2 min). Errors: none. Randomness: none. Time: as told.
#pragma once

namespace model::grid {
class TransformerTemperature {
 public:
  /// Long unloaded at this ambient temperature.
  explicit TransformerTemperature(double ambient_C) : oil_C_(ambient_C) {}

  /// `minutes` pass at load factor K. Range: 0 < minutes <= 2 (checked).
  void advance(double minutes, double load_factor, double ambient_C);
  double top_oil_C() const { return oil_C_; }
  double hot_spot_C() const { return oil_C_ + gradient_K_; }
  /// 1 at 98 C.
  double ageing_rate() const;
  /// Of the insulation's life since the beginning, in minutes at rate 1.
  double aged_min() const { return aged_min_; }

 private:
  double oil_C_;
  double gradient_K_ = 0;
  double aged_min_ = 0;
};
}  // namespace model::grid
