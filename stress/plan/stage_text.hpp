/// A stage written down, so that it can be run again alone: the estate, the fleet and the plan, in YAML.
///
/// Everything that decides what is sent is in it; what is left out of a text has its default. Durations carry
/// their unit ("10s", "5ms", "200us", "20ns", "2min"). Unknown keys are errors. Errors: `BadStage`, one line
/// that begins with file:line:column.
#pragma once
#include <stdexcept>
#include <string>

#include "stress/plan/stage_plan.hpp"

namespace stress {
struct StageScript {
  EstatePlan estate;
  FleetOptions fleet;
  StagePlan stage;
};

class BadStage : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The same text for the same script. Instants in UTC, whole seconds.
std::string to_yaml(const StageScript& script);
/// `file` is what errors call the text.
StageScript stage_from_yaml(const std::string& text, const std::string& file);
}  // namespace stress
