#include "models/collector/freshness.hpp"

#include <algorithm>

namespace model {
Freshness::Point& Freshness::at(std::size_t point) {
  if (points_.size() < point) points_.resize(point);
  return points_[point - 1];
}

void Freshness::judge(std::size_t point, core::Instant now) {
  const auto& state = at(point);
  if (!state.is_known || !state.is_living) return;
  const auto age = now - std::max(state.asked, state.living_since);
  if (age > worst_.age) worst_ = {age, point};
}

void Freshness::known(std::size_t point, core::Instant now) {
  auto& state = at(point);
  state.is_known = true;
  state.asked = now;
}

void Freshness::forgotten(std::size_t point) { at(point).is_known = false; }

void Freshness::refreshed(std::size_t point, core::Instant asked, core::Instant now) {
  judge(point, now);
  at(point).asked = asked;
}

void Freshness::set_living(std::size_t point, bool is_living, core::Instant now) {
  auto& state = at(point);
  if (state.is_living == is_living) return;
  judge(point, now);
  state.is_living = is_living;
  if (is_living) state.living_since = now;
}

Freshness::Worst Freshness::take_worst(core::Instant now) {
  for (std::size_t point = 1; point <= points_.size(); ++point) judge(point, now);
  const auto worst = worst_;
  worst_ = {};
  return worst;
}
}  // namespace model
