#include "sim/wiring/simulation.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "platform/virtual/virtual_world.hpp"
#include "sim/kernel/agenda.hpp"
#include "sim/kernel/bridge.hpp"

namespace sim {
namespace {
/// The wires of one area: its uplink comes out at the head-end's door, and back.
class AreaWires final : public model::UplinkPort, public seam::FarEnd {
 public:
  AreaWires(std::string peer, std::unique_ptr<seam::VirtualWorld>& world, Kernel& kernel)
      : peer_(std::move(peer)), world_(world), kernel_(kernel) {}
  void wire(model::Area& area, Agenda& agenda) {
    area_ = &area;
    agenda_ = &agenda;
  }

  bool connect(model::AreaId, core::Instant) override {
    if (world_ == nullptr || !world_->clock().is_alive()) return false;
    field_ = seam::VirtualField(world_->clock(), *this, peer_);
    return world_->uplinks().offer(field_.connect());
  }
  void deliver(model::AreaId, core::Instant, core::Bytes bytes) override { field_.deliver(bytes); }
  void drop(model::AreaId, core::Instant) override { field_.close(); }

  void head_end_wrote(core::Bytes bytes) override {
    area_->head_end_wrote(kernel_.now(), bytes);
    agenda_->poke();
  }
  void head_end_closed() override {
    area_->head_end_closed(kernel_.now());
    agenda_->poke();
  }

 private:
  std::string peer_;
  std::unique_ptr<seam::VirtualWorld>& world_;
  Kernel& kernel_;
  model::Area* area_ = nullptr;
  Agenda* agenda_ = nullptr;
  seam::VirtualField field_;
};

/// The connection of somebody who speaks with the head-end in lines: the counter, the inspectors.
template <class Client>
class LineWires final : public model::CounterPort, public seam::FarEnd {
 public:
  LineWires(std::string peer, std::unique_ptr<seam::VirtualWorld>& world, Kernel& kernel)
      : peer_(std::move(peer)), world_(world), kernel_(kernel) {}
  void wire(Client& client, Agenda& agenda) {
    client_ = &client;
    agenda_ = &agenda;
  }

  bool connect(core::Instant) override {
    if (world_ == nullptr || !world_->clock().is_alive()) return false;
    field_ = seam::VirtualField(world_->clock(), *this, peer_);
    return world_->counter().offer(field_.connect());
  }
  void deliver(core::Instant, core::Bytes bytes) override { field_.deliver(bytes); }
  void drop(core::Instant) override { field_.close(); }

  void head_end_wrote(core::Bytes bytes) override {
    client_->head_end_wrote(kernel_.now(), bytes);
    agenda_->poke();
  }
  void head_end_closed() override {
    client_->head_end_closed(kernel_.now());
    agenda_->poke();
  }

 private:
  std::string peer_;
  std::unique_ptr<seam::VirtualWorld>& world_;
  Kernel& kernel_;
  Client* client_ = nullptr;
  Agenda* agenda_ = nullptr;
  seam::VirtualField field_;
};

/// What people see and do at meters, over all areas: customers their lights, inspectors what is wrong.
class AllMeters final : public model::SupplyView, public model::InspectionView {
 public:
  struct Range {
    model::MeterId first = 0;
    model::MeterId count = 0;
    model::Area* area = nullptr;
    Agenda* agenda = nullptr;
  };
  void add(Range range) { ranges_.push_back(range); }
  bool is_supplied(model::MeterId meter, core::Instant at) override {
    return range_of(meter).area->is_supplied(meter, at);
  }
  std::string inspect(model::MeterId meter, core::Instant at) override {
    const auto& range = range_of(meter);
    auto finding = range.area->inspect(meter, at);
    range.agenda->poke();
    return finding;
  }

 private:
  const Range& range_of(model::MeterId meter) const {
    const auto found = std::find_if(ranges_.begin(), ranges_.end(), [&](const Range& range) {
      return meter >= range.first && meter - range.first < range.count;
    });
    METERTWIN_CHECK(found != ranges_.end(), meter);
    return *found;
  }

  std::vector<Range> ranges_;
};

/// Crashes and restarts of the head-end, on the kernel's time like everything else.
class OutagePlan final : public Advancing {
 public:
  OutagePlan(std::vector<OutageWindow> windows, model::TruthSink& truth, std::function<void(bool)> set_up)
      : windows_(std::move(windows)), truth_(truth), set_up_(std::move(set_up)) {}

  core::Instant next() const override {
    if (position_ == windows_.size()) return core::never;
    return is_down_ ? windows_[position_].till : windows_[position_].from;
  }
  void advance(core::Instant now) override {
    while (next() <= now) {
      is_down_ = !is_down_;
      truth_.event({.at = next_edge(),
                    .entity = "head-end",
                    .kind = is_down_ ? "crashed" : "restarted",
                    .value = 0,
                    .text = "injected: head-end-crash"});
      set_up_(!is_down_);
      if (!is_down_) ++position_;
    }
  }

 private:
  core::Instant next_edge() const { return is_down_ ? windows_[position_].from : windows_[position_].till; }

