#include "models/collector/reading_schedule.hpp"

#include <algorithm>

#include "models/meter/meter_clock.hpp"

namespace model {
namespace {
constexpr std::int64_t seconds_per_minute = 60, seconds_per_day = 86'400;
constexpr int factory_interval_min = 15;
/// No day of the month is farther away: from 31 December over a February to 31 March lie two long months.
constexpr int days_ahead_max = 64;

std::int64_t day_of(std::int64_t civil_s) { return MeterClock::floor_div(civil_s, seconds_per_day); }

std::int64_t interval_s(const gdw3761::ReadingPlan& plan) {
  return (plan.interval_min == 0 ? factory_interval_min : plan.interval_min) * seconds_per_minute;
}

/// `minute` of the next day that `is_day` accepts, by its day of the month.
template <class IsDay>
std::int64_t next_on(std::int64_t civil_s, int minute, IsDay&& is_day) {
  const auto today = day_of(civil_s);
  for (auto day = today; day <= today + days_ahead_max; ++day) {
    const auto when = day * seconds_per_day + minute * seconds_per_minute;
    if (when > civil_s && is_day(core::civil_from_days(day).day)) return when;
  }
  return never_civil;
}
}  // namespace

bool is_reading_time(const gdw3761::ReadingPlan& plan, std::int64_t civil_s) {
  if ((plan.control & gdw3761::ReadingPlan::no_automatic_reading) != 0) return false;
  if (plan.windows.empty()) return true;
  const auto minute = (civil_s - day_of(civil_s) * seconds_per_day) / seconds_per_minute;
  return std::any_of(plan.windows.begin(), plan.windows.end(), [&](const gdw3761::ReadingWindow& window) {
    const bool is_after = minute >= window.from_min, is_before = minute <= window.till_min;
    return window.from_min <= window.till_min ? is_after && is_before : is_after || is_before;
  });
}

std::int64_t next_window_edge(const gdw3761::ReadingPlan& plan, std::int64_t civil_s) {
  if ((plan.control & gdw3761::ReadingPlan::no_automatic_reading) != 0) return never_civil;
  auto next = never_civil;
  const auto every_day = [](int) { return true; };
  for (const auto& window : plan.windows) {
    const auto behind = (window.till_min + 1) % gdw3761::day_minutes;
    next =
        std::min({next, next_on(civil_s, window.from_min, every_day), next_on(civil_s, behind, every_day)});
  }
  return next;
}

bool is_pass_time(const gdw3761::ReadingPlan& plan, std::int64_t civil_s) {
  return (civil_s - day_of(civil_s) * seconds_per_day) % interval_s(plan) == 0;
}

std::int64_t next_pass(const gdw3761::ReadingPlan& plan, std::int64_t civil_s) {
  const auto midnight = day_of(civil_s) * seconds_per_day;
  const auto every = interval_s(plan);
  return std::min(midnight + ((civil_s - midnight) / every + 1) * every, midnight + seconds_per_day);
}

std::int64_t next_broadcast(const gdw3761::ReadingPlan& plan, std::int64_t civil_s) {
  if ((plan.control & gdw3761::ReadingPlan::time_broadcast) == 0) return never_civil;
  return next_on(civil_s, plan.broadcast_min,
                 [&](int day) { return plan.broadcast_day == 0 || plan.broadcast_day == day; });
}

std::int64_t next_freeze(const gdw3761::ReadingPlan& plan, std::int64_t civil_s) {
  if (plan.reading_days == 0) return never_civil;
  return next_on(civil_s, plan.reading_min,
                 [&](int day) { return (plan.reading_days >> (day - 1) & 1) != 0; });
}
}  // namespace model
