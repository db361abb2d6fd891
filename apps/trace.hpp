/// The journey of one reading, told by running its scenario again with taps open.
///
/// A run repeats exactly, so nothing needs to be kept for traces: the same scenario and seed are simulated up
/// to the moment the reading has been billed, and every frame that carried it is caught on its wire.
#pragma once
#include <string>
#include <vector>

#include "apps/simulate.hpp"

namespace app {
struct TraceQuestion {
  std::uint32_t meter = 0;   ///< id from the roster
  core::Instant due{};       ///< a due quarter hour; for a whole meter: unused
  bool whole_meter = false;  ///< everything that happened to the meter instead
};

/// One station of the journey.
struct Station {
  core::Instant at{};
  std::string where;                ///< "RS-485 line 1", "uplink", "store", "ledger"
  std::string what;                 ///< one line
  std::vector<std::string> detail;  ///< frames decoded, one line a field
};

std::vector<Station> trace(const scenario::Scenario& scenario, const RunOptions& options,
                           const TraceQuestion& question, const std::filesystem::path& folder);
}  // namespace app
