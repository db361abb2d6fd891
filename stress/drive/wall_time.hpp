/// The generator's own clock: UTC at its start and the monotonic clock since, so it never jumps.
///
/// The driver measures a head-end from outside and may therefore ask the operating system; nothing else of
/// the field's end does.
#pragma once
#include <time.h>

#include "core/instant.hpp"

namespace stress {
class WallTime {
 public:
  WallTime() : zero_(read(CLOCK_REALTIME) - read(CLOCK_MONOTONIC)) {}
  core::Instant now() const { return core::Instant(zero_ + read(CLOCK_MONOTONIC)); }

 private:
  static core::Duration read(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
  }
  core::Duration zero_;
};
}  // namespace stress
