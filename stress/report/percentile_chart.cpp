#include <fmt/format.h>

#include <array>
#include <cmath>

#include "reports/chart.hpp"
#include "reports/escape.hpp"
#include "stress/report/scale.hpp"
#include "stress/report/seconds_chart.hpp"
#include "stress/verdict/curves.hpp"

namespace stress {
namespace {
constexpr double top = 10, bottom = 290, decades = 4;  // of the share that took longer: 1 .. 0.0001

double x_of(double share_longer) {
  const double place = std::fmin(decades, -std::log10(std::fmax(share_longer, 1e-12)));
  return report::plot_left + place / decades * (report::plot_right - report::plot_left);
}

/// Light for the lowest rate, dark for the highest: the eye reads the ladder.
std::string shade(std::size_t k, std::size_t count) {
  const double share = count < 2 ? 1 : static_cast<double>(k) / static_cast<double>(count - 1);
  const auto mix = [&](int light, int dark) { return static_cast<int>(light + share * (dark - light)); };
  return fmt::format("rgb({},{},{})", mix(150, 18), mix(190, 52), mix(236, 128));
}

std::string axes(const Scale& scale) {
  static constexpr std::array labels{"0 %", "90 %", "99 %", "99.9 %", "99.99 %"};
  std::string svg;
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const double x = x_of(std::pow(10.0, -static_cast<double>(k)));
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.0f}\" y2=\"{2:.0f}\"/><text "
        "class=\"when\" "
        "x=\"{0:.1f}\" y=\"{3:.0f}\">{4}</text>\n",
        x, top, bottom, bottom + 17, labels[k]);
  }
  for (const double step : scale.steps())
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{0:.0f}\" x2=\"{1:.0f}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/><text "
        "class=\"value\" "
        "x=\"{3:.0f}\" y=\"{4:.1f}\">{5:g} ms</text>\n",
        report::plot_left, report::plot_right, scale.y(step), report::plot_left - 12, scale.y(step) + 4,
        step);
  return svg;
}

/// A staircase through the filled buckets: to the right, fewer and fewer took that long.
std::string staircase(const core::Histogram& times_ns, const Scale& scale) {
  std::string path;
  double longer = 1;
  times_ns.each_bucket([&](std::int64_t bound, std::uint64_t count) {
    const double y = scale.y(std::fmax(1e-3, milliseconds_of(std::min(bound, times_ns.max()))));
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? 'M' : 'L', x_of(longer), y);
    longer -= static_cast<double>(count) / static_cast<double>(times_ns.count());
    path += fmt::format("L{:.1f} {:.1f}", x_of(longer), y);
  });
  return path;
}
}  // namespace

std::string percentile_chart(const std::vector<const StageRecord*>& stages, double limit_ms) {
  std::vector<double> extremes;
  std::vector<const StageRecord*> shown;
  for (const auto* stage : stages) {
    if (stage->acknowledge_ns.empty()) continue;
    shown.push_back(stage);
    extremes.push_back(std::fmax(1e-3, milliseconds_of(stage->acknowledge_ns.min())));
    extremes.push_back(std::fmax(1e-3, milliseconds_of(stage->acknowledge_ns.max())));
  }
  const auto scale = Scale::over(extremes, {top, bottom, true});
  if (!scale) return "";
  std::string legend = "<p class=\"legend\">";
  std::string svg = fmt::format(
      "<svg class=\"strip\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"Latency by "
      "percentile\">\n",
      report::strip_width, bottom + 26);
  svg += axes(*scale);
  if (scale->holds(limit_ms))
    svg += fmt::format(
        "<line class=\"limit\" x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"{:.1f}\" "
        "y2=\"{:.1f}\"><title>objective</title></line>\n",
        report::plot_left, x_of(0.01), scale->y(limit_ms), scale->y(limit_ms));
  for (std::size_t k = 0; k < shown.size(); ++k) {
    const auto colour = shown[k]->kind == StageKind::over_capacity ? std::string("#bf2432")
                        : shown[k]->kind == StageKind::recovery    ? std::string("#0a7d4f")
                                                                   : shade(k, shown.size());
    legend += fmt::format("<span><i style=\"background:{}\"></i>{}</span>", colour,
                          report::escaped(shown[k]->name));
    svg += fmt::format("<path class=\"series\" stroke=\"{}\" d=\"{}\"><title>{}</title></path>\n", colour,
                       staircase(shown[k]->acknowledge_ns, *scale), report::escaped(shown[k]->name));
  }
  return legend + "</p>\n" + svg + "</svg>\n";
}
}  // namespace stress
