/// Temperature and clouds, as far as they move electricity: a pure function of place, day and hour.
///
///     T = mean - season cos(2 pi (day - 20) / 365) - swing cos(2 pi (hour - 3) / 24) + deviation(day)
/// The deviation is normal, shared by neighbouring days (the mean of three draws, so spells last). Clouds
/// take a share of the sun's power, drawn per day and moved per hour. Coldest about 20 January at three at
/// night. Unit: degrees Celsius, share 0..1. Errors: none. Randomness: Purpose::weather_day by (seed, place,
/// day). Time: local.
#pragma once
#include <cstdint>

namespace model {
struct Climate {
  std::uint64_t seed = 0;
  std::uint32_t place = 0;
  double mean_C = 17, season_C = 12, swing_C = 4, deviation_C = 3;  ///< a city on the lower Yangtze
  double latitude_deg = 30;
};

/// `local_day` counts from 1970-01-01.
double temperature_C(const Climate& climate, std::int64_t local_day, int hour);
/// Sun on a flat roof as a share of 1 kW/m2: sine of the elevation, less what clouds take. Local solar time.
double sun_share(const Climate& climate, std::int64_t local_day, int minute_of_day);
}  // namespace model
