/// A channel whose links work with a chance that is given, however long and loud they are: for what a network
/// makes of its links, apart from where they come from.
///
/// Each frame is an independent draw. Unit: chances, 0..1. Errors: none; a lost frame is a weak signal.
/// Randomness: the stream handed in, by number of the frame. Time: none.
#pragma once
#include <functional>

#include "models/line/carrier/channel.hpp"

namespace model::carrier {
class FixedChannel : public Channel {
 public:
  /// From one node to another.
  using Chance = std::function<double(std::uint32_t from, std::uint32_t to)>;

  FixedChannel(std::uint32_t nodes, Chance chance, core::RandomStream draws)
      : Channel({}, star(nodes), places_of(nodes)), chance_(std::move(chance)), draws_(draws) {}

  double mean_chance(std::uint32_t from, std::uint32_t to, std::size_t) const override {
    return chance_(from, to);
  }
  LossCause send(std::uint32_t from, std::uint32_t to, core::Instant, std::size_t,
                 std::uint64_t number) override {
    const double u = static_cast<double>(draws_.word(number) >> 11) * 0x1p-53;
    return u < chance_(from, to) ? LossCause::none : LossCause::weak_signal;
  }

 private:
  static Feeder star(std::uint32_t buses) {
    Feeder feeder;
    feeder.name = "star";
    for (int bus = 2; bus <= static_cast<int>(buses); ++bus) feeder.lines.push_back({1, bus, 10, 0});
    return feeder;
  }
  static std::vector<Place> places_of(std::uint32_t nodes) {
    std::vector<Place> places;
    for (std::uint32_t i = 0; i < nodes; ++i)
      places.push_back({static_cast<int>(i) + 1, Phase::a, 0, i == 0});
    return places;
  }

  Chance chance_;
  core::RandomStream draws_;
};
}  // namespace model::carrier
