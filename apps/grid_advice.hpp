/// `metertwin grid FEEDER --advice`: how much more each connection can carry at one moment, and what stops
/// it.
#pragma once
#include "models/grid/headroom.hpp"

namespace app {
/// The minute of the day, 1..1440, in which the network's consumers draw most by their shapes.
int busiest_minute(const model::grid::Network& network);
/// A table, or CSV. Throws BadFeederFile when the moment itself has no solution.
void print_advice(const model::grid::Network& network, int minute, const model::grid::VoltageBand& band,
                  bool is_csv);
}  // namespace app
