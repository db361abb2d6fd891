/// Curves over the seconds of a stress run, as SVG strips of one common axis, with the stages as bands.
///
/// Same width, margins and palette as the charts of a scenario's report (reports/chart.hpp), so both pages
/// look alike. Pure functions; the same record, the same bytes.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "stress/record.hpp"

namespace stress {
/// Seconds since the run began, on the x axis.
class SecondsAxis {
 public:
  /// From the first stage or sample to the last; at least one second long.
  explicit SecondsAxis(const StressRecord& record);
  double x(Instant at) const;
  double second_of(Instant at) const;
  double length_s() const;
  /// "40 s" below two minutes of run, "2:30" above; at most fourteen.
  std::vector<std::pair<double, std::string>> ticks() const;

 private:
  Instant from_, till_;
};

struct ChartLine {
  std::string name;
  std::vector<std::pair<Instant, double>> points;  ///< a NaN is a gap
  bool is_dashed = false;                          ///< for what was asked, beside what was done
};

struct Chart {
  std::string id, title;  ///< title with its unit: "Latency, ms"
  std::string note;
  std::vector<ChartLine> lines;
  bool is_logarithmic = false;  ///< decades; values must be positive, others are gaps
  double limit = 0;             ///< a line across for an objective; 0: none
};

/// The lane of stages by name and rate that stands above all charts.
std::string stages_strip(const StressRecord& record, const SecondsAxis& axis);
/// Heading, legend and picture; "" if no line has a point.
std::string chart_html(const Chart& chart, const StressRecord& record, const SecondsAxis& axis);
/// Latency of each stage against the share of frames that took longer (1 .. 0.0001, logarithmic both ways): a
/// straight view of the tail. "" without any latency.
std::string percentile_chart(const std::vector<const StageRecord*>& stages, double limit_ms);
/// What the page's script reads: seconds and values of each chart's lines.
std::string chart_data(const std::vector<Chart>& charts, const SecondsAxis& axis);
/// "10k", "1.2M": for labels that must be short.
std::string short_rate(double per_s);
}  // namespace stress
