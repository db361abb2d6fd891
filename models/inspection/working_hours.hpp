/// When people work: some hours of some days of the week, in local time.
///
/// Unit: instants and durations. Range: at least one weekday, 0 <= from_s < till_s <= 86400. Errors: none.
/// Randomness: none. Time: pure functions.
#pragma once
#include <array>

#include "core/civil.hpp"
#include "core/instant.hpp"

namespace model {
struct WorkingHours {
  core::Zone zone = core::Zone(std::chrono::hours(8));
  int from_s = 8 * 3600;
  int till_s = 17 * 3600;
  std::array<bool, 7> weekdays{false, true, true, true, true, true, false};  ///< from Sunday

  bool is_open(core::Instant at) const;
  /// `at`, or when work begins next.
  core::Instant open_from(core::Instant at) const;
  /// When so much working time has passed since `at`. Range: work >= 0.
  core::Instant after(core::Instant at, core::Duration work) const;
};
}  // namespace model
