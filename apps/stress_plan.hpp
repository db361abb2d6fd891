/// Which stages a stress run has: named plans, scaled by one length.
///
///     headline  warm-up, the ladder 10,000 .. 100,000/s, abnormal traffic with API requests, millisecond
///     steps, a spike, a soak knee      warm-up, a search for the highest rate held, twice that rate,
///     recovery full      both soak, doubling, abnormal, spike, steps: one of these alone after a warm-up
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "stress/plan/stage_plan.hpp"

namespace app {
struct StressPlan {
  std::vector<stress::StagePlan> before;  ///< run as they are
  bool searches_knee = false;             ///< then search, over-capacity and recovery follow
};
struct StressPlanRules {
  std::string name = "headline";
  core::Duration stage = std::chrono::seconds(10);
  std::uint64_t rate_max = 100'000;  ///< readings/s: the ladder's top and the rate of the other stages
};
std::vector<std::string> stress_plan_names();
/// Nothing for an unknown name.
std::optional<StressPlan> make_stress_plan(const StressPlanRules& rules);
}  // namespace app
