/// The meter's own calendar clock: runs on through power cuts, a little fast or slow, set over the line.
///
///     civil(t) = civil_0 + (t - t_0) (1 + drift)          drift within +-0.5 s a day at 23 C         [JJG
///     596-2012]
/// Civil time counts local nanoseconds since 1970-01-01 00:00 local; the meter knows no summer time, it shows
/// what it was set to. Unit: ns. Range: 1970..2262. Errors: none. Randomness: none (the drift is drawn by
/// whoever makes the meter).
#pragma once
#include <cstdint>

#include "core/civil.hpp"
#include "core/instant.hpp"
#include "core/wide_integer.hpp"

namespace model {
class MeterClock {
 public:
  /// Shows `civil_ns` at `at`; gains `drift_ppb` ns a second (5787 ppb = 0.5 s a day).
  MeterClock(core::Instant at, std::int64_t civil_ns, std::int64_t drift_ppb)
      : at_(at), civil_ns_(civil_ns), drift_q40_((drift_ppb << 40) / 1'000'000'000) {}

  std::int64_t civil_ns(core::Instant at) const {
    const std::int64_t passed = (at - at_).count();
    return civil_ns_ + passed +
           static_cast<std::int64_t>((static_cast<core::int128_t>(passed) * drift_q40_) >> 40);
  }
  std::int64_t civil_s(core::Instant at) const { return floor_div(civil_ns(at), 1'000'000'000); }
  /// The first instant at which the clock shows `civil_ns` or later.
  core::Instant when(std::int64_t civil_ns) const;
  void set(core::Instant at, std::int64_t civil_ns) {
    at_ = at;
    civil_ns_ = civil_ns;
  }
  static constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
  }

 private:
  core::Instant at_;
  std::int64_t civil_ns_;
  std::int64_t drift_q40_;  ///< drift x 2^40: one multiplication instead of a 128-bit division
};

/// Civil seconds to calendar fields and back; years 1970..2262.
core::CivilTime calendar_of(std::int64_t civil_s);
std::int64_t civil_seconds(const core::CivilTime& time);
/// Whole months since January 1970.
std::int32_t month_of_civil(std::int64_t civil_s);
}  // namespace model
