#include "models/grid/headroom.hpp"

#include <optional>

#include "core/check.hpp"

namespace model::grid {
namespace {
constexpr double resolution_kW = 0.01;
constexpr double W_per_kW = 1000;

class Search {
 public:
  Search(const Network& network, const std::vector<Power>& powers, const HeadroomSettings& settings)
      : network_(network), powers_(powers), settings_(settings), flow_(network) {
    METERTWIN_CHECK(powers.size() == network.consumers.size(), powers.size(), network.consumers.size());
    for (std::size_t i = 0; i < powers.size(); ++i) flow_.set_power(i, 0, powers[i]);
  }

  /// What is in the way of `extra_kW` at this consumer; nothing when all is well.
  std::optional<std::string> obstacle(std::size_t consumer, double extra_kW) {
    Power power = powers_[consumer];
    power.power_W += extra_kW * W_per_kW;
    flow_.set_power(consumer, 0, power);
    const Solved solved = flow_.solve();
    std::optional<std::string> found;
    if (!solved.is_converged) {
      found = "no solution";
    } else {
      flow_.expand();
      const auto warnings = warnings_of(network_, flow_, 0, settings_.band);
      if (!warnings.empty()) found = warnings.front().element + ": " + warnings.front().kind;
    }
    flow_.set_power(consumer, 0, powers_[consumer]);
    return found;
  }

  /// The most in the direction of `sign`, and what stops there.
  double most(std::size_t consumer, double sign, std::string& limit) {
    double low_kW = 0, high_kW = settings_.most_kW;
    if (const auto now = obstacle(consumer, 0)) {
      limit = *now;
      return 0;
    }
    auto stop = obstacle(consumer, sign * high_kW);
    if (!stop) return high_kW;
    while (high_kW - low_kW > resolution_kW) {
      const double middle_kW = (low_kW + high_kW) / 2;
      if (auto found = obstacle(consumer, sign * middle_kW)) {
        high_kW = middle_kW;
        stop = std::move(found);
      } else {
        low_kW = middle_kW;
      }
    }
    limit = *stop;
    return low_kW;
  }

 private:
  const Network& network_;
  const std::vector<Power>& powers_;
  const HeadroomSettings& settings_;
  PowerFlow flow_;
};
}  // namespace

std::vector<Headroom> headrooms(const Network& network, const std::vector<Power>& powers,
                                const HeadroomSettings& settings) {
  Search search(network, powers, settings);
  std::vector<Headroom> found;
  for (std::size_t i = 0; i < network.consumers.size(); ++i) {
    Headroom headroom;
    headroom.consumer = network.consumers[i].name;
    headroom.drawn_kW = search.most(i, 1, headroom.drawn_limit);
    headroom.fed_kW = search.most(i, -1, headroom.fed_limit);
    found.push_back(std::move(headroom));
  }
  return found;
}
}  // namespace model::grid