  std::vector<OutageWindow> windows_;
  std::size_t position_ = 0;
  bool is_down_ = false;
  model::TruthSink& truth_;
  std::function<void(bool)> set_up_;
};
}  // namespace

struct Simulation::State {
  struct AreaPlace {
    std::unique_ptr<AreaWires> wires;
    std::unique_ptr<model::Area> area;
    std::unique_ptr<AdvancingRef<model::Area>> advancing;
    std::unique_ptr<Agenda> agenda;
  };

  State(SimulationSetup setup, model::TruthSink& truth, HeadEndProcess& process, const model::LineTap& tap)
      : kernel(setup.starts),
        bridge("bridge", kernel),
        head_end(process),
        outages(std::move(setup.head_end_outages), truth,
                [this](bool up) { up ? start_head_end() : crash_head_end(); }) {
    areas.resize(setup.areas.size());
    const bool is_reversed = setup.order == ConstructionOrder::reversed;
    if (is_reversed) make_counter(std::move(setup.counter), truth);
    for (std::size_t k = 0; k < areas.size(); ++k) {
      const std::size_t i = is_reversed ? areas.size() - 1 - k : k;
      make_area(areas[i], std::move(setup.areas[i]), truth, tap);
    }
    if (!is_reversed) make_counter(std::move(setup.counter), truth);
    make_inspectors(std::move(setup.inspectors), truth);
    outage_agenda = std::make_unique<Agenda>("head_end_outages", kernel, outages);
    start_head_end();
  }

  void make_area(AreaPlace& place, model::AreaSetup setup, model::TruthSink& truth,
                 const model::LineTap& tap) {
    const auto name = "area_" + std::to_string(setup.id);
    const AllMeters::Range range{setup.first_meter, static_cast<model::MeterId>(setup.meters.size()), nullptr,
                                 nullptr};
    place.wires = std::make_unique<AreaWires>("concentrator " + setup.name, world, kernel);
    place.area = std::make_unique<model::Area>(std::move(setup), truth, *place.wires, tap);
    place.advancing = std::make_unique<AdvancingRef<model::Area>>(*place.area);
    place.agenda = std::make_unique<Agenda>(name.c_str(), kernel, *place.advancing);
    place.wires->wire(*place.area, *place.agenda);
    all_meters.add({range.first, range.count, place.area.get(), place.agenda.get()});
  }

  void make_counter(model::CounterSetup setup, model::TruthSink& truth) {
    counter_wires = std::make_unique<LineWires<model::Counter>>("counter", world, kernel);
    counter = std::make_unique<model::Counter>(std::move(setup), truth, *counter_wires, all_meters);
    counter_advancing = std::make_unique<AdvancingRef<model::Counter>>(*counter);
    counter_agenda = std::make_unique<Agenda>("counter", kernel, *counter_advancing);
    counter_wires->wire(*counter, *counter_agenda);
  }

  void make_inspectors(model::InspectorSetup setup, model::TruthSink& truth) {
    if (setup.crews == 0) return;
    inspector_wires = std::make_unique<LineWires<model::Inspectors>>("inspectors", world, kernel);
    inspectors = std::make_unique<model::Inspectors>(std::move(setup), truth, *inspector_wires, all_meters);
    inspectors_advancing = std::make_unique<AdvancingRef<model::Inspectors>>(*inspectors);
    inspector_agenda = std::make_unique<Agenda>("inspectors", kernel, *inspectors_advancing);
    inspector_wires->wire(*inspectors, *inspector_agenda);
  }

  void start_head_end() {
    world = std::make_unique<seam::VirtualWorld>(kernel.now());
    head_end.start(*world);
    bridge.attach(world->clock());
  }

  void crash_head_end() {
    if (world == nullptr) return;
    bridge.detach();
    world->kill();
    head_end.destroy();
    world.reset();
  }

  Kernel kernel;
  Bridge bridge;
  HeadEndProcess& head_end;
  std::unique_ptr<seam::VirtualWorld> world;
  std::vector<AreaPlace> areas;
  AllMeters all_meters;
  std::unique_ptr<LineWires<model::Counter>> counter_wires;
  std::unique_ptr<model::Counter> counter;
  std::unique_ptr<AdvancingRef<model::Counter>> counter_advancing;
  std::unique_ptr<Agenda> counter_agenda;
  std::unique_ptr<LineWires<model::Inspectors>> inspector_wires;
  std::unique_ptr<model::Inspectors> inspectors;
  std::unique_ptr<AdvancingRef<model::Inspectors>> inspectors_advancing;
  std::unique_ptr<Agenda> inspector_agenda;
  OutagePlan outages;
  std::unique_ptr<Agenda> outage_agenda;
};

Simulation::Simulation(SimulationSetup setup, model::TruthSink& truth, HeadEndProcess& head_end,
                       model::LineTap tap)
    : state_(std::make_unique<State>(std::move(setup), truth, head_end, tap)) {}

Simulation::~Simulation() { state_->crash_head_end(); }

void Simulation::run_until(core::Instant till, const Progress& progress) {
  state_->kernel.run_until(till, progress);
}

void Simulation::finish() { state_->crash_head_end(); }
}  // namespace sim
