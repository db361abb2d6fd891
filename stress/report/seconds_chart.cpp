#include "stress/report/seconds_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/chart.hpp"
#include "reports/escape.hpp"
#include "stress/report/scale.hpp"
#include "stress/report/stage_kinds.hpp"
#include "stress/verdict/curves.hpp"

namespace stress {
namespace {
using report::escaped;
using report::plot_left, report::plot_right, report::strip_width;
constexpr double plot_top = 10, plot_bottom = 190, axis_height = 26;

std::string band_class(const StageRecord& stage, std::size_t k) {
  switch (stage.kind) {
    case StageKind::over_capacity:
    case StageKind::spike:
      return "over";
    case StageKind::recovery:
      return "back";
    case StageKind::knee_search:
      return k % 2 == 0 ? "seek" : "seek odd";
    case StageKind::warm_up:
      return "warm";
    default:
      return k % 2 == 0 ? "rung" : "rung odd";
  }
}

std::string bands(const StressRecord& record, const SecondsAxis& axis, double bottom) {
  std::string svg;
  for (std::size_t k = 0; k < record.stages.size(); ++k) {
    const auto& stage = record.stages[k];
    const double left = axis.x(stage.from);
    svg += fmt::format(
        "<rect class=\"stage {}\" x=\"{:.1f}\" y=\"{:.0f}\" width=\"{:.1f}\" height=\"{:.0f}\"><title>{}"
        "</title></rect>",
        band_class(stage, k), left, plot_top, std::max(1.0, axis.x(stage.till) - left), bottom - plot_top,
        escaped(stage.name));
  }
  return svg + "\n";
}

std::string open_strip(const std::string& id, const SecondsAxis& axis, double bottom,
                       const std::string& label) {
  std::string svg = fmt::format(
      "<svg class=\"strip\" id=\"strip-{}\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">\n",
      id, strip_width, bottom + axis_height, escaped(label));
  for (const auto& [second, text] : axis.ticks()) {
    const double x = plot_left + second / axis.length_s() * (plot_right - plot_left);
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.0f}\" y2=\"{2:.0f}\"/><text "
        "class=\"when\" "
        "x=\"{0:.1f}\" y=\"{3:.0f}\">{4}</text>\n",
        x, plot_top, bottom, bottom + 17, text);
  }
  return svg;
}

std::string close_strip(double bottom) {
  return fmt::format("<line class=\"cursor\" x1=\"0\" x2=\"0\" y1=\"{:.0f}\" y2=\"{:.0f}\"/>\n</svg>\n",
                     plot_top, bottom);
}

std::string legend(const Chart& chart) {
  std::string out = fmt::format("<p class=\"legend\" data-strip=\"{}\">", chart.id);
  for (std::size_t k = 0; k < chart.lines.size(); ++k)
    out += fmt::format("<span><i style=\"background:{}\"></i>{} <b></b></span>", report::colour(k),
                       escaped(chart.lines[k].name));
  return out + "</p>\n";
}

std::string path_of(const ChartLine& line, std::size_t k, const SecondsAxis& axis, const Scale& scale) {
  std::string path;
  bool is_down = false;
  for (const auto& [at, value] : line.points) {
    if (!scale.can_show(value)) {
      is_down = false;
      continue;
    }
    path += fmt::format("{}{:.1f} {:.1f}", is_down ? 'L' : 'M', axis.x(at), scale.y(value));
    is_down = true;
  }
  return fmt::format("<path class=\"series\" stroke=\"{}\"{} d=\"{}\"><title>{}</title></path>\n",
                     report::colour(k), line.is_dashed ? " stroke-dasharray=\"5 4\"" : "", path,
                     escaped(line.name));
}

std::string limit_line(double limit, const Scale& scale) {
  if (limit <= 0 || !scale.holds(limit)) return "";
  return fmt::format(
      "<line class=\"limit\" x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"><title>objective "
      "{:g}</title>"
      "</line>\n",
      plot_left, plot_right, scale.y(limit), scale.y(limit), limit);
}

std::string values_axis(const Scale& scale) {
  std::string svg;
  for (const double step : scale.steps())
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text class=\"value\" "
        "x=\"{:.0f}\" y=\"{:.1f}\">{}</text>\n",
        plot_left, plot_right, scale.y(step), scale.y(step), plot_left - 12, scale.y(step) + 4,
        short_rate(step));
  return svg;
}
}  // namespace

