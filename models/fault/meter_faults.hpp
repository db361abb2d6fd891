/// The injected faults of an area's meters and what is done to them: theft, tampering, failures of metering.
///
/// Each window is one tampering of one meter (models/meter/tampering.hpp) from its beginning to its end; a
/// register that was set back stays back. What counts as an effect is energy that passed and was not
/// registered, in whole Wh; of an opened cover and of a feed to a neighbour, which hide nothing, that it
/// happened. Where several work on one meter at once, each counts what was missed while it lasted. Errors:
/// none. Randomness: theft-wavering's (tampering.hpp). Time: told by whoever begins and ends the windows.
#pragma once
#include <span>
#include <vector>

#include "models/area_setup.hpp"
#include "models/meter/meter.hpp"

namespace model {
class MeterFaults {
 public:
  MeterFaults(const AreaSetup& setup, std::span<Meter> meters, MeterHappenings& happened);

  static bool is_mine(FaultKind kind);
  /// Fault `number` of the setup begins or ends. Range: `is_mine` of its kind.
  void begin(std::size_t number, core::Instant at);
  void end(std::size_t number, core::Instant at);
  std::uint64_t struck_so_far(std::size_t number) const;

 private:
  const FaultWindow& fault(std::size_t number) const { return setup_.faults[number]; }
  Meter& meter(MeterId id) { return meters_[id - setup_.first_meter]; }
  bool has_three_phases(MeterId id) const;
  Tampering tampering_of(const FaultWindow& fault) const;

  const AreaSetup& setup_;
  std::span<Meter> meters_;
  MeterHappenings& happened_;
  std::vector<std::uint64_t> done_;  ///< by fault: times it took effect at once
};
}  // namespace model
