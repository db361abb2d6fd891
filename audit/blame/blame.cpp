#include "audit/blame/blame.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/fault/registry.hpp"

namespace audit {
namespace {
constexpr Duration leap_grain = std::chrono::seconds(10);  // by which the meter's clock was off before

/// Their work shows in truth's supply-lost and supply-restored of each meter.
bool is_of_network(const std::string& kind) {
  return kind == "section-outage" || kind == "switch-open" || kind == "switch-closed" || kind == "fuse-blown";
}

/// A meter makes no record of a quarter hour that its own clock never showed: put forward when the fault
/// began, or put right, from behind, when it ended or an inspector came. Put right from ahead, its register
/// seems to leap by what passed meanwhile, and the head-end holds what it cannot believe.
bool is_leapt_over(const scenario::FaultSpec& fault, Instant due) {
  const auto kind = model::find_fault(fault.kind);
  if (!kind || !model::shifts_meter_clock(*kind) || std::chrono::abs(fault.step) < std::chrono::minutes(15))
    return false;
  const auto is_within = [&](Instant from, Instant till) { return from <= due && due <= till + leap_grain; };
  if (fault.step < Duration(0)) return is_within(fault.from, fault.till);
  return is_within(fault.from, fault.from + fault.step) || is_within(fault.till, fault.till + fault.step);
}
Duration behind_by(const scenario::FaultSpec& fault, Instant due) {
  const auto kind = model::find_fault(fault.kind);
  const bool is_on = kind && model::shifts_meter_clock(*kind) && fault.from <= due && due <= fault.till;
  return is_on ? -std::min(fault.step, Duration(0)) : Duration(0);
}
}  // namespace

std::vector<DarkTime> dark_times(const Estate& estate, const Truth& truth) {
  std::vector<DarkTime> dark;
  std::vector<std::size_t> running(estate.size(), SIZE_MAX);
  for (const auto& symptom : truth.symptoms) {
    const bool is_lost = symptom.kind == "supply-lost";
    if (!is_lost && symptom.kind != "supply-restored") continue;
    const auto position = estate.find_meter(symptom.entity);
    if (!position || !estate.scenario.areas[estate.customers[*position].area].grid) continue;
    auto& open = running[*position];
    if (is_lost && open == SIZE_MAX) {
      open = dark.size();
      dark.push_back({*position, symptom.at, estate.closes()});
    } else if (!is_lost && open != SIZE_MAX) {
      dark[open].till = symptom.at;
      open = SIZE_MAX;
    }
  }
  std::stable_sort(dark.begin(), dark.end(),
                   [](const auto& a, const auto& b) { return a.position < b.position; });
  return dark;
}

Blame::Blame(const Estate& estate, std::vector<DarkTime> dark) : estate_(estate), dark_(std::move(dark)) {
  for (const auto& fault : estate.scenario.faults) {
    Scope scope;
    if (!fault.meter.empty()) scope.meter = estate.find_meter(fault.meter);
    if (!fault.other.empty()) scope.other = estate.find_meter(fault.other);
    for (std::size_t area = 0; area < estate.scenario.areas.size(); ++area)
      if (!fault.area.empty() && estate.scenario.areas[area].name == fault.area) scope.area = area;
    scopes_.push_back(scope);
  }
}

/// A fault of a concentrator's memory takes what was read before it.
Instant Blame::reaches_back(const scenario::FaultSpec& fault) const {
  return fault.kind == "store-overflow" ? estate_.scenario.starts : fault.from - fault.age;
}

bool Blame::strikes(std::size_t fault, std::size_t position) const {
  const auto& scope = scopes_[fault];
  if (scope.other && *scope.other == position) return true;
  if (scope.meter) return *scope.meter == position;
  return !scope.area || *scope.area == estate_.customers[position].area;
}

Duration Blame::recovery(const scenario::FaultSpec& fault) const {
  const auto& collect = estate_.scenario.head_end.collect;
  Duration reconnect{0};
  for (const auto& area : estate_.scenario.areas)
    reconnect = std::max(reconnect, area.uplink.reconnect_max + area.uplink.retransmission);
  // Whoever stayed silent is asked again after the longest back-off; a line that was cut is up after its
  // reconnection.
  const auto kind = model::find_fault(fault.kind);
  const auto site = kind ? model::fault_entry(*kind).site : model::FaultSite::head_end;
  const bool backs_off =
      site == model::FaultSite::meter || site == model::FaultSite::line || site == model::FaultSite::area;
  return (backs_off ? collect.back_off_max : reconnect) + collect.every + collect.after;
}

const DarkTime* Blame::dark_at(std::size_t position, Instant due) const {
  auto first =
      std::lower_bound(dark_.begin(), dark_.end(), position,
                       [](const DarkTime& one, std::size_t wanted) { return one.position < wanted; });
  for (; first != dark_.end() && first->position == position; ++first)
    if (first->from <= due && due <= first->till) return &*first;
  return nullptr;
}

Duration Blame::recovery_after_outage() const {
  const auto& collect = estate_.scenario.head_end.collect;
  return collect.back_off_max + collect.every + collect.after;
}

std::string Blame::cause_of_missing(std::size_t position, Instant due) const {
  const auto& scenario = estate_.scenario;
  const auto& collect = scenario.head_end.collect;
  const auto kept = std::min({Duration(std::chrono::hours(24) * estate_.groups[position]->load_record_days),
                              collect.backfill_horizon, collect.gap_patience});
  Duration behind{0};  // a meter behind the time makes its record so much later, if it still has mains then
  for (std::size_t i = 0; i < scenario.faults.size(); ++i)
    if (strikes(i, position)) behind = std::max(behind, behind_by(scenario.faults[i], due));
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const auto& fault = scenario.faults[i];
    if (!strikes(i, position)) continue;
    if (is_of_network(fault.kind)) continue;
    if (fault.kind == "supply-outage" && fault.from - behind <= due && due <= fault.till) return describe(i);
    if (is_leapt_over(fault, due)) return describe(i);
    const auto healed = fault.till + recovery(fault);
    const bool is_in_the_way = reaches_back(fault) <= due + collect.every + collect.after && due <= healed;
    const bool is_too_long = healed >= estate_.closes() || healed - due >= kept;
    if (is_in_the_way && is_too_long) return describe(i);
  }
  if (const auto* dark = dark_at(position, due))
    return fmt::format("no mains at {}, {} to {}", estate_.customers[position].name,
                       core::to_civil_text(dark->from, scenario.zone_rules),
                       core::to_civil_text(dark->till, scenario.zone_rules));
  const auto& area = scenario.areas[estate_.customers[position].area];
  if (!area.line.bit_error.is_zero() &&
      due + collect.back_off_max + collect.every + collect.after >= estate_.closes())
    return "noise on the lines of area " + area.name;
  return {};
}

