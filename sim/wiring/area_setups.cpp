#include <algorithm>

#include "core/check.hpp"
#include "core/random.hpp"
#include "models/line/gprs/uplink.hpp"
#include "scenarios/bad_scenario.hpp"
#include "scenarios/roster.hpp"
#include "scenarios/text.hpp"
#include "sim/wiring/grid_setup.hpp"
#include "sim/wiring/load_choice.hpp"
#include "sim/wiring/setups.hpp"

namespace sim {
namespace {
constexpr std::int64_t seconds_per_day = 86'400;

/// A cell that is low after half of `left` to all of it. The drift's stream, second draw: both are how the
/// clock of one meter has aged.
model::BatteryWear draw_battery(std::uint64_t seed, std::uint32_t entity, core::Duration left) {
  const core::RandomStream draws(seed, entity, core::Purpose::meter_clock_drift);
  const double until_low =
      static_cast<double>(draws.between(left.count() / 2, left.count(), 1)) / (24 * 3600e9);
  model::BatteryWear battery;
  battery.age_days = model::days_until(battery, static_cast<double>(model::battery_low_mV)) - until_low;
  return battery;
}

/// Drawn within +-`per_day_max`, as parts per billion: 1 ns a second.
std::int64_t draw_drift_ppb(std::uint64_t seed, std::uint32_t entity, core::Duration per_day_max) {
  const auto limit_ppb = per_day_max.count() / seconds_per_day;
  return core::RandomStream(seed, entity, core::Purpose::meter_clock_drift).between(-limit_ppb, limit_ppb, 0);
}

int rate_of(const std::string& period) {
  if (period == "sharp") return 0;
  if (period == "peak") return 1;
  if (period == "valley") return 3;
  return 2;
}

model::TariffPlan plan_of(const scenario::Tariff& tariff) {
  model::TariffPlan plan;
  for (const auto& period : tariff.periods) {
    const int rate = rate_of(period.name);
    plan.prices[static_cast<std::size_t>(rate)] = period.prices;
    for (const auto& slot : period.slots) plan.slots.push_back({slot.from_s, slot.till_s, rate});
  }
  std::sort(plan.slots.begin(), plan.slots.end(),
            [](const auto& a, const auto& b) { return a.from_s < b.from_s; });
  plan.bounds = tariff.bounds;
  plan.reset = tariff.resets == scenario::TierReset::monthly  ? model::LadderReset::monthly
               : tariff.resets == scenario::TierReset::yearly ? model::LadderReset::yearly
                                                              : model::LadderReset::never;
  return plan;
}

/// The tables a meter of this tariff is programmed with. One that the head-end bills needs only the hours,
/// not the ladder.
std::shared_ptr<const model::TariffTables> tables_of(const scenario::Tariff& tariff,
                                                     const scenario::MeterGroup& group) {
  auto plan = plan_of(tariff);
  if (auto tables = model::tables_from(plan)) return std::make_shared<const model::TariffTables>(*tables);
  if (group.payment == scenario::PaymentMode::prepaid_meter)
    throw scenario::BadScenario(group.place,
                                "tariff '" + tariff.name +
                                    "' does not fit into a prepaid meter: it holds 14 slots "
                                    "and 5 tiers, and a tier's surcharge must be the same in every period");
  plan.bounds.clear();
  for (auto& prices : plan.prices)
    if (!prices.empty()) prices.resize(1);
  auto tables = model::tables_from(plan);
  if (!tables)
    throw scenario::BadScenario(tariff.place,
                                "tariff '" + tariff.name + "' has more slots a day than a meter holds (14)");
  return std::make_shared<const model::TariffTables>(*tables);
}

/// Plates and tables are shared by all meters of a group.
struct GroupParts {
  std::shared_ptr<const model::TypePlate> plate;
  std::shared_ptr<const model::TariffTables> tables;
};

GroupParts parts_of(const scenario::Scenario& scenario, const scenario::MeterGroup& group) {
  model::TypePlate plate;
  plate.accuracy_class = group.accuracy_class;
  plate.pulses_per_kWh = group.pulses_per_kWh;
  plate.is_of_transformer = group.load == scenario::LoadKind::feeder_head;
  const auto tariff = std::find_if(scenario.tariffs.begin(), scenario.tariffs.end(),
                                   [&](const auto& t) { return t.name == group.tariff; });
  METERTWIN_CHECK(tariff != scenario.tariffs.end(), group.tariff);
  return {std::make_shared<const model::TypePlate>(plate), tables_of(*tariff, group)};
}

model::MeterSetup meter_setup(const scenario::Scenario& scenario, const scenario::RosterEntry& entry,
                              const GroupParts& parts, const LoadChoice& loads) {
  const auto& group = scenario.areas[entry.area].meters[entry.group];
  model::MeterSetup meter;
  meter.id = entry.id;
  meter.address = entry.address;
  meter.plate = parts.plate;
  meter.tariff = parts.tables;
  if (!scenario.campaigns.empty()) meter.customer = loads.customer_of(scenario, entry);
  meter.load =
      meter.customer
          ? model::Load::from(meter.customer, {.seed = scenario.seed,
                                               .home = entry.id,
                                               .utc_offset = scenario.zone_rules.offset_at(scenario.starts)})
          : loads.load_of(scenario, entry);
  meter.error = model::draw_error(scenario.seed, entry.id, *parts.plate);
  meter.clock_drift_ppb = draw_drift_ppb(scenario.seed, entry.id, group.clock_drift_per_day_max);
  if (group.battery_left > core::Duration(0))
    meter.battery = draw_battery(scenario.seed, entry.id, group.battery_left);
  meter.starts = scenario.starts;
  meter.utc_offset = scenario.zone_rules.offset_at(scenario.starts);
  meter.load_record_days = group.load_record_days;
  meter.trip_delay_minutes = static_cast<int>(
      std::chrono::duration_cast<std::chrono::minutes>(scenario.head_end.cut_off.trip_delay).count());
  if (group.payment == scenario::PaymentMode::prepaid_meter) {
    meter.has_purse = true;
    meter.is_protected = group.is_protected;
    meter.limits = {.alarm1 = group.alarm1,
                    .alarm2 = group.alarm2,
                    .overdraft = group.overdraft,
                    .hoarding_cap = group.hoarding_cap};
    meter.opening_balance = core::to_microyuan(group.opening_balance);
    meter.purchase_count = group.opening_balance > core::Fen(0) ? 1 : 0;
  }
  return meter;
}

model::ConcentratorSetup concentrator_setup(const scenario::Scenario& scenario, std::size_t area) {
  const auto& settings = scenario.areas[area].concentrator;
  // Concentrators draw from the top of the id range, where no meter is.
  const auto entity = 0xFFFF'0000u - static_cast<std::uint32_t>(area);
  return {.region = scenario::region_code,
          .address = scenario::concentrator_address(area),
          .read_every = settings.read_every,
          .read_after = settings.read_after,
          .answer_timeout = settings.answer_timeout,
          .attempts = settings.attempts,
          .store_days = settings.store_days,
          .clock_drift_ppb = draw_drift_ppb(scenario.seed, entity, settings.clock_drift_per_day_max),
          .archive_is_factory_set = false,
          .ups = settings.ups,
          .refresh_every = settings.refresh_every};
}

model::UplinkSetup uplink_setup(const scenario::UplinkSettings& uplink) {
  return {.latency_min = uplink.latency_min,
          .latency_max = uplink.latency_max,
          .throughput_bps = uplink.throughput_bps,
          .loss = uplink.loss,
          .retransmission = uplink.retransmission,
          .reconnect_min = uplink.reconnect_min,
          .reconnect_max = uplink.reconnect_max,
          .heartbeat = uplink.heartbeat};
}

model::AreaSetup empty_area(const scenario::Scenario& scenario, std::size_t area) {
  model::AreaSetup setup;
  setup.id = static_cast<model::AreaId>(area);
  setup.name = scenario.areas[area].name;
  setup.seed = scenario.seed;
  setup.zone = scenario.zone_rules;
  setup.starts = scenario.starts;
  setup.ends = scenario.ends();
  setup.concentrator = concentrator_setup(scenario, area);
  const auto& uplink = scenario.areas[area].uplink;
  setup.uplink = uplink_setup(uplink);
  if (uplink.bearer != scenario::Bearer::plain) {
    setup.bearer = scenario::Words<scenario::Bearer>::all[static_cast<std::size_t>(uplink.bearer)];
    setup.uplink = model::with_bearer(setup.uplink, *model::find_bearer(setup.bearer));
  }
  setup.faults = fault_windows(scenario, area);
  const auto meters = static_cast<std::size_t>(scenario::meter_count(scenario.areas[area]));
  setup.meters.reserve(meters);
  setup.meter_names.reserve(meters);
  return setup;
}

/// Beside the one pair: each meter's carrier module, with a short pair of its own.
void add_modules(model::AreaSetup& area) {
  const auto pair = area.lines.front();
  for (const auto meter : pair.meters) {
    area.lines.push_back(pair);
    area.lines.back().meters = {meter};
    area.lines.back().bit_error = {0, 1};
    area.lines.back().hop_baud = 0;
  }
}
}  // namespace

std::vector<model::AreaSetup> area_setups(const scenario::Scenario& scenario) {
  const auto roster = scenario::roster(scenario);
  const LoadChoice loads(scenario);
  std::vector<model::AreaSetup> areas;
  for (std::size_t i = 0; i < scenario.areas.size(); ++i) areas.push_back(empty_area(scenario, i));
  std::vector<std::vector<GroupParts>> parts(scenario.areas.size());
  for (std::size_t i = 0; i < scenario.areas.size(); ++i)
    for (const auto& group : scenario.areas[i].meters) parts[i].push_back(parts_of(scenario, group));
  for (const auto& entry : roster) {
    auto& area = areas[entry.area];
    const auto& line = scenario.areas[entry.area].line;
    if (area.meters.empty()) area.first_meter = entry.id;
    while (area.lines.size() <= entry.line)
      area.lines.push_back({.baud = line.baud,
                            .bit_error = line.bit_error,
                            .turnaround_min = line.turnaround_min,
                            .turnaround_max = line.turnaround_max,
                            .hop_baud = line.collector_baud,
                            .meters = {}});
    area.lines[entry.line].meters.push_back(entry.index_in_area);
    area.meters.push_back(meter_setup(scenario, entry, parts[entry.area][entry.group], loads));
    area.meter_names.push_back(entry.name);
  }
  for (std::size_t i = 0; i < areas.size(); ++i)
    if (scenario.areas[i].line.kind == scenario::LineKind::both) add_modules(areas[i]);
  for (std::size_t i = 0; i < areas.size(); ++i)
    areas[i].carrier = carrier_setup(scenario, i, areas[i].lines);
  const auto grids = grid_setups(scenario);
  for (std::size_t i = 0; i < areas.size(); ++i) areas[i].grid = grids[i];
  return areas;
}

void describe_estate(const scenario::Scenario& scenario, const std::vector<model::AreaSetup>& areas,
                     TruthStore& truth) {
  for (const auto& area : areas) truth.add_area(area.id, area.name, area.first_meter, area.meters.size());
  static constexpr const char* payments[] = {"postpaid", "prepaid-head-end", "prepaid-meter"};
  const auto& kinds = scenario::Words<scenario::LoadKind>::all;
  for (const auto& entry : scenario::roster(scenario)) {
    const auto& group = scenario.areas[entry.area].meters[entry.group];
    const auto& setup = areas[entry.area].meters[entry.index_in_area];
    truth.add_meter({.meter = entry.id,
                     .name = entry.name,
                     .address = entry.address,
                     .area = entry.area,
                     .line = entry.line,
                     .account = entry.account,
                     .payment = payments[static_cast<int>(group.payment)],
                     .tariff = group.tariff,
                     .load = kinds[static_cast<int>(group.load)],
                     .is_protected = group.is_protected,
                     .accuracy_class = group.accuracy_class,
                     .error_ppm = setup.error.count(),
                     .clock_drift_ppb = setup.clock_drift_ppb});
    if (setup.purchase_count > 0)
      truth.event({.at = scenario.starts,
                   .entity = entry.name,
                   .kind = "recharge-applied",
                   .value = group.opening_balance.count(),
                   .text = "purchase count 1"});
  }
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const auto& fault = scenario.faults[i];
    truth.add_fault({.fault = static_cast<int>(i),
                     .kind = fault.kind,
                     .area = fault.area,
                     .meter = fault.meter,
                     .from = fault.from,
                     .till = fault.till});
  }
}
}  // namespace sim
