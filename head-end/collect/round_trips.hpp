/// How long answers over one way take, and how long it is worth waiting for the next one.
///
///     srtt += (R - srtt) / 8,  rttvar += (|R - srtt| - rttvar) / 4,  first R: srtt = R, rttvar = R / 2
///     time-out = srtt + 4 rttvar, doubled after each question that nothing answered   [RFC 6298, 2 and 5.5]
/// Only measured answers count: each attempt has its own counter, so that a late answer is known to be the
/// late one and Karn's doubt does not arise. The configured time-out is the floor: an estimate never makes
/// the head-end less patient than it was told to be (docs/decisions/0013). Unit: ns. Errors: none.
/// Randomness: none. Time: durations handed in.
#pragma once
#include <algorithm>

#include "head-end/configuration.hpp"

namespace headend {
class RoundTrips {
 public:
  /// No time-out grows beyond so many times the configured one.
  static constexpr int patience_max = 4;

  /// An answer took so long; one that came too late counts just as well.
  void measured(Duration round_trip);
  /// A question was given up without any answer.
  void unanswered() { doublings_ = std::min(doublings_ + 1, 2); }

  /// Between `configured` and `patience_max` times that.
  Duration timeout(Duration configured) const;
  bool is_measured() const { return smoothed_ > Duration::zero(); }
  Duration smoothed() const { return smoothed_; }
  Duration variation() const { return variation_; }

 private:
  Duration smoothed_{}, variation_{};
  int doublings_ = 0;
};
}  // namespace headend
