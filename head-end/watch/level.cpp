#include "head-end/watch/level.hpp"

namespace headend {
bool is_reached(Fen spendable, Fen limit) { return spendable <= limit; }

LevelStep step_levels(const LevelLimits& limits, LevelsTold told, Fen spendable) {
  LevelStep step{.told = told};
  for (std::size_t level = 0; level < limits.size(); ++level) {
    const auto bit = static_cast<LevelsTold>(1u << level);
    if (!is_reached(spendable, limits[level])) {
      step.told &= static_cast<LevelsTold>(~bit);
    } else if ((told & bit) == 0) {
      step.told |= bit;
      step.notices |= bit;
    }
  }
  return step;
}
}  // namespace headend
