// Quantiles, load factors, shapes and coincidence of made populations.
#include "models/load/load_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "core/random.hpp"
#include "models/load/load.hpp"

namespace model {
namespace {
constexpr int hours = 24;
/// Groups are drawn beside the customers' own traits: no customer has a number this high.
constexpr std::uint32_t group_entities = 0xFFFF'0000;

void require_valid(const PopulationSetup& setup) {
  if (setup.homes < 1 || setup.days < 1) throw std::invalid_argument("at least one home and one day");
  if (setup.interval_min < 1 || minutes_a_day % setup.interval_min != 0)
    throw std::invalid_argument("a day must hold whole intervals");
  if (!(setup.size > 0 && setup.size <= 100)) throw std::invalid_argument("a size is above 0, at most 100");
  const auto values = static_cast<std::uint64_t>(setup.homes) * static_cast<std::uint64_t>(setup.days) *
                      static_cast<std::uint64_t>(minutes_a_day / setup.interval_min);
  if (values > values_max) throw std::invalid_argument("more than 40 million values: fewer homes or days");
}

double mean_of(const std::vector<float>& series) {
  return std::accumulate(series.begin(), series.end(), 0.0) / static_cast<double>(series.size());
}
double peak_of(const std::vector<float>& series) {
  double peak = 0;
  for (const float power : series) peak = std::max(peak, std::fabs(static_cast<double>(power)));
  return peak;
}

/// Mean power of each hour of the day.
std::array<double, hours> by_hour(const std::vector<float>& series, int interval_min) {
  std::array<double, hours> sum{};
  const auto slots = static_cast<std::size_t>(minutes_a_day / interval_min);
  for (std::size_t t = 0; t < series.size(); ++t)
    sum[t % slots * static_cast<std::size_t>(interval_min) / 60] += static_cast<double>(series[t]);
  const double in_an_hour = static_cast<double>(series.size()) / hours;
  for (double& hour : sum) hour /= in_an_hour;
  return sum;
}

double mean_between(const std::array<double, hours>& shape, std::size_t from, std::size_t till) {
  return std::accumulate(shape.begin() + static_cast<std::ptrdiff_t>(from),
                         shape.begin() + static_cast<std::ptrdiff_t>(till), 0.0) /
         static_cast<double>(till - from);
}
}  // namespace

std::optional<DemandKind> demand_kind_of(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, DemandKind>, 7> kinds{
      {{"dwelling", DemandKind::dwelling},
       {"electric-car", DemandKind::electric_car},
       {"heat-pump", DemandKind::heat_pump},
       {"solar-roof", DemandKind::solar_roof},
       {"shop", DemandKind::shop},
       {"workshop", DemandKind::workshop},
       {"studio", DemandKind::studio}}};
  for (const auto& [known, kind] : kinds)
    if (known == name) return kind;
  return std::nullopt;
}

std::optional<Climate> climate_of(std::string_view name) {
  if (name == "lower-yangtze") return Climate{};
  if (name == "germany")
    return Climate{.mean_C = 10, .season_C = 9, .swing_C = 4, .deviation_C = 3, .latitude_deg = 51};
  if (name == "britain")
    return Climate{.mean_C = 10, .season_C = 6, .swing_C = 3, .deviation_C = 2, .latitude_deg = 52};
  return std::nullopt;
}

PowerTable power_table(const PopulationSetup& setup) {
  require_valid(setup);
  PowerTable table{setup.interval_min, {}};
  Climate climate = setup.climate;
  climate.seed = setup.seed;
  for (int home = 0; home < setup.homes; ++home) {
    auto& series = table.power_kW.emplace_back();
    series.reserve(static_cast<std::size_t>(setup.days * (minutes_a_day / setup.interval_min)));
    const DemandSetup own{setup.kind, setup.seed, static_cast<std::uint32_t>(home), setup.size};
    for (int day = 0; day < setup.days; ++day) {
      const DemandDay minutes = demand_of_day(own, climate, setup.first_day + day);
      for (int from = 0; from < minutes_a_day; from += setup.interval_min) {
        std::int64_t sum_mW = 0;
        for (int minute = from; minute < from + setup.interval_min; ++minute)
          sum_mW += minutes[static_cast<std::size_t>(minute)];
        series.push_back(static_cast<float>(static_cast<double>(sum_mW) / setup.interval_min / 1e6));
      }
    }
  }
  return table;
}

PowerTable household_table(const PopulationSetup& setup) {
  require_valid(setup);
  PowerTable table{setup.interval_min, {}};
  const HomeSeed place{.seed = setup.seed};
  const std::int64_t step_ms = setup.interval_min * 60'000ll;
  const std::int64_t from_ms = (setup.first_day * 86'400 - place.utc_offset.count()) * 1000;
  const std::int64_t till_ms = from_ms + setup.days * 86'400'000ll;
  for (int home = 0; home < setup.homes; ++home) {
    const Load load = Load::household({.seed = setup.seed, .home = static_cast<std::uint32_t>(home)});
    auto& series = table.power_kW.emplace_back();
    for (std::int64_t step = from_ms; step < till_ms; step += step_ms) {
      double energy_mWms = 0;
      for (std::int64_t at = step; at < step + step_ms;) {
        const LoadSegment segment = load.segment_at(at);
        const std::int64_t end = std::min(segment.till_ms, step + step_ms);
        energy_mWms += static_cast<double>(segment.power.count()) * static_cast<double>(end - at);
        at = end;
      }
      series.push_back(static_cast<float>(energy_mWms / static_cast<double>(step_ms) / 1e6));
    }
  }
  return table;
}

HomeFigures figures_of(const PowerTable& table, std::size_t home) {
  const auto& series = table.power_kW[home];
  HomeFigures figures;
  if (series.empty()) return figures;
  const double mean = mean_of(series);
  figures.daily_kWh = 24 * mean;
  figures.peak_kW = peak_of(series);
  if (!(std::fabs(mean) > 0)) return figures;
  figures.load_factor = std::fabs(mean) / figures.peak_kW;
  const auto shape = by_hour(series, table.interval_min);
  figures.night_share = mean_between(shape, 0, 5) / mean;
  figures.evening_share = mean_between(shape, 17, 22) / mean;
  std::vector<double> shares;
  for (const float power : series) shares.push_back(static_cast<double>(power) / mean);
  std::sort(shares.begin(), shares.end());
  figures.share_25 = quantile_of(shares, 0.25);
  figures.share_50 = quantile_of(shares, 0.5);
  figures.share_75 = quantile_of(shares, 0.75);
  figures.share_90 = quantile_of(shares, 0.9);
  figures.share_99 = quantile_of(shares, 0.99);
  return figures;
}

double quantile_of(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  const double at = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(at);
  std::nth_element(values.begin(), values.begin() + below, values.end());
  const double low = values[static_cast<std::size_t>(below)];
  if (below + 1 == static_cast<std::ptrdiff_t>(values.size())) return low;
  const double high = *std::min_element(values.begin() + below + 1, values.end());
  return low + (at - static_cast<double>(below)) * (high - low);
}

std::vector<double> shape_by_hour(const PowerTable& table) {
  std::vector<double> shape(hours, 0.0);
  for (const auto& series : table.power_kW) {
    const double mean = mean_of(series);
    if (!(std::fabs(mean) > 0)) continue;
    const auto own = by_hour(series, table.interval_min);
    for (std::size_t hour = 0; hour < own.size(); ++hour)
      shape[hour] += own[hour] / mean / static_cast<double>(table.power_kW.size());
  }
  return shape;
}

double coincidence(const PowerTable& table, std::size_t size, std::uint64_t seed, int groups) {
  const std::size_t homes = table.power_kW.size();
  size = std::clamp<std::size_t>(size, 1, std::max<std::size_t>(homes, 1));
  if (homes == 0 || table.intervals() == 0) return 0;
  const core::RandomStream draws(seed, group_entities + static_cast<std::uint32_t>(size),
                                 core::Purpose::demand_traits);
  std::vector<double> peaks, together(table.intervals());
  for (const auto& series : table.power_kW) peaks.push_back(peak_of(series));
  std::vector<std::size_t> order(homes);
  double sum = 0;
  for (int group = 0; group < groups; ++group) {
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::fill(together.begin(), together.end(), 0.0);
    double of_members = 0;
    for (std::size_t k = 0; k < size; ++k) {
      std::swap(order[k], order[k + draws.below(homes - k, static_cast<std::uint64_t>(group) * homes + k)]);
      const auto& series = table.power_kW[order[k]];
      of_members += peaks[order[k]];
      for (std::size_t t = 0; t < series.size(); ++t) together[t] += static_cast<double>(series[t]);
    }
    double of_all = 0;
    for (const double power : together) of_all = std::max(of_all, std::fabs(power));
    sum += of_members > 0 ? of_all / of_members : 0;
  }
  return sum / groups;
}
}  // namespace model
