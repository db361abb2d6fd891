#include "sim/wiring/load_choice.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "models/grid/feeder.hpp"
#include "models/load/cooling.hpp"
#include "models/load/demand_load.hpp"
#include "scenarios/bad_scenario.hpp"
#include "scenarios/load.hpp"

namespace sim {
namespace {
using Kind = scenario::LoadKind;
/// kW, where the scenario gives none.
constexpr double car_kW = 7, pump_kW = 3, roof_kW = 5, studio_kW = 12, cooler_kW = 1.5;
/// Appliances draw as entities of their own, above all meters.
constexpr std::uint32_t appliances_from = 1u << 30;

std::vector<model::DemandSetup> parts_of(const scenario::Scenario& scenario,
                                         const scenario::MeterGroup& group, std::uint32_t meter) {
  using Demand = model::DemandKind;
  const double scale = static_cast<double>(group.load_scale.numerator) / group.load_scale.denominator;
  const auto part = [&](Demand kind, double size) {
    return model::DemandSetup{.kind = kind, .seed = scenario.seed, .entity = meter, .size = size};
  };
  const auto rated = [&](Demand kind, double usual_kW) {
    const double given_kW = static_cast<double>(group.rated_power.count()) / 1e6;
    return part(kind, given_kW > 0 ? given_kW : usual_kW);
  };
  switch (group.load) {
    case Kind::dwelling:
    case Kind::cooled_home:
    case Kind::charging_home:
      return {part(Demand::dwelling, scale)};
    case Kind::electric_car:
      return {rated(Demand::electric_car, car_kW)};
    case Kind::heat_pump:
      return {rated(Demand::heat_pump, pump_kW)};
    case Kind::solar_roof:
      return {rated(Demand::solar_roof, roof_kW)};
    case Kind::solar_home:
      return {part(Demand::dwelling, scale), rated(Demand::solar_roof, roof_kW)};
    case Kind::shop:
      return {part(Demand::shop, scale)};
    case Kind::workshop:
      return {part(Demand::workshop, scale)};
    case Kind::studio:
      return {rated(Demand::studio, studio_kW)};
    default:
      break;
  }
  METERTWIN_CHECK(false, static_cast<int>(group.load));
  return {};
}

model::HomeSeed place_of(const scenario::Scenario& scenario, const scenario::RosterEntry& entry) {
  return {
      .seed = scenario.seed, .home = entry.id, .utc_offset = scenario.zone_rules.offset_at(scenario.starts)};
}
}  // namespace

model::Climate climate_of(const scenario::Scenario& scenario) {
  const auto& climate = scenario.climate;
  return {.seed = scenario.seed,
          .place = 0,
          .mean_C = static_cast<double>(climate.mean_C),
          .season_C = static_cast<double>(climate.season_C),
          .swing_C = static_cast<double>(climate.swing_C),
          .deviation_C = static_cast<double>(climate.deviation_C),
          .latitude_deg = static_cast<double>(climate.latitude_deg)};
}

LoadChoice::LoadChoice(const scenario::Scenario& scenario) : climate_(climate_of(scenario)) {
  auto days = std::make_shared<std::vector<std::int64_t>>();
  for (const auto& date : scenario.climate.holidays)
    if (const auto midnight = core::parse_iso8601(date + "T00:00", scenario.zone_rules))
      days->push_back(scenario.zone_rules.local_day(*midnight));
  std::sort(days->begin(), days->end());
  holidays_ = std::move(days);
  for (const auto& area : scenario.areas) {
    if (std::none_of(area.meters.begin(), area.meters.end(),
                     [](const auto& g) { return g.load == scenario::LoadKind::ieee_profile; }))
      continue;
    if (published_.empty()) read_published(scenario);
    std::int64_t customers = 0;
    for (const auto& group : area.meters)
      if (group.load != scenario::LoadKind::feeder_head) customers += group.count;
    if (static_cast<std::size_t>(customers) > published_.size())
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
    case scenario::LoadKind::feeder_head:
      return {};  // the area's network says what passes there
    case scenario::LoadKind::ieee_profile:
      return published(entry.index_in_area, group, utc_offset);
    case scenario::LoadKind::cooled_home:
    case scenario::LoadKind::charging_home:
      return model::Load::from(customer_of(scenario, entry), place_of(scenario, entry));
    default:
      break;
  }
  return demand(parts_of(scenario, group, entry.id), place_of(scenario, entry));
}

model::Load LoadChoice::demand(std::vector<model::DemandSetup> parts, const model::HomeSeed& place) const {
  return model::demand_load(
      {.parts = std::move(parts), .climate = climate_, .holidays = holidays_, .utc_offset = place.utc_offset},
      place);
}

model::Load LoadChoice::appliance_of(const scenario::Scenario& scenario,
                                     const scenario::RosterEntry& entry) const {
  const auto& group = scenario.areas[entry.area].meters[entry.group];
  const auto place = place_of(scenario, entry);
  const double given_kW = static_cast<double>(group.rated_power.count()) / 1e6;
  switch (group.load) {
    case Kind::electric_car:
    case Kind::heat_pump:
      return load_of(scenario, entry);
    case Kind::charging_home:
      return demand({{.kind = model::DemandKind::electric_car,
                      .seed = scenario.seed,
                      .entity = appliances_from + entry.id,
                      .size = given_kW > 0 ? given_kW : car_kW}},
                    place);
    case Kind::cooled_home:
      return model::cooling_load({.seed = scenario.seed,
                                  .entity = appliances_from + entry.id,
                                  .rated_kW = given_kW > 0 ? given_kW : cooler_kW,
                                  .climate = climate_,
                                  .utc_offset = place.utc_offset},
                                 place);
    default:
      return {};
  }
}

model::Load LoadChoice::rest_of(const scenario::Scenario& scenario,
                                const scenario::RosterEntry& entry) const {
  const auto& group = scenario.areas[entry.area].meters[entry.group];
  switch (group.load) {
    case Kind::electric_car:
    case Kind::heat_pump:
      return {};
    case Kind::cooled_home:
    case Kind::charging_home:
      return demand(parts_of(scenario, group, entry.id), place_of(scenario, entry));
    default:
      return load_of(scenario, entry);
  }
}

std::shared_ptr<model::ResponsiveLoad> LoadChoice::customer_of(const scenario::Scenario& scenario,
                                                               const scenario::RosterEntry& entry) const {
  const auto& group = scenario.areas[entry.area].meters[entry.group];
  if (group.load == Kind::feeder_head) return nullptr;
  const auto& reacts = group.reacts;
  return std::make_shared<model::ResponsiveLoad>(
      rest_of(scenario, entry), appliance_of(scenario, entry),
      model::ReactionSetup{reacts.follows, reacts.sheds, reacts.recovers,
                           std::chrono::duration_cast<std::chrono::seconds>(reacts.rebound)},
      place_of(scenario, entry));
}

model::Load LoadChoice::published(std::uint32_t index_in_area, const scenario::MeterGroup& group,
                                  std::chrono::seconds utc_offset) const {
  const auto index = static_cast<std::size_t>(index_in_area);
  METERTWIN_CHECK(index < published_.size(), index);
  return model::Load::repeated(published_[index].profile, published_[index].power_factor, utc_offset,
                               group.load_scale);
}
}  // namespace sim
