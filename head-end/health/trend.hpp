/// A straight line through a meter's daily values, how sure it is, and when it crosses a limit.
///
///     y = a + b x,  b = Sxy / Sxx,  s^2 = RSS / (n - 2) + q^2 / 12,  u(b) = s / sqrt(Sxx),  t = b / u(b)
/// (least squares: any textbook, for instance NIST/SEMATECH e-Handbook 4.4.4; q the resolution of a value,
/// whose rounding is rectangular, so that a value that never moves is not infinitely sure). The limit L is
/// crossed at x* = m + (L - y(m)) / b, m the mean of the x; earliest and latest with b +- 2 u(b), the error
/// of y(m) being small beside it. Unit: x in days. Range: two different x at least, else the line is level
/// and unsure. Errors, randomness: none. Time: none.
#pragma once
#include <optional>
#include <vector>

namespace headend::health {
struct Point {
  double day = 0, value = 0;
};

struct Trend {
  double slope = 0, slope_error = 0;  ///< per day; error: standard uncertainty
  double centre_day = 0, centre_value = 0;
  std::size_t points = 0;

  /// How often chance alone goes so steeply in this direction; 1 for fewer than four points.
  double p_value() const;
  struct Crossing {
    double likely_day = 0;
    double earliest_day = 0;
    std::optional<double> latest_day;  ///< nothing: perhaps never
  };
  /// Nothing when the line goes the other way, or not at all.
  std::optional<Crossing> crossing(double limit) const;
};
Trend trend_of(const std::vector<Point>& points, double resolution);
}  // namespace headend::health
