/// The low-voltage network of an area at work: what customers draw in, voltages at their meters and the
/// energy through the transformer's meters out.
///
/// Time goes in steps (a minute), cut where a fault or a button changes somebody's supply. At the beginning
/// of a step each meter says what it is going to pass (exact integral of its load's steps, with what thieves
/// draw around it); the mean power of the step goes into the power flow; voltages and the head's power hold
/// for the step.
///     given_i = draw_i / span + owed_i / step,   owed_i += passed_i - given_i x span
/// `owed` makes up within the next step for what nobody could foresee (a relay that opened in the middle), so
/// that the energy through the head is the energy that passed at the customers plus I2R, at any distance. A
/// step that has no solution keeps the voltages of the last one that had, counts no losses, and is told as
/// "feeder-diverged" with the state that caused it. Switches, outages of sections and fuses
/// (area_switching.hpp) cut steps, too; meters that the network no longer reaches are without mains until it
/// does, and draw nothing; what they are owed then waits.
/// Unit: mW, mV, uJ. Range: as many customers as the network has consumers, or fewer. Errors: none.
/// Randomness: none. Time: whole steps of true time.
#pragma once
#include <memory>
#include <optional>
#include <span>

#include "models/area_setup.hpp"
#include "models/area_switching.hpp"
#include "models/area_transformer.hpp"
#include "models/grid/feeder_solver.hpp"
#include "models/grid/limits.hpp"
#include "models/meter/mains.hpp"

namespace model {
/// A meter at the transformer (台区总表): of all three phases or of one, behind current transformers.
struct HeadMeter {
  std::uint32_t meter = 0;  ///< position in AreaSetup::meters
  int phase = -1;           ///< 0..2; -1: all three
  int ratio = 1;            ///< primary / secondary current; its registers count secondary energy
};

struct GridSetup {
  std::shared_ptr<const grid::Network> network;  ///< shared by equal areas
  core::Duration step = 1min;
  std::vector<std::uint32_t> customers;  ///< by consumer of the network: position in AreaSetup::meters
  std::vector<HeadMeter> heads;
  grid::VoltageBand band;
  Climate climate;             ///< the transformer's surroundings
  core::Duration repair = 2h;  ///< from a fuse that melts to the next one in its place
};

/// Who is told that the network no longer reaches somebody, or does again.
class MainsHolder {
 public:
  virtual ~MainsHolder() = default;
  struct Change {
    std::uint32_t meter = 0;  ///< position in AreaSetup::meters
    bool is_dead = false;
  };
  virtual void hold_meters(std::span<const Change> changes, core::Instant at) = 0;
  /// The concentrator, which stands at the transformer.
  virtual void hold_concentrator(bool is_dead, core::Instant at) = 0;
};

class AreaGrid {
 public:
  /// Throws BadFeederFile for a network without a solution at no load. `setup.grid` must be there.
  AreaGrid(const AreaSetup& setup, TruthSink& truth);
  /// Wires a meter to the network before it is made: its voltage, and the load of one at the head.
  void outfit(std::size_t position, MeterSetup& meter) const;

  core::Instant next() const { return next_; }
  /// Somebody's supply has just changed: the running step ends at `at`.
  void wake(core::Instant at) { next_ = at; }
  /// Ends the running step at `at` and begins the next.
  void advance(core::Instant at, std::span<Meter> meters, MeterHappenings& happened, MainsHolder& mains);
  /// Faults of the network; whoever begins or ends one wakes the grid at that instant.
  AreaSwitching& switching() { return switching_; }
  /// Tells truth the energies since it was last told. `at`: the end of the last step.
  void sample(core::Instant at);

 private:
  class HeadPower;
  struct Energies {
    std::array<std::int64_t, 3> supplied_uJ{}, delivered_uJ{};
    std::int64_t transformer_uJ = 0;
  };
  struct CustomerState {
    std::int64_t passed_uJ = 0;  ///< net, at the beginning of the step
    std::int64_t given_mW = 0;
    std::int64_t owed_uJ = 0;
    int band = 0;  ///< -1 below, 1 above
    bool is_dead = false;
  };

  void end_step(core::Instant at, std::span<Meter> meters);
  void switch_over(core::Instant at, MainsHolder& mains);
  void begin_step(core::Instant at, std::span<Meter> meters);
  bool is_transformer_live() const;
  void show_customers(core::Instant at);
  void show_head(core::Instant at, std::span<Meter> meters);
  void hold_last(core::Instant at);
  std::string largest_draw() const;
  std::int64_t apparent_mVA() const;
  void tell(core::Instant at, std::string entity, std::string_view kind, std::int64_t value,
            std::string text = {});

  const AreaSetup& setup_;
  TruthSink& truth_;
  grid::FeederSolver solver_;
  AreaSwitching switching_;
  std::vector<grid::CustomerPower> powers_;  ///< by consumer
  std::vector<CustomerState> customers_;
  std::vector<std::shared_ptr<Mains>> mains_;  ///< by meter
  std::vector<std::shared_ptr<HeadPower>> heads_;
  std::vector<char> is_head_dead_;
  grid::FeederSupply now_;  ///< what holds in the running step
  Energies since_told_;
  std::optional<AreaTransformer> transformer_;  ///< of a network with exactly one
  core::Instant began_ = core::never, next_;
  bool is_diverged_ = false, is_concentrator_dead_ = false;
};
}  // namespace model
