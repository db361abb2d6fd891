/// What demand-side management has told a meter: a limit on power, and a call to use less.
///
/// **Limit** (负荷限额), from `from` to `until`: power above it for longer than `delay` opens the relay;
/// after `pause` it closes by itself; after the `trips_max`-th time it stays open until the customer presses
/// the button, a closing command comes, or the limit ends. It ends when it is taken back or at `until` by the
/// meter's own clock, whichever is first: nobody stays limited or cut off because a head-end has died.
/// Keep-power (保电) goes before: such a meter refuses a limit and drops the one it has.
/// **Call** (需求响应): shown to the customer, who answers yes or no, or not at all.
/// On the wire: items 04800101 to 04800104 of the maker's range (docs/wire/load-limit.md).
/// Unit: mW. Time: the meter's clock (civil seconds) for what comes over the wire, true instants inside.
#pragma once
#include <cstdint>

#include "core/instant.hpp"

namespace model {
/// How long a meter looks away at most while a limit is in force: between steps of the load it sees what
/// somebody else has changed (a supply that came back, a pair of pliers).
inline constexpr core::Duration limit_look_again = std::chrono::minutes(1);

struct LoadLimit {
  // As written
  std::int64_t power_mW = 0;      ///< 0: no limit
  std::int64_t from_civil_s = 0;  ///< may be in the future: told ahead, in force from then on
  std::int64_t until_civil_s = 0;
  std::int32_t delay_s = 0;
  std::int32_t pause_s = 0;
  std::int32_t trips_max = 1;
  // What has come of it
  bool is_in_force = false;
  core::Instant over_since = core::never;  ///< power is above it
  core::Instant closes_at = core::never;   ///< end of a pause
  std::int32_t trips = 0;

  bool is_set() const { return power_mW > 0; }
};

enum class CallAnswer : std::uint8_t { none, yes, no, nobody };

struct LoadCall {
  std::int64_t from_civil_s = 0;  ///< 0: no call
  std::int64_t till_civil_s = 0;
  std::int32_t share_percent = 0;  ///< what is asked for
  CallAnswer answer = CallAnswer::none;
  core::Instant answers_at = core::never;
  core::Instant ends_at = core::never;  ///< of a reaction that runs

  bool is_set() const { return from_civil_s > 0; }
};

/// Demand-side management in one meter.
struct LoadControl {
  LoadLimit limit;
  LoadCall call;
};
}  // namespace model
