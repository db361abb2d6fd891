#include "models/line/carrier/area_survey.hpp"

#include <algorithm>

namespace model::carrier {
using namespace std::chrono_literals;
namespace {
constexpr std::size_t request_bytes = 22, answer_bytes = 30;  // a quarter hour's load record, DL/T 645-2007
constexpr auto first_poll_after = 20s;
constexpr auto meter_turnaround = 60ms;
constexpr double spur_min_m = 10, spur_step_m = 5;
constexpr std::uint32_t spurs = 4;
}  // namespace

std::vector<Place> spread_places(const Feeder& feeder, std::uint32_t modules) {
  std::vector<Place> places{{1, Phase::a, 0, true}};
  std::vector<int> buses;
  for (const auto& line : feeder.lines) buses.push_back(line.to_bus);
  std::sort(buses.begin(), buses.end());
  buses.erase(std::unique(buses.begin(), buses.end()), buses.end());
  if (buses.empty()) throw BadFeederFile(feeder.name + ": no lines for carrier modules to stand on");
  for (std::uint32_t i = 0; i < modules; ++i) {
    const auto phase = static_cast<Phase>(static_cast<char>(Phase::a) + static_cast<char>(i % 3));
    places.push_back(
        {buses[i * (buses.size() - 1) / modules], phase, spur_min_m + i % spurs * spur_step_m, false});
  }
  return places;
}

Survey survey(const SurveyPlan& plan, const Feeder& feeder, const std::vector<Place>& places) {
  Channel channel(plan.channel, feeder, places);
  channel.set_extra_noise_dB(plan.extra_noise_dB);
  Network network(plan.network, channel, plan.channel.seed, plan.channel.area);
  Survey result;
  for (int number = 0; number < plan.cycles; ++number) {
    auto at = plan.channel.starts + 15min * number + first_poll_after;
    SurveyCycle cycle;
    for (std::uint32_t node = 1; node < network.size(); ++node) {
      ++result.due;
      auto cause = LossCause::none;
      for (int attempt = 0; attempt < plan.attempts; ++attempt) {
        auto delivery = network.send_down(at, node, request_bytes);
        if (delivery.has_arrived())
          delivery = network.send_up(delivery.ends + meter_turnaround, node, answer_bytes);
        at = delivery.ends;
        cause = delivery.cause;
        if (cause != LossCause::none) continue;
        ++cycle.read;
        if (attempt == 0) ++cycle.read_at_first;
        break;
      }
      if (cause != LossCause::none) ++result.causes[cause];
    }
    result.read += cycle.read;
    result.read_at_first += cycle.read_at_first;
    result.cycles.push_back(cycle);
  }
  return result;
}

SurveyPlan direct_and_once(SurveyPlan plan) {
  plan.network.relay_levels = 0;
  plan.network.hop_tries = 1;
  plan.attempts = 1;
  return plan;
}
}  // namespace model::carrier
