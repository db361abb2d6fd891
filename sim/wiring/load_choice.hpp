/// Which load a meter of a scenario carries: a stochastic household, a constant, a published one-minute
/// profile, or a customer of the load library under the scenario's climate.
#pragma once
#include <memory>
#include <vector>

#include "models/load/load.hpp"
#include "models/load/weather.hpp"
#include "scenarios/roster.hpp"
#include "scenarios/scenario.hpp"

namespace sim {
/// The weather of a scenario's place.
model::Climate climate_of(const scenario::Scenario& scenario);

class LoadChoice {
 public:
  /// Reads published profiles when an area asks for them. Throws scenario::BadScenario with one line when
  /// they are missing.
  explicit LoadChoice(const scenario::Scenario& scenario);
  model::Load load_of(const scenario::Scenario& scenario, const scenario::RosterEntry& entry) const;

 private:
  struct Published {
    std::shared_ptr<const model::LoadProfile> profile;
    core::Ratio power_factor{95, 100};
  };
  void read_published(const scenario::Scenario& scenario);
  model::Load published(std::uint32_t index_in_area, const scenario::MeterGroup& group,
                        std::chrono::seconds utc_offset) const;
  model::Climate climate_;
  std::shared_ptr<const std::vector<std::int64_t>> holidays_;
  std::vector<Published> published_;  ///< by index in the area
};
}  // namespace sim
