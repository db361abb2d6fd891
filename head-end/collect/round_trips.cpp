#include "head-end/collect/round_trips.hpp"

namespace headend {
void RoundTrips::measured(Duration round_trip) {
  doublings_ = 0;
  round_trip = std::max(round_trip, Duration(1));
  if (!is_measured()) {
    smoothed_ = round_trip;
    variation_ = round_trip / 2;
    return;
  }
  const Duration off = round_trip > smoothed_ ? round_trip - smoothed_ : smoothed_ - round_trip;
  variation_ += (off - variation_) / 4;
  smoothed_ += (round_trip - smoothed_) / 8;
}

Duration RoundTrips::timeout(Duration configured) const {
  const Duration estimated = smoothed_ + 4 * variation_;
  const Duration wanted = std::max(configured, estimated) * (1 << doublings_);
  return std::clamp(wanted, configured, patience_max * configured);
}
}  // namespace headend
