/// The networks of a scenario's areas: from the feeder that an area names to what the area computes on.
///
/// Customers are the network's consumers in their order, one meter each, in the order of the area's meters;
/// meters of `load: feeder-head` stand at the transformer: one for all phases, or three, A, B and C. Errors:
/// scenario::BadScenario, with the feeder file's own line where there is one. Randomness: none. Time: none.
#pragma once
#include <memory>
#include <vector>

#include "models/area_grid.hpp"
#include "scenarios/scenario.hpp"

namespace sim {
/// By area; nothing for one without `grid: true`. Each feeder is read once. Throws for a feeder that cannot
/// be read or solved, and for more customers than it has.
std::vector<std::shared_ptr<const model::GridSetup>> grid_setups(const scenario::Scenario& scenario);
/// Throws for a switch that closes a loop at a moment that the scenario itself tells. Runs without some of a
/// scenario's faults need not ask: a closing that would make a loop is not carried out.
void check_switchings(const scenario::Scenario& scenario,
                      const std::vector<std::shared_ptr<const model::GridSetup>>& grids);
/// The phase of a meter by its position in the area: 'A', 'B', 'C'; 0 for all three or between phases.
char phase_of(const model::GridSetup& grid, std::uint32_t meter);
}  // namespace sim
