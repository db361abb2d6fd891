// The attack functions, one short function each.
#include "models/theft/attack.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/check.hpp"

namespace model::theft {
namespace {
using Energies = std::vector<double>;

// Indices of draws: intervals come first, then days, then what is drawn once.
constexpr std::uint64_t day_draws = std::uint64_t{1} << 40;
constexpr std::uint64_t single_draws = std::uint64_t{1} << 41;

double sum_of(const Energies& series) { return std::accumulate(series.begin(), series.end(), 0.0); }
double mean_of(const Energies& series) {
  return series.empty() ? 0.0 : sum_of(series) / static_cast<double>(series.size());
}
double max_of(const Energies& series) {
  return series.empty() ? 0.0 : *std::max_element(series.begin(), series.end());
}

struct Day {
  std::uint64_t number = 0;
  std::size_t from = 0, till = 0;
  std::size_t length() const { return till - from; }
};

std::vector<Day> days_of(const Consumption& drawn) {
  std::vector<Day> days;
  const auto length = static_cast<std::size_t>(drawn.intervals_per_day);
  for (std::size_t from = 0; from < drawn.energy_kWh.size(); from += length)
    days.push_back({days.size(), from, std::min(from + length, drawn.energy_kWh.size())});
  return days;
}

std::size_t intervals_of(double hours, const Consumption& drawn) {
  return static_cast<std::size_t>(std::lround(hours * drawn.intervals_per_day / 24.0));
}

Energies scaled(Energies series, double factor) {
  for (auto& energy : series) energy *= factor;
  return series;
}

/// Within a block of each day, `factor` x drawn. A block starts where it still ends within its day.
Energies scaled_in_blocks(const Consumption& drawn, double factor, const core::RandomStream& draws,
                          double hours_min, double hours_max) {
  Energies reported = drawn.energy_kWh;
  for (const Day& day : days_of(drawn)) {
    const double hours = uniform(draws, hours_min, hours_max, day_draws + 2 * day.number);
    const std::size_t length = std::min(intervals_of(hours, drawn), day.length());
    const std::size_t start =
        day.from + draws.below(day.length() - length + 1, day_draws + 2 * day.number + 1);
    for (std::size_t t = start; t < start + length; ++t) reported[t] *= factor;
  }
  return reported;
}

/// m8: t1 in the first half, t2 after at least an eighth of the series, so that the ramp is there to be seen.
Energies ramped(const Consumption& drawn, const core::RandomStream& draws, const AttackSettings& settings) {
  Energies reported = drawn.energy_kWh;
  const double length = static_cast<double>(reported.size());
  const double t1 = uniform(draws, 0, length / 2, single_draws);
  const double t2 = uniform(draws, t1 + length / 8, length, single_draws + 1);
  const double intensity = uniform(draws, settings.intensity_low, settings.intensity_high, single_draws + 2);
  for (std::size_t t = 0; t < reported.size(); ++t) {
    const double progress = std::clamp((static_cast<double>(t) - t1) / (t2 - t1), 0.0, 1.0);
    reported[t] *= 1 - intensity * progress;
  }
  return reported;
}

Energies mean_of_each_day(const Consumption& drawn) {
  Energies reported = drawn.energy_kWh;
  for (const Day& day : days_of(drawn)) {
    const auto first = reported.begin() + static_cast<std::ptrdiff_t>(day.from);
    const auto last = reported.begin() + static_cast<std::ptrdiff_t>(day.till);
    std::fill(first, last, std::accumulate(first, last, 0.0) / static_cast<double>(day.length()));
  }
  return reported;
}

Energies reversed_each_day(const Consumption& drawn) {
  Energies reported = drawn.energy_kWh;
  for (const Day& day : days_of(drawn))
    std::reverse(reported.begin() + static_cast<std::ptrdiff_t>(day.from),
                 reported.begin() + static_cast<std::ptrdiff_t>(day.till));
  return reported;
}

/// m11: the day's fullest window gives up a share, which the day's other intervals report in equal parts.
Energies peak_spread(const Consumption& drawn, const AttackSettings& settings) {
  Energies reported = drawn.energy_kWh;
  const std::size_t window = intervals_of(settings.window_h, drawn);
  for (const Day& day : days_of(drawn)) {
    if (day.length() <= window) continue;
    std::size_t fullest = day.from;
    double most = -1;
    for (std::size_t start = day.from; start + window <= day.till; ++start) {
      const auto first = drawn.energy_kWh.begin() + static_cast<std::ptrdiff_t>(start);
      const double energy = std::accumulate(first, first + static_cast<std::ptrdiff_t>(window), 0.0);
      if (energy > most) most = energy, fullest = start;
    }
    const double spread = settings.peak_reduction * most / static_cast<double>(day.length() - window);
    for (std::size_t t = day.from; t < day.till; ++t) {
      if (t >= fullest && t < fullest + window)
        reported[t] *= 1 - settings.peak_reduction;
      else
        reported[t] += spread;
    }
  }
  return reported;
}

Energies series_of_lesser(const Consumption& drawn, const Consumption& lesser) {
  METERTWIN_CHECK(lesser.energy_kWh.size() == drawn.energy_kWh.size(), lesser.energy_kWh.size());
  const double most = 0.4 * sum_of(drawn.energy_kWh), has = sum_of(lesser.energy_kWh);
  return has > most ? scaled(lesser.energy_kWh, most / has) : lesser.energy_kWh;
}

template <class Function>
Energies each(const Consumption& drawn, const Function& function) {
  Energies reported(drawn.energy_kWh.size());
  for (std::size_t t = 0; t < reported.size(); ++t) reported[t] = function(t, drawn.energy_kWh[t]);
  return reported;
}
}  // namespace

std::array<Attack, attack_count> every_attack() {
  std::array<Attack, attack_count> all{};
  for (std::size_t i = 0; i < attack_count; ++i) all[i] = static_cast<Attack>(i);
  return all;
}

std::string_view name_of(Attack attack) {
  static constexpr std::array<std::string_view, attack_count> names{
      "m0",  "m1",  "m2",  "m3",  "m4", "m5", "m6", "m7", "m8", "m9",
      "m10", "m11", "m12", "m13", "h1", "h2", "h3", "h4", "h5", "h6"};
  return names.at(static_cast<std::size_t>(attack));
}

std::optional<Attack> attack_of(std::string_view name) {
  for (const Attack attack : every_attack())
    if (name_of(attack) == name) return attack;
  return std::nullopt;
}

std::string_view meaning_of(Attack attack) {
  static constexpr std::array<std::string_view, attack_count> meanings{
      "nothing is reported",
      "a fixed share is reported",
      "nothing in six hours of each day",
      "another share in each interval",
      "a fixed share in six hours of each day",
      "a random share of the mean",
      "capped at 60 % of the highest interval",
      "60 % of the highest interval is taken off",
      "ever less, down to a last share",
      "always the mean",
      "the series backwards",
      "30 % of the day's peak told at other hours",
      "a smaller customer's series",
      "each interval or nothing, at random",
      "a fixed share is reported",
      "nothing in a long block of each day",
      "another share in each interval",
      "a random share of the mean",
      "each day's mean",
      "each day backwards"};
  return meanings.at(static_cast<std::size_t>(attack));
}

bool keeps_energy(Attack attack) {
  return attack == Attack::m9 || attack == Attack::m10 || attack == Attack::m11 || attack == Attack::h5 ||
         attack == Attack::h6;
}

std::vector<double> reported_under(Attack attack, const Consumption& drawn, const Consumption& lesser,
                                   const core::RandomStream& draws, const AttackSettings& settings) {
  METERTWIN_CHECK(drawn.intervals_per_day > 0, drawn.intervals_per_day);
  const Energies& e = drawn.energy_kWh;
  const double share = uniform(draws, settings.factor_low, settings.factor_high, single_draws + 8);
  const double cap = settings.cap_share * max_of(e), mean = mean_of(e);
  const auto gamma = [&](std::size_t t) {
    return uniform(draws, settings.factor_low, settings.factor_high, t);
  };
  switch (attack) {
    case Attack::m0:
      return Energies(e.size(), 0.0);
    case Attack::m1:
    case Attack::h1:
      return scaled(e, share);
    case Attack::m2:
      return scaled_in_blocks(drawn, 0, draws, settings.window_h, settings.window_h);
    case Attack::h2:
      return scaled_in_blocks(drawn, 0, draws, settings.block_h_min, 24);
    case Attack::m3:
    case Attack::h3:
      return each(drawn, [&](std::size_t t, double energy) { return gamma(t) * energy; });
    case Attack::m4:
      return scaled_in_blocks(drawn, share, draws, settings.window_h, settings.window_h);
    case Attack::m5:
    case Attack::h4:
      return each(drawn, [&](std::size_t t, double) { return gamma(t) * mean; });
    case Attack::m6:
      return each(drawn, [&](std::size_t, double energy) { return std::min(energy, cap); });
    case Attack::m7:
      return each(drawn, [&](std::size_t, double energy) { return std::max(energy - cap, 0.0); });
    case Attack::m8:
      return ramped(drawn, draws, settings);
    case Attack::m9:
      return Energies(e.size(), mean);
    case Attack::m10:
      return Energies(e.rbegin(), e.rend());
    case Attack::m11:
      return peak_spread(drawn, settings);
    case Attack::m12:
      return series_of_lesser(drawn, lesser);
    case Attack::m13:
      return each(drawn, [&](std::size_t t, double energy) { return draws.below(2, t) == 0 ? 0.0 : energy; });
    case Attack::h5:
      return mean_of_each_day(drawn);
    case Attack::h6:
      return reversed_each_day(drawn);
  }
  METERTWIN_CHECK(false, static_cast<int>(attack));
  return {};
}
}  // namespace model::theft
