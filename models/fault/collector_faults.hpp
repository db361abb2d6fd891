/// The injected faults of an area's concentrator: power and its UPS, memory, clock, schedule, uplink.
///
/// Mains that are lost take the concentrator down when its UPS is empty, a forced restart at once; it is up
/// again when nothing holds it down. The UPS is charged again as soon as mains are back. Errors: none.
/// Randomness: none. Time: `advance` at `next()`, which is when the UPS will be empty.
#pragma once
#include <vector>

#include "models/area_setup.hpp"
#include "models/collector/concentrator.hpp"

namespace model {
class CollectorFaults {
 public:
  CollectorFaults(const AreaSetup& setup, Concentrator& concentrator);

  static bool is_mine(FaultKind kind);
  /// Fault `number` of the setup begins or ends. Range: `is_mine` of its kind.
  void begin(std::size_t number, core::Instant at);
  void end(std::size_t number, core::Instant at);
  /// Mains of the whole area, beside those of a fault of its own: one more reason to be without, or one less.
  void mains_lost(core::Instant at);
  void mains_restored(core::Instant at);
  /// A running count of what this fault has hit.
  std::uint64_t struck_so_far(std::size_t number) const;

  core::Instant next() const { return ups_empty_at_; }
  void advance();

 private:
  const FaultWindow& fault(std::size_t number) const { return setup_.faults[number]; }
  const FaultWindow* active(FaultKind kind) const;
  void hold_down(core::Instant at, int step);
  void settle(core::Instant at);
  void refresh_setting(FaultKind kind, core::Instant at);

  const AreaSetup& setup_;
  Concentrator& concentrator_;
  std::vector<char> is_active_;        ///< by fault
  std::vector<std::uint64_t> struck_;  ///< by fault: what is counted here
  int mains_reasons_ = 0, forced_reasons_ = 0;
  core::Instant ups_empty_at_ = core::never;
  bool is_ups_empty_ = false;
};
}  // namespace model