Instant Blame::deadline(std::size_t position, Instant from, Duration allowance,
                        const std::optional<scenario::DaySlot>& quiet) const {
  const auto& scenario = estate_.scenario;
  const auto& zone = scenario.zone_rules;
  auto deadline = from + allowance;
  for (bool has_moved = true; has_moved;) {
    has_moved = false;
    const auto restart = [&](Instant start, Instant till) {
      if (start > deadline || till < from || till + allowance <= deadline) return;
      deadline = till + allowance;
      has_moved = true;
    };
    for (std::size_t i = 0; i < scenario.faults.size(); ++i)
      if (strikes(i, position))
        restart(scenario.faults[i].from, scenario.faults[i].till + recovery(scenario.faults[i]));
    for (const auto& dark : dark_)
      if (dark.position == position) restart(dark.from, dark.till + recovery_after_outage());
    if (!quiet) continue;
    const auto wraps = std::chrono::hours(quiet->from_s > quiet->till_s ? 24 : 0);
    for (auto day = zone.local_day(from) - 1; day <= zone.local_day(deadline); ++day) {
      const auto midnight = zone.start_of_day(day);
      restart(midnight + std::chrono::seconds(quiet->from_s),
              midnight + wraps + std::chrono::seconds(quiet->till_s));
    }
    if (deadline > estate_.closes()) break;
  }
  return deadline;
}

std::string Blame::fault_between(std::size_t position, Instant from, Instant till) const {
  for (std::size_t i = 0; i < scopes_.size(); ++i) {
    const auto& fault = estate_.scenario.faults[i];
    if (strikes(i, position) && fault.from <= till && from <= fault.till + recovery(fault))
      return describe(i);
  }
  return {};
}

std::string Blame::setting_back_before(std::size_t position, Instant due) const {
  for (std::size_t i = 0; i < scopes_.size(); ++i) {
    const auto& fault = estate_.scenario.faults[i];
    if (fault.kind == "theft-rollback" && strikes(i, position) && fault.from <= due) return describe(i);
  }
  return {};
}

std::string Blame::describe(std::size_t number) const {
  const auto& fault = estate_.scenario.faults[number];
  const auto& zone = estate_.scenario.zone_rules;
  const std::string_view of = fault.kind == "head-end-crash" ? "of the head-end"
                              : !fault.meter.empty()         ? "of "
                              : !fault.area.empty()          ? "of area "
                                                             : "everywhere";
  const auto& whose = fault.meter.empty() ? fault.area : fault.meter;
  const auto from = core::to_civil_text(fault.from, zone);
  const auto till = core::to_civil_text(fault.till, zone);
  const bool is_one_day = from.substr(0, 10) == till.substr(0, 10);
  const auto section = fault.section.empty() ? "" : fmt::format(" ({})", fault.section);
  return fmt::format("{} {}{}{}, {} to {}", fault.kind, of, whose, section, from,
                     is_one_day ? till.substr(11) : till);
}
}  // namespace audit
