/// From a scenario to what the models are made of. Pure functions of the scenario; Randomness: the draws that
/// are made once per meter or concentrator (error, drift), addressed by its id.
#pragma once
#include <vector>

#include "models/area_setup.hpp"
#include "models/counter/counter.hpp"
#include "models/inspection/inspectors.hpp"
#include "scenarios/scenario.hpp"
#include "sim/truth/truth_store.hpp"
#include "sim/wiring/outage_plan.hpp"

namespace sim {
/// Throws scenario::BadScenario for what only shows here: a tariff that a prepaid meter cannot hold, feeder
/// data that do not fit the customers.
std::vector<model::AreaSetup> area_setups(const scenario::Scenario& scenario);
model::CounterSetup counter_setup(const scenario::Scenario& scenario);
/// Who goes out for work orders; crews = 0 when nobody does.
model::InspectorSetup inspector_setup(const scenario::Scenario& scenario);
/// What befalls one area, in the order of the scenario. Range: a scenario without schedules (as loaded).
std::vector<model::FaultWindow> fault_windows(const scenario::Scenario& scenario, std::size_t area);
/// The carrier modules of an area: where its pairs' houses stand on its feeder; more houses than the feeder
/// has stand behind the first ones. Nothing for an area of RS-485. Throws scenario::BadScenario for a broken
/// feeder.
std::shared_ptr<const model::CarrierSetup> carrier_setup(const scenario::Scenario& scenario,
                                                         std::size_t index,
                                                         const std::vector<model::LineSetup>& lines);
/// Reads every network that the areas compute or send over, and forgets it: throws scenario::BadScenario for
/// what is wrong with one, or with a fault that names a section of it.
void check_feeders(const scenario::Scenario& scenario);
/// Injected head-end crashes, in order of time; overlapping ones are joined.
std::vector<OutageWindow> head_end_outages(const scenario::Scenario& scenario);
/// Writes what the estate is made of into truth, and what was paid into meters before they were installed.
void describe_estate(const scenario::Scenario& scenario, const std::vector<model::AreaSetup>& areas,
                     TruthStore& truth);
}  // namespace sim