SecondsAxis::SecondsAxis(const StressRecord& record) : from_(record.began), till_(record.ended) {
  for (const auto& stage : record.stages) till_ = std::max(till_, stage.till);
  if (till_ < from_ + std::chrono::seconds(1)) till_ = from_ + std::chrono::seconds(1);
}

double SecondsAxis::x(Instant at) const {
  return plot_left + std::clamp(second_of(at) / length_s(), 0.0, 1.0) * (plot_right - plot_left);
}
double SecondsAxis::second_of(Instant at) const { return seconds_of(at - from_); }
double SecondsAxis::length_s() const { return seconds_of(till_ - from_); }

std::vector<std::pair<double, std::string>> SecondsAxis::ticks() const {
  constexpr std::array steps{1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600};
  constexpr double ticks_max = 14;
  int step = steps.back();
  for (const int candidate : steps)
    if (length_s() / candidate <= ticks_max) {
      step = candidate;
      break;
    }
  std::vector<std::pair<double, std::string>> ticks;
  for (int second = 0; second <= static_cast<int>(length_s()) && ticks.size() < 400; second += step)
    ticks.emplace_back(second, length_s() < 120 ? fmt::format("{} s", second)
                                                : fmt::format("{}:{:02}", second / 60, second % 60));
  return ticks;
}

std::string short_rate(double per_s) {
  if (std::abs(per_s) >= 1e6) return fmt::format("{:.4g}M", per_s / 1e6);
  if (std::abs(per_s) >= 1e4) return fmt::format("{:.4g}k", per_s / 1e3);
  return fmt::format("{:.4g}", per_s);
}

std::string stages_strip(const StressRecord& record, const SecondsAxis& axis) {
  constexpr double lane_bottom = 44;
  std::string svg = open_strip("stages", axis, lane_bottom, "Stages") + bands(record, axis, lane_bottom);
  svg += fmt::format("<text class=\"lane\" x=\"{:.0f}\" y=\"{:.0f}\">stage, readings/s</text>\n",
                     plot_left - 12, (plot_top + lane_bottom) / 2 + 4);
  for (const auto& stage : record.stages) {
    const double width = axis.x(stage.till) - axis.x(stage.from);
    const auto rate = short_rate(stage.offered_per_s);
    const auto kind = std::string(kind_text(stage.kind));
    constexpr double letter_width = 6.6;
    const auto text = width > letter_width * static_cast<double>(kind.size() + rate.size() + 1)
                          ? kind + " " + rate
                      : width > letter_width * static_cast<double>(rate.size()) ? rate
                                                                                : "";
    svg += fmt::format("<text class=\"stage-name\" x=\"{:.1f}\" y=\"{:.0f}\">{}</text>",
                       (axis.x(stage.from) + axis.x(stage.till)) / 2, (plot_top + lane_bottom) / 2 + 4, text);
  }
  return svg + close_strip(lane_bottom);
}

std::string chart_html(const Chart& chart, const StressRecord& record, const SecondsAxis& axis) {
  std::vector<double> values;
  for (const auto& line : chart.lines)
    for (const auto& [at, value] : line.points) values.push_back(value);
  const auto scale = Scale::over(values, {plot_top, plot_bottom, chart.is_logarithmic});
  if (!scale) return "";
  std::string out = fmt::format("<h3>{}</h3>\n", escaped(chart.title));
  if (!chart.note.empty()) out += fmt::format("<p class=\"note\">{}</p>\n", escaped(chart.note));
  out +=
      legend(chart) + open_strip(chart.id, axis, plot_bottom, chart.title) + bands(record, axis, plot_bottom);
  out += values_axis(*scale) + limit_line(chart.limit, *scale);
  for (std::size_t k = 0; k < chart.lines.size(); ++k) out += path_of(chart.lines[k], k, axis, *scale);
  return out + close_strip(plot_bottom);
}

std::string chart_data(const std::vector<Chart>& charts, const SecondsAxis& axis) {
  nlohmann::json json{{"span", axis.length_s()},
                      {"left", plot_left},
                      {"right", plot_right},
                      {"width", strip_width},
                      {"series", nlohmann::json::object()}};
  for (const auto& chart : charts) {
    auto& lines = json["series"][chart.id] = nlohmann::json::array();
    for (const auto& line : chart.lines) {
      nlohmann::json seconds = nlohmann::json::array(), values = nlohmann::json::array();
      for (const auto& [at, value] : line.points) {
        seconds.push_back(std::round(axis.second_of(at) * 100) / 100);
        values.push_back(std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr));
      }
      lines.push_back({{"t", seconds}, {"v", values}});
    }
  }
  return report::json_for_script(json.dump());
}
}  // namespace stress
