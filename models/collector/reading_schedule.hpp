/// When a port reads by itself: its reading plan (抄表运行参数, Q/GDW 1376.1 AFN 04 F33) on a civil clock.
///
/// Pure functions of the plan and of civil seconds since 1970-01-01 00:00 of the concentrator's clock:
///     pass         k x interval from midnight on, anew each midnight
///     reading time minute of the day within a window, both ends included; none given = always
///     broadcast    its minute, each day or on one day of the month
///     freeze       the reading time of each reading day of the month
/// Each `next_*` is later than the time given; `never_civil` when it does not come. Errors: none. Randomness:
/// none. Time: handed in.
#pragma once
#include <cstdint>
#include <limits>

#include "protocols/gdw3761/terminal_settings.hpp"

namespace model {
inline constexpr std::int64_t never_civil = std::numeric_limits<std::int64_t>::max();

bool is_reading_time(const gdw3761::ReadingPlan& plan, std::int64_t civil_s);
/// When the answer of `is_reading_time` may be another one.
std::int64_t next_window_edge(const gdw3761::ReadingPlan& plan, std::int64_t civil_s);

bool is_pass_time(const gdw3761::ReadingPlan& plan, std::int64_t civil_s);
std::int64_t next_pass(const gdw3761::ReadingPlan& plan, std::int64_t civil_s);
std::int64_t next_broadcast(const gdw3761::ReadingPlan& plan, std::int64_t civil_s);
std::int64_t next_freeze(const gdw3761::ReadingPlan& plan, std::int64_t civil_s);
}  // namespace model
