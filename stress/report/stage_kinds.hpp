/// Names of the kinds of stages, as files and pages show them.
#pragma once
#include <string>

#include "stress/record.hpp"

namespace stress {
/// "warm-up", "ladder", "step", "spike", "soak", "knee search", "over capacity", "recovery".
const char* kind_text(StageKind kind);
/// Throws std::runtime_error for any other word.
StageKind stage_kind_named(const std::string& name);
}  // namespace stress
