// Locates unmetered loads by voltage residuals.
#include "head-end/loss/voltage_residual.hpp"

namespace headend::loss {
namespace {
/// Residuals at all connections in one interval; false when something was not read.
bool residuals_at(const AreaReadings& area, std::size_t t, std::vector<double>& residual) {
  const std::size_t n = area.customers.size();
  const double per_hour = area.intervals_per_day / 24.0;
  for (std::size_t i = 0; i < n; ++i) {
    if (area.customers[i].voltage_V.size() <= t) return false;
    residual[i] = area.source_voltage_V - area.customers[i].voltage_V[t];
    for (std::size_t j = 0; j < n; ++j)
      residual[i] -= area.drop_V_per_kW[i * n + j] * area.customers[j].energy_kWh[t] * per_hour;
    if (!is_read(residual[i])) return false;
  }
  return true;
}
}  // namespace

std::vector<Tap> locate_taps(const AreaReadings& area) {
  const std::size_t n = area.customers.size();
  if (n == 0 || area.drop_V_per_kW.size() != n * n || !(area.source_voltage_V > 0)) return {};
  std::vector<double> column_square(n, 0.0), explained(n, 0.0), power(n, 0.0), residual(n);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < n; ++i)
      column_square[j] += area.drop_V_per_kW[i * n + j] * area.drop_V_per_kW[i * n + j];
  double square = 0;
  std::size_t intervals = 0;
  for (std::size_t t = 0; t < area.supplied_kWh.size(); ++t) {
    if (!residuals_at(area, t, residual)) continue;
    ++intervals;
    for (const double r : residual) square += r * r;
    for (std::size_t j = 0; j < n; ++j) {
      double along = 0;
      for (std::size_t i = 0; i < n; ++i) along += area.drop_V_per_kW[i * n + j] * residual[i];
      if (!(column_square[j] > 0)) continue;
      power[j] += along / column_square[j];
      if (along > 0) explained[j] += along * along / column_square[j];  // nobody feeds in unseen
    }
  }
  if (intervals == 0) return {};
  std::vector<Tap> taps(n);
  for (std::size_t j = 0; j < n; ++j)
    taps[j] = {square > 0 ? explained[j] / square : 0, power[j] / static_cast<double>(intervals)};
  return taps;
}
}  // namespace headend::loss
