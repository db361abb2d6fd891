/// The estate under audit: every customer of the scenario, by meter number, with the rules that apply to him.
///
/// Position i is the meter with id i + 1 in truth and books alike. Made from the scenario alone.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "scenarios/roster.hpp"
#include "scenarios/scenario.hpp"

namespace audit {
using core::Duration;
using core::Instant;

struct Estate {
  explicit Estate(const scenario::Scenario& scenario);

  const scenario::Scenario& scenario;
  std::vector<scenario::RosterEntry> customers;
  std::vector<const scenario::MeterGroup*> groups;  ///< by position
  std::vector<std::uint16_t> tariffs;               ///< by position: place in Scenario::tariffs

  std::size_t size() const { return customers.size(); }
  bool knows(std::int64_t meter) const { return meter >= 1 && meter <= static_cast<std::int64_t>(size()); }
  scenario::PaymentMode payment(std::size_t position) const { return groups[position]->payment; }
  /// Position of the customer with this account number ("A0017") or meter name ("M0017").
  std::optional<std::size_t> find_account(std::string_view number) const;
  std::optional<std::size_t> find_meter(std::string_view name) const;
  /// When nobody looks any more: the scenario's end and the time to settle after it.
  Instant closes() const { return scenario.ends() + scenario.settles; }
};

/// Length of a metering interval, and its number since 1970: both stores count due instants by it.
inline constexpr std::int64_t quarter_s = 900;
constexpr std::int64_t slot_of(Instant at) { return core::unix_seconds(at) / quarter_s; }
constexpr Instant instant_of_slot(std::int64_t slot) { return core::instant_from_seconds(slot * quarter_s); }
constexpr Instant instant_from_ns(std::int64_t ns) { return Instant(Duration(ns)); }
}  // namespace audit
