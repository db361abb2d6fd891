/// One customer's day minute by minute: dwellings, cars, heat pumps, roofs, shops, workshops, studio lamps.
///
/// A dwelling is built from what people do: standby, a refrigerator that cycles, light and screens while
/// somebody is up, and appliances that start by chance where the day's activity is (Richardson, Thomson,
/// Infield, Clifford, "Domestic electricity use: a high-resolution energy demand model", Energy and Buildings
/// 42, 2010, is the pattern; the tables are our own). Tests hold its energies, peaks, load factors,
/// quantiles, daily shape and coincidence to the 100 one-minute profiles published with the IEEE European LV
/// feeder, its days of rest and its seasons to the German standard profile H25, and the other kinds to the
/// figures told with their equations (docs/loads.md).
///     car: comes home about 18:30, charges what the day took (log-normal, 8 kWh on average) at rated power
///     heat pump: heat = size x (20 C - T) below 15 C, less by night in half of the homes; drawn = heat /
///     COP,
///                COP = 2 + 0.07 (T + 10); in half-hour cycles at rated power
///     roof: fed in = size x 0.85 x share of the sun (weather.hpp)
///     shop, workshop: open by the calendar; studio: lamps of 2 kW in sessions of some hours
/// Unit: mW (negative: fed in). Range: -100..100 kW. Errors: none. Randomness: Purpose::demand_traits and
/// demand_day by (seed, entity, day). Time: local days; asking twice or in another order gives the same.
#pragma once
#include <array>
#include <cstdint>

#include "models/load/weather.hpp"

namespace model {
enum class DemandKind : std::uint8_t {
  dwelling,
  electric_car,
  heat_pump,
  solar_roof,
  shop,
  workshop,
  studio
};
inline constexpr int minutes_a_day = 1440;
using DemandDay = std::array<std::int32_t, minutes_a_day>;  ///< [m]: from m to m + 1 minutes after midnight

struct DemandSetup {
  DemandKind kind = DemandKind::dwelling;
  std::uint64_t seed = 0;
  std::uint32_t entity = 0;
  double size = 1;  ///< dwelling, shop: times the usual; car, pump, roof, studio: kW rated (or peak)
};

/// `is_holiday` makes a workday a day of rest.
DemandDay demand_of_day(const DemandSetup& setup, const Climate& climate, std::int64_t local_day,
                        bool is_holiday = false);
/// Reactive over active power of a kind: 0 for what has electronics that correct it.
double reactive_ratio(DemandKind kind);
}  // namespace model
