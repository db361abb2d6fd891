#include "sim/wiring/load_choice.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "models/grid/feeder.hpp"
#include "scenarios/bad_scenario.hpp"
#include "scenarios/load.hpp"

namespace sim {
LoadChoice::LoadChoice(const scenario::Scenario& scenario) {
  for (const auto& area : scenario.areas) {
    if (std::none_of(area.meters.begin(), area.meters.end(),
                     [](const auto& g) { return g.load == scenario::LoadKind::ieee_profile; }))
      continue;
    if (published_.empty()) read_published(scenario);
    if (static_cast<std::size_t>(scenario::meter_count(area)) > published_.size())
      throw scenario::BadScenario(
          area.place, "area '" + area.name + "' has more meters than the published feeder has customers (" +
                          std::to_string(published_.size()) + ")");
  }
}

void LoadChoice::read_published(const scenario::Scenario& scenario) {
  scenario::require_data(scenario);
  try {
    const auto ieee = model::read_ieee_folder(scenario::data_folder_of(scenario));
    for (std::size_t i = 0; i < ieee.profiles.size(); ++i)
      published_.push_back({ieee.profiles[i], ieee.feeder.loads[i].power_factor});
  } catch (const model::BadFeederFile& bad) {
    throw scenario::BadScenario({}, bad.what());
  }
}

model::Load LoadChoice::load_of(const scenario::Scenario& scenario,
                                const scenario::RosterEntry& entry) const {
  const auto& group = scenario.areas[entry.area].meters[entry.group];
  const auto utc_offset = scenario.zone_rules.offset_at(scenario.starts);
  switch (group.load) {
    case scenario::LoadKind::constant:
      return model::Load::constant(group.constant_power);
    case scenario::LoadKind::household:
      return model::Load::household(
          {.seed = scenario.seed, .home = entry.id, .scale = group.load_scale, .utc_offset = utc_offset});
    case scenario::LoadKind::ieee_profile:
      break;
  }
  const auto index = static_cast<std::size_t>(entry.index_in_area);
  METERTWIN_CHECK(index < published_.size(), index);
  return model::Load::repeated(published_[index].profile, published_[index].power_factor, utc_offset,
                               group.load_scale);
}
}  // namespace sim
