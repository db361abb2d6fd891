#include "sim/wiring/grid_setup.hpp"

#include <algorithm>
#include <map>

#include "scenarios/bad_scenario.hpp"
#include "scenarios/load.hpp"
#include "scenarios/roster.hpp"
#include "sim/wiring/load_choice.hpp"

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
    place_meters(area, *grid);
    if (grid->customers.size() > network->consumers.size())
      throw scenario::BadScenario(area.place,
                                  "area '" + area.name + "' has " + std::to_string(grid->customers.size()) +
                                      " customers, its feeder '" + area.feeder + "' has room for " +
                                      std::to_string(network->consumers.size()));
    setups.back() = std::move(grid);
  }
  return setups;
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
