#include "head-end/health/trend.hpp"

#include <cmath>

#include "head-end/loss/student.hpp"

namespace headend::health {
Trend trend_of(const std::vector<Point>& points, double resolution) {
  Trend trend;
  trend.points = points.size();
  if (points.empty()) return trend;
  const double n = static_cast<double>(points.size());
  for (const auto& point : points) {
    trend.centre_day += point.day / n;
    trend.centre_value += point.value / n;
  }
  double xx = 0, xy = 0, yy = 0;
  for (const auto& point : points) {
    const double x = point.day - trend.centre_day, y = point.value - trend.centre_value;
    xx += x * x, xy += x * y, yy += y * y;
  }
  if (points.size() < 3 || !(xx > 0)) return trend;
  trend.slope = xy / xx;
  const double rest = std::fmax(0, yy - trend.slope * xy);
  trend.slope_error = std::sqrt((rest / (n - 2) + resolution * resolution / 12) / xx);
  return trend;
}

double Trend::p_value() const {
  if (points < 4 || !(slope_error > 0)) return 1;
  return loss::student_upper_tail(std::fabs(slope) / slope_error, static_cast<int>(points) - 2);
}

std::optional<Trend::Crossing> Trend::crossing(double limit) const {
  const double way = limit - centre_value;
  if (slope == 0 || way * slope <= 0) return std::nullopt;
  const double steep = std::fabs(slope) + 2 * slope_error, flat = std::fabs(slope) - 2 * slope_error;
  Crossing crossing{centre_day + way / slope, centre_day + std::fabs(way) / steep, std::nullopt};
  if (flat > 0) crossing.latest_day = centre_day + std::fabs(way) / flat;
  return crossing;
}
}  // namespace headend::health
