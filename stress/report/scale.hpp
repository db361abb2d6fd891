/// A vertical scale: straight, or in decades.
#pragma once
#include <cmath>
#include <optional>
#include <vector>

#include "reports/chart.hpp"

namespace stress {
struct Plot {
  double top = 0, bottom = 1;
  bool is_logarithmic = false;
};

class Scale {
 public:
  /// Covers the values that can be shown, and zero on a straight scale; nothing if there are none.
  static std::optional<Scale> over(const std::vector<double>& values, const Plot& plot) {
    double low = plot.is_logarithmic ? INFINITY : 0.0, high = plot.is_logarithmic ? 0.0 : -INFINITY;
    bool has_any = false;
    for (const double value : values) {
      if (!std::isfinite(value) || (plot.is_logarithmic && !(value > 0))) continue;
      has_any = true;
      low = std::fmin(low, value);
      high = std::fmax(high, value);
    }
    if (!has_any) return std::nullopt;
    Scale scale;
    scale.plot_ = plot;
    if (plot.is_logarithmic) {
      const int first = static_cast<int>(std::floor(std::log10(low)));
      const int last = std::max(first + 1, static_cast<int>(std::ceil(std::log10(high))));
      for (int decade = first; decade <= last; ++decade) scale.steps_.push_back(std::pow(10.0, decade));
    } else {
      scale.steps_ = report::nice_steps(low, high);
    }
    return scale;
  }
  bool can_show(double value) const { return std::isfinite(value) && (!plot_.is_logarithmic || value > 0); }
  bool holds(double value) const {
    return can_show(value) && value >= steps_.front() && value <= steps_.back();
  }
  double y(double value) const {
    const auto place = [&](double v) { return plot_.is_logarithmic ? std::log10(v) : v; };
    const double low = place(steps_.front()), high = place(steps_.back());
    return plot_.bottom - (place(value) - low) / (high - low) * (plot_.bottom - plot_.top);
  }
  const std::vector<double>& steps() const { return steps_; }

 private:
  Plot plot_;
  std::vector<double> steps_;
};
}  // namespace stress
