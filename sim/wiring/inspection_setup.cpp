#include <algorithm>

#include "scenarios/check_faults.hpp"
#include "scenarios/roster.hpp"
#include "sim/wiring/setups.hpp"

namespace sim {
model::InspectorSetup inspector_setup(const scenario::Scenario& scenario) {
  const auto& given = scenario.inspectors;
  model::InspectorSetup setup{.seed = scenario.seed,
                              .starts = scenario.starts,
                              .ends = scenario.ends(),
                              .crews = given.crews,
                              .hours = {.zone = scenario.zone_rules,
                                        .from_s = given.hours.from_s,
                                        .till_s = given.hours.till_s,
                                        .weekdays = {}},
                              .asks_every = given.asks_every,
                              .way_min = given.way_min,
                              .way_max = given.way_max,
                              .stays = given.stays,
                              .areas = {}};
  const auto& names = scenario::weekday_names();
  for (std::size_t day = 0; day < names.size(); ++day)
    setup.hours.weekdays[day] =
        std::find(given.weekdays.begin(), given.weekdays.end(), names[day]) != given.weekdays.end();
  if (given.crews == 0) return setup;
  for (const auto& area : scenario.areas) setup.areas.push_back({.name = area.name, .meter_names = {}});
  for (const auto& entry : scenario::roster(scenario)) {
    auto& area = setup.areas[entry.area];
    if (area.meter_names.empty()) area.first_meter = entry.id;
    area.meter_names.push_back(entry.name);
  }
  return setup;
}
}  // namespace sim
