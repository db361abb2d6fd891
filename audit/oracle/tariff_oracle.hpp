/// The tariff's text (scenario::Tariff, rules 1 to 5), carried out a second time, in exact arithmetic.
///
/// Written from that text alone, on another plan than any head-end would choose: a tier's share of an
/// interval is the difference of the cumulated consumption clamped to the tier, and a bill is a rational
/// number of yuan, rounded once.
///     share of tier k = clamp(c + e, b[k-1], b[k]) - clamp(c, b[k-1], b[k])          [rule 2]
///     bill = floor(100 sum(energy / 100 kWh x price) + 1/2) fen                       [rules 3 and 4]
/// Energies in 0.01 kWh, never negative. Errors: none. Randomness: none. Time: handed in.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/civil.hpp"
#include "scenarios/scenario.hpp"

namespace audit {
class TariffOracle {
 public:
  TariffOracle(const scenario::Tariff& tariff, const core::Zone& zone);

  std::size_t periods() const { return prices_.size() / tiers_; }
  std::size_t tiers() const { return tiers_; }
  /// Cells of a bill: one per (period, tier), `cell(period, tier)`.
  std::size_t cells() const { return prices_.size(); }
  std::size_t cell(std::size_t period, std::size_t tier) const { return period * tiers_ + tier; }
  std::int64_t price(std::size_t cell) const { return prices_[cell]; }
  /// Where a tier ends, 0.01 kWh since the last reset; of the last one: the greatest number there is.
  std::int64_t ceiling(std::size_t tier) const { return ceilings_[tier]; }
  /// Dearest less cheapest price, 1e-4 CNY/kWh.
  std::int64_t price_spread() const;

  /// Rule 1: the period of an interval is that of its start.
  std::size_t period_at(core::Instant interval_start) const;
  /// Does the ladder count from zero again at this instant?
  bool resets_at(core::Instant at) const;
  /// Rule 2: how much of `energy`, coming after `consumed` since the last reset, falls into `tier`.
  std::int64_t share(std::size_t tier, std::int64_t consumed, std::int64_t energy) const;

  /// Rules 3 and 4: the exact amount, rounded once. Range: `energies` has `cells()` elements.
  std::int64_t amount_fen(std::span<const std::int64_t> energies) const;

 private:
  const scenario::Tariff& tariff_;
  core::Zone zone_;
  std::size_t tiers_;
  std::vector<std::int64_t> prices_;  // 1e-4 CNY/kWh by cell
  std::vector<std::int64_t> ceilings_;
};

/// Rule 5: the part of `energy` that quarter hour `index` of `quarters` gets: even, the odd hundredths to the
/// earliest.
constexpr std::int64_t even_part(std::int64_t energy, std::int64_t quarters, std::int64_t index) {
  return energy / quarters + (index < energy % quarters ? 1 : 0);
}
/// Rule 4 on a whole number of micro-yuan, by counting half fens: the k-th fen is owed from 2k - 1 half fens
/// on.
constexpr std::int64_t fen_owed(std::int64_t microyuan) { return (microyuan / 5'000 + 1) / 2; }
}  // namespace audit
