/// The quarter hours within a span of time, whatever instants it is told by.
#pragma once
#include <algorithm>
#include <limits>

#include "head-end/store/slot.hpp"

namespace headend {
struct SlotRange {
  Slot first = 0;
  Slot last = -1;  ///< included
};

namespace detail {
inline constexpr Slot slot_min = std::numeric_limits<Slot>::min() / 2;
inline constexpr Slot slot_max = std::numeric_limits<Slot>::max() / 2;
constexpr std::int64_t seconds_floor(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}
constexpr Slot bounded(std::int64_t slot) {
  return static_cast<Slot>(std::clamp<std::int64_t>(slot, slot_min, slot_max));
}
constexpr std::int64_t slots_floor(std::int64_t seconds) {
  return seconds / slot_s - (seconds % slot_s < 0 ? 1 : 0);
}
}  // namespace detail

/// All slots with from <= instant_of(slot) <= till; none when there are none.
constexpr SlotRange slots_within(Instant from, Instant till) {
  const std::int64_t from_s = detail::seconds_floor(from);
  const std::int64_t first = detail::slots_floor(from_s);
  const bool is_inside = first * slot_s == from_s && from.time_since_epoch() % 1s == 0ns;
  return {detail::bounded(is_inside ? first : first + 1),
          detail::bounded(detail::slots_floor(detail::seconds_floor(till)))};
}
}  // namespace headend
