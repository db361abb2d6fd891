/// A scenario back to YAML: complete, every default written out, each key explained where it first appears.
///
/// Loads back to an equal Scenario (copies of areas stay expanded). The same struct gives the same bytes, so
/// the text also serves for the scenario's digest. Quoted wherever another YAML reader would take a text for
/// something else.
#pragma once
#include <string>

#include "scenarios/scenario.hpp"

namespace scenario {
std::string to_yaml(const Scenario& scenario);
}  // namespace scenario
