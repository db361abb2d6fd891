/// The curves of a stress run, cut out of its tables: a column of a process over time, and by stage.
///
/// Pure functions of the record. A figure that could not be had (NaN) is no point of the curve.
#pragma once
#include <string_view>
#include <utility>
#include <vector>

#include "stress/record.hpp"

namespace stress {
class Curve {
 public:
  Curve() = default;
  explicit Curve(std::vector<std::pair<Instant, double>> points) : points_(std::move(points)) {}
  const std::vector<std::pair<Instant, double>>& points() const { return points_; }
  bool empty() const { return points_.empty(); }
  /// Points with from < instant <= till.
  std::vector<std::pair<Instant, double>> within(Instant from, Instant till) const;
  std::vector<double> values_within(Instant from, Instant till) const;
  /// On the straight line between its neighbours; NaN before the first and after the last.
  double at(Instant instant) const;
  /// By how much a counter grew; NaN where it is not known.
  double growth(Instant from, Instant till) const { return at(till) - at(from); }

 private:
  std::vector<std::pair<Instant, double>> points_;
};

/// Empty if the record has no such table or column.
Curve curve_of(const StressRecord& record, std::string_view process, std::string_view column);
/// From row to row inside of (from, till]: growth of `counter` over growth of `per`; rows without growth of
/// `per` are left out.
std::vector<double> growth_per(const Curve& counter, const Curve& per, Instant from, Instant till);
/// The counter's growth per second, at the end of each row: for a chart. A counter that fell began anew: a
/// gap.
Curve rate_of(const Curve& counter);

double seconds_of(Duration length);
double milliseconds_of(std::int64_t nanoseconds);
}  // namespace stress
