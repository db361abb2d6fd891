#include "head-end/watch/cut_off.hpp"

#include <algorithm>

namespace headend {
std::optional<Instant> quiet_until(const std::optional<DaySlot>& never_between, const core::Zone& zone,
                                   Instant at) {
  if (!never_between) return std::nullopt;
  const std::int64_t second = zone.second_of_day(at);
  const bool wraps = never_between->till_s <= never_between->from_s;
  const bool is_after_start = second >= never_between->from_s;
  const bool is_before_end = second < never_between->till_s;
  if (wraps ? !(is_after_start || is_before_end) : !(is_after_start && is_before_end)) return std::nullopt;
  const std::int64_t day = zone.local_day(at) + (wraps && is_after_start ? 1 : 0);
  const Instant end = zone.start_of_day(day) + std::chrono::seconds(never_between->till_s);
  // On a day that the zone changes its offset the end may seem to have passed: look again in a minute.
  return std::max(end, at + std::chrono::minutes(1));
}

SupplyDecision decide_supply(const SupplyFacts& facts, const CutOffRules& rules, const core::Zone& zone,
                             Instant now) {
  const bool must_not_supply = !facts.is_kept && facts.spendable <= -facts.overdraft;
  switch (facts.supply) {
    case Supply::supplied:
      if (!must_not_supply) return {};
      return {SupplyStep::becomes_due, now + rules.grace};
    case Supply::due: {
      if (!must_not_supply) return {SupplyStep::withdraw};
      const Instant grace_ends = facts.since + rules.grace;
      if (now < grace_ends) return {SupplyStep::wait, grace_ends};
      if (const auto end = quiet_until(rules.never_between, zone, now)) return {SupplyStep::wait, *end};
      return {SupplyStep::trip};
    }
    case Supply::cut:
      if (facts.is_kept || facts.spendable > Fen(0)) return {SupplyStep::close};
      return {};
    case Supply::cut_by_order:  // somebody ordered it: only somebody, or keep-power, ends it
      if (facts.is_kept) return {SupplyStep::close};
      return {};
  }
  return {};
}

const char* name_of(Supply supply) {
  switch (supply) {
    case Supply::supplied:
      return "supplied";
    case Supply::due:
      return "due";
    case Supply::cut:
      return "cut";
    case Supply::cut_by_order:
      return "cut_by_order";
  }
  return "";
}
}  // namespace headend
