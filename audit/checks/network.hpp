/// Did the network that an area computes have a solution at every step? One that had none has no voltages and
/// no losses there, so what was measured then proves nothing: unknown.
///
/// Truth tells "feeder-diverged" with the state that caused it and "feeder-solved" when there is a solution
/// again (docs/truth-events.md). One finding for each time, with area, instants and state.
#pragma once
#include "audit/checks/checking.hpp"
#include "audit/evidence/truth.hpp"

namespace audit {
/// TRUTH.network. Left out when no area computes its network.
std::vector<Check> check_network(const Estate& estate, const Truth& truth, const Options& options);
}  // namespace audit
