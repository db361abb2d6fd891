/// Do the scenario's faults and storms make sense? Each takes the fields of its kind and no others, names
/// what is there, and lies within the run.
///
/// Throws BadScenario with the field's place. Randomness: none.
#pragma once
#include <string>

#include "scenarios/load.hpp"

namespace scenario {
void check_faults(const Scenario& scenario, const Places& places);
/// Refuses a name that no meter of the scenario has.
void require_meter(const Scenario& scenario, const Places& places, const std::string& name,
                   const std::string& path);
/// "sun" to "sat", in the order of core::weekday_of.
const std::vector<std::string>& weekday_names();
/// Events that a fault may wait for (`when`), as truth tells them.
const std::vector<std::string>& trigger_events();
}  // namespace scenario
