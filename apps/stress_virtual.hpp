/// A stage of a flood in virtual time, against the same head-end without sockets: what failed under load,
/// again and again the same.
///
/// The same bytes as on the wall (seed and plan decide), each at its intended instant; the head-end on a
/// virtual clock. What wall-clock runs cannot promise holds here: two runs give the same digest. Latencies
/// are those of rules (group commit, refusals), not of a machine. Errors: std::runtime_error. Randomness: the
/// plan's. Time: virtual.
#pragma once
#include <filesystem>

#include "stress/plan/stage_text.hpp"

namespace app {
struct VirtualStageOutcome {
  stress::StageRecord stage;
  stress::LossRecord loss;
  std::uint64_t wire_digest = 0;  ///< every byte both ways, with its instant
};
/// Writes its store into `folder`.
VirtualStageOutcome run_virtual_stage(const stress::StageScript& script, const std::filesystem::path& folder);
}  // namespace app
