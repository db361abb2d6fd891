#include "models/load/weather.hpp"

#include <algorithm>

#include "core/civil.hpp"
#include "core/portable_math.hpp"
#include "core/random.hpp"

namespace model {
namespace {
constexpr double pi = 3.141592653589793;
constexpr double days_per_year = 365.25;

/// Standard normal, at most 3.3 from zero.
double normal(std::uint32_t word) { return core::normal_q16(word) / 65'536.0; }

std::array<std::uint32_t, 4> draws(const Climate& climate, std::int64_t day) {
  return core::RandomStream(climate.seed, climate.place, core::Purpose::weather_day)
      .block(static_cast<std::uint64_t>(day));
}
int day_of_year(std::int64_t local_day) {
  const auto civil = core::civil_from_days(local_day);
  return static_cast<int>(local_day - core::days_from_civil(civil.year, 1, 1));
}
}  // namespace

double temperature_C(const Climate& climate, std::int64_t local_day, int hour) {
  // The mean of three normals has a third of the variance: root 3 gives it back.
  const double spell = (normal(draws(climate, local_day - 1)[0]) + normal(draws(climate, local_day)[0]) +
                        normal(draws(climate, local_day + 1)[0])) /
                       1.7320508075688772;
  const double season = core::portable_math::cos(2 * pi * (day_of_year(local_day) - 20) / days_per_year);
  const double swing = core::portable_math::cos(2 * pi * (hour - 3) / 24);
  return climate.mean_C - climate.season_C * season - climate.swing_C * swing + climate.deviation_C * spell;
}

double sun_share(const Climate& climate, std::int64_t local_day, int minute_of_day) {
  using core::portable_math::cos, core::portable_math::sin;
  const double declination = -23.44 * pi / 180 * cos(2 * pi * (day_of_year(local_day) + 10) / days_per_year);
  const double latitude = climate.latitude_deg * pi / 180;
  const double hour_angle = 2 * pi * (minute_of_day - 720) / 1440;
  const double elevation =
      sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hour_angle);
  if (elevation <= 0) return 0;
  const auto word = draws(climate, local_day);
  const double day_clouds = word[1] / 4294967296.0;
  const auto hour_word = core::RandomStream(climate.seed, climate.place, core::Purpose::weather_day)
                             .block((1ull << 40) + static_cast<std::uint64_t>(local_day) * 24 +
                                    static_cast<std::uint64_t>(minute_of_day / 60));
  const double clouds = std::clamp(day_clouds + 0.3 * (hour_word[0] / 4294967296.0 - 0.5), 0.0, 1.0);
  return elevation * (1 - 0.75 * clouds);
}
}  // namespace model
