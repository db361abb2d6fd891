/// A made-up population of households for trying detectors without anybody's private data.
///
/// Homes differ in size, base load, hours of rising and of the evening meal, weekends, appliances, and some
/// have an electric boiler at night, a heat pump, or stand empty for days. Not a forecast of any town: the
/// spread between homes and the roughness within a day were made to resemble published quarter-hour
/// recordings of Swiss households in autumn (lag-1 autocorrelation 0.4..0.9 at half hours, coefficient of
/// variation 0.5..1.6, 3..40 kWh a day).
///     e(t) = [ base + size x shape(hour; home) x e^(noise) + boiler + heat pump ] x 24 h / intervals +
///     appliances
/// Unit: kWh. Range: 1 home upwards, 1 day upwards. Errors: none. Randomness: (seed, home, interval or day).
/// Time: intervals of days that begin at local midnight; day 0 is a Monday.
#pragma once
#include <cstdint>
#include <vector>

#include "models/theft/consumption.hpp"

namespace model::theft {
struct PopulationSettings {
  int homes = 148;
  int days = 49;
  int intervals_per_day = 48;
};
std::vector<Consumption> population(std::uint64_t seed, const PopulationSettings& settings);
}  // namespace model::theft
