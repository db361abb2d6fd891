/// The customer file as an operator would import it: what a scenario tells the head-end, and nothing of what
/// is true.
#pragma once
#include "head-end/configuration.hpp"
#include "scenarios/scenario.hpp"

namespace app {
headend::Configuration head_end_configuration(const scenario::Scenario& scenario);
}
