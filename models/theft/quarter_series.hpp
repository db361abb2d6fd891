/// One number for each quarter hour from some quarter hour on: a plan that a thief follows.
///
/// Unit: whatever the owner says. Range: quarter hours of 900 s since 1970 (UTC); every zone's quarter hours
/// are these. Errors: none. Randomness: none. Time: as told.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

namespace model {
struct QuarterSeries {
  static constexpr std::int64_t quarter_ms = 900'000;
  std::int64_t first = 0;  ///< quarter hour of values[0]
  std::vector<std::int32_t> values;

  /// Nothing before the first and after the last.
  std::optional<std::int32_t> at_ms(std::int64_t at_ms) const {
    const std::int64_t index = at_ms / quarter_ms - first;
    if (at_ms < 0 || index < 0 || index >= static_cast<std::int64_t>(values.size())) return std::nullopt;
    return values[static_cast<std::size_t>(index)];
  }
};
}  // namespace model
