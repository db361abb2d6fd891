/// Time is an integer that someone hands you.
///
/// `Instant` counts nanoseconds since 1970-01-01T00:00:00Z, signed 64-bit: the years 1678 to 2262. There is
/// no `now()` here or anywhere outside `platform/posix`; whoever needs the time is given a `Clock`. Civil
/// time is in `civil.hpp`.
#pragma once
#include <chrono>
#include <cstdint>

namespace core {
using namespace std::chrono_literals;

/// The scale that instants are counted on. Not a std clock: it has no `now()` on purpose.
struct UnixScale {};

using Duration = std::chrono::nanoseconds;
using Instant = std::chrono::time_point<UnixScale, Duration>;

/// "Never": later than every instant a scenario can hold; what a component with nothing to do answers to
/// `next()`.
inline constexpr Instant never = Instant::max();

constexpr Instant instant_from_seconds(std::int64_t unix_seconds) {
  return Instant(std::chrono::seconds(unix_seconds));
}
constexpr std::int64_t unix_nanoseconds(Instant at) { return at.time_since_epoch().count(); }
/// Whole seconds since 1970, rounded down (also before 1970).
constexpr std::int64_t unix_seconds(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}
/// Whole milliseconds since 1970, rounded down: the grain at which physical power may change.
constexpr std::int64_t unix_milliseconds(Instant at) {
  return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
}
}  // namespace core
