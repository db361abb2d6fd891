/// The injected faults of an area's RS-485 lines: which trouble of which pair is on at a given moment.
///
/// Where windows of one kind overlap on a line, the one that stands last in the scenario rules it (of noise:
/// the worst); a trouble is off when no window holds it. Errors: none. Randomness: none of its own. Time:
/// told by whoever begins and ends the windows.
#pragma once
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "models/area_setup.hpp"
#include "models/fault/frame_gate.hpp"
#include "models/line/rs485/line.hpp"

namespace model {
class LineFaults {
 public:
  LineFaults(const AreaSetup& setup, std::span<Meter> meters, std::deque<Rs485Line>& lines);

  static bool is_mine(FaultKind kind);
  /// Fault `number` of the setup begins or ends. Range: `is_mine` of its kind.
  void begin(std::size_t number);
  void end(std::size_t number);
  /// A running count of what this kind of fault has hit on the lines that it reaches.
  std::uint64_t struck_so_far(std::size_t number) const;

 private:
  const FaultWindow& fault(std::size_t number) const { return setup_.faults[number]; }
  bool reaches(const FaultWindow& fault, std::size_t line) const;
  std::vector<std::uint32_t> meters_on(const FaultWindow& fault, std::size_t line) const;
  const FaultWindow* active(FaultKind kind, std::size_t line) const;
  const FaultWindow* active_at(FaultKind kind, std::size_t line, std::uint32_t meter) const;
  void refresh(FaultKind kind);
  void refresh_noise();
  void refresh_pair(FaultKind kind, std::size_t line);
  void refresh_stations(FaultKind kind, std::size_t line);
  void refresh_gate(std::size_t number, bool is_begin);
  dlt645::AddressPattern address_of(MeterId meter) const;

  const AreaSetup& setup_;
  std::span<Meter> meters_;
  std::deque<Rs485Line>& lines_;
  std::vector<char> is_active_;                    ///< by fault
  std::vector<std::unique_ptr<FrameGate>> gates_;  ///< by line; made when first needed
};
}  // namespace model
