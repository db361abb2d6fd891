/// What campaigns did and brought in a finished run, for its report; read from the head-end's store.
#pragma once
#include "apps/run_story.hpp"

namespace app {
/// A table of figures for each campaign; nothing for a run without.
void fill_campaigns(const SimulatedRun& stores, report::RunRecord& record);
}  // namespace app
