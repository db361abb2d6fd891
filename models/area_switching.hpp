/// Who opens and closes what in the network of an area: injected outages and switchings, and fuses that melt.
///
/// A section conducts on a phase unless its switch stands open there, an injected outage has taken it, or its
/// fuse has melted; an opening wins over a closing. Fuses are gG links (grid/fuse.hpp), one on each phase of
/// a section that has them; each feels the current of every step, melts by itself, and is replaced by the
/// crew after `GridSetup::repair`. A blown fuse that is injected ends with its window. Above a transformer
/// all phases move together: half a primary feeds nobody. A closing that would make a loop is not carried
/// out (the latest first), and neither is one that has become a loop because something else was mended.
/// Truth ("area NAME"): "fuse-blown" (mA), "fuse-replaced" (s without it), "section-dead" and "section-live"
/// (meters that lost or got supply at that instant), "switch-refused".
/// Errors: none. Randomness: none. Time: as told, rising.
#pragma once
#include <string>
#include <vector>

#include "models/area_setup.hpp"
#include "models/grid/feeder_solver.hpp"
#include "models/grid/fuse.hpp"

namespace model {
class AreaSwitching {
 public:
  /// Range: sections that the setup's faults name are in the network (grid_setups has looked).
  AreaSwitching(const AreaSetup& setup, grid::FeederSolver& solver, TruthSink& truth);

  static bool is_mine(FaultKind kind);
  /// Fault `number` of the setup begins or ends; takes effect when `settle` is called next.
  void begin(std::size_t number);
  void end(std::size_t number);
  /// 1 once the section stood as the fault wants it, and otherwise would not have.
  std::uint64_t struck_so_far(std::size_t number) const { return struck_[number]; }

  /// When the crew is done with the fuse that it replaces next.
  core::Instant next() const;
  /// The currents of the last solve have flowed from `from` till `till`.
  void carry(core::Instant from, core::Instant till);
  /// Looks at the currents of the last solve: when the first fuse melts if they flow on.
  core::Instant melts_at(core::Instant from);

  /// Brings the solver's network into the state that is due at `at`. False: nothing moved.
  bool settle(core::Instant at);
  /// Tells truth what `settle` moved, once it is known how many meters that concerned.
  void tell_moved(core::Instant at, std::int64_t meters_lost, std::int64_t meters_back);

 private:
  struct Fuse {
    std::size_t section = 0;
    int phase = 0;
    grid::FuseLink link;
    double rated_A = 0, current_A = 0;
    bool is_blown = false;
    core::Instant blown_at{}, replaced_at = core::never;
  };
  using Positions = std::vector<grid::ConductorSet>;  ///< conductors that are open, by section

  Positions wanted() const;
  bool refuse_latest(core::Instant at, const std::string& why);
  void count_struck();
  std::string place(std::size_t section, grid::ConductorSet phases) const;
  void tell(core::Instant at, std::string_view kind, std::int64_t value, std::string text);

  const AreaSetup& setup_;
  grid::FeederSolver& solver_;
  TruthSink& truth_;
  std::vector<std::size_t> sections_;  ///< by fault: position of the section it names
  std::vector<std::size_t> active_;    ///< faults, in the order of their beginning
  std::vector<char> is_refused_;       ///< by fault
  std::vector<std::uint64_t> struck_;  ///< by fault
  std::vector<Fuse> fuses_;
  std::vector<char> moves_all_phases_;  ///< by section: stands above a transformer
  Positions usual_, now_, before_;
  bool is_due_ = false;
};

/// Looks ahead at what the faults that do not wait for an event make of a network, edge by edge, with whole
/// fuses. Throws BadFeederFile for a closing that makes a loop; `number` is then the fault that closes.
/// Range: sections that `faults` name are in the network.
void check_switching(const grid::Network& network, const std::vector<FaultWindow>& faults,
                     std::size_t& number);
}  // namespace model
