/// Which load a meter of a scenario carries: a stochastic household, a constant, a published one-minute
/// profile, or a customer of the load library under the scenario's climate.
#pragma once
#include <memory>
#include <vector>

#include "models/load/demand.hpp"
#include "models/load/load.hpp"
#include "models/load/responsive_load.hpp"
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
  /// The same customer with what can wait apart, ready to react; nobody at a transformer's meter.
  std::shared_ptr<model::ResponsiveLoad> customer_of(const scenario::Scenario& scenario,
                                                     const scenario::RosterEntry& entry) const;

 private:
  struct Published {
    std::shared_ptr<const model::LoadProfile> profile;
    core::Ratio power_factor{95, 100};
  };
  /// What can wait of this customer's load: a car, a pump, an air conditioner; perhaps nothing.
  model::Load appliance_of(const scenario::Scenario& scenario, const scenario::RosterEntry& entry) const;
  model::Load rest_of(const scenario::Scenario& scenario, const scenario::RosterEntry& entry) const;
  model::Load demand(std::vector<model::DemandSetup> parts, const model::HomeSeed& place) const;
  void read_published(const scenario::Scenario& scenario);
  model::Load published(std::uint32_t index_in_area, const scenario::MeterGroup& group,
                        std::chrono::seconds utc_offset) const;
  model::Climate climate_;
  std::shared_ptr<const std::vector<std::int64_t>> holidays_;
  std::vector<Published> published_;  ///< by index in the area
};
}  // namespace sim
