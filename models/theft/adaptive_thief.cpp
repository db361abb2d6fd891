// A thief who watches the inspectors.
#include "models/theft/adaptive_thief.hpp"

#include <algorithm>

namespace model::theft {
AdaptiveThief::AdaptiveThief(const core::RandomStream& draws, const AdaptiveSettings& settings)
    : draws_(draws), settings_(settings), share_(settings.share_first) {}

double AdaptiveThief::taken(double hour, std::size_t t, std::size_t from, std::size_t till) const {
  const bool is_night = hour >= 22 || hour < 6;
  double taken = has_given_up() ? 0 : share();
  if (way_ == Way::night && !is_night) taken = 0;
  if (way_ == Way::drift) taken *= static_cast<double>(t - from) / static_cast<double>(till - from);
  if (way_ == Way::random) taken *= 2 * uniform(draws_, t);
  return std::min(taken, 1.0);
}

std::vector<double> AdaptiveThief::report(const Consumption& drawn, std::size_t from,
                                          std::size_t till) const {
  std::vector<double> reported;
  for (std::size_t t = from; t < till; ++t)
    reported.push_back(drawn.energy_kWh[t] * (1 - taken(drawn.hour_of(t), t, from, till)));
  return reported;
}

void AdaptiveThief::learn(bool was_suspected) {
  is_lying_low_ = false;
  if (was_suspected) {
    share_ /= 2;
    way_ = static_cast<Way>((static_cast<int>(way_) + 1) % 4);
    is_lying_low_ = true;
    quiet_weeks_ = 0;
    return;
  }
  if (++quiet_weeks_ >= settings_.patience_weeks && !has_given_up()) {
    share_ = std::min(settings_.share_max, share_ * 1.25);
    quiet_weeks_ = 0;
  }
}
}  // namespace model::theft
