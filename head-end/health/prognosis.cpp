#include "head-end/health/prognosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "head-end/health/quantities.hpp"
#include "head-end/store/inspection_book.hpp"

namespace headend::health {
namespace {
std::vector<Point> history_of(const Books& books, MeterId meter, std::string_view quantity, double unit,
                              Instant now, const HealthRules& rules) {
  std::vector<Point> points;
  const Instant since = now - rules.history_days * 24h;
  for (const auto& told : books.inspections().conditions(meter, quantity, since))
    points.push_back({static_cast<double>((told.asked_at - now).count()) / (24 * 3600e9),
                      static_cast<double>(told.value) * unit});
  return points;
}

std::string sentence_of(const Prognosis& said) {
  const auto when = said.has_failed ? std::string("now")
                                    : fmt::format("in about {:.0f} days (not before {:.0f})", said.days_left,
                                                  said.earliest_days);
  switch (said.weakness) {
    case Weakness::battery:
      return fmt::format("the clock's battery is at {:.2f} V and at its end {}", said.value / 1000, when);
    case Weakness::clock:
      return fmt::format("the clock is off by {:.0f} s and beyond its limit {}", said.value, when);
    case Weakness::relay:
      return fmt::format("the relay has opened {:.0f} times and is worn out {}", said.value, when);
    case Weakness::standing_still:
      return fmt::format("the register has stood still for {:.0f} days", said.value);
  }
  return {};
}

/// A voltage is told cut off at its resolution: at the limit it may still be above.
bool is_beyond(double value, const Limit& limit) {
  return limit.weakness == Weakness::battery ? value < limit.limit : std::fabs(value) >= limit.limit;
}

/// Energies of the last whole local days up to `now`; nothing where a midnight is not known.
std::vector<std::int64_t> days_of(const Books& books, MeterId meter, Instant now, int count) {
  const auto& zone = books.configuration().zone;
  const auto today = zone.local_day(now);
  const Instant from = std::max(books.configuration().opens, zone.start_of_day(today - count));
  const auto readings = books.readings_of(meter, from, zone.start_of_day(today));
  std::vector<std::int64_t> days;
  const StoredReading* midnight = nullptr;
  for (const auto& reading : readings) {
    if (zone.second_of_day(reading.due) != 0) continue;
    if (midnight != nullptr && zone.local_day(reading.due) == zone.local_day(midnight->due) + 1)
      days.push_back((reading.shown - midnight->shown).count());
    midnight = &reading;
  }
  const bool is_fresh = midnight != nullptr && zone.local_day(midnight->due) == today;
  return is_fresh ? days : std::vector<std::int64_t>();
}
}  // namespace

std::string_view name_of(Weakness weakness) {
  static constexpr std::array<std::string_view, 4> names{"battery", "clock", "relay", "standing still"};
  return names.at(static_cast<std::size_t>(weakness));
}

std::optional<Prognosis> prognosis_of(const std::vector<Point>& values, const Limit& limit,
                                      const HealthRules& rules) {
  if (values.empty()) return std::nullopt;
  Prognosis said{.weakness = limit.weakness, .value = values.back().value, .sentence = {}};
  // One odd value is no failure: the one before must be beyond the limit, too.
  const bool was_beyond = values.size() > 1 && is_beyond(values[values.size() - 2].value, limit);
  said.has_failed = is_beyond(said.value, limit) && was_beyond;
  if (said.has_failed) {
    said.p_value = 0;
    said.sentence = sentence_of(said);
    return said;
  }
  const auto trend = trend_of(values, limit.resolution);
  said.p_value = trend.p_value();
  if (said.p_value > rules.false_alarm_rate) return std::nullopt;
  const bool is_signed = limit.weakness == Weakness::clock && trend.slope < 0;
  const auto crossing = trend.crossing(is_signed ? -limit.limit : limit.limit);
  if (!crossing || crossing->likely_day > rules.horizon_days) return std::nullopt;
  said.days_left = std::max(0.0, crossing->likely_day);
  said.earliest_days = std::max(0.0, crossing->earliest_day);
  said.sentence = sentence_of(said);
  return said;
}

std::optional<Prognosis> prognosis_of_standstill(const std::vector<std::int64_t>& days,
                                                 const HealthRules& rules) {
  const auto last_moving =
      std::find_if(days.rbegin(), days.rend(), [](std::int64_t energy) { return energy != 0; });
  const auto still = last_moving - days.rbegin();
  const auto before = std::vector<std::int64_t>(days.begin(), last_moving.base());
  if (still == 0 || before.empty()) return std::nullopt;
  const auto idle = std::count(before.begin(), before.end(), 0);
  Prognosis said{.weakness = Weakness::standing_still, .has_failed = true, .sentence = {}};
  said.value = static_cast<double>(still);
  said.p_value = std::pow(static_cast<double>(idle + 1) / static_cast<double>(before.size() + 2),
                          static_cast<double>(still));
  if (said.p_value > rules.false_alarm_rate) return std::nullopt;
  said.sentence = sentence_of(said);
  return said;
}

std::vector<Prognosis> prognoses_of(const Books& books, MeterId meter, Instant now,
                                    const HealthRules& rules) {
  std::vector<Prognosis> all;
  const auto add = [&all](std::optional<Prognosis> said) {
    if (said) all.push_back(std::move(*said));
  };
  add(prognosis_of(history_of(books, meter, battery_mV, 1, now, rules),
                   {Weakness::battery, rules.battery_limit_mV, rules.battery_resolution_mV}, rules));
  add(prognosis_of(history_of(books, meter, clock_offset_ms, 0.001, now, rules),
                   {Weakness::clock, rules.clock_limit_s, rules.clock_resolution_s}, rules));
  add(prognosis_of(history_of(books, meter, relay_trips, 1, now, rules),
                   {Weakness::relay, rules.relay_endurance, 1}, rules));
  if (!books.is_cut_off(meter))
    add(prognosis_of_standstill(days_of(books, meter, now, rules.still_history_days), rules));
  return all;
}
}  // namespace headend::health
