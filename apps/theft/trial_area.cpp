// Makes trial areas.
#include "apps/theft/trial_area.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace app::theft {
namespace {
using model::theft::Attack;
using model::theft::Consumption;
using model::theft::uniform;

constexpr std::uint64_t meter_draws = 1'000'000, mix_draws = 2'000'000, lesser_draws = 3'000'000;

/// The first `count` places of a shuffle of 0..size-1 (Fisher and Yates).
std::vector<std::size_t> drawn_homes(const core::RandomStream& draws, std::size_t size, std::size_t count) {
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t k = 0; k < count; ++k) std::swap(order[k], order[k + draws.below(size - k, k)]);
  order.resize(count);
  return order;
}

double whole_watt_hours(double energy_kWh) { return std::floor(energy_kWh * 1000 + 0.5) / 1000; }

double sum_of(const std::vector<double>& series) {
  return std::accumulate(series.begin(), series.end(), 0.0);
}

/// The next home in order whose energy is at most half of the thief's, or the one with the least.
const Consumption& lesser_of(const std::vector<Consumption>& homes, std::size_t thief, std::size_t start) {
  const double most = 0.5 * sum_of(homes[thief].energy_kWh);
  std::size_t least = thief;
  for (std::size_t k = 0; k < homes.size(); ++k) {
    const std::size_t home = (start + k) % homes.size();
    const double energy = sum_of(homes[home].energy_kWh);
    if (home != thief && energy <= most) return homes[home];
    if (energy < sum_of(homes[least].energy_kWh)) least = home;
  }
  return homes[least];
}

void add_supply(TrialArea& area, const std::vector<double>& drawn, double error, double technical_loss) {
  double energy = 0, square = 0;
  for (const double e : drawn) energy += e, square += e * e;
  const double k = square > 0 ? technical_loss / (1 - technical_loss) * energy / square : 0;
  for (const double e : drawn)
    area.readings.supplied_kWh.push_back(whole_watt_hours((e + k * e * e) * (1 + error)));
}
}  // namespace

TrialArea make_trial_area(const std::vector<Consumption>& homes, TrialKind kind, std::uint64_t seed,
                          std::uint32_t number, const TrialSettings& settings) {
  const auto count = static_cast<std::size_t>(settings.customers);
  if (homes.size() < count)
    throw std::invalid_argument(
        fmt::format("{} customers cannot be drawn from {} homes", settings.customers, homes.size()));
  const core::RandomStream draws(seed, number, core::Purpose::theft_areas);
  TrialArea area;
  area.readings.name = fmt::format("{}-{}", kind.name(), number);
  area.readings.intervals_per_day = homes.front().intervals_per_day;
  std::vector<double> drawn(homes.front().energy_kWh.size(), 0.0);
  const auto chosen = drawn_homes(draws, homes.size(), count);
  for (std::size_t i = 0; i < count; ++i) {
    const Consumption& home = homes[chosen[i]];
    const bool is_thief = i < static_cast<std::size_t>(settings.thieves);
    std::vector<double> reported = home.energy_kWh;
    if (is_thief) {
      const Attack attack = kind.is_mix ? static_cast<Attack>(static_cast<int>(Attack::h1) +
                                                              static_cast<int>(draws.below(6, mix_draws + i)))
                                        : kind.attack;
      const auto entity = number * 64 + static_cast<std::uint32_t>(i);
      reported = reported_under(attack, home,
                                lesser_of(homes, chosen[i], draws.below(homes.size(), lesser_draws + i)),
                                {seed, entity, core::Purpose::theft_attack});
    }
    area.reported_kWh.push_back(sum_of(reported));
    const double error = settings.customer_class * (2 * uniform(draws, meter_draws + i) - 1);
    for (std::size_t t = 0; t < reported.size(); ++t) {
      drawn[t] += home.energy_kWh[t];
      reported[t] = whole_watt_hours(reported[t] * (1 + error));
    }
    area.drawn_kWh.push_back(sum_of(home.energy_kWh));
    area.is_thief.push_back(is_thief);
    area.readings.customers.push_back(
        {fmt::format("home-{}", chosen[i] + 1), 0, std::move(reported), {}, {}});
  }
  const double error = settings.transformer_class * (2 * uniform(draws, meter_draws + count) - 1);
  add_supply(area, drawn, error, settings.technical_loss);
  return area;
}

headend::loss::AreaReadings first_days(const headend::loss::AreaReadings& readings, int days) {
  const auto length =
      std::min(readings.supplied_kWh.size(),
               static_cast<std::size_t>(days) * static_cast<std::size_t>(readings.intervals_per_day));
  headend::loss::AreaReadings cut = readings;
  cut.supplied_kWh.resize(length);
  for (auto& customer : cut.customers) customer.energy_kWh.resize(length);
  return cut;
}
}  // namespace app::theft
