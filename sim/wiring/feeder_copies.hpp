/// The networks of a run's areas beside its effective scenario, so that the run can be repeated from its own
/// folder.
///
/// metertwin's own feeders stay where they are. A YAML feeder is one file. An OpenDSS script travels with
/// everything that it redirects to and every table that it reads: they keep their places towards each other
/// in `feeders/NAME-files`, and `feeders/NAME.dss` leads there. What a script names by an absolute path stays
/// where it is. Errors: std::filesystem::filesystem_error when `folder` cannot be written; BadFeederFile for
/// a script that can no longer be read. Randomness: none. Time: none.
#pragma once
#include <filesystem>

#include "scenarios/scenario.hpp"

namespace sim {
void copy_feeders(const scenario::Scenario& scenario, const std::filesystem::path& folder);
}  // namespace sim
