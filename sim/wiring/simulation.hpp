/// One whole run in virtual time: the areas, the counter, the inspectors and the head-end of a scenario, on
/// SystemC's clock.
///
/// Owns everything but the head-end itself, which comes in by `HeadEndProcess`, so that this room need not
/// know it. Cut at bytes and time: all that passes between field and head-end are bytes over virtual links.
/// Time: the kernel's. Randomness: none of its own. One per process (see sim/kernel/kernel.hpp).
#pragma once
#include <memory>
#include <vector>

#include "models/area.hpp"
#include "models/counter/counter.hpp"
#include "models/inspection/inspectors.hpp"
#include "sim/kernel/progress.hpp"
#include "sim/wiring/outage_plan.hpp"

namespace seam {
class VirtualWorld;
}

namespace sim {
/// The head-end as the simulation sees it: something that can be started in a world and can vanish.
class HeadEndProcess {
 public:
  virtual ~HeadEndProcess() = default;
  /// Makes a head-end on the (surviving) store and starts it.
  virtual void start(seam::VirtualWorld& world) = 0;
  /// The world has been killed: gives up everything that was not committed.
  virtual void destroy() = 0;
};

/// In which order modules are made. It must leave no trace; a test runs both.
enum class ConstructionOrder { as_written, reversed };

struct SimulationSetup {
  core::Instant starts{};
  std::vector<model::AreaSetup> areas;
  model::CounterSetup counter;
  model::InspectorSetup inspectors{};
  std::vector<OutageWindow> head_end_outages;
  ConstructionOrder order = ConstructionOrder::as_written;
};

class Simulation {
 public:
  Simulation(SimulationSetup setup, model::TruthSink& truth, HeadEndProcess& head_end,
             model::LineTap tap = {});
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  /// Everything up to and including `till`. Throws what a model or the head-end threw.
  void run_until(core::Instant till, const Progress& progress = {});
  /// The last shutting of the door: the head-end's world dies, the store closes with what is committed.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};
}  // namespace sim
