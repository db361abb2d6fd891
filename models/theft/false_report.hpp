/// What a meter with manipulated firmware reports instead of what passes, quarter hour by quarter hour.
///
/// The load of a run is a function of time, so the whole series of what a customer is going to draw is known
/// beforehand, and each attack function (attack.hpp) can be carried out exactly, also those that need a day's
/// or the whole series' mean, highest value or end. The series is that of the local days that the window
/// touches:
///     e(q) = integral of the load's power over quarter hour q,    reported power in q = r(q) / 900 s, even
/// What nobody could know beforehand (a power cut, an open relay) stops both what passes and what is
/// reported. Not possible, because a register only goes forward and a head's load is not known ahead: loads
/// that feed in, and the meter at a transformer; scenarios/check_meter_faults.cpp refuses them.
/// Unit: mW. Range: loads >= 0 (checked); [from, till) up to ten years. Errors: none. Randomness: the
/// attack's, by (draws, quarter hour and day of the series). Time: local days of a fixed offset.
#pragma once
#include <chrono>

#include "core/instant.hpp"
#include "models/load/load.hpp"
#include "models/theft/attack.hpp"
#include "models/theft/quarter_series.hpp"

namespace model::theft {
struct FalseReport {
  Attack attack = Attack::m0;
  Load drawn;
  Load lesser;  ///< of m12 only: the other customer
  core::Instant from{}, till{};
  std::chrono::seconds utc_offset{8 * 3600};
};
/// Energies of [from, till) in kWh, intervals of a quarter hour, from local midnight to local midnight.
Consumption drawn_by(const Load& load, const FalseReport& report);
/// Power that the meter claims to see, mW.
QuarterSeries false_report(const FalseReport& report, const core::RandomStream& draws);
}  // namespace model::theft
