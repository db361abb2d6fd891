/// What really happens on a planned pair: meters are put on it and read round by round, whatever the linter
/// says.
///
/// The pair behaves as its plan makes it (`behaviour_of`), units with one address both answer, units set to
/// another baud rate are deaf, and units of other protocols only load the pair. A plain master asks each
/// meter for its energy, with as many attempts as told. Unit: ns. Range: rounds >= 1 (checked). Errors: none.
/// Randomness: that of the line and its receivers, from `seed`. Time: of its own, from 2026-01-01.
#pragma once
#include <string>
#include <vector>

#include "models/line/rs485/bus_plan.hpp"

namespace model {
struct BusTrialSetup {
  std::uint64_t seed = 1;
  int rounds = 100;
  int attempts = 2;
  core::Duration patience = std::chrono::milliseconds(1'200);
};
struct BusTrialRow {
  std::string name;
  int rounds_read = 0;    ///< rounds in which its reading came
  int first_try = 0;      ///< rounds in which the first attempt was enough
  bool is_asked = false;  ///< false: another protocol's
};
struct BusTrial {
  std::vector<BusTrialRow> units;
  core::Duration round_longest{};
  std::uint64_t garbled = 0, false_starts = 0, misheard = 0;
};
BusTrial try_bus(const BusPlan& plan, const BusTrialSetup& setup);
}  // namespace model
