/// Makes SystemC follow the wall: a brake on the same thread, for sandboxes and for real lines beside
/// simulated ones.
///
/// Simulated time never runs ahead of the wall (times the rate). Input from the wall must call `catch_up()`
/// before it touches a model, so that the model's delays count from the present. No threads. Not repeatable:
/// the wall is not.
#pragma once
#include "platform/posix/wall_clock.hpp"
#include "sim/kernel/kernel.hpp"

namespace sim {
/// Seconds of the scenario per seconds of the wall. Range: both > 0.
struct Pace {
  std::int64_t scenario = 1;
  std::int64_t wall = 1;
};

class Pacer {
 public:
  /// The kernel's present instant is the wall's present instant from here on.
  Pacer(Kernel& kernel, seam::WallClock& wall, Pace pace = {});

  /// Runs the kernel up to where the wall is. Does nothing inside a SystemC process.
  void catch_up();
  /// Runs models and the wall's coroutines until the scenario instant `till`, never beyond, or `stop()`.
  void run_until(Instant till);
  void stop() { is_stopped_ = true; }
  /// How far the kernel was behind at worst, in the wall's time: a load that the machine could not carry
  /// shows here.
  Duration worst_lag() const { return worst_lag_; }

 private:
  Instant scenario_at(Instant wall) const;
  Instant wall_at(Instant scenario) const;

  Kernel& kernel_;
  seam::WallClock& wall_;
  Pace pace_;
  Instant scenario_zero_;
  Instant wall_zero_;
  Instant limit_ = core::never;
  Duration worst_lag_{};
  bool is_stopped_ = false;
};
}  // namespace sim
