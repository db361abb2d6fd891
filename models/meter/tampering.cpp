// How much of the truth a meter's element is left with.
#include "models/meter/tampering.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "core/random.hpp"

namespace model {
namespace {
constexpr std::int64_t million = 1'000'000;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t quarter_ms = 900'000;
constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t half_root_three_ppm = 866'025;
constexpr double basic_power_mVA = 220.0 * 5'000;  // Un x Ib of a 5(60) A meter

/// value x ppm / 10^6, towards zero. Range: |value| up to 10^15.
std::int64_t part_of(std::int64_t value, std::int64_t ppm) {
  return value / million * ppm + value % million * ppm / million;
}

void lose(std::int64_t lost_ppm, SeenSegment& seen) {
  seen.power = core::Milliwatts(part_of(seen.power.count(), million - lost_ppm));
  seen.reactive = core::Millivars(part_of(seen.reactive.count(), million - lost_ppm));
}

/// The step ends at the next multiple of `step_ms` after `at_ms`, if not before; and began there at earliest.
/// Multiples count from 1970, local time of `offset_ms`.
void cut(std::int64_t at_ms, std::int64_t step_ms, LoadSegment& segment, std::int64_t offset_ms = 0) {
  const std::int64_t from = (at_ms + offset_ms) / step_ms * step_ms - offset_ms;
  segment.from_ms = std::max(segment.from_ms, from);
  segment.till_ms = std::min(segment.till_ms, from + step_ms);
}

std::int64_t lost_to_magnet(const Tampering& tampering, const LoadSegment& passes) {
  const double p = static_cast<double>(passes.power.count());
  const double q = static_cast<double>(passes.reactive.count());
  const double load = std::min(1.0, std::sqrt(p * p + q * q) / basic_power_mVA);
  return static_cast<std::int64_t>(tampering.share_ppm * load);
}

std::int64_t lost_to_drift(const Tampering& tampering, std::int64_t at_ms) {
  const std::int64_t hours = std::max<std::int64_t>(1, (tampering.till_ms - tampering.from_ms) / hour_ms);
  const std::int64_t hour = std::clamp<std::int64_t>(at_ms / hour_ms - tampering.from_ms / hour_ms, 0, hours);
  return tampering.share_ppm * hour / hours;
}

std::int64_t lost_by_chance(const Tampering& tampering, std::int64_t at_ms) {
  const core::RandomStream draws(tampering.seed, tampering.meter, core::Purpose::theft_injection);
  return draws.between(0, tampering.share_ppm, static_cast<std::uint64_t>(at_ms / quarter_ms));
}

/// The neighbour's share passes here too, and is seen.
void add_neighbour(const Tampering& tampering, std::int64_t at_ms, SeenSegment& seen) {
  const LoadSegment other = tampering.other.segment_at(at_ms);
  const core::Milliwatts power(part_of(other.power.count(), tampering.share_ppm));
  const core::Millivars reactive(part_of(other.reactive.count(), tampering.share_ppm));
  seen.passes.from_ms = std::max(seen.passes.from_ms, other.from_ms);
  seen.passes.till_ms = std::min(seen.passes.till_ms, other.till_ms);
  seen.passes.power += power;
  seen.passes.reactive += reactive;
  seen.power += power;
  seen.reactive += reactive;
}

void give_away(std::int64_t share_ppm, SeenSegment& seen) {
  const core::Milliwatts power(part_of(seen.passes.power.count(), share_ppm));
  const core::Millivars reactive(part_of(seen.passes.reactive.count(), share_ppm));
  seen.passes.power -= power;
  seen.passes.reactive -= reactive;
  lose(share_ppm, seen);
}
/// An element of power P + jQ whose voltage comes from a phase 120 degrees behind its own (`sign` 1) or ahead
/// of it (-1): S' = S (U'/U) (-1/2 -+ j sqrt(3)/2).
Mains::PhaseState turned(const Mains::PhaseState& phase, core::Millivolts voltage, int sign) {
  const std::int64_t P = phase.power.count(), Q = phase.reactive.count();
  const std::int64_t scale_ppm = voltage.count() * million / phase.voltage.count();
  const std::int64_t turned_P = -P / 2 + sign * part_of(Q, half_root_three_ppm);
  const std::int64_t turned_Q = -Q / 2 - sign * part_of(P, half_root_three_ppm);
  return {voltage, core::Milliwatts(part_of(turned_P, scale_ppm)),
          core::Millivars(part_of(turned_Q, scale_ppm))};
}

void swap_phases(const Tampering& tampering, SeenSegment& seen) {
  METERTWIN_CHECK(tampering.mains != nullptr && tampering.mains->phases == 3);
  seen.power = core::Milliwatts(0);
  seen.reactive = core::Millivars(0);
  for (const auto& phase : with_b_and_c_exchanged(*tampering.mains)) {
    seen.power += phase.power;
    seen.reactive += phase.reactive;
  }
}

void steal_by_turns(const Tampering& tampering, std::int64_t at_ms, SeenSegment& seen) {
  if (is_on_today(tampering, at_ms)) lose(tampering.share_ppm, seen);
  cut(at_ms, day_ms, seen.passes, tampering.utc_offset_ms);
}

void tell_falsely(const QuarterSeries& claimed, std::int64_t at_ms, SeenSegment& seen) {
  cut(at_ms, quarter_ms, seen.passes);
  const auto power = claimed.at_ms(at_ms);
  if (!power) return;
  const std::int64_t passes = seen.passes.power.count();
  seen.power = core::Milliwatts(*power);
  seen.reactive = core::Millivars(passes <= 0 ? 0
                                              : seen.passes.reactive.count() / passes * *power +
                                                    seen.passes.reactive.count() % passes * *power / passes);
}
}  // namespace

std::array<Mains::PhaseState, 3> with_b_and_c_exchanged(const Mains& mains) {
  auto phases = mains.phase;
  const auto& [a, b, c] = mains.phase;
  // Nothing computed yet, or a dead phase: there is nothing to exchange.
  if (b.voltage.count() <= 0 || c.voltage.count() <= 0) return phases;
  phases[1] = turned(b, c.voltage, 1);
  phases[2] = turned(c, b.voltage, -1);
  return phases;
}

bool is_on_today(const Tampering& tampering, std::int64_t at_ms) {
  const auto local_day = [&](std::int64_t ms) { return (ms + tampering.utc_offset_ms) / day_ms; };
  const bool is_odd = (local_day(at_ms) - local_day(tampering.from_ms)) % 2 != 0;
  return is_odd == tampering.is_on_odd_days;
}

SeenSegment untouched(const LoadSegment& segment) {
  return {segment, core::Milliwatts(0), segment.power, segment.reactive};
}

void tamper(const Tampering& tampering, std::int64_t at_ms, SeenSegment& seen) {
  METERTWIN_CHECK(tampering.share_ppm >= 0 && tampering.share_ppm <= million, tampering.share_ppm);
  using Way = Tampering::Way;
  switch (tampering.way) {
    case Way::share_lost:
      return lose(tampering.share_ppm, seen);
    case Way::magnet:
      return lose(lost_to_magnet(tampering, seen.passes), seen);
    case Way::reversed:
      seen.power = -seen.power;
      seen.reactive = -seen.reactive;
      return;
    case Way::drift:
      lose(lost_to_drift(tampering, at_ms), seen);
      return cut(at_ms, hour_ms, seen.passes);
    case Way::capped:
      seen.power = std::min(seen.power, tampering.power);
      return;
    case Way::wavering:
      lose(lost_by_chance(tampering, at_ms), seen);
      return cut(at_ms, quarter_ms, seen.passes);
    case Way::unmetered:
      seen.passes.power += tampering.power;
      seen.unmetered += tampering.power;
      return;
    case Way::lends:
      return add_neighbour(tampering, at_ms, seen);
    case Way::lent:
      return give_away(tampering.share_ppm, seen);
    case Way::phases_swapped:
      return swap_phases(tampering, seen);
    case Way::alternate_days:
      return steal_by_turns(tampering, at_ms, seen);
    case Way::by_quarter:
      lose(tampering.series->at_ms(at_ms).value_or(0), seen);
      return cut(at_ms, quarter_ms, seen.passes);
    case Way::told:
      return tell_falsely(*tampering.series, at_ms, seen);
  }
}
}  // namespace model
