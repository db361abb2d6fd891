#include "audit/checks/faults_fired.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace audit {
namespace {
/// When the head-end went down for this crash: one that comes while it is down already is the same crash.
Instant crash_of(const std::vector<scenario::FaultSpec>& faults, const scenario::FaultSpec& fault) {
  auto from = fault.from;
  for (bool has_moved = true; has_moved;) {
    has_moved = false;
    for (const auto& other : faults) {
      if (other.kind != fault.kind || other.from >= from || other.till < from) continue;
      from = other.from;
      has_moved = true;
    }
  }
  return from;
}

/// Truth sums the effects of a fault up when it ends: "fault-struck", with the fault's kind in the text. A
/// crash of the head-end is told when it begins, and cannot go unnoticed.
bool is_effect(const std::vector<scenario::FaultSpec>& faults, const scenario::FaultSpec& fault,
               const Symptom& symptom) {
  if (fault.kind == "head-end-crash")
    return symptom.kind == "crashed" && symptom.at == crash_of(faults, fault);
  return symptom.kind == "fault-struck" && symptom.at > fault.from && symptom.at <= fault.till &&
         symptom.text == "injected: " + fault.kind;
}

/// Is the entity of an event within the reach of the fault? "concentrator north", "area north", "M0017",
/// "head-end".
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

std::vector<Check> check_faults_fired(const Estate& estate, const Truth& truth, const Blame& blame,
                                      const Options& options) {
  const auto& faults = estate.scenario.faults;
  if (faults.empty()) return {};
  Checking check("FAULTS.fired", "every injected fault was felt", "all", options);
  const auto is_felt = [&](const scenario::FaultSpec& fault) {
    return std::any_of(truth.symptoms.begin(), truth.symptoms.end(), [&](const Symptom& symptom) {
      return is_effect(faults, fault, symptom) && is_reached(estate, fault, symptom.entity);
    });
  };
  std::int64_t felt = 0, asked = 0;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const auto& fault = faults[i];
    const auto is_sibling = [&](const auto& other) {
      return !fault.name.empty() && other.name == fault.name && other.kind == fault.kind;
    };
    const auto first = std::find_if(faults.begin(), faults.end(), is_sibling);
    if (first != faults.end() && static_cast<std::size_t>(first - faults.begin()) != i) continue;
    check.looked();
    ++asked;
    const bool has_fired = first == faults.end()
                               ? is_felt(fault)
                               : std::any_of(faults.begin(), faults.end(), [&](const auto& other) {
                                   return is_sibling(other) && is_felt(other);
                                 });
    if (has_fired) {
      ++felt;
    } else {
      check.violation(fmt::format("fault {}", i), fault.from,
                      [&] { return blame.describe(i) + ": nothing felt it"; });
    }
  }
  std::vector<Check> checks;
  checks.push_back(
      check.finish(fmt::format("{} of {}", felt, asked), static_cast<std::int64_t>(faults.size())));
  // A fault that never bit is no mistake of what is tested: it leaves the question open.
  if (checks.back().violations != 0) checks.back().verdict = Verdict::unknown;
  return checks;
}
}  // namespace audit
