/// The SystemC kernel under a scenario: kernel time 0 is the scenario's start, one tick is a nanosecond.
///
/// One per process (SystemC elaborates once): run scenarios in forked children, see fork_runner.hpp. All
/// modules are made before the first `run_until`. An exception inside a module ends the run and comes out of
/// `run_until`. Range: 584 years from the start; negative delays are checked (SystemC would read -1 as 584
/// years).
#pragma once
#include <exception>
#include <systemc>

#include "core/instant.hpp"
#include "sim/kernel/progress.hpp"

namespace sim {
using core::Duration;
using core::Instant;

/// Unit: kernel ticks of one nanosecond. Range: duration >= 0 (checked).
sc_core::sc_time to_kernel(Duration duration);

class Kernel {
 public:
  /// Sets the resolution; the default picosecond would wrap after 213 days.
  explicit Kernel(Instant starts);
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  Instant now() const;
  /// Time from now until `at`. Range: at >= now() (checked).
  sc_core::sc_time delay_until(Instant at) const;
  /// Runs everything up to and including `till`, to quiescence. Throws what the first failing module threw.
  void run_until(Instant till, const Progress& progress = {});
  /// The instant of the next thing to happen; `core::never` if nothing is pending.
  Instant next_activity() const;
  /// Ends the run with this failure; for modules, whose exceptions must not pass through SystemC (it would
  /// lose them).
  void fail(std::exception_ptr failure);
  bool has_failed() const { return failure_ != nullptr; }

 private:
  void run_slice(Instant till);
  void start(const sc_core::sc_time& duration);

  Instant starts_;
  std::exception_ptr failure_;
};
}  // namespace sim
