#include "stress/report/stage_kinds.hpp"

#include <array>
#include <stdexcept>

namespace stress {
namespace {
constexpr std::array names{std::pair{StageKind::warm_up, "warm-up"},
                           std::pair{StageKind::ladder, "ladder"},
                           std::pair{StageKind::step, "step"},
                           std::pair{StageKind::spike, "spike"},
                           std::pair{StageKind::soak, "soak"},
                           std::pair{StageKind::knee_search, "knee search"},
                           std::pair{StageKind::over_capacity, "over capacity"},
                           std::pair{StageKind::recovery, "recovery"}};
}

const char* kind_text(StageKind kind) {
  for (const auto& [known, name] : names)
    if (known == kind) return name;
  return "ladder";
}

StageKind stage_kind_named(const std::string& name) {
  for (const auto& [kind, known] : names)
    if (name == known) return kind;
  throw std::runtime_error("no kind of stage is called " + name);
}
}  // namespace stress
