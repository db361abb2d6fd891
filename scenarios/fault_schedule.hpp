/// From calendars, rates and storms to plain windows: when each fault of a run begins and is over.
///
/// A schedule's windows lie within [from, till) and, where they are given, within `hours` of `weekdays` of
/// the local day. Regular ones begin every `every`; random ones a drawn pause after the one before:
///     pause = -ln U x mean_every,  U uniform in (0, 1)                        [Poisson process]
/// A storm becomes one window per area and kind, spread a little. Windows of one schedule or storm share a
/// name; audit asks of a name, not of each window, whether it was felt. Errors: BadScenario beyond 20,000
/// windows. Randomness: Purpose::fault_schedule by (position in the file, number of the draw). Time: none.
#pragma once
#include "scenarios/scenario.hpp"

namespace scenario {
/// A fault without `from` or `till` lasts as long as the run.
void use_run_for_open_windows(Scenario& scenario);
/// Replaces schedules and storms by windows. Range: a scenario that was checked. Pure but for the seed.
void expand_faults(Scenario& scenario);
}  // namespace scenario
