/// What was missing in the books of a finished run: why, as far as a head-end can know, and what became of
/// it.
///
/// Told from the store alone, as an operator would tell it the day after: readings and how they came, logins
/// and logouts, refusals, estimates; and from when the head-end itself was down. Of an online collector that
/// had no value nothing more can be known. Cost: one pass over the readings. Errors: std::runtime_error for a
/// store that cannot be read. Randomness: none.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "apps/simulate.hpp"
#include "core/sqlite/database.hpp"
#include "head-end/configuration.hpp"
#include "reports/run_record.hpp"

namespace app {
/// Quarter hours of one meter with one cause and one fate.
struct GapLine {
  headend::MeterId meter = 0;
  core::Instant first;
  int count = 0;
  std::string cause;  ///< "rejected", "head-end-down", "collector-gone", "no-value"
  std::string state;  ///< "healed", "estimated", "open"
};
using Outage = std::pair<core::Instant, core::Instant>;

/// Due instants from the opening to `last_due`; by meter and time. `down`: when there was no head-end.
std::vector<GapLine> gaps_of_run(const headend::Configuration& configuration, sqlite::Database& books,
                                 core::Instant last_due, const std::vector<Outage>& down);

/// Adds one table to the report: quarter hours and meters by cause and state.
void fill_gaps(const scenario::Scenario& scenario, const SimulatedRun& stores, report::RunRecord& record);
}  // namespace app
