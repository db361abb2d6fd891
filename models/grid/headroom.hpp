/// How much more a connection can carry: advice for whoever asks for a charger, a heat pump or a roof.
///
/// At each consumer, with everybody else as he is at that moment, the largest further power at unity power
/// factor that breaks no limit (limits.hpp: voltage band of all consumers, rated currents and fuses where the
/// network tells them, transformers) and still has a solution; once drawn, once fed in. What is broken
/// already at that moment gives no headroom. Found by halving, to 0.01 kW. Unit: kW. Range: `most_kW` at
/// most. Errors: none. Randomness: none. Time: none.
#pragma once
#include <string>
#include <vector>

#include "models/grid/limits.hpp"

namespace model::grid {
struct Headroom {
  std::string consumer;
  double drawn_kW = 0, fed_kW = 0;
  /// What stands in the way of more: "load 17: undervoltage"; "no solution"; empty: nothing up to `most_kW`.
  std::string drawn_limit, fed_limit;
};
struct HeadroomSettings {
  VoltageBand band;
  double most_kW = 100;
};
/// `powers`: what each consumer draws at the moment. Range: one for each of the network's consumers.
std::vector<Headroom> headrooms(const Network& network, const std::vector<Power>& powers,
                                const HeadroomSettings& settings);
}  // namespace model::grid
