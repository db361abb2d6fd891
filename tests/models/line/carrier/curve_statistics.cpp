// The z-tests' arithmetic.
#include "tests/models/line/carrier/curve_statistics.hpp"

#include <cmath>

namespace carrier_test {
double z_against(const model::carrier::CurvePoint& point, double probability) {
  const auto bits = static_cast<double>(point.bits);
  const double variance = bits * probability * (1 - probability) * point.clustering();
  return (static_cast<double>(point.errors) - bits * probability) / std::sqrt(variance);
}

double z_between(const model::carrier::CurvePoint& point, double errors, double bits) {
  const auto own_bits = static_cast<double>(point.bits), own_errors = static_cast<double>(point.errors);
  const double pooled = (own_errors + errors) / (own_bits + bits);
  const double variance = pooled * (1 - pooled) * (1 / own_bits + 1 / bits) * point.clustering();
  if (variance <= 0) return 0;
  return (own_errors / own_bits - errors / bits) / std::sqrt(variance);
}
}  // namespace carrier_test
