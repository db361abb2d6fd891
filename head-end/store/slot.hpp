/// Quarter hours, counted: the due instants of readings.
///
///     slot = due / 900 s
#pragma once
#include "head-end/configuration.hpp"

namespace headend {
inline constexpr std::int64_t slot_s = 900;  ///< a quarter hour
using Slot = std::int32_t;                   ///< quarter hours since 1970: good for 61,000 years

/// One number for a meter's quarter hour, rising by time first.
constexpr std::int64_t reading_key(Slot slot, MeterId meter) { return std::int64_t{slot} << 24 | meter; }
constexpr Instant instant_of(Slot slot) { return core::instant_from_seconds(slot * slot_s); }
/// The quarter hour that begins at or before `at`.
constexpr Slot slot_before(Instant at) {
  return static_cast<Slot>(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count() / slot_s);
}
}  // namespace headend
