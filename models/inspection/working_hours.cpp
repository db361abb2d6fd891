#include "models/inspection/working_hours.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace model {
namespace {
constexpr int days_looked_at = 8;  // a week and the rest of today: some weekday of it is worked on
}

bool WorkingHours::is_open(core::Instant at) const {
  const auto day = zone.local_day(at);
  const auto midnight = zone.start_of_day(day);
  return weekdays[static_cast<std::size_t>(core::weekday_of(day))] &&
         at >= midnight + std::chrono::seconds(from_s) && at < midnight + std::chrono::seconds(till_s);
}

core::Instant WorkingHours::open_from(core::Instant at) const {
  const auto today = zone.local_day(at);
  for (auto day = today; day <= today + days_looked_at; ++day) {
    if (!weekdays[static_cast<std::size_t>(core::weekday_of(day))]) continue;
    const auto midnight = zone.start_of_day(day);
    if (at < midnight + std::chrono::seconds(till_s))
      return std::max(at, midnight + core::Duration(std::chrono::seconds(from_s)));
  }
  METERTWIN_CHECK(false, "no weekday is worked on");
  return at;
}

core::Instant WorkingHours::after(core::Instant at, core::Duration work) const {
  METERTWIN_CHECK(work >= core::Duration(0), work.count());
  for (;;) {
    const auto begins = open_from(at);
    const auto ends =
        zone.start_of_day(zone.local_day(begins)) + core::Duration(std::chrono::seconds(till_s));
    if (begins + work < ends) return begins + work;
    work -= ends - begins;
    at = ends;
  }
}
}  // namespace model
