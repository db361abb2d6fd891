/// The three-level warning (alarm 1, alarm 2, arrears): one notice per level and crossing.
///
/// A level is reached at or below its limit, told once, and re-armed when the money is above the limit again.
/// Unit: fen. Errors, randomness, time: none.
#pragma once
#include <array>

#include "head-end/configuration.hpp"

namespace headend {
inline constexpr std::size_t level_count = 3;
using LevelLimits = std::array<Fen, level_count>;  ///< alarm 1, alarm 2, arrears
/// Bit k: level k has been told and is not re-armed.
using LevelsTold = std::uint8_t;

constexpr LevelLimits level_limits(const AccountFile& account) {
  return {account.alarm1, account.alarm2, Fen(0)};
}

bool is_reached(Fen spendable, Fen limit);

struct LevelStep {
  LevelsTold told = 0;     ///< the new state
  LevelsTold notices = 0;  ///< levels to give notice of now
};
LevelStep step_levels(const LevelLimits& limits, LevelsTold told, Fen spendable);
}  // namespace headend
