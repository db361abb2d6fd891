#include "models/meter/meter_clock.hpp"

namespace model {
core::Instant MeterClock::when(std::int64_t civil_ns_wanted) const {
  core::Instant at = at_ + core::Duration(civil_ns_wanted - civil_ns_);
  // Each round leaves the drift's share of the last error: two suffice for a year, then single steps settle
  // the rounding.
  for (int round = 0; round < 3; ++round) at += core::Duration(civil_ns_wanted - civil_ns(at));
  while (civil_ns(at) < civil_ns_wanted) at += core::Duration(1);
  while (civil_ns(at - core::Duration(1)) >= civil_ns_wanted) at -= core::Duration(1);
  return at;
}

core::CivilTime calendar_of(std::int64_t civil_s) {
  const std::int64_t day = MeterClock::floor_div(civil_s, 86'400);
  core::CivilTime time = core::civil_from_days(day);
  const auto second = static_cast<int>(civil_s - day * 86'400);
  time.hour = second / 3600;
  time.minute = second / 60 % 60;
  time.second = second % 60;
  return time;
}

std::int64_t civil_seconds(const core::CivilTime& time) {
  return core::days_from_civil(time.year, time.month, time.day) * 86'400 + time.hour * 3600 +
         time.minute * 60 + time.second;
}

std::int32_t month_of_civil(std::int64_t civil_s) {
  const core::CivilTime time = calendar_of(civil_s);
  return static_cast<std::int32_t>((time.year - 1970) * 12 + time.month - 1);
}
}  // namespace model
