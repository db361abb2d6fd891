// Detectors that look at one customer's own series: is this how people use electricity?
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "head-end/loss/detector.hpp"
#include "head-end/loss/shape.hpp"

namespace headend::loss {
namespace {
/// A question about a shape: its measure, the side that is suspicious, and the sentence for the inspector.
struct Question {
  std::string_view name;
  double (*measure)(const AreaView& area, std::size_t customer);
  double sign;  ///< +1: large is suspicious, -1: small is
  std::string_view sentence;
};

class ShapeDetector final : public Detector {
 public:
  explicit ShapeDetector(const Question& question) : question_(question) {}
  std::string_view name() const override { return question_.name; }
  Family family() const override { return Family::shape; }
  std::vector<double> scores(const AreaView& area) const override {
    std::vector<double> result(area.customers());
    double lowest = 0;
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i] = question_.sign * question_.measure(area, i);
      if (is_judged(area, i)) lowest = std::min(lowest, result[i]);
    }
    for (std::size_t i = 0; i < result.size(); ++i)
      if (!is_judged(area, i)) result[i] = lowest;
    return result;
  }
  std::string explain(const AreaView& area, std::size_t customer) const override {
    std::vector<double> others;
    for (std::size_t i = 0; i < area.customers(); ++i) others.push_back(question_.measure(area, i));
    return fmt::format("{}: {:.3g}, where half of the area's customers have {:.3g} or less",
                       question_.sentence, question_.measure(area, customer), quantile(others, 0.5));
  }

 private:
  /// Half of a series or less proves no shape: what was filled in would be judged.
  static bool is_judged(const AreaView& area, std::size_t customer) {
    return area.missing_share(customer) < 0.5;
  }
  Question question_;
};

constexpr Question questions[] = {
    {"flatness", shape::variation_within_days, -1, "variation within days (standard deviation / mean)"},
    {"low-peaks", shape::peak_to_median, -1, "highest intervals over the median (natural logarithm)"},
    {"memoryless", shape::memory, -1, "correlation between neighbouring intervals"},
    {"restless", shape::restlessness, +1, "unrest in the quietest hours (standard deviation / mean)"},
    {"bounded-below", shape::floor_to_median, +1,
     "lowest intervals over the median, where neighbours are unlike"},
    {"standstill", shape::standstill_share, +1, "share of time in stretches of nothing for hours"},
    {"zeros", shape::zero_share, +1, "share of intervals in which nothing is reported"},
    {"ceiling", shape::ceiling_share, +1, "share of intervals exactly at the highest value"},
    {"fallen", shape::fall, +1, "fall of the share in the area's energy (in steps of its usual spread)"},
    {"odd-hours", shape::likeness_to_area, -1, "likeness of the usual day to the area's"},
    {"backwards", shape::steepness, -1, "rises steeper than falls (skewness of steps)"},
    {"little", shape::level, -1, "energy against the area's mean (natural logarithm)"},
};
}  // namespace

void add_shape_detectors(Detectors& detectors) {
  for (const auto& question : questions) detectors.push_back(std::make_unique<ShapeDetector>(question));
}
}  // namespace headend::loss
