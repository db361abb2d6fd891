// A load asked ahead, and an attack function put over it.
#include "models/theft/false_report.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"

namespace model::theft {
namespace {
constexpr std::int64_t day_ms = 86'400'000;
constexpr int quarters_a_day = 96;
constexpr double uJ_per_kWh = 3.6e12;

struct Days {
  std::int64_t from_ms, till_ms;
};
/// The local days that the window touches.
Days days_of(const FalseReport& report) {
  const std::int64_t offset_ms = report.utc_offset.count() * 1000;
  const auto midnight = [&](std::int64_t local_ms) { return local_ms / day_ms * day_ms - offset_ms; };
  const std::int64_t last_ms = core::unix_milliseconds(report.till) - 1 + offset_ms;
  return {midnight(core::unix_milliseconds(report.from) + offset_ms), midnight(last_ms) + day_ms};
}

std::int64_t energy_uJ(const Load& load, std::int64_t from_ms, std::int64_t till_ms) {
  std::int64_t energy = 0;
  for (std::int64_t at_ms = from_ms; at_ms < till_ms;) {
    const LoadSegment segment = load.segment_at(at_ms);
    const std::int64_t span_ms = std::min(till_ms, segment.till_ms) - at_ms;
    energy += segment.power.count() * span_ms;
    at_ms += span_ms;
  }
  METERTWIN_CHECK(energy >= 0, from_ms, energy);
  return energy;
}
}  // namespace

Consumption drawn_by(const Load& load, const FalseReport& report) {
  const Days days = days_of(report);
  Consumption drawn{.intervals_per_day = quarters_a_day, .energy_kWh = {}};
  drawn.energy_kWh.reserve(
      static_cast<std::size_t>((days.till_ms - days.from_ms) / QuarterSeries::quarter_ms));
  for (std::int64_t at_ms = days.from_ms; at_ms < days.till_ms; at_ms += QuarterSeries::quarter_ms)
    drawn.energy_kWh.push_back(
        static_cast<double>(energy_uJ(load, at_ms, at_ms + QuarterSeries::quarter_ms)) / uJ_per_kWh);
  return drawn;
}

QuarterSeries false_report(const FalseReport& report, const core::RandomStream& draws) {
  METERTWIN_CHECK(report.from < report.till);
  const Consumption drawn = drawn_by(report.drawn, report);
  const Consumption lesser = report.attack == Attack::m12 ? drawn_by(report.lesser, report) : Consumption{};
  QuarterSeries claimed;
  claimed.first = days_of(report).from_ms / QuarterSeries::quarter_ms;
  for (const double energy_kWh : reported_under(report.attack, drawn, lesser, draws))
    claimed.values.push_back(
        static_cast<std::int32_t>(std::llround(energy_kWh * uJ_per_kWh / QuarterSeries::quarter_ms)));
  return claimed;
}
}  // namespace model::theft
