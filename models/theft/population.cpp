// A made-up population of households.
#include "models/theft/population.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/portable_math.hpp"

namespace model::theft {
namespace {
namespace pm = core::portable_math;
using core::RandomStream;

constexpr std::uint64_t day_draws = std::uint64_t{1} << 40;
constexpr std::uint64_t home_draws = std::uint64_t{1} << 41;
constexpr std::uint64_t appliance_draws = std::uint64_t{1} << 42;

double normal(const RandomStream& draws, std::uint64_t index) {
  return pm::normal_quantile((static_cast<double>(draws.word(index) >> 11) + 0.5) * 0x1p-53);
}

/// What makes one home unlike another.
struct Home {
  double base_kW, size_kW, rises_h, dines_h, day_share, evening_share, roughness, memory;
  double boiler_kW, boiler_from_h, heat_pump_kW, cycle_h;
  double appliance_chance, appliance_kWh, away_chance, resolution_kWh;
};

Home make_home(const RandomStream& draws) {
  std::uint64_t next = home_draws;
  const auto between = [&](double low, double high) { return uniform(draws, low, high, next++); };
  Home home{};
  home.base_kW = pm::exp(-2.4 + 0.6 * normal(draws, next++));  // median 90 W
  home.size_kW = pm::exp(-1.0 + 0.5 * normal(draws, next++));  // median 370 W at the evening's height
  home.rises_h = between(5.0, 9.0);
  home.dines_h = between(17.0, 21.0);
  home.day_share = between(0.1, 0.8);
  home.evening_share = between(0.6, 1.4);
  home.roughness = between(0.3, 0.8);
  home.memory = between(0.4, 0.85);
  home.boiler_kW = between(0, 1) < 0.35 ? between(1.0, 3.0) : 0;
  home.boiler_from_h = between(21.5, 25.5);
  home.heat_pump_kW = between(0, 1) < 0.2 ? between(0.6, 2.0) : 0;
  home.cycle_h = between(1.0, 3.0);
  home.appliance_chance = between(0.01, 0.05);
  home.appliance_kWh = between(0.3, 1.0);
  home.away_chance = between(0, 1) < 0.3 ? 0.06 : 0.01;
  home.resolution_kWh = between(0, 1) < 0.3 ? 0.01 : 0.001;  // registers differ in what they show
  return home;
}

double bump(double hour, double centre_h, double width_h) {
  double away = std::fabs(hour - centre_h);
  away = std::min(away, 24 - away) / width_h;
  return away > 6 ? 0 : pm::exp(-0.5 * away * away);
}

double shape_of(const Home& home, double hour, bool is_weekend) {
  const double rises = home.rises_h + (is_weekend ? 1.5 : 0);
  const double at_home = is_weekend ? 0.7 : home.day_share;
  return 0.5 * bump(hour, rises, 1.2) + at_home * bump(hour, 12.5, 2.5) +
         home.evening_share * bump(hour, home.dines_h, 1.8) + 0.4 * bump(hour, home.dines_h + 2.5, 1.5);
}

double heating_of(const Home& home, const RandomStream& draws, std::uint64_t day, double hour) {
  double power = 0;
  const double lasts_h = uniform(draws, 1.5, 4.0, day_draws + 4 * day);
  const double since = hour - home.boiler_from_h + (hour < home.boiler_from_h - 12 ? 24 : 0);
  if (since >= 0 && since < lasts_h) power += home.boiler_kW;
  const double cold = 0.5 + 0.4 * uniform(draws, day_draws + 4 * day + 1);  // share of time the pump runs
  const double phase = uniform(draws, day_draws + 4 * day + 2);
  const double cycle = hour / home.cycle_h + phase;
  if (cycle - std::floor(cycle) < cold) power += home.heat_pump_kW;
  return power;
}

Consumption live(const Home& home, const RandomStream& draws, const PopulationSettings& settings) {
  Consumption lived{settings.intervals_per_day, {}};
  const double hours = 24.0 / settings.intervals_per_day;
  double noise = 0;
  bool is_away = false;
  const double fresh = std::sqrt(1 - home.memory * home.memory);
  for (std::uint64_t day = 0; day < static_cast<std::uint64_t>(settings.days); ++day) {
    const double turn = uniform(draws, day_draws + 4 * day + 3);
    is_away = is_away ? turn > 0.5 : turn < home.away_chance;
    for (int slot = 0; slot < settings.intervals_per_day; ++slot) {
      const std::uint64_t t =
          day * static_cast<std::uint64_t>(settings.intervals_per_day) + static_cast<std::uint64_t>(slot);
      const double hour = hours * slot;
      noise = home.memory * noise + fresh * normal(draws, t);
      double power = home.base_kW * pm::exp(0.15 * normal(draws, appliance_draws + 2 * t));
      double extra = 0;
      if (!is_away) {
        const double shape = shape_of(home, hour, day % 7 >= 5);
        power += home.size_kW * shape * pm::exp(home.roughness * noise) + heating_of(home, draws, day, hour);
        const double chance = home.appliance_chance * (0.2 + shape) * 48 / settings.intervals_per_day;
        if (uniform(draws, appliance_draws + 2 * t + 1) < chance) extra = home.appliance_kWh;
      }
      const double energy = power * hours + extra;
      lived.energy_kWh.push_back(std::floor(energy / home.resolution_kWh + 0.5) * home.resolution_kWh);
    }
  }
  return lived;
}
}  // namespace

std::vector<Consumption> population(std::uint64_t seed, const PopulationSettings& settings) {
  std::vector<Consumption> homes;
  for (int home = 0; home < settings.homes; ++home) {
    const RandomStream draws(seed, static_cast<std::uint32_t>(home), core::Purpose::theft_population);
    homes.push_back(live(make_home(draws), draws, settings));
  }
  return homes;
}
}  // namespace model::theft
