#include "sim/wiring/grid_setup.hpp"

#include <algorithm>

#include "scenarios/bad_scenario.hpp"
#include "scenarios/load.hpp"
#include "scenarios/roster.hpp"

namespace sim {
namespace {
model::grid::Network network_of(const scenario::Scenario& scenario, const scenario::Area& area) {
  if (area.feeder != "ieee-csv")
    return model::grid::read_network(*scenario::find_feeder(scenario.folder, area.feeder));
  scenario::require_data(scenario);
  return model::grid::read_network(scenario::data_folder_of(scenario));
}

void require_solution(const model::grid::Network& network) {
  model::grid::FeederSolver solver(network);
  if (!solver.solve(std::vector<model::grid::CustomerPower>(network.consumers.size())).is_valid)
    throw model::BadFeederFile(network.file + ": without any load: " + solver.trouble());
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

std::shared_ptr<const model::GridSetup> grid_setup(const scenario::Scenario& scenario, std::size_t index) {
  const auto& area = scenario.areas[index];
  if (!area.grid) return nullptr;
  auto grid = std::make_shared<model::GridSetup>();
  try {
    grid->network = network_of(scenario, area);
    require_solution(grid->network);
  } catch (const model::BadFeederFile& bad) {
    throw scenario::BadScenario(area.place, bad.what());
  }
  grid->band = {static_cast<double>(area.voltage_low_V), static_cast<double>(area.voltage_high_V)};
  place_meters(area, *grid);
  if (grid->customers.size() > grid->network.consumers.size())
    throw scenario::BadScenario(area.place, "area '" + area.name + "' has " +
                                                std::to_string(grid->customers.size()) +
                                                " customers, its feeder '" + area.feeder + "' has room for " +
                                                std::to_string(grid->network.consumers.size()));
  return grid;
}

char phase_of(const model::GridSetup& grid, std::uint32_t meter) {
  for (const auto& head : grid.heads)
    if (head.meter == meter) return head.phase < 0 ? '\0' : "ABC"[head.phase];
  const auto found = std::find(grid.customers.begin(), grid.customers.end(), meter);
  if (found == grid.customers.end()) return '\0';
  const auto& consumer = grid.network.consumers[static_cast<std::size_t>(found - grid.customers.begin())];
  const bool is_between_phases = consumer.to >= 0 && consumer.to < model::grid::neutral;
  return is_between_phases ? '\0' : "ABC"[consumer.from];
}
}  // namespace sim
