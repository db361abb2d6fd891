/// The injected faults of an area's meters and what is done to them: theft, tampering, failures of metering.
///
/// Each window is one tampering of one meter (models/meter/tampering.hpp), or of two neighbours, from its
/// beginning to its end; a register that was set back stays back. What counts as an effect is energy that
/// passed and was not registered, in whole Wh (for false readings: was not registered when it passed); of
/// what hides nothing (an opened cover, a feed to a neighbour, a shifted clock), that it happened; of
/// replayed recharges, how many the meter refused. Where several work on one meter at once, each counts what
/// was missed while it lasted. Errors: none. Randomness: that of tampering.hpp, false_report.hpp and
/// adaptive_faults.hpp. Time: told by whoever begins and ends the windows.
#pragma once
#include <span>
#include <vector>

#include "models/area_setup.hpp"
#include "models/fault/adaptive_faults.hpp"
#include "models/meter/meter.hpp"

namespace model {
class MeterFaults {
 public:
  MeterFaults(const AreaSetup& setup, std::span<Meter> meters, MeterHappenings& happened, TruthSink& truth);

  static bool is_mine(FaultKind kind);
  /// Fault `number` of the setup begins or ends. Range: `is_mine` of its kind.
  void begin(std::size_t number, core::Instant at);
  void end(std::size_t number, core::Instant at);
  std::uint64_t struck_so_far(std::size_t number) const;

  /// What happens within windows: thieves who make new plans.
  core::Instant next() const { return adaptive_.next(); }
  void advance() { adaptive_.advance(); }

  // An inspector at a meter, while fault `number` is on
  /// Does he see it there? A register that was set back and a recharge that was refused leave nothing to see,
  /// nor does a jumper that is not on just now.
  bool is_visible(std::size_t number, MeterId meter, core::Instant at) const;
  /// Is it over for good once it is found? A thief who adapts comes back.
  bool ends_when_found(std::size_t number) const;
  /// He was at the meter of this fault, whatever he saw.
  void visited(std::size_t number, core::Instant at);

 private:
  const FaultWindow& fault(std::size_t number) const { return setup_.faults[number]; }
  Meter& meter(MeterId id) { return meters_[id - setup_.first_meter]; }
  const Meter& meter(MeterId id) const { return meters_[id - setup_.first_meter]; }
  bool has_three_phases(MeterId id) const;
  Tampering tampering_of(const FaultWindow& fault) const;
  void begin_pair(std::uint32_t key, const FaultWindow& window, core::Instant at);
  void shift_clock(std::size_t number, core::Instant at);
  void right_clock(const FaultWindow& window, core::Instant at);
  void replay_recharge(std::size_t number, core::Instant at);
  void tell_hidden(std::size_t number, core::Instant at);

  const AreaSetup& setup_;
  std::span<Meter> meters_;
  MeterHappenings& happened_;
  TruthSink& truth_;
  AdaptiveFaults adaptive_;
  std::vector<std::uint64_t> done_;      ///< by fault: times it took effect at once
  std::vector<std::int64_t> missed_uJ_;  ///< by fault: of its meter, when it began
  std::vector<core::Instant> began_;     ///< by fault
};
}  // namespace model
