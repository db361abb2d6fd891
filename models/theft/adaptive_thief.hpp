/// A thief who watches the inspectors: he takes more while nobody comes, and changes his way when somebody
/// does.
///
/// After each week he learns whether he was suspected. Suspected, he halves his share and turns to the next
/// of his ways (a share all the time, nights only, slow drift, a random share of each interval), and lies low
/// for a week; left alone for `patience_weeks` he takes a quarter more, up to `share_max`. Below
/// `share_least` he gives up. Unit: shares of the energy drawn. Range: 0 <= share <= 1. Errors: none.
/// Randomness: `draws`, by interval. Time: weeks.
#pragma once
#include "models/theft/consumption.hpp"

namespace model::theft {
struct AdaptiveSettings {
  double share_first = 0.6, share_max = 0.9, share_least = 0.02;
  int patience_weeks = 2;
};

class AdaptiveThief {
 public:
  enum class Way : std::uint8_t { steady, night, drift, random };
  AdaptiveThief(const core::RandomStream& draws, const AdaptiveSettings& settings = {});

  /// The share that he takes of interval `t` of the week [from, till), which begins at `hour` of the day.
  double taken(double hour, std::size_t t, std::size_t from, std::size_t till) const;
  /// What his meter reports of [from, till) of what he draws.
  std::vector<double> report(const Consumption& drawn, std::size_t from, std::size_t till) const;
  /// The end of a week.
  void learn(bool was_suspected);

  double share() const { return is_lying_low_ ? 0 : share_; }
  Way way() const { return way_; }
  bool has_given_up() const { return share_ < settings_.share_least; }
  bool is_lying_low() const { return is_lying_low_; }

 private:
  core::RandomStream draws_;
  AdaptiveSettings settings_;
  double share_;
  Way way_ = Way::steady;
  bool is_lying_low_ = false;
  int quiet_weeks_ = 0;
};
}  // namespace model::theft
