/// Which meters will fail, and when: from what they tell about themselves and from their own readings.
///
/// Battery: the voltage of a lithium cell stays and then falls (Shepherd, J. Electrochem. Soc. 112, 1965: V =
/// V0 - K q / (Q - q)); a line through the last `history` that falls and meets `battery_limit_mV` within the
/// `horizon`, or a voltage that is below it already. Clock: a line through its offsets that meets
/// +-`clock_limit`, or an offset that is beyond it (a meter takes no broadcast of time from there on, DL/T
/// 645-2007, 7.11). Relay: its trips so far, and at their pace, meet `relay_endurance`. Register: k whole
/// days without a hundredth of a kWh, where n days before had z such days:
///     p = ((z + 1) / (n + 2))^k                         (Laplace's rule of succession for one day)
/// Each is told when chance makes it at most `false_alarm_rate` often, a meter and night; a meter of 365
/// nights is accused falsely with a chance of at most 365 x the rate. Trends bend: a line through a falling
/// battery says a date that is rather too late than too early, and is drawn anew each night. Unit: in the
/// names. Errors, randomness: none. Time: as handed in.
#pragma once
#include <string>

#include "head-end/books.hpp"
#include "head-end/health/trend.hpp"

namespace headend::health {
struct HealthRules {
  double false_alarm_rate = 1e-6;
  int history_days = 60;
  int horizon_days = 60;
  double battery_limit_mV = 3000, battery_resolution_mV = 10;
  double clock_limit_s = 300, clock_resolution_s = 2;
  double relay_endurance = 3000;
  int still_history_days = 28;
};

enum class Weakness : std::uint8_t { battery, clock, relay, standing_still };
std::string_view name_of(Weakness weakness);

struct Prognosis {
  Weakness weakness = Weakness::battery;
  bool has_failed = false;   ///< beyond the limit already
  double value = 0;          ///< the newest: mV, s, trips, days without energy
  double days_left = 0;      ///< likely; 0 when it has failed
  double earliest_days = 0;  ///< at the steepest that the values allow
  double p_value = 1;
  std::string sentence;
};

/// A quantity that falls or rises towards a limit; values by day, the newest last, day 0 being today.
struct Limit {
  Weakness weakness = Weakness::battery;
  double limit = 0;  ///< reached by falling (battery) or by rising
  double resolution = 0;
};
std::optional<Prognosis> prognosis_of(const std::vector<Point>& values, const Limit& limit,
                                      const HealthRules& rules);
/// Energies of whole days, oldest first. Unit: 0.01 kWh.
std::optional<Prognosis> prognosis_of_standstill(const std::vector<std::int64_t>& days,
                                                 const HealthRules& rules);

/// All that is to be said of one meter, at a local midnight or after it.
std::vector<Prognosis> prognoses_of(const Books& books, MeterId meter, Instant now,
                                    const HealthRules& rules = {});
}  // namespace headend::health
