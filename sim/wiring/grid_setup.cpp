#include "sim/wiring/grid_setup.hpp"

#include <algorithm>
#include <map>

#include "scenarios/bad_scenario.hpp"
#include "scenarios/load.hpp"
#include "scenarios/roster.hpp"
#include "scenarios/text.hpp"
#include "sim/wiring/load_choice.hpp"
#include "sim/wiring/setups.hpp"

namespace sim {
namespace {
model::grid::Network network_of(const scenario::Scenario& scenario, const scenario::Area& area) {
  if (area.feeder != "ieee-csv")
    return model::grid::read_network(*scenario::find_feeder(scenario.folder, area.feeder));
  scenario::require_data(scenario);
  return model::grid::read_network(scenario::data_folder_of(scenario));
}

std::shared_ptr<const model::grid::Network> solvable_network(const scenario::Scenario& scenario,
                                                             const scenario::Area& area) {
  try {
    auto network = std::make_shared<const model::grid::Network>(network_of(scenario, area));
    model::grid::FeederSolver solver(*network);
    const std::vector<model::grid::CustomerPower> nothing(network->consumers.size());
    if (!solver.solve(nothing).is_valid)
      throw model::BadFeederFile(network->file + ": without any load: " + solver.trouble());
    return network;
  } catch (const model::BadFeederFile& bad) {
    throw scenario::BadScenario(area.place, bad.what());
  }
}

void place_meters(const scenario::Area& area, model::GridSetup& grid) {
  std::uint32_t position = 0;
  for (const auto& group : area.meters)
    for (int i = 0; i < group.count; ++i, ++position) {
      if (group.load != scenario::LoadKind::feeder_head)
        grid.customers.push_back(position);
      else
        grid.heads.push_back({.meter = position, .phase = -1, .ratio = group.current_ratio});
    }
  if (grid.heads.size() == 3)
    for (int phase = 0; phase < 3; ++phase) grid.heads[static_cast<std::size_t>(phase)].phase = phase;
}
std::string names_of(const model::grid::Network& network, const std::string& wanted) {
  std::vector<std::string> names;
  for (const auto& section : network.sections) names.push_back(section.name);
  const auto hint = scenario::did_you_mean(wanted, names);
  return hint.empty() && !names.empty() ? ": they are called as '" + names.front() + "'" : hint;
}

/// What only the network can say of a fault: is there such a section, is it a switch, has it a fuse?
void check_fault(const scenario::FaultSpec& fault, const scenario::Area& area,
                 const model::grid::Network& network) {
  const auto refuse = [&](const std::string& why) { throw scenario::BadScenario(fault.place, why); };
  const auto found = std::find_if(network.sections.begin(), network.sections.end(),
                                  [&](const auto& section) { return section.name == fault.section; });
  if (found == network.sections.end())
    return refuse("no section '" + fault.section + "' in the feeder of area '" + area.name + "'" +
                  names_of(network, fault.section));
  for (const char letter : fault.phases)
    if ((found->conductors >> (letter - 'A') & 1) == 0)
      refuse("section '" + fault.section + "' has no phase " + letter);
  const bool is_switching = fault.kind == "switch-open" || fault.kind == "switch-closed";
  const bool is_switch = found->is_switch || found->open != 0 || found->fuse_A > 0;
  if (is_switching && !is_switch)
    refuse("section '" + fault.section +
           "' is no switch ('switch: true', or open, or fused): use section-outage");
  if (fault.kind == "fuse-blown" && found->fuse_A <= 0)
    refuse("section '" + fault.section + "' has no fuse ('fuse_A')");
}

/// The scenario's faults of sections of this area, in its order.
std::vector<const scenario::FaultSpec*> section_faults(const scenario::Scenario& scenario, std::size_t area) {
  std::vector<const scenario::FaultSpec*> found;
  for (const auto& fault : scenario.faults)
    if (!fault.section.empty() && fault.area == scenario.areas[area].name) found.push_back(&fault);
  return found;
}
}  // namespace

std::vector<std::shared_ptr<const model::GridSetup>> grid_setups(const scenario::Scenario& scenario) {
  std::map<std::string, std::shared_ptr<const model::grid::Network>> networks;
  std::vector<std::shared_ptr<const model::GridSetup>> setups;
  for (const auto& area : scenario.areas) {
    setups.emplace_back();
    if (!area.grid) continue;
    auto& network = networks[area.feeder];
    if (!network) network = solvable_network(scenario, area);
    auto grid = std::make_shared<model::GridSetup>();
    grid->network = network;
    grid->band = {static_cast<double>(area.voltage_low_V), static_cast<double>(area.voltage_high_V)};
    grid->climate = climate_of(scenario);
    grid->repair = area.repair;
    place_meters(area, *grid);
    const auto room =
        static_cast<std::size_t>(std::count_if(network->consumers.begin(), network->consumers.end(),
                                               [](const auto& consumer) { return !consumer.is_fixed; }));
    if (grid->customers.size() > room)
      throw scenario::BadScenario(area.place, "area '" + area.name + "' has " +
                                                  std::to_string(grid->customers.size()) +
                                                  " customers, its feeder '" + area.feeder +
                                                  "' has room for " + std::to_string(room));
    for (const auto* fault : section_faults(scenario, setups.size() - 1)) check_fault(*fault, area, *network);
    setups.back() = std::move(grid);
  }
  return setups;
}

void check_switchings(const scenario::Scenario& scenario,
                      const std::vector<std::shared_ptr<const model::GridSetup>>& grids) {
  for (std::size_t area = 0; area < grids.size(); ++area) {
    const auto mine = section_faults(scenario, area);
    if (!grids[area] || mine.empty()) continue;
    std::vector<model::FaultWindow> windows;
    for (auto& window : fault_windows(scenario, area))
      if (model::AreaSwitching::is_mine(window.kind)) windows.push_back(std::move(window));
    std::size_t number = 0;
    try {
      model::check_switching(*grids[area]->network, windows, number);
    } catch (const model::BadFeederFile& loop) {
      throw scenario::BadScenario(mine[number]->place,
                                  mine[number]->kind + " of '" + mine[number]->section + "': " + loop.what());
    }
  }
}

char phase_of(const model::GridSetup& grid, std::uint32_t meter) {
  for (const auto& head : grid.heads)
    if (head.meter == meter) return head.phase < 0 ? '\0' : "ABC"[head.phase];
  const auto found = std::find(grid.customers.begin(), grid.customers.end(), meter);
  if (found == grid.customers.end()) return '\0';
  const auto& consumer = grid.network->consumers[static_cast<std::size_t>(found - grid.customers.begin())];
  const bool is_between_phases = consumer.to >= 0 && consumer.to < model::grid::neutral;
  return is_between_phases ? '\0' : "ABC"[consumer.from];
}
}  // namespace sim
