// The reference area: 200 carrier modules on the European low-voltage feeder, read every quarter hour.
#pragma once
#include <map>

#include "models/line/carrier/network.hpp"

namespace carrier_test {
/// Concentrator at the transformer, modules spread over the feeder's buses and phases.
std::vector<model::carrier::Place> reference_places(const model::Feeder& feeder, std::uint32_t modules = 200);
model::Feeder reference_feeder();

struct AreaResult {
  std::uint64_t due = 0, read_at_first = 0, read = 0;
  std::uint64_t least_per_cycle = UINT64_MAX;
  std::map<model::carrier::LossCause, std::uint64_t> causes;  ///< of readings that were missing in the end
};
/// Reads all modules once per cycle with up to `attempts` exchanges each, for `cycles` quarter hours.
AreaResult read_area(const model::carrier::NetworkSetup& network_setup,
                     const model::carrier::ChannelSetup& channel_setup, int cycles, int attempts);
}  // namespace carrier_test
