/// How far a run has come, for people who wait. Leaves no trace in results.
#pragma once
#include <functional>

#include "core/instant.hpp"

namespace sim {
/// Called between slices of a run.
struct Progress {
  core::Duration every = core::Duration::zero();  ///< of simulated time; zero = never
  std::function<void(core::Instant)> report;
};
}  // namespace sim
