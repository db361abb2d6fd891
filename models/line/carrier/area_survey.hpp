/// How well an area can be read over its mains: every module once per quarter hour, cycle after cycle.
///
/// A read is a request down and a load record up; a reading that failed is asked for again, up to `attempts`
/// times in its cycle. Unit: reads. Errors: none. Randomness and time: those of the channel and the network.
#pragma once
#include <map>

#include "models/line/carrier/network.hpp"

namespace model::carrier {
/// The concentrator at the transformer, modules spread evenly over the feeder's buses and, in turn, phases,
/// each behind 10, 15, 20 or 25 m of service cable.
std::vector<Place> spread_places(const Feeder& feeder, std::uint32_t modules);

struct SurveyCycle {
  std::uint32_t read_at_first = 0, read = 0;
};
struct Survey {
  std::uint64_t due = 0, read_at_first = 0, read = 0;
  std::vector<SurveyCycle> cycles;
  std::map<LossCause, std::uint64_t> causes;  ///< of what was missing in the end: the last attempt's

  double share() const { return static_cast<double>(read) / static_cast<double>(due); }
  double share_at_first() const { return static_cast<double>(read_at_first) / static_cast<double>(due); }
};

struct SurveyPlan {
  NetworkSetup network;
  ChannelSetup channel;
  int cycles = 96;
  int attempts = 3;
  double extra_noise_dB = 0;
};
/// Throws BadFeederFile if a place is on no bus of the feeder. Range: cycles, attempts >= 1.
Survey survey(const SurveyPlan& plan, const Feeder& feeder, const std::vector<Place>& places);
/// The same area without relays and repetitions, one attempt: what the bare mains let pass.
SurveyPlan direct_and_once(SurveyPlan plan);
}  // namespace model::carrier
