/// Loss with memory: a channel that is good for a while, then bad for a while, as lines with bursts are.
///
/// A chain of two states moves once a slot and loses the slot with a chance that depends on the state:
///     good -> bad with p, bad -> good with r;  lost with h_good or h_bad
///     share of bad slots = p / (p + r), mean burst = 1 / r slots, correlation of states k apart = (1 - p -
///     r)^k
/// [Gilbert, Bell Syst. Tech. J. 39 (1960) 1253; Elliott, BSTJ 42 (1963) 1977]
/// Unit: slots; whoever uses it says how long one is. Range: 0 <= p, r, h <= 1. Errors: none. Randomness: the
/// stream handed in, by number of the step. Time: none.
#pragma once
#include <cstdint>

#include "core/random.hpp"

namespace model {
struct GilbertElliott {
  core::Ratio to_bad{0, 1};   ///< p
  core::Ratio to_good{1, 1};  ///< r
  core::Ratio loss_good{0, 1};
  core::Ratio loss_bad{1, 1};

  bool is_valid() const {
    return to_bad.is_valid() && to_good.is_valid() && loss_good.is_valid() && loss_bad.is_valid();
  }
  double bad_share() const;           ///< of slots in the long run; 0 if the states never change
  double mean_loss() const;           ///< of slots in the long run
  double mean_burst() const;          ///< bad slots in a row; infinite if r = 0
  double mean_quiet() const;          ///< good slots in a row; infinite if p = 0
  double correlation(int lag) const;  ///< of the states of two slots so far apart
};

/// One such channel as it goes on. It begins in a state drawn with its long-run share.
class BurstChannel {
 public:
  /// Range: `law` valid (checked).
  BurstChannel(const GilbertElliott& law, core::RandomStream draws);

  /// The next slot: moves on, then says whether that slot is lost.
  bool loses();
  /// So many slots go by unobserved: one draw, from the chain's power.
  void pass(std::uint64_t slots);
  /// The state of the last slot.
  bool is_bad() const { return is_bad_; }

 private:
  GilbertElliott law_;
  core::RandomStream draws_;
  std::uint64_t steps_ = 0;
  bool is_bad_ = false;
};

/// A uniform number in (0, 1) from 64 random bits: 53 of them, centred in their cells, never 0 or 1.
constexpr double unit_interval(std::uint64_t word) {
  return (static_cast<double>(word >> 11) + 0.5) / 9007199254740992.0;
}
/// Whether a chance strikes, given 64 random bits. Exact but for 2^-64.
constexpr bool is_hit(core::Ratio chance, std::uint64_t word) {
  return static_cast<std::uint64_t>((static_cast<core::uint128_t>(word) * chance.denominator) >> 64) <
         chance.numerator;
}
constexpr double as_number(core::Ratio ratio) {
  return static_cast<double>(ratio.numerator) / ratio.denominator;
}
/// The fraction nearest to `chance` with denominator 10^9. Range: 0 <= chance <= 1; beyond, the nearer end.
constexpr core::Ratio ratio_of(double chance) {
  constexpr std::uint32_t parts = 1'000'000'000;
  if (!(chance > 0)) return {0, 1};
  if (chance >= 1) return {1, 1};
  return {static_cast<std::uint32_t>(chance * parts + 0.5), parts};
}
}  // namespace model
