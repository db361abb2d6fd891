/// What a stress run must hold: the objectives, each with its default and the reason for it.
///
/// Defaults are those of the headline run. Whoever runs something else (one frame a write, a soak) states its
/// own limits; the verdict prints them.
#pragma once

namespace stress {
struct Limits {
  /// Share of well-formed readings that may end otherwise than confirmed, in stages with an error budget
  /// (warm-up, ladder, step, soak).
  double error_share = 0;
  double acknowledge_p99_ms = 100;  ///< intended time to durable confirmation
  double control_p99_ms = 200;      ///< a switch command's intended time to its outcome
  double api_p99_ms = 500;          ///< any API request's intended time to its answer
  double api_error_share = 0;
  unsigned control_count_least = 20;   ///< fewer commands in a run: their p99 is unknown
  unsigned latency_count_least = 100;  ///< fewer frames in a stage: its p99 is unknown

  double fluctuation_share = 0.15;  ///< memory and processor time per reading, second half against the first
  double interval_error = 0.05;     ///< of each interval for it, on either side

  double jump_error = 1e-3;     ///< chance of a false alarm per run, all curves together
  double jump_share = 0.15;     ///< memory: smaller jumps than this share of the level are no jumps
  double jump_latency_ms = 50;  ///< latency: smaller jumps of a second's p99 are no jumps

  double leak_per_minute = 0.005;       ///< share of the heap
  double leak_error = 1e-3;             ///< chance to accuse an innocent run
  double leak_undetected_error = 0.05;  ///< chance to acquit one that leaks `leak_detectable_per_minute`
  double leak_detectable_per_minute = 0.01;

  double knee_readings_per_s = 1'000'000;          ///< 0: report only
  double overload_growth_B = 512.0 * 1024 * 1024;  ///< resident memory above the stages before the overload
  double recovery_s = 10;  ///< till latency is back within what it was before the overload
  double recovery_latency_factor =
      1.15;  ///< "within": at most this times the worst second before the overload

  double slip_p99_ms = 10;            ///< the generator's own: beyond it, its stage's verdict is unknown
  double generator_cpu_share = 0.95;  ///< of one processor per generator thread, over a stage
};
}  // namespace stress
