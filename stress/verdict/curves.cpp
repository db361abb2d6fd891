#include "stress/verdict/curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace stress {
std::vector<std::pair<Instant, double>> Curve::within(Instant from, Instant till) const {
  std::vector<std::pair<Instant, double>> inside;
  for (const auto& point : points_)
    if (point.first > from && point.first <= till) inside.push_back(point);
  return inside;
}

std::vector<double> Curve::values_within(Instant from, Instant till) const {
  std::vector<double> values;
  for (const auto& [at, value] : within(from, till)) values.push_back(value);
  return values;
}

double Curve::at(Instant instant) const {
  const auto next = std::lower_bound(points_.begin(), points_.end(), instant,
                                     [](const auto& point, Instant when) { return point.first < when; });
  if (next == points_.end()) return std::numeric_limits<double>::quiet_NaN();
  if (next->first == instant) return next->second;
  if (next == points_.begin()) return std::numeric_limits<double>::quiet_NaN();
  const auto& last = *(next - 1);
  const double share = seconds_of(instant - last.first) / seconds_of(next->first - last.first);
  return last.second + share * (next->second - last.second);
}

Curve curve_of(const StressRecord& record, std::string_view process, std::string_view column) {
  std::vector<std::pair<Instant, double>> points;
  for (const auto& table : record.samples) {
    if (table.process != process) continue;
    const auto found = std::find(table.columns.begin(), table.columns.end(), column);
    if (found == table.columns.end()) continue;
    const auto position = static_cast<std::size_t>(found - table.columns.begin());
    for (const auto& [at, row] : table.rows)
      if (position < row.size() && std::isfinite(row[position])) points.emplace_back(at, row[position]);
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return Curve(std::move(points));
}

std::vector<double> growth_per(const Curve& counter, const Curve& per, Instant from, Instant till) {
  std::vector<double> ratios;
  const auto rows = counter.within(from, till);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double grown = rows[i].second - rows[i - 1].second;
    const double of = per.growth(rows[i - 1].first, rows[i].first);
    if (of > 0 && grown >= 0) ratios.push_back(grown / of);
  }
  return ratios;
}

Curve rate_of(const Curve& counter) {
  std::vector<std::pair<Instant, double>> rates;
  const auto& points = counter.points();
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double length_s = seconds_of(points[i].first - points[i - 1].first);
    const double grown = points[i].second - points[i - 1].second;
    rates.emplace_back(points[i].first, grown >= 0 && length_s > 0
                                            ? grown / length_s
                                            : std::numeric_limits<double>::quiet_NaN());
  }
  return Curve(std::move(rates));
}

double seconds_of(Duration length) { return static_cast<double>(length.count()) * 1e-9; }
double milliseconds_of(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) * 1e-6; }
}  // namespace stress
