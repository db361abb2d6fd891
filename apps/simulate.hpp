/// One scenario run in this process, from nothing to a finished pair of stores: truth.db and books.db.
///
/// The caller has forked: SystemC elaborates once per process. Writes only into `folder`. Throws what a model
/// or the head-end threw. Randomness: the scenario's seed. Time: virtual.
#pragma once
#include <filesystem>
#include <optional>

#include "apps/run_options.hpp"
#include "head-end/head_end.hpp"
#include "models/area.hpp"
#include "scenarios/scenario.hpp"

namespace app {
struct Taps {
  model::LineTap line;
  headend::FrameTap uplink;
};

struct SimulatedRun {
  std::filesystem::path truth_db;
  std::filesystem::path books_db;
};

SimulatedRun simulate(const scenario::Scenario& scenario, const RunOptions& options,
                      const std::filesystem::path& folder, const Taps& taps = {});

/// Only one area of a scenario, as it would fare in the whole: ids, seeds and the head-end's customer file
/// stay, the other areas' concentrators never call, and only this area's customers go to the counter.
SimulatedRun simulate_area(const scenario::Scenario& scenario, std::size_t area, const RunOptions& options,
                           const std::filesystem::path& folder);
}  // namespace app
