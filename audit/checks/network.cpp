#include "audit/checks/network.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace audit {
namespace {
/// When this area had a solution again; the run's end if never.
Instant solved_again(const Estate& estate, const Truth& truth, const Symptom& diverged) {
  for (const auto& symptom : truth.symptoms)
    if (symptom.kind == "feeder-solved" && symptom.entity == diverged.entity && symptom.at >= diverged.at)
      return symptom.at;
  return estate.closes();
}
}  // namespace

std::vector<Check> check_network(const Estate& estate, const Truth& truth, const Options& options) {
  const auto& areas = estate.scenario.areas;
  const auto computed = std::count_if(areas.begin(), areas.end(), [](const auto& area) { return area.grid; });
  if (computed == 0) return {};
  Checking check("TRUTH.network", "every step of every network had a solution", "all", options);
  check.looked(computed);
  Duration without{0};
  for (const auto& symptom : truth.symptoms) {
    if (symptom.kind != "feeder-diverged") continue;
    const auto till = solved_again(estate, truth, symptom);
    without += till - symptom.at;
    check.violation(symptom.entity, symptom.at, [&] {
      const auto& zone = estate.scenario.zone_rules;
      return fmt::format("the network of {} has no solution from {} for {}: {:.1f} kW asked for; {}",
                         symptom.entity, core::to_civil_text(symptom.at, zone),
                         duration_text(till - symptom.at), static_cast<double>(symptom.value) / 1000,
                         symptom.text);
    });
  }
  const auto times = check.violations();
  std::vector<Check> checks;
  checks.push_back(
      check.finish(times == 0 ? fmt::format("{} of {} networks", computed, computed)
                              : fmt::format("none {} times, for {} in all", times, duration_text(without)),
                   times));
  // What a network without a solution did is nobody's mistake: it leaves the question open.
  if (times != 0) checks.back().verdict = Verdict::unknown;
  return checks;
}
}  // namespace audit
