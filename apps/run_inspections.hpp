/// What the head-end suspected in a finished run, whom it sent to look, and what was found: from its store.
///
/// Reads only. Evidence sheets become plain lines. Errors: sqlite::Failure for a store that cannot be read.
/// Randomness: none. Time: the run's.
#pragma once
#include <filesystem>

#include "core/civil.hpp"
#include "reports/run_record.hpp"

namespace app {
struct Inspections {
  std::vector<report::NightRow> nights;           ///< by day, then area
  std::vector<report::WorkOrderRow> work_orders;  ///< by number
};
/// Both are empty for a store that an older program has written.
Inspections inspections_of_run(const std::filesystem::path& books_db);
}  // namespace app
