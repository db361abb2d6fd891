#include "reports/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "reports/escape.hpp"

namespace report {
namespace {
constexpr double line_strip_height = 230;
constexpr double plot_top = 12;
constexpr double axis_height = 26;
constexpr double lane_height = 24;

/// Opens a strip, with its grid of instants and their labels below.
std::string open_strip(const std::string& id, double plot_bottom, const TimeAxis& axis,
                       const std::string& label) {
  std::string svg = fmt::format(
      "<svg class=\"strip\" id=\"strip-{}\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">\n",
      id, strip_width, plot_bottom + axis_height, escaped(label));
  for (const auto& tick : axis.ticks()) {
    const auto x = axis.x(tick.at);
    svg += fmt::format("<line class=\"{}\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.0f}\" y2=\"{:.0f}\"/>",
                       tick.is_day ? "day" : "grid", x, x, plot_top, plot_bottom);
    svg += fmt::format("<text class=\"when\" x=\"{:.1f}\" y=\"{:.0f}\">{}</text>\n", x, plot_bottom + 17,
                       tick.label);
  }
  return svg;
}

std::string close_strip(double plot_bottom) {
  return fmt::format("<line class=\"cursor\" x1=\"0\" x2=\"0\" y1=\"{:.0f}\" y2=\"{:.0f}\"/>\n</svg>\n",
                     plot_top, plot_bottom);
}

std::string fault_bands(const RunRecord& record, const TimeAxis& axis, double plot_bottom) {
  std::string svg;
  for (const auto& fault : record.faults) {
    const auto x = axis.x(fault.from);
    svg += fmt::format("<rect class=\"band\" x=\"{:.1f}\" y=\"{:.0f}\" width=\"{:.1f}\" height=\"{:.0f}\"/>",
                       x, plot_top, std::max(1.5, axis.x(fault.till) - x), plot_bottom - plot_top);
  }
  return svg + "\n";
}

std::string window_text(const FaultBand& fault, const core::Zone& zone) {
  return fault.kind + ", " + fault.where + ": " + core::to_civil_text(fault.from, zone) + " to " +
         core::to_civil_text(fault.till, zone) + (fault.has_fired ? "" : " (never took effect)");
}

const char* class_of(Event::Kind kind) {
  static constexpr std::array names{"notice", "sale",    "cut",   "restored", "bill",
                                    "outage", "restart", "crash", "alarm",    "other"};
  return names[static_cast<std::size_t>(kind)];
}

std::string lane_label(const std::string& text, double y) {
  return fmt::format("<text class=\"lane\" x=\"{:.0f}\" y=\"{:.1f}\">{}</text>", plot_left - 12,
                     y + lane_height / 2 + 4, escaped(text));
}

std::string fault_lane(const std::string& kind, const RunRecord& record, const TimeAxis& axis, double y) {
  std::string svg = lane_label(kind, y);
  for (const auto& fault : record.faults) {
    if (fault.kind != kind) continue;
    const auto x = axis.x(fault.from);
    svg += fmt::format(
        "<rect class=\"fault{}\" x=\"{:.1f}\" y=\"{:.0f}\" width=\"{:.1f}\" height=\"{:.0f}\" "
        "rx=\"3\"><title>{}</title></rect>",
        fault.has_fired ? "" : " unfired", x, y + 4, std::max(4.0, axis.x(fault.till) - x), lane_height - 8,
        escaped(window_text(fault, axis.zone())));
  }
  return svg + "\n";
}

std::string event_lane(Event::Kind kind, const RunRecord& record, const TimeAxis& axis, double y) {
  std::string svg = lane_label(with_chinese(name_of(kind)), y);
  for (const auto& event : record.events) {
    if (event.kind != kind) continue;
    svg += fmt::format(
        "<circle class=\"mark {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4.5\"><title>{} {}: {}</title></circle>",
        class_of(kind), axis.x(event.at), y + lane_height / 2, core::to_civil_text(event.at, axis.zone()),
        escaped(event.entity), escaped(event.text));
  }
  return svg + "\n";
}

struct Scale {
  double low, high;
  double y(double value, double plot_bottom) const {
    return plot_bottom - (value - low) / (high - low) * (plot_bottom - plot_top);
  }
};

/// Horizontal lines with their values; gives the scale that they span.
Scale draw_values(std::string& svg, double low, double high, double plot_bottom) {
  const auto steps = nice_steps(low, high);
  const Scale scale{steps.front(), steps.back()};
  for (const auto step : steps) {
    const auto y = scale.y(step, plot_bottom);
    const bool is_zero = std::abs(step) < (scale.high - scale.low) * 1e-9;
    svg += fmt::format("<line class=\"{}\" x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>",
                       is_zero ? "zero" : "grid", plot_left, plot_right, y, y);
    svg += fmt::format("<text class=\"value\" x=\"{:.0f}\" y=\"{:.1f}\">{:g}</text>\n", plot_left - 12, y + 4,
                       is_zero ? 0.0 : step);
  }
  return scale;
}

/// One line, lifted from the paper where values are missing.
std::string polyline(const Series& series, std::size_t k, const TimeAxis& axis, const Scale& scale,
                     double plot_bottom) {
  std::string path;
  bool is_down = false;
  for (const auto& [at, value] : thinned(series.points, axis)) {
    if (!std::isfinite(value)) {
      is_down = false;
      continue;
    }
    path += fmt::format("{}{:.1f} {:.1f}", is_down ? 'L' : 'M', axis.x(at), scale.y(value, plot_bottom));
    is_down = true;
  }
  return fmt::format("<path class=\"series\" stroke=\"{}\" d=\"{}\"><title>{}</title></path>\n", colour(k),
                     path, escaped(series.name));
}
}  // namespace

const char* colour(std::size_t k) {
  static constexpr std::array palette{"#2563c9", "#d9730d", "#0f8a6a", "#a34bb8", "#b5892b", "#1695b8",
                                      "#c2415d", "#5a6b80", "#7a5af0", "#4f8f1f", "#93522f", "#2f3e53"};
  return palette[k % palette.size()];
}

const char* part_colour(const std::string& name, std::size_t k) {
  static constexpr std::array<std::pair<const char*, const char*>, 4> parts{
      {{"sharp", "#c2415d"}, {"peak", "#e08a2c"}, {"flat", "#4aa3a2"}, {"valley", "#3d63b8"}}};
  for (const auto& [part, shade] : parts)
    if (name == part) return shade;
  return colour(k);
}

TimeAxis::TimeAxis(Instant from, Instant till, const core::Zone& zone)
    : from_(from), till_(std::max(till, from + std::chrono::minutes(15))), zone_(zone) {}

double TimeAxis::x(Instant at) const {
  const auto inside = std::clamp(at, from_, till_);
  return plot_left + static_cast<double>((inside - from_).count()) /
                         static_cast<double>((till_ - from_).count()) * (plot_right - plot_left);
}

std::vector<TimeAxis::Tick> TimeAxis::ticks() const {
  constexpr int ticks_max = 14;
  constexpr std::array hour_steps{1, 2, 3, 6, 12};
  constexpr std::array day_steps{1, 2, 5, 7, 14, 30, 60, 120, 365};
  const auto hours = std::chrono::duration<double, std::ratio<3600>>(till_ - from_).count();
  const auto first_day = zone_.local_day(from_);
  const auto last_day = zone_.local_day(till_);
  std::vector<Tick> ticks;
  const auto add = [&](Instant at, bool is_day) {
    if (at < from_ || at > till_) return;
    const auto civil = zone_.civil(at);
    ticks.push_back({at,
                     is_day ? fmt::format("{:02}-{:02}", civil.month, civil.day)
                            : fmt::format("{:02}:{:02}", civil.hour, civil.minute),
                     is_day});
  };
  for (const int step : hour_steps)
    if (hours / step <= ticks_max) {
      for (auto day = first_day; day <= last_day; ++day) {
        const auto date = core::civil_from_days(day);
        for (int hour = 0; hour < 24; hour += step)
          add(zone_.instant({.year = date.year, .month = date.month, .day = date.day, .hour = hour}),
              hour == 0);
      }
      return ticks;
    }
  const auto* step = std::find_if(day_steps.begin(), day_steps.end() - 1,
                                  [&](int days) { return hours / 24 / days <= ticks_max; });
  for (auto day = first_day; day <= last_day; day += *step) add(zone_.start_of_day(day), true);
  return ticks;
}

std::vector<std::pair<Instant, double>> thinned(const std::vector<std::pair<Instant, double>>& points,
                                                const TimeAxis& axis) {
  if (points.size() <= 2 * static_cast<std::size_t>(plot_right - plot_left)) return points;
  std::vector<std::pair<Instant, double>> kept;
  for (std::size_t i = 0; i < points.size();) {
    if (!std::isfinite(points[i].second)) {  // a gap in the line stays one
      kept.push_back(points[i++]);
      continue;
    }
    const auto column = std::floor(axis.x(points[i].first));
    std::size_t low = i, high = i, next = i;
    for (; next < points.size() && std::isfinite(points[next].second) &&
           std::floor(axis.x(points[next].first)) <= column;
         ++next) {
      if (points[next].second < points[low].second) low = next;
      if (points[next].second > points[high].second) high = next;
    }
    kept.push_back(points[std::min(low, high)]);
    if (low != high) kept.push_back(points[std::max(low, high)]);
    i = next;
  }
  return kept;
}

std::vector<double> nice_steps(double low, double high) {
  if (!(high > low)) high = low + 1;
  const double raw = (high - low) / 4;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double share = raw / power;
  const double step = power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
  std::vector<double> steps;
  const auto first = static_cast<long>(std::floor(low / step + 1e-9));
  const auto last = static_cast<long>(std::ceil(high / step - 1e-9));
  for (long k = first; k <= last; ++k) steps.push_back(static_cast<double>(k) * step);
  return steps;
}

std::string lanes_strip(const RunRecord& record, const TimeAxis& axis) {
  std::vector<std::string> fault_kinds;
  for (const auto& fault : record.faults)
    if (std::find(fault_kinds.begin(), fault_kinds.end(), fault.kind) == fault_kinds.end())
      fault_kinds.push_back(fault.kind);
  std::vector<Event::Kind> event_kinds;
  for (const auto& event : record.events)
    if (std::find(event_kinds.begin(), event_kinds.end(), event.kind) == event_kinds.end())
      event_kinds.push_back(event.kind);
  std::sort(event_kinds.begin(), event_kinds.end());
  const auto plot_bottom = plot_top + lane_height * static_cast<double>(std::max<std::size_t>(
                                                        1, fault_kinds.size() + event_kinds.size()));
  std::string svg = open_strip("lanes", plot_bottom, axis, "Faults and events over time");
  svg += fault_bands(record, axis, plot_bottom);
  double y = plot_top;
  for (const auto& kind : fault_kinds) {
    svg += fault_lane(kind, record, axis, y);
    y += lane_height;
  }
  for (const auto kind : event_kinds) {
    svg += event_lane(kind, record, axis, y);
    y += lane_height;
  }
  return svg + close_strip(plot_bottom);
}

std::string lines_strip(const std::string& id, const std::vector<Series>& series, const RunRecord& record,
                        const TimeAxis& axis) {
  double low = 0, high = 0;
  for (const auto& line : series)
    for (const auto& [at, value] : line.points)
      if (std::isfinite(value)) {
        low = std::min(low, value);
        high = std::max(high, value);
      }
  std::string svg = open_strip(id, line_strip_height, axis, id);
  svg += fault_bands(record, axis, line_strip_height);
  const auto scale = draw_values(svg, low, high, line_strip_height);
  for (std::size_t k = 0; k < series.size(); ++k)
    svg += polyline(series[k], k, axis, scale, line_strip_height);
  return svg + close_strip(line_strip_height);
}

std::string bars_strip(const BarChart& chart, const RunRecord& record, const TimeAxis& axis) {
  double high = 0;
  for (const auto& bar : chart.bars) {
    double sum = 0;
    for (const auto part : bar.parts) sum += std::max(0.0, part);
    high = std::max(high, sum);
  }
  std::string svg = open_strip("energy", line_strip_height, axis, "Energy per day");
  svg += fault_bands(record, axis, line_strip_height);
  const auto scale = draw_values(svg, 0, high, line_strip_height);
  for (const auto& bar : chart.bars) {
    const auto left = axis.x(bar.at), right = axis.x(bar.at + std::chrono::hours(24));
    const auto gap = std::min(3.0, (right - left) / 6);
    double below = 0;
    for (std::size_t k = 0; k < bar.parts.size(); ++k) {
      const auto value = std::max(0.0, bar.parts[k]);
      const auto top = scale.y(below + value, line_strip_height);
      const auto name = k < chart.part_names.size() ? chart.part_names[k] : std::string();
      svg += fmt::format(
          "<rect fill=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{} {}: "
          "{:.2f} kWh</title></rect>",
          part_colour(name, k), left + gap, top, std::max(0.5, right - left - 2 * gap),
          scale.y(below, line_strip_height) - top, core::to_civil_text(bar.at, axis.zone()).substr(0, 10),
          escaped(with_chinese(name)), bar.parts[k]);
      below += value;
    }
    svg += "\n";
  }
  return svg + close_strip(line_strip_height);
}

std::string with_chinese(const std::string& word) {
  static constexpr std::array<std::pair<const char*, const char*>, 10> words{{{"sharp", "尖"},
                                                                              {"peak", "峰"},
                                                                              {"flat", "平"},
                                                                              {"valley", "谷"},
                                                                              {"notice", "催费"},
                                                                              {"payment", "购电"},
                                                                              {"cut off", "拉闸"},
                                                                              {"restored", "合闸"},
                                                                              {"bill", "电费"},
                                                                              {"alarm", "告警"}}};
  for (const auto& [english, chinese] : words)
    if (word == english) return word + " " + chinese;
  return word;
}
}  // namespace report
