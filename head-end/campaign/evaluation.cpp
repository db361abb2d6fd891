#include "head-end/campaign/evaluation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/check.hpp"

namespace headend {
namespace {
constexpr double resolution_Wh = 10;
constexpr double quarters_an_hour = 4;
constexpr double adjustment_least = 0.5, adjustment_most = 2;

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}
std::int64_t whole(double value) { return std::llround(value); }
}  // namespace

double student_95(std::size_t degrees) {
  // Abramowitz and Stegun, table 26.10.
  static constexpr std::array<double, 30> table{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306,
                                                2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
                                                2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
                                                2.060,  2.056, 2.052, 2.048, 2.045, 2.042};
  METERTWIN_CHECK(degrees >= 1, degrees);
  return table[std::min(degrees, table.size()) - 1];
}

std::vector<double> foretold_Wh(const std::vector<CampaignDay>& like_days, double before_Wh,
                                const CampaignMethod& method) {
  METERTWIN_CHECK(!like_days.empty());
  std::vector<const CampaignDay*> chosen;
  for (const auto& day : like_days) chosen.push_back(&day);
  std::stable_sort(chosen.begin(), chosen.end(), [](const CampaignDay* a, const CampaignDay* b) {
    return sum_of(a->window_Wh) > sum_of(b->window_Wh);
  });
  chosen.resize(std::min(chosen.size(), static_cast<std::size_t>(std::max(method.highest, 1))));
  const auto count = static_cast<double>(chosen.size());
  std::vector<double> mean(chosen.front()->window_Wh.size());
  double before_mean_Wh = 0;
  for (const auto* day : chosen) {
    for (std::size_t q = 0; q < mean.size(); ++q) mean[q] += day->window_Wh[q] / count;
    before_mean_Wh += day->before_Wh / count;
  }
  if (!method.is_adjusted || before_mean_Wh <= 0) return mean;
  const double factor = std::clamp(before_Wh / before_mean_Wh, adjustment_least, adjustment_most);
  for (auto& energy : mean) energy *= factor;
  return mean;
}

std::optional<CampaignResult> evaluate(const CampaignDay& today, const std::vector<CampaignDay>& like_days,
                                       const CampaignMethod& method) {
  if (like_days.size() < 2 || method.customers == 0 || today.window_Wh.empty()) return std::nullopt;
  const auto baseline = foretold_Wh(like_days, today.before_Wh, method);
  double squares = 0;
  for (std::size_t left_out = 0; left_out < like_days.size(); ++left_out) {
    auto others = like_days;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(left_out));
    const auto& day = like_days[left_out];
    const double error = sum_of(foretold_Wh(others, day.before_Wh, method)) - sum_of(day.window_Wh);
    squares += error * error;
  }
  const auto n = static_cast<double>(like_days.size());
  const double reduction = sum_of(baseline) - sum_of(today.window_Wh);
  const double scatter = student_95(like_days.size() - 1) * std::sqrt(squares / n);
  const double steps =
      2 * resolution_Wh / std::sqrt(6.0) * std::sqrt(static_cast<double>(method.customers) * (1 + 1 / n));
  const double accuracy = method.accuracy_class / 100 * std::abs(reduction);
  CampaignResult result;
  result.baseline_Wh = whole(sum_of(baseline));
  result.drawn_Wh = whole(sum_of(today.window_Wh));
  result.reduction_Wh = result.baseline_Wh - result.drawn_Wh;
  result.uncertainty_Wh = whole(std::sqrt(scatter * scatter + steps * steps + accuracy * accuracy));
  result.baseline_peak_W = whole(quarters_an_hour * *std::max_element(baseline.begin(), baseline.end()));
  result.drawn_peak_W =
      whole(quarters_an_hour * *std::max_element(today.window_Wh.begin(), today.window_Wh.end()));
  result.like_days = static_cast<std::int64_t>(like_days.size());
  result.customers = static_cast<std::int64_t>(method.customers);
  return result;
}
}  // namespace headend
