#include "apps/stress_plan.hpp"

#include <algorithm>

namespace app {
namespace {
using stress::Mix;
using stress::StageKind;
using namespace std::chrono_literals;

constexpr std::uint32_t api_beside_ladder = 20, api_high = 200, abnormal_permille = 100;
constexpr int ladder_steps = 10;

struct Maker {
  StressPlanRules rules;
  std::vector<stress::StagePlan>& stages;

  core::Duration times(int tenths) const { return rules.stage * tenths / 10; }
  void warm_up() const {
    // At full rate: every meter has told a few quarter hours and every buffer has its size before anything is
    // judged.
    stages.push_back(stress::steady("warm-up", StageKind::warm_up, rules.rate_max,
                                    std::max<core::Duration>(rules.stage / 2, 1s),
                                    {.api_per_s = api_beside_ladder}));
  }
  void ladder() const {
    for (auto& stage : stress::ladder(rules.rate_max / ladder_steps, rules.rate_max, ladder_steps,
                                      rules.stage, {.api_per_s = api_beside_ladder}))
      stages.push_back(std::move(stage));
  }
  void abnormal() const {
    auto stage =
        stress::steady("abnormal: a tenth on top, 200 API requests/s", StageKind::soak, rules.rate_max,
                       rules.stage, {.abnormal_permille = abnormal_permille, .api_per_s = api_high});
    stages.push_back(std::move(stage));
  }
  void steps() const {
    stages.push_back(stress::stepped(rules.rate_max / ladder_steps, rules.rate_max, 100,
                                     std::max<core::Duration>(rules.stage / 100, 1ms)));
  }
  void spike() const { stages.push_back(stress::spike(rules.rate_max / 5, 5, times(3), times(2))); }
  void soak(int tenths) const {
    stages.push_back(stress::soak(rules.rate_max, times(tenths), {.api_per_s = api_beside_ladder}));
  }
  void doubling() const {
    for (auto& stage : stress::doubling(rules.rate_max / 64, 7, rules.stage))
      stages.push_back(std::move(stage));
  }
};
}  // namespace

std::vector<std::string> stress_plan_names() {
  return {"headline", "knee", "full", "soak", "doubling", "abnormal", "spike", "steps"};
}

std::optional<StressPlan> make_stress_plan(const StressPlanRules& rules) {
  StressPlan plan;
  const Maker maker{rules, plan.before};
  maker.warm_up();
  if (rules.name == "headline" || rules.name == "full") {
    maker.ladder();
    maker.abnormal();
    maker.steps();
    maker.spike();
    maker.soak(60);
    plan.searches_knee = rules.name == "full";
  } else if (rules.name == "knee") {
    plan.searches_knee = true;
  } else if (rules.name == "soak") {
    maker.soak(10);
  } else if (rules.name == "doubling") {
    maker.doubling();
  } else if (rules.name == "abnormal") {
    maker.abnormal();
  } else if (rules.name == "spike") {
    maker.spike();
  } else if (rules.name == "steps") {
    maker.steps();
  } else {
    return std::nullopt;
  }
  return plan;
}
}  // namespace app
