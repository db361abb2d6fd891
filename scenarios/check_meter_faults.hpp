/// What thefts and failures of meters need beyond their fields: a meter that can suffer them. And inspectors.
///
/// Each is refused in one line, with its place in the file. Errors: BadScenario. Randomness: none.
#pragma once
#include <string>

#include "scenarios/load.hpp"

namespace scenario {
/// Range: `fault` names a meter of the scenario wherever its kind needs one (check_faults.cpp looks first).
void check_meter_fault(const Scenario& scenario, const Places& places, const FaultSpec& fault,
                       const std::string& path);
void check_inspectors(const Scenario& scenario, const Places& places);
}  // namespace scenario
