#include "sim/kernel/pacer.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/wide_integer.hpp"

namespace sim {
namespace {
/// Rounded up, so that a scenario instant is never reached before its wall instant.
Duration scaled_up(Duration duration, std::int64_t numerator, std::int64_t denominator) {
  const auto product = static_cast<core::int128_t>(duration.count()) * numerator;
  return Duration(static_cast<std::int64_t>((product + denominator - 1) / denominator));
}
}  // namespace

Pacer::Pacer(Kernel& kernel, seam::WallClock& wall, Pace pace)
    : kernel_(kernel), wall_(wall), pace_(pace), scenario_zero_(kernel.now()), wall_zero_(wall.now()) {
  METERTWIN_CHECK(pace.scenario > 0 && pace.wall > 0, pace.scenario, pace.wall);
}

Instant Pacer::scenario_at(Instant wall) const {
  const auto product = static_cast<core::int128_t>((wall - wall_zero_).count()) * pace_.scenario;
  return scenario_zero_ + Duration(static_cast<std::int64_t>(product / pace_.wall));
}

Instant Pacer::wall_at(Instant scenario) const {
  return wall_zero_ + scaled_up(scenario - scenario_zero_, pace_.wall, pace_.scenario);
}

void Pacer::catch_up() {
  if (sc_core::sc_get_status() == sc_core::SC_RUNNING) return;  // called from a model
  const Instant wall = wall_.now();
  const Instant target = std::min(scenario_at(wall), limit_);
  const Instant next = kernel_.next_activity();
  if (next < target) worst_lag_ = std::max(worst_lag_, wall - wall_at(next));
  if (target > kernel_.now()) kernel_.run_until(target);
}

void Pacer::run_until(Instant till) {
  is_stopped_ = false;
  limit_ = till;  // a machine that was busy elsewhere finds the wall far beyond it
  kernel_.run_until(kernel_.now());
  while (!is_stopped_ && kernel_.now() < till) {
    catch_up();
    // A look once a simulated day at least: "never" has no place on the wall's scale.
    const Instant next = std::min({kernel_.next_activity(), till, kernel_.now() + std::chrono::hours(24)});
    wall_.run_one_until(wall_at(next));
  }
}
}  // namespace sim
