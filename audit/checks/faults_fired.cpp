#include "audit/checks/faults_fired.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace audit {
namespace {
struct Effect {
  std::string_view fault;
  std::string_view event;
};

// What an effect of each kind of fault looks like in truth.
constexpr std::array effects{
    Effect{"supply-outage", "supply-lost"},
    Effect{"uplink-outage", "uplink-lost"},
    Effect{"concentrator-restart", "concentrator-restarted"},
    Effect{"line-noise", "frame-garbled"},
    Effect{"meter-silent", "meter-silent"},
    Effect{"head-end-crash", "crashed"},
};

bool is_effect(const std::string& fault, const std::string& event) {
  return std::any_of(effects.begin(), effects.end(),
                     [&](const Effect& effect) { return effect.fault == fault && effect.event == event; });
}

/// Is the entity of an event within the reach of the fault? "concentrator north", "area north", "M0017", "head-end".
bool is_reached(const Estate& estate, const scenario::FaultSpec& fault, const std::string& entity) {
  if (!fault.meter.empty()) return entity == fault.meter;
  if (fault.area.empty()) return true;
  const auto blank = entity.find(' ');
  if (blank != std::string::npos) {
    const auto rest = std::string_view(entity).substr(blank + 1);
    return rest == fault.area || rest.substr(0, fault.area.size() + 1) == fault.area + " ";
  }
  const auto position = estate.find_meter(entity);
  return position && estate.scenario.areas[estate.customers[*position].area].name == fault.area;
}
}  // namespace

std::vector<Check> check_faults_fired(const Estate& estate, const Truth& truth, const Blame& blame, const Options& options) {
  const auto& faults = estate.scenario.faults;
  if (faults.empty()) return {};
  Checking check("FAULTS.fired", "every injected fault was felt", "all", options);
  std::int64_t felt = 0;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const auto& fault = faults[i];
    const auto till = fault.till + blame.recovery(fault);
    check.looked();
    const bool has_fired = std::any_of(truth.symptoms.begin(), truth.symptoms.end(), [&](const Symptom& symptom) {
      return symptom.at >= fault.from && symptom.at <= till && is_effect(fault.kind, symptom.kind) &&
             is_reached(estate, fault, symptom.entity);
    });
    if (has_fired) {
      ++felt;
    } else {
      check.violation(fmt::format("fault {}", i), fault.from, [&] { return blame.describe(i) + ": nothing felt it"; });
    }
  }
  std::vector<Check> checks;
  checks.push_back(check.finish(fmt::format("{} of {}", felt, faults.size()), static_cast<std::int64_t>(faults.size())));
  // A fault that never bit is no mistake of what is tested: it leaves the question open.
  if (checks.back().violations != 0) checks.back().verdict = Verdict::unknown;
  return checks;
}
}  // namespace audit
