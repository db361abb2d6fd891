#include "models/load/demand.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "core/civil.hpp"
#include "core/random.hpp"
#include "models/load/dwelling.hpp"

namespace model {
namespace {
using demand::Draws;

bool is_rest_day(std::int64_t local_day, bool is_holiday) {
  const int weekday = core::weekday_of(local_day);
  return is_holiday || weekday == 0 || weekday == 6;
}
std::int32_t milliwatts(double power_kW) { return static_cast<std::int32_t>(std::lround(power_kW * 1e6)); }

void add(DemandDay& day, int from, int till, std::int32_t power_mW) {
  for (int minute = std::max(from, 0); minute < std::min(till, minutes_a_day); ++minute)
    day[static_cast<std::size_t>(minute)] += power_mW;
}

/// Charges from when the car comes home; what is left at midnight goes on in the next day's first hours. Who
/// comes home while yesterday's charge still runs has his car full with it.
void add_car(const DemandSetup& setup, std::int64_t local_day, DemandDay& day) {
  const std::int32_t rated_mW = milliwatts(setup.size);
  for (const std::int64_t came : {local_day - 1, local_day}) {
    const Draws draws(setup, came);
    if (draws.share(0, 0) > 0.8) continue;  // stood still
    const int home_at = std::clamp(1110 + static_cast<int>(75 * draws.normal(0, 1)), 600, 1430);
    const double energy_kWh = 8 * draws.log_normal(0, 2, 0.5);
    const int lasts = static_cast<int>(std::ceil(energy_kWh / setup.size * 60));
    const int from = home_at + static_cast<int>(came - local_day) * minutes_a_day;
    for (int minute = std::max(from, 0); minute < std::min(from + lasts, minutes_a_day); ++minute)
      day[static_cast<std::size_t>(minute)] = rated_mW;
  }
}

/// How much of the day's mean heat is made in an hour. Half of the homes let the night cool down and heat up
/// again before breakfast; the others hold their rooms. Together they fall to two fifths of their morning
/// peak by night (J. Love et al., Applied Energy 204, 2017: 700 heat pumps in Great Britain).
double heating_pace(bool rests_by_night, int hour) {
  if (!rests_by_night) return hour >= 23 || hour < 5 ? 0.85 : 1.05;
  if (hour >= 22 || hour < 5) return 0.25;
  if (hour < 9) return 1.7;
  return hour >= 16 ? 1.35 : 1.0;
}

void add_heat_pump(const DemandSetup& setup, const Climate& climate, std::int64_t local_day, DemandDay& day) {
  const Draws draws(setup, local_day);
  const auto traits = core::RandomStream(setup.seed, setup.entity, core::Purpose::demand_traits).block(0);
  const bool rests_by_night = traits[0] % 2 == 0;
  const int late = static_cast<int>(traits[2] % 5);  // half hours: not everybody gets up at the same time
  // Dimensioned so that the largest home it is sold for needs it without pause at -10 C.
  const double rated_heat_kW = setup.size * 2 * (0.7 + 0.3 * (traits[1] / 4294967296.0));
  for (int half_hour = 0; half_hour < 48; ++half_hour) {
    const double outside_C = temperature_C(climate, local_day, half_hour / 2);
    if (outside_C >= 15) continue;
    const double heat_kW = rated_heat_kW * (20 - outside_C) / 30 *
                           heating_pace(rests_by_night, (half_hour + 48 - late) / 2 % 24);
    const double efficiency = std::max(2 + 0.07 * (outside_C + 10), 1.5);
    const double share = std::min(heat_kW / efficiency / setup.size, 1.0);
    const int runs = static_cast<int>(std::lround(30 * share));
    const int starts = static_cast<int>(draws.share(half_hour, 0) * (30 - runs));
    add(day, half_hour * 30 + starts, half_hour * 30 + starts + runs, milliwatts(setup.size));
  }
}

/// Of what modules of `size` kW make in full sun, inverter, heat, dust and an angle that is not the best
/// leave 85 %: 0.95 MWh a year for each kW at 51 degrees north (measured on 23,944 German roofs, 2012 to
/// 2018: 816 to 1,049 kWh; H. te Heesen, V. Herbort, M. Rumpler, Solar Energy 194, 2019).
constexpr double roof_performance = 0.85;
void add_roof(const DemandSetup& setup, const Climate& climate, std::int64_t local_day, DemandDay& day) {
  for (int minute = 0; minute < minutes_a_day; ++minute)
    day[static_cast<std::size_t>(minute)] -=
        milliwatts(setup.size * roof_performance * sun_share(climate, local_day, minute));
}

/// Light and tills while open, refrigeration day and night, cooling with the temperature. Each shop has hours
/// of its own, about 9 to 21 on all days of the week; closed, it draws between a quarter and a third of what
/// it draws open (the German standard profile G4 of shops: 0.26 to 0.35).
void add_shop(const DemandSetup& setup, const Climate& climate, std::int64_t local_day, DemandDay& day) {
  const Draws draws(setup, local_day);
  const auto traits = core::RandomStream(setup.seed, setup.entity, core::Purpose::demand_traits).block(0);
  const int opens =
      540 + static_cast<int>(45 * core::normal_q16(traits[0]) / 65'536.0 + 8 * draws.normal(0, 0));
  const int closes =
      1260 + static_cast<int>(45 * core::normal_q16(traits[1]) / 65'536.0 + 8 * draws.normal(0, 1));
  for (int quarter = 0; quarter < 96; ++quarter) {
    const double cold_kW = 0.55 * draws.log_normal(quarter, 2, 0.2);
    add(day, quarter * 15, quarter * 15 + 15, milliwatts(setup.size * cold_kW));
    const int from = std::max(quarter * 15, opens), till = std::min(quarter * 15 + 15, closes);
    const double warm_C = std::max(temperature_C(climate, local_day, quarter / 4) - 24, 0.0);
    if (from < till)
      add(day, from, till,
          milliwatts(setup.size * (1.35 + 0.15 * warm_C) * draws.log_normal(quarter, 3, 0.1)));
  }
}

/// Machines start and stop by the quarter hour between about seven and five; at noon a third of them rest,
/// since some eat at half past eleven and others at half past twelve; never at rest. Closed, a workshop draws
/// a twentieth of what it draws at work, and a day of rest a fifth of a workday (the German standard profile
/// G1 of businesses that work on workdays).
void add_workshop(const DemandSetup& setup, bool is_resting, std::int64_t local_day, DemandDay& day) {
  const Draws draws(setup, local_day);
  const auto traits = core::RandomStream(setup.seed, setup.entity, core::Purpose::demand_traits).block(0);
  const int begins = 26 + static_cast<int>(traits[0] % 5), ends = begins + 40;
  const int lunch = 46 + static_cast<int>(traits[1] % 5);
  add(day, 0, minutes_a_day, milliwatts(setup.size * 0.22));
  if (is_resting) return;
  for (int quarter = begins; quarter < ends; ++quarter) {
    const double busy = quarter >= lunch && quarter < lunch + 4 ? 0.15 : 0.45;
    int machines = 0;
    for (int word = 0; word < 4; ++word) machines += draws.share(quarter, word) < busy ? 1 : 0;
    add(day, quarter * 15, quarter * 15 + 15, milliwatts(setup.size * (0.5 + 1.5 * machines)));
  }
}

/// Up to three sessions; a session lights a whole number of 2 kW lamps, `size` kW at most.
void add_studio(const DemandSetup& setup, std::int64_t local_day, DemandDay& day) {
  const Draws draws(setup, local_day);
  const int lamps_most = std::max(static_cast<int>(setup.size / 2), 1);
  for (int session = 0; session < 3; ++session) {
    if (draws.share(session, 0) > 0.55) continue;
    const int from = 540 + session * 260 + static_cast<int>(60 * draws.share(session, 1));
    const int lasts = 60 + static_cast<int>(140 * draws.share(session, 2));
    const int lamps = 1 + static_cast<int>(draws.share(session, 3) * lamps_most);
    add(day, from, from + lasts, milliwatts(2.0 * std::min(lamps, lamps_most)));
  }
  add(day, 0, minutes_a_day, milliwatts(0.1));
}
}  // namespace

DemandDay demand_of_day(const DemandSetup& setup, const Climate& climate, std::int64_t local_day,
                        bool is_holiday) {
  METERTWIN_CHECK(setup.size > 0 && setup.size <= 100, setup.size);
  DemandDay day{};
  const bool is_resting = is_rest_day(local_day, is_holiday);
  switch (setup.kind) {
    case DemandKind::dwelling:
      demand::add_dwelling(setup, climate, is_resting, local_day, day);
      break;
    case DemandKind::electric_car:
      add_car(setup, local_day, day);
      break;
    case DemandKind::heat_pump:
      add_heat_pump(setup, climate, local_day, day);
      break;
    case DemandKind::solar_roof:
      add_roof(setup, climate, local_day, day);
      break;
    case DemandKind::shop:
      add_shop(setup, climate, local_day, day);
      break;
    case DemandKind::workshop:
      add_workshop(setup, is_resting, local_day, day);
      break;
    case DemandKind::studio:
      add_studio(setup, local_day, day);
      break;
  }
  return day;
}

double reactive_ratio(DemandKind kind) {
  switch (kind) {
    case DemandKind::dwelling:
      return 0.33;  // a power factor of 0.95
    case DemandKind::heat_pump:
      return 0.33;
    case DemandKind::shop:
      return 0.48;  // 0.90
    case DemandKind::workshop:
      return 0.75;  // 0.80: induction motors
    case DemandKind::electric_car:
    case DemandKind::solar_roof:
    case DemandKind::studio:
      break;
  }
  return 0;
}
}  // namespace model
