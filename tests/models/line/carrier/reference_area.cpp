// The reference area's modules and its reader.
#include "tests/models/line/carrier/reference_area.hpp"

#include <algorithm>

namespace carrier_test {
using namespace model::carrier;
using namespace std::chrono_literals;

model::Feeder reference_feeder() { return model::load_feeder(METERTWIN_FEEDERS "/european-lv.yaml"); }

std::vector<Place> reference_places(const model::Feeder& feeder, std::uint32_t modules) {
  std::vector<Place> places{{1, model::Phase::a, 0, true}};
  const auto buses = static_cast<std::uint32_t>(feeder.lines.size());
  for (std::uint32_t i = 0; i < modules; ++i) {
    const auto phase =
        static_cast<model::Phase>(static_cast<char>(model::Phase::a) + static_cast<char>(i % 3));
    places.push_back({static_cast<int>(2 + i * (buses - 1) / modules), phase, 10.0 + i % 4 * 5, false});
  }
  return places;
}

AreaResult read_area(const NetworkSetup& network_setup, const ChannelSetup& channel_setup, int cycles,
                     int attempts) {
  constexpr std::size_t request_bytes = 22, answer_bytes = 30;  // a quarter hour's load record
  const auto feeder = reference_feeder();
  Channel channel(channel_setup, feeder, reference_places(feeder));
  Network network(network_setup, channel, channel_setup.seed, channel_setup.area);
  AreaResult result;
  for (int cycle = 0; cycle < cycles; ++cycle) {
    auto at = channel_setup.starts + 15min * cycle + 20s;
    std::uint64_t read = 0;
    for (std::uint32_t node = 1; node < network.size(); ++node) {
      ++result.due;
      auto cause = LossCause::none;
      for (int attempt = 0; attempt < attempts; ++attempt) {
        auto delivery = network.send_down(at, node, request_bytes);
        if (delivery.has_arrived()) delivery = network.send_up(delivery.ends + 60ms, node, answer_bytes);
        at = delivery.ends;
        cause = delivery.cause;
        if (cause != LossCause::none) continue;
        ++read;
        if (attempt == 0) ++result.read_at_first;
        break;
      }
      if (cause != LossCause::none) ++result.causes[cause];
    }
    result.read += read;
    result.least_per_cycle = std::min(result.least_per_cycle, read);
  }
  return result;
}
}  // namespace carrier_test
