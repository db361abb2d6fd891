#include "apps/head_end_configuration.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "scenarios/check_campaigns.hpp"
#include "scenarios/roster.hpp"
#include "sim/wiring/grid_setup.hpp"

namespace app {
namespace {
headend::Tariff translate(const scenario::Tariff& tariff) {
  headend::Tariff out{.name = tariff.name, .periods = {}, .bounds = tariff.bounds, .reset = {}};
  for (const auto& period : tariff.periods) {
    headend::TariffPeriod copy{.name = period.name, .slots = {}, .prices = period.prices};
    for (const auto& slot : period.slots) copy.slots.push_back({slot.from_s, slot.till_s});
    out.periods.push_back(std::move(copy));
  }
  switch (tariff.resets) {
    case scenario::TierReset::never_tiered:
      out.reset = headend::Tariff::Reset::never;
      break;
    case scenario::TierReset::monthly:
      out.reset = headend::Tariff::Reset::monthly;
      break;
    case scenario::TierReset::yearly:
      out.reset = headend::Tariff::Reset::yearly;
      break;
  }
  return out;
}

headend::PaymentMode translate(scenario::PaymentMode mode) {
  switch (mode) {
    case scenario::PaymentMode::postpaid:
      return headend::PaymentMode::postpaid;
    case scenario::PaymentMode::prepaid_head_end:
      return headend::PaymentMode::prepaid_head_end;
    case scenario::PaymentMode::prepaid_meter:
      return headend::PaymentMode::prepaid_meter;
  }
  METERTWIN_CHECK(false);
  return {};
}

std::size_t position_of(const std::vector<scenario::Tariff>& tariffs, const std::string& name) {
  const auto found =
      std::find_if(tariffs.begin(), tariffs.end(), [&](const auto& t) { return t.name == name; });
  METERTWIN_CHECK(found != tariffs.end(), name);
  return static_cast<std::size_t>(found - tariffs.begin());
}

/// 220 V x 60 A x a quarter hour is 3.3 kWh; a third more for high voltage and short overloads: 4.4 kWh.
constexpr headend::CentiKilowattHours interval_energy_max{440};

/// Secondary energy of a transformer's meter: its transformer is the limit, not the meter.
constexpr headend::CentiKilowattHours supply_energy_max{20'000};

bool is_roof(const scenario::MeterGroup& group) {
  return group.load == scenario::LoadKind::solar_roof || group.load == scenario::LoadKind::solar_home;
}

/// What the file of the area's network adds: who measures the supply, and who is on which phase.
void complete(headend::MeterFile& file, const scenario::RosterEntry& entry, const scenario::MeterGroup& group,
              const model::GridSetup* grid) {
  file.accuracy_class = group.accuracy_class;
  if (grid != nullptr) file.phase = sim::phase_of(*grid, entry.index_in_area);
  if (group.load != scenario::LoadKind::feeder_head) return;
  file.is_supply = true;
  file.ratio = group.current_ratio;
  file.accuracy_class = 0.5;
  file.interval_energy_max = supply_energy_max;
}

headend::CampaignPlan translate(const scenario::CampaignSpec& campaign) {
  headend::CampaignPlan plan;
  plan.name = campaign.name;
  plan.means = static_cast<headend::CampaignMeans>(campaign.means);
  plan.areas = campaign.areas;
  plan.classes = campaign.classes;
  plan.tariffs = campaign.tariffs;
  plan.meters = campaign.meters;
  plan.from = campaign.from;
  plan.till = campaign.till;
  plan.ahead = campaign.ahead;
  plan.power_W = campaign.power.count() / 1000;
  plan.delay = campaign.delay;
  plan.pause = campaign.pause;
  plan.trips = campaign.trips;
  plan.groups = campaign.groups;
  plan.turn = campaign.turn;
  plan.share_percent = static_cast<int>(campaign.share.numerator * 100 / campaign.share.denominator);
  plan.baseline_days = campaign.baseline_days;
  plan.baseline_highest = campaign.baseline_highest;
  plan.is_adjusted = campaign.baseline_adjusted;
  return plan;
}

headend::AccountFile account_of(const scenario::RosterEntry& entry, const scenario::MeterGroup& group,
                                std::size_t tariff) {
  return {.id = entry.id,
          .number = entry.account,
          .payment = translate(group.payment),
          .tariff = tariff,
          .meter = entry.id,
          .is_protected = group.is_protected,
          .customer_class = std::string(scenario::customer_class_of(group.load)),
          .alarm1 = group.alarm1,
          .alarm2 = group.alarm2,
          .overdraft = group.overdraft,
          .hoarding_cap = group.hoarding_cap};
}
}  // namespace

headend::Configuration head_end_configuration(const scenario::Scenario& scenario) {
  headend::Configuration out;
  out.zone = scenario.zone_rules;
  out.opens = scenario.starts;
  out.spread_seed = scenario.seed;
  for (const auto& tariff : scenario.tariffs) out.tariffs.push_back(translate(tariff));
  for (std::size_t i = 0; i < scenario.areas.size(); ++i)
    out.concentrators.push_back({.id = static_cast<headend::ConcentratorId>(i + 1),
                                 .name = scenario.areas[i].name,
                                 .region = scenario::region_code,
                                 .address = scenario::concentrator_address(i),
                                 .baud = scenario.areas[i].line.baud});
  const auto grids = sim::grid_setups(scenario);
  for (const auto& entry : scenario::roster(scenario)) {
    const auto& group = scenario.areas[entry.area].meters[entry.group];
    out.meters.push_back({.id = entry.id,
                          .name = entry.name,
                          .address = entry.address,
                          .concentrator = entry.area + 1,
                          .point = entry.point,
                          .port = entry.port,
                          .account = entry.id,
                          .interval_energy_max = interval_energy_max});
    complete(out.meters.back(), entry, group, grids[entry.area].get());
    const auto& groups = scenario.areas[entry.area].meters;
    out.meters.back().feeds_in =
        is_roof(group) || (out.meters.back().is_supply && std::any_of(groups.begin(), groups.end(), is_roof));
    out.accounts.push_back(account_of(entry, group, position_of(scenario.tariffs, group.tariff)));
  }
  for (const auto& campaign : scenario.campaigns) out.campaigns.push_back(translate(campaign));
  const auto& collect = scenario.head_end.collect;
  out.collect = {.every = collect.every,
                 .after = collect.after,
                 .answer_timeout = collect.answer_timeout,
                 .attempts = collect.attempts,
                 .back_off_max = collect.back_off_max,
                 .backfill_horizon = collect.backfill_horizon,
                 .gap_patience = collect.gap_patience};
  const auto& night = scenario.head_end.night;
  out.night.is_on = night.watches;
  out.night.orders_a_night = static_cast<std::size_t>(night.orders_a_night);
  out.check_up.every = night.check_up_every;
  const auto& cut_off = scenario.head_end.cut_off;
  out.cut_off = {.grace = cut_off.grace,
                 .command_timeout = cut_off.command_timeout,
                 .command_valid_for = cut_off.command_valid_for,
                 .never_between = {}};
  if (cut_off.never_between)
    out.cut_off.never_between =
        headend::DaySlot{cut_off.never_between->from_s, cut_off.never_between->till_s};
  return out;
}
}  // namespace app
