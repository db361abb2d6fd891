// Reading plans on the calendar: by hand, and against walking through every minute.
#include "models/collector/reading_schedule.hpp"

#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "models/meter/meter_clock.hpp"

using namespace model;
using gdw3761::ReadingPlan;

namespace {
std::int64_t civil(int month, int day, int hour, int minute, int second = 0) {
  return civil_seconds({2026, month, day, hour, minute, second});
}
}  // namespace

TEST_CASE("passes come every interval from midnight on, and anew at midnight") {
  ReadingPlan plan;
  CHECK(next_pass(plan, civil(7, 1, 0, 0)) == civil(7, 1, 0, 15));
  CHECK(next_pass(plan, civil(7, 1, 23, 59, 59)) == civil(7, 2, 0, 0));
  plan.interval_min = 100;  // does not divide a day: 0:00, 1:40 ... 23:20, 0:00
  CHECK(next_pass(plan, civil(7, 1, 23, 19)) == civil(7, 1, 23, 20));
  CHECK(next_pass(plan, civil(7, 1, 23, 20)) == civil(7, 2, 0, 0));
  CHECK(is_pass_time(plan, civil(7, 1, 1, 40)));
  CHECK_FALSE(is_pass_time(plan, civil(7, 1, 1, 45)));
  plan.interval_min = 0;  // as the factory has it
  CHECK(next_pass(plan, civil(7, 1, 0, 1)) == civil(7, 1, 0, 15));
}

TEST_CASE("windows hold both their ends, reach over midnight, and none means always") {
  ReadingPlan plan;
  CHECK(is_reading_time(plan, civil(7, 1, 12, 0)));
  CHECK(next_window_edge(plan, civil(7, 1, 12, 0)) == never_civil);
  plan.windows = {{60, 119}, {23 * 60, 10}};
  CHECK_FALSE(is_reading_time(plan, civil(7, 1, 0, 59, 59)));
  CHECK(is_reading_time(plan, civil(7, 1, 1, 0)));
  CHECK(is_reading_time(plan, civil(7, 1, 1, 59, 59)));
  CHECK_FALSE(is_reading_time(plan, civil(7, 1, 2, 0)));
  CHECK(is_reading_time(plan, civil(7, 1, 23, 30)));
  CHECK(is_reading_time(plan, civil(7, 1, 0, 10, 59)));
  CHECK_FALSE(is_reading_time(plan, civil(7, 1, 0, 11)));
  CHECK(next_window_edge(plan, civil(7, 1, 2, 0)) == civil(7, 1, 23, 0));
  CHECK(next_window_edge(plan, civil(7, 1, 23, 0)) == civil(7, 2, 0, 11));
  plan.control |= ReadingPlan::no_automatic_reading;
  CHECK_FALSE(is_reading_time(plan, civil(7, 1, 1, 0)));
}

TEST_CASE("broadcasts and freezes on days of the month, the 31st where there is one") {
  ReadingPlan plan;
  CHECK(next_broadcast(plan, civil(7, 1, 1, 10, 59)) == civil(7, 1, 1, 11));
  CHECK(next_broadcast(plan, civil(7, 1, 1, 11)) == civil(7, 2, 1, 11));
  plan.broadcast_day = 31;
  CHECK(next_broadcast(plan, civil(1, 31, 1, 11)) == civil(3, 31, 1, 11));
  plan.control = 0;
  CHECK(next_broadcast(plan, civil(7, 1, 0, 0)) == never_civil);
  CHECK(next_freeze(plan, civil(7, 1, 0, 0)) == never_civil);
  plan.reading_days = 1u << 29 | 1u << 4;  // the 30th and the 5th
  plan.reading_min = 30;
  CHECK(next_freeze(plan, civil(2, 5, 0, 30)) == civil(3, 5, 0, 30));  // no 30 February
  CHECK(next_freeze(plan, civil(3, 5, 0, 30)) == civil(3, 30, 0, 30));
  plan.reading_days = 1u << 31;  // no such day
  CHECK(next_freeze(plan, civil(7, 1, 0, 0)) == never_civil);
}

TEST_CASE("whatever the plan, the next of each kind is what walking through the minutes finds") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream random(seed, 9, core::Purpose::test);
    std::uint64_t draw = 0;
    const auto below = [&](std::uint64_t bound) { return static_cast<int>(random.below(bound, draw++)); };
    ReadingPlan plan;
    plan.control = static_cast<std::uint16_t>(below(8) == 0 ? ReadingPlan::no_automatic_reading
                                                            : ReadingPlan::time_broadcast);
    plan.interval_min = static_cast<std::uint8_t>(below(256));
    plan.reading_days = static_cast<std::uint32_t>(random.word(draw++)) & 0x0F0F0F0Fu;
    plan.reading_min = below(1'440);
    plan.broadcast_day = below(5);
    plan.broadcast_min = below(1'440);
    for (int n = below(4); n > 0; --n) {
      const int from = below(1'440);
      plan.windows.push_back({from, below(1'440)});
    }
    const auto start = civil(6, 25, 0, 0) + 60 * below(10'000);
    const auto walk = [&](auto is_it) {
      for (auto at = start + 60; at <= start + 40 * 86'400; at += 60)
        if (is_it(at)) return at;
      return never_civil;
    };
    const auto minute_of = [](std::int64_t at) { return static_cast<int>(at % 86'400 / 60); };
    CHECK(next_pass(plan, start) == walk([&](auto at) { return is_pass_time(plan, at); }));
    const bool is_open = is_reading_time(plan, start);
    const auto changed = walk([&](auto at) { return is_reading_time(plan, at) != is_open; });
    CHECK(next_window_edge(plan, start) <= changed);
    CHECK(next_broadcast(plan, start) == walk([&](auto at) {
            const auto day = calendar_of(at).day;
            return (plan.control & ReadingPlan::time_broadcast) != 0 && minute_of(at) == plan.broadcast_min &&
                   (plan.broadcast_day == 0 || plan.broadcast_day == day);
          }));
    CHECK(next_freeze(plan, start) == walk([&](auto at) {
            return (plan.reading_days >> (calendar_of(at).day - 1) & 1) != 0 &&
                   minute_of(at) == plan.reading_min;
          }));
  }
}
