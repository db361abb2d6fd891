// Measures of a customer's series.
#include "head-end/loss/shape.hpp"

#include <algorithm>
#include <cmath>

#include "core/portable_math.hpp"

namespace headend::loss::shape {
namespace {
using core::portable_math::log;

struct Moments {
  double mean = 0, deviation = 0;
};
Moments moments(const double* first, std::size_t count) {
  if (count == 0) return {};
  Moments m;
  for (std::size_t k = 0; k < count; ++k) m.mean += first[k];
  m.mean /= static_cast<double>(count);
  double square = 0;
  for (std::size_t k = 0; k < count; ++k) square += (first[k] - m.mean) * (first[k] - m.mean);
  m.deviation = std::sqrt(square / static_cast<double>(count));
  return m;
}

std::size_t slots_of(const AreaView& area) {
  return static_cast<std::size_t>(area.readings().intervals_per_day);
}

/// Customer's energy of each whole day over that of all customers.
std::vector<double> daily_shares(const AreaView& area, std::size_t customer) {
  std::vector<double> shares = area.daily_kWh(customer);
  for (std::size_t day = 0; day < shares.size(); ++day) {
    const double all = area.daily_total_kWh()[day];
    shares[day] = all > 0 ? shares[day] / all : 0;
  }
  return shares;
}
}  // namespace

double variation_within_days(const AreaView& area, std::size_t customer) {
  const auto& series = area.reported(customer);
  const std::size_t slots = slots_of(area);
  std::vector<double> variations;
  for (std::size_t from = 0; from + slots <= series.size(); from += slots) {
    const auto day = moments(series.data() + from, slots);
    if (day.mean > 1e-9) variations.push_back(day.deviation / day.mean);
  }
  return variations.empty() ? 10 : quantile(std::move(variations), 0.5);
}

double peak_to_median(const AreaView& area, std::size_t customer) {
  const Levels& levels = area.levels(customer);
  return levels.median_kWh > 1e-9 ? log(std::max(levels.peak_kWh / levels.median_kWh, 1e-9)) : 10;
}

double memory(const AreaView& area, std::size_t customer) {
  const auto& series = area.reported(customer);
  if (series.size() < 3) return 1;
  return correlation({series.begin(), series.end() - 1}, {series.begin() + 1, series.end()});
}

double restlessness(const AreaView& area, std::size_t customer) {
  constexpr std::size_t window = 6;
  const auto& series = area.reported(customer);
  std::vector<double> variations;
  for (std::size_t from = 0; from + window <= series.size(); from += window / 3) {
    const auto m = moments(series.data() + from, window);
    if (m.mean > 1e-9) variations.push_back(m.deviation / m.mean);
  }
  return quantile(std::move(variations), 0.02);
}

double floor_to_median(const AreaView& area, std::size_t customer) {
  const Levels& levels = area.levels(customer);
  return levels.median_kWh > 1e-9 ? (1 - memory(area, customer)) * levels.lowest_kWh / levels.median_kWh : 0;
}

double standstill_share(const AreaView& area, std::size_t customer) {
  const auto& series = area.reported(customer);
  const std::size_t slots = slots_of(area), least = std::max<std::size_t>(2, slots * 7 / 48);
  std::size_t still = 0;
  for (std::size_t from = 0; from + slots <= series.size(); from += slots) {
    std::size_t run = 0, of_day = 0;
    for (std::size_t t = from; t < from + slots; ++t) {
      run = series[t] > 0 ? 0 : run + 1;
      if (run == least) of_day += least;
      if (run > least) ++of_day;
    }
    if (of_day < slots) still += of_day;
  }
  return series.empty() ? 0 : static_cast<double>(still) / static_cast<double>(series.size());
}

double zero_share(const AreaView& area, std::size_t customer) {
  const auto& series = area.reported(customer);
  const auto zeros = std::count_if(series.begin(), series.end(), [](double energy) { return energy <= 0; });
  return series.empty() ? 0 : static_cast<double>(zeros) / static_cast<double>(series.size());
}

double ceiling_share(const AreaView& area, std::size_t customer) {
  const auto& series = area.reported(customer);
  if (series.empty()) return 0;
  const double least = *std::max_element(series.begin(), series.end()) * (1 - 1e-6);
  const auto count =
      std::count_if(series.begin(), series.end(), [&](double energy) { return energy >= least; });
  return static_cast<double>(count) / static_cast<double>(series.size());
}

ChangePoint change_point(const AreaView& area, std::size_t customer) {
  const auto shares = daily_shares(area, customer);
  const std::size_t days = shares.size();
  constexpr std::size_t margin = 4;  // days on each side, or a single holiday is a change
  ChangePoint best;
  for (std::size_t day = margin; day + margin <= days; ++day) {
    const auto before = moments(shares.data(), day), after = moments(shares.data() + day, days - day);
    const double error = std::sqrt(before.deviation * before.deviation / static_cast<double>(day) +
                                   after.deviation * after.deviation / static_cast<double>(days - day));
    const double floor = 0.02 * std::max(before.mean, after.mean);
    const double score = (before.mean - after.mean) / std::sqrt(error * error + floor * floor + 1e-12);
    if (score > best.score) best = {day, score, before.mean > 0 ? after.mean / before.mean : 1};
  }
  return best;
}

double fall(const AreaView& area, std::size_t customer) { return change_point(area, customer).score; }

double likeness_to_area(const AreaView& area, std::size_t customer) {
  const auto& own = area.usual_day(customer);
  std::vector<double> others = area.usual_day_of_all();
  for (std::size_t slot = 0; slot < others.size(); ++slot) others[slot] -= own[slot];
  return correlation(own, others);
}

double steepness(const AreaView& area, std::size_t customer) {
  const auto& series = area.reported(customer);
  if (series.size() < 3) return 0;
  std::vector<double> steps(series.size() - 1);
  for (std::size_t t = 0; t < steps.size(); ++t) steps[t] = series[t + 1] - series[t];
  const auto m = moments(steps.data(), steps.size());
  if (!(m.deviation > 1e-9)) return 0;
  double cube = 0;
  for (const double step : steps) {
    const double z = std::clamp((step - m.mean) / m.deviation, -6.0, 6.0);  // no single step decides
    cube += z * z * z;
  }
  return cube / static_cast<double>(steps.size());
}

double level(const AreaView& area, std::size_t customer) {
  double all = 0;
  for (std::size_t i = 0; i < area.customers(); ++i)
    all += area.mean_kWh(i) / static_cast<double>(area.customers());
  return all > 0 ? log(std::max(area.mean_kWh(customer) / all, 1e-3)) : 0;
}
}  // namespace headend::loss::shape
