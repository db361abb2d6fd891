#include "audit/checks/register_bounds.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/units.hpp"

namespace audit {
namespace {
constexpr std::int64_t power_max_mW = 60 * 220 * 12 / 10 * 1000;
// Truth tells a clock's steps in whole milliseconds, and a meter acts on whole milliseconds.
constexpr std::int64_t grain_ns = 2'000'000;
}  // namespace

RegisterBounds::RegisterBounds(const Estate& estate, const Truth& truth)
    : estate_(estate),
      truth_(truth),
      clocks_(estate.size()),
      low_(estate.size()),
      high_(estate.size()),
      chance_(estate.size()),
      error_ns_(estate.size()) {
  std::size_t step = 0;
  for (std::size_t position = 0; position < clocks_.size(); ++position) {
    while (step < truth.clock_steps.size() && truth.clock_steps[step].position < position) ++step;
    clocks_[position].next_step = step;
  }
}

std::int64_t RegisterBounds::clock_error_ns(std::size_t position, Instant at, std::int64_t zone_shift_ns) {
  auto& clock = clocks_[position];
  const auto& steps = truth_.clock_steps;
  clock.step_now_ns = 0;
  for (; clock.next_step < steps.size(); ++clock.next_step) {
    const auto& step = steps[clock.next_step];
    if (step.position != position || step.at > at) break;
    clock.steps_ns += step.value * 1'000'000;
    if (step.at == at) clock.step_now_ns += step.value * 1'000'000;
    ++clock.steps_taken;
  }
  const auto since_s = core::unix_seconds(at) - core::unix_seconds(estate_.scenario.starts);
  return truth_.plates[position].clock_drift_ppb * since_s + clock.steps_ns + zone_shift_ns;
}

void RegisterBounds::visit(const Due& due) {
  if (!due.now.exists) return;
  const auto& zone = estate_.scenario.zone_rules;
  const std::int64_t zone_shift_ns =
      Duration(zone.offset_at(estate_.scenario.starts) - zone.offset_at(due.at)).count();
  for (std::size_t position = 0; position < low_.size(); ++position) {
    const auto shown = due.now.shown[position];
    low_[position] = high_[position] = shown;
    chance_[position] = 0;
    const auto error = clock_error_ns(position, due.at, zone_shift_ns);
    error_ns_[position] = error;
    if ((error == 0 && clocks_[position].steps_taken == 0) || shown == no_register) continue;
    const auto blur = grain_ns * (1 + clocks_[position].steps_taken);
    const auto error_before = error - clocks_[position].step_now_ns;
    const auto ahead = std::max(error, error_before), behind = std::min(error, error_before);
    const auto reach_ns = std::max(std::abs(error), std::abs(error_before)) + blur;
    const auto reach_uJ = power_max_mW * (reach_ns / 1'000'000 + 1);
    const auto units = static_cast<std::uint32_t>(std::min<std::int64_t>(
        (reach_uJ + core::microjoules_per_centikWh - 1) / core::microjoules_per_centikWh, shown + 1'000'000));
    const bool is_far = reach_ns >= quarter_s * 1'000'000'000;
    if (is_far) {
      if (ahead > -blur) low_[position] = shown - std::min(shown, units);
      if (behind < blur) high_[position] = shown + units;
      chance_[position] = 1;
      continue;
    }
    double passing = 0;  // units that complete in a quarter hour next to this instant
    if (ahead > -blur) {
      const auto before =
          due.before.exists && due.before.shown[position] != no_register ? due.before.shown[position] : 0;
      low_[position] = std::max(std::min(before, shown), shown > units ? shown - units : 0);
      passing = shown - std::min(before, shown);
    }
    if (behind < blur) {
      // A register that was set back since says nothing of the highest it showed.
      const bool is_known =
          due.after.exists && due.after.shown[position] != no_register && due.after.shown[position] >= shown;
      const auto after = is_known ? due.after.shown[position] : shown + units;
      high_[position] = std::min(after, shown + units);
      passing = std::max<double>(passing, after - shown);
    }
    chance_[position] = std::min(passing, passing * static_cast<double>(reach_ns) / (quarter_s * 1e9));
  }
}
}  // namespace audit
