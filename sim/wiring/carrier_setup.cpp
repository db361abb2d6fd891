#include <set>

#include "models/collector/carrier_field.hpp"
#include "models/grid/feeder.hpp"
#include "scenarios/bad_scenario.hpp"
#include "scenarios/load.hpp"
#include "sim/wiring/grid_setup.hpp"
#include "sim/wiring/setups.hpp"

namespace sim {
namespace {
constexpr double spur_m = 8;  // service cable to the first house of a bus; each further one is as far again

std::shared_ptr<const model::Feeder> read_feeder(const scenario::Scenario& scenario,
                                                 const scenario::Area& area) {
  try {
    if (area.feeder == "ieee-csv") {
      scenario::require_data(scenario);
      return std::make_shared<const model::Feeder>(
          model::read_ieee_folder(scenario::data_folder_of(scenario)).feeder);
    }
    return std::make_shared<const model::Feeder>(
        model::load_feeder(*scenario::find_feeder(scenario.folder, area.feeder)));
  } catch (const model::BadFeederFile& bad) {
    throw scenario::BadScenario(area.place, bad.what());
  }
}
std::shared_ptr<const model::Feeder> feeder_of(const scenario::Scenario& scenario,
                                               const scenario::Area& area) {
  auto feeder = read_feeder(scenario, area);
  if (feeder->loads.empty())
    throw scenario::BadScenario(
        area.place, "feeder '" + area.feeder + "' has no loads: carrier modules stand where houses are");
  return feeder;
}
}  // namespace

void check_feeders(const scenario::Scenario& scenario) {
  check_switchings(scenario, grid_setups(scenario));
  std::set<std::string> seen;
  for (const auto& area : scenario.areas)
    if (area.line.kind != scenario::LineKind::rs485 && seen.insert(area.feeder).second)
      feeder_of(scenario, area);
}

std::shared_ptr<const model::CarrierSetup> carrier_setup(const scenario::Scenario& scenario,
                                                         std::size_t index,
                                                         const std::vector<model::LineSetup>& lines) {
  const auto& area = scenario.areas[index];
  if (area.line.kind == scenario::LineKind::rs485) return nullptr;
  model::CarrierSetup carrier;
  carrier.band = area.line.band == scenario::CarrierBand::narrowband ? model::carrier::narrowband()
                                                                     : model::carrier::high_speed();
  carrier.feeder = feeder_of(scenario, area);
  const auto& loads = carrier.feeder->loads;
  carrier.places.push_back({.bus = 1, .phase = model::Phase::a, .spur_m = 0, .is_on_all_phases = true});
  carrier.first_line = area.line.kind == scenario::LineKind::both ? 1 : 0;
  for (std::size_t i = carrier.first_line; i < lines.size(); ++i) {
    const std::size_t house = lines[i].meters.front();
    const auto& load = loads[house % loads.size()];
    carrier.places.push_back({.bus = load.bus,
                              .phase = load.phase,
                              .spur_m = spur_m * static_cast<double>(1 + house / loads.size()),
                              .is_on_all_phases = false});
  }
  return std::make_shared<const model::CarrierSetup>(std::move(carrier));
}
}  // namespace sim
