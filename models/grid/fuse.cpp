#include "models/grid/fuse.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.hpp"
#include "core/portable_math.hpp"

namespace model::grid {
namespace {
constexpr double slow_s = 7.0710678118654755, fast_s = 0.1;
/// An instant is cut to milliseconds; what is left of a fuse's life then is nothing.
constexpr double worn_out = 1 - 1e-9;

/// IEC 60269-1, table 3: currents that must not melt it in 10 s, must in 5 s, must not and must in 0.1 s.
struct Gates {
  double rated_A, not_in_10_s_A, in_5_s_A, not_in_100_ms_A, in_100_ms_A;
};
constexpr Gates gates[] = {{16, 33, 65, 85, 150},
                           {20, 42, 85, 110, 200},
                           {25, 52, 110, 150, 260},
                           {32, 75, 150, 200, 350},
                           {40, 95, 190, 260, 450},
                           {50, 125, 250, 350, 610},
                           {63, 160, 320, 450, 820},
                           {80, 215, 425, 610, 1100},
                           {100, 290, 580, 820, 1450},
                           {125, 355, 715, 1100, 1910},
                           {160, 460, 950, 1450, 2590},
                           {200, 610, 1250, 1910, 3420},
                           {250, 750, 1650, 2590, 4500},
                           {315, 1050, 2200, 3420, 6000},
                           {400, 1420, 2840, 4500, 8060},
                           {500, 1780, 3800, 6000, 10600},
                           {630, 2200, 5100, 8060, 14140},
                           {800, 3060, 7000, 10600, 19000},
                           {1000, 4000, 9500, 14140, 24000},
                           {1250, 5000, 13000, 19000, 35000}};

double between(double current_A, double near_A, double near_s, double far_A, double far_s) {
  using core::portable_math::exp;
  using core::portable_math::log;
  const double share = log(current_A / near_A) / log(far_A / near_A);
  return near_s * exp(share * log(far_s / near_s));
}
}  // namespace

FuseCurve fuse_curve(double rated_A) {
  METERTWIN_CHECK(rated_A >= fuse_least_A && rated_A <= fuse_most_A, rated_A);
  const auto above = std::upper_bound(std::begin(gates), std::end(gates), rated_A,
                                      [](double rated, const Gates& row) { return rated < row.rated_A; });
  const Gates& row = above == std::begin(gates) ? *above : *std::prev(above);
  const double scale = rated_A / row.rated_A;
  const double not_fusing = rated_A < 16 ? 1.5 : 1.25;
  const double fusing = rated_A <= 4 ? 2.1 : rated_A < 16 ? 1.9 : 1.6;
  const double hours = rated_A <= 63 ? 1 : rated_A <= 160 ? 2 : rated_A <= 400 ? 3 : 4;
  return {.rated_A = rated_A,
          .non_fusing_A = not_fusing * rated_A,
          .conventional_A = std::sqrt(not_fusing * fusing) * rated_A,
          .conventional_s = hours * 3600,
          .slow_A = std::sqrt(row.not_in_10_s_A * row.in_5_s_A) * scale,
          .fast_A = std::sqrt(row.not_in_100_ms_A * row.in_100_ms_A) * scale};
}

double melting_time_s(const FuseCurve& curve, double current_A) {
  if (!(current_A > curve.non_fusing_A)) return std::numeric_limits<double>::infinity();
  if (current_A < curve.conventional_A) {
    const double floor = curve.non_fusing_A * curve.non_fusing_A;
    return curve.conventional_s * (curve.conventional_A * curve.conventional_A - floor) /
           (current_A * current_A - floor);
  }
  if (current_A < curve.slow_A)
    return between(current_A, curve.conventional_A, curve.conventional_s, curve.slow_A, slow_s);
  if (current_A < curve.fast_A) return between(current_A, curve.slow_A, slow_s, curve.fast_A, fast_s);
  return fast_s * (curve.fast_A / current_A) * (curve.fast_A / current_A);
}

double FuseLink::holds_s(double current_A) const { return (1 - used_) * melting_time_s(curve_, current_A); }

bool FuseLink::carry(double current_A, double span_s) {
  if (current_A > curve_.non_fusing_A)
    used_ += span_s / melting_time_s(curve_, current_A);
  else
    used_ = std::max(0.0, used_ - span_s / curve_.conventional_s);
  return used_ >= worn_out;
}
}  // namespace model::grid
