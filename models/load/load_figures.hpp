/// Figures of a population of loads: what measurements of real customers are published as, so that a model
/// and the world can be laid side by side.
///
///     load factor = mean / peak
///     coincidence of n = mean over random groups of n of (peak of the group's sum / sum of its members'
///     peaks)
/// A peak is the largest magnitude, so that roofs, which feed in, have one too. Unit: kW. Range: at least one
/// home, one day, an interval that divides the day; at most `values_max` values. Errors:
/// std::invalid_argument. Randomness: the loads' own; groups by (seed, group). Time: local days, no holidays.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/load/demand.hpp"

namespace model {
inline constexpr std::uint64_t values_max = 40'000'000;

/// A kind by its name in scenarios ("dwelling", "electric-car"...).
std::optional<DemandKind> demand_kind_of(std::string_view name);
/// "lower-yangtze" (the default of scenarios), "germany", "britain": means and swings of their weather
/// stations in round figures.
std::optional<Climate> climate_of(std::string_view name);

struct PopulationSetup {
  DemandKind kind = DemandKind::dwelling;
  std::uint64_t seed = 1;
  int homes = 100, days = 1, interval_min = 1;
  std::int64_t first_day = 0;  ///< local days since 1970
  double size = 1;
  Climate climate;
};

/// Mean power in each interval, home by home.
struct PowerTable {
  int interval_min = 1;
  std::vector<std::vector<float>> power_kW;
  std::size_t intervals() const { return power_kW.empty() ? 0 : power_kW.front().size(); }
};
PowerTable power_table(const PopulationSetup& setup);
/// The lighter household of cities (household.hpp) instead of `setup.kind`; local time is UTC+8, `setup.size`
/// and climate do not matter.
PowerTable household_table(const PopulationSetup& setup);

struct HomeFigures {
  double daily_kWh = 0, peak_kW = 0, load_factor = 0;
  double night_share = 0, evening_share = 0;  ///< mean power from 0 to 5 h and from 17 to 22 h over the mean
  double share_25 = 0, share_50 = 0, share_75 = 0, share_90 = 0, share_99 = 0;  ///< quantiles over the mean
};
HomeFigures figures_of(const PowerTable& table, std::size_t home);

/// The q-quantile, 0 <= q <= 1, interpolated between neighbours; 0 of nothing.
double quantile_of(std::vector<double> values, double q);
/// Mean over the homes of each home's mean power in that hour of the day over its mean power.
std::vector<double> shape_by_hour(const PowerTable& table);
/// `groups` random groups of `size` different homes, at most all of them.
double coincidence(const PowerTable& table, std::size_t size, std::uint64_t seed = 1, int groups = 100);
}  // namespace model
