/// Strips of a common time axis, as SVG: what lies above one another happened at the same time.
///
/// All strips have the same width and margins, so that fault bands, events, power and money align. Long
/// series are thinned to the extremes of each pixel column: no peak is lost. Pure functions of the record;
/// the same record, the same bytes.
#pragma once
#include <string>
#include <vector>

#include "reports/run_record.hpp"

namespace report {
inline constexpr double strip_width = 1120;
inline constexpr double plot_left = 150;
inline constexpr double plot_right = 1106;

/// Colour k of a palette whose neighbours also differ for colour-blind readers (after Okabe and Ito).
const char* colour(std::size_t k);

/// Tariff periods have colours of their own: warm when energy is dear, cool when it is cheap.
const char* part_colour(const std::string& name, std::size_t k);

/// Instants on the x axis, in units of the picture.
class TimeAxis {
 public:
  /// Range: till > from; otherwise a quarter hour is assumed.
  TimeAxis(Instant from, Instant till, const core::Zone& zone);
  double x(Instant at) const;
  Instant from() const { return from_; }
  Instant till() const { return till_; }
  const core::Zone& zone() const { return zone_; }
  struct Tick {
    Instant at;
    std::string label;
    bool is_day;  ///< stands at a local midnight
  };
  /// At most fourteen, on whole hours or days of local time.
  std::vector<Tick> ticks() const;

 private:
  Instant from_, till_;
  core::Zone zone_;
};

/// At most two points a pixel column: its least and its greatest, in order of time.
std::vector<std::pair<Instant, double>> thinned(const std::vector<std::pair<Instant, double>>& points,
                                                const TimeAxis& axis);
/// Steps of 1, 2 or 5 times a power of ten that cover [low, high] with about five lines.
std::vector<double> nice_steps(double low, double high);

/// Fault bands in one lane per kind, events in one lane per sort.
std::string lanes_strip(const RunRecord& record, const TimeAxis& axis);
/// Lines over time, fault bands behind them. `id` names the strip for the cursor.
std::string lines_strip(const std::string& id, const std::vector<Series>& series, const RunRecord& record,
                        const TimeAxis& axis);
/// One stacked bar a day.
std::string bars_strip(const BarChart& chart, const RunRecord& record, const TimeAxis& axis);
/// "peak" -> "peak 峰".
std::string with_chinese(const std::string& word);
}  // namespace report
