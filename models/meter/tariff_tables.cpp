#include "models/meter/tariff_tables.hpp"

#include <algorithm>

#include "core/civil.hpp"

namespace model {
const DayTable& TariffTables::day_table_of(std::int64_t civil_day, ActiveSets active) const {
  const auto& tables = day_tables[active.day_tables];
  if (rest_day_mask >> core::weekday_of(civil_day) & 1) return tables[rest_day_table];
  const SeasonTable& year = seasons[active.seasons];
  const core::CivilTime date = core::civil_from_days(civil_day);
  const SeasonStart* in_force =
      &year.starts[year.count - 1u];  // before the first start of the year the last one holds
  for (std::size_t i = 0; i < year.count; ++i) {
    const SeasonStart& start = year.starts[i];
    if (start.month * 100 + start.day > date.month * 100 + date.day) break;
    in_force = &start;
  }
  return tables[in_force->day_table];
}

int TariffTables::rate_at(std::int64_t civil_s, ActiveSets active) const {
  const std::int64_t day = civil_s / 86'400;
  const std::int64_t minute = civil_s % 86'400 / 60;
  const DayTable& table = day_table_of(day, active);
  int rate = table.slots[table.count - 1u].rate;
  for (std::size_t i = 0; i < table.count && table.slots[i].minute <= minute; ++i) rate = table.slots[i].rate;
  return rate;
}

std::int64_t TariffTables::next_change(std::int64_t civil_s, ActiveSets active) const {
  const std::int64_t day = civil_s / 86'400;
  const DayTable& table = day_table_of(day, active);
  for (std::size_t i = 0; i < table.count; ++i) {
    const std::int64_t starts = day * 86'400 + table.slots[i].minute * 60;
    if (starts > civil_s) return starts;
  }
  return (day + 1) * 86'400;
}

namespace {
/// The day as slot starts, in order; nothing if it is not covered exactly once.
std::optional<DayTable> day_table_from(std::vector<TariffPlan::Slot> slots) {
  std::sort(slots.begin(), slots.end(), [](const auto& a, const auto& b) { return a.from_s < b.from_s; });
  DayTable table;
  table.count = 0;
  int covered_till = 0;
  for (const auto& slot : slots) {
    if (slot.from_s != covered_till || slot.till_s <= slot.from_s || slot.from_s % 60 != 0)
      return std::nullopt;
    if (slot.rate < 0 || slot.rate >= rates) return std::nullopt;
    covered_till = slot.till_s;
    const auto rate = static_cast<std::uint8_t>(slot.rate);
    if (table.count > 0 && table.slots[table.count - 1u].rate == rate) continue;
    if (table.count == slots_max) return std::nullopt;
    table.slots[table.count++] = {static_cast<std::int16_t>(slot.from_s / 60), rate};
  }
  if (covered_till != 86'400) return std::nullopt;
  return table;
}
}  // namespace

std::optional<TariffTables> tables_from(const TariffPlan& plan) {
  const auto day = day_table_from(plan.slots);
  const std::size_t steps = plan.bounds.size() + 1;
  if (!day || steps > ladder_steps_max) return std::nullopt;
  TariffTables tables;
  Ladder ladder;
  ladder.steps = static_cast<std::uint8_t>(steps);
  std::copy(plan.bounds.begin(), plan.bounds.end(), ladder.bounds.begin());
  if (!std::is_sorted(plan.bounds.begin(), plan.bounds.end())) return std::nullopt;
  std::array<core::Price, rates> rate_prices{};
  const std::vector<core::Price>* model_rate = nullptr;
  for (std::size_t rate = 0; rate < rates; ++rate) {
    const auto& prices = plan.prices[rate];
    if (prices.empty()) {
      if (std::any_of(plan.slots.begin(), plan.slots.end(),
                      [&](const auto& s) { return s.rate == static_cast<int>(rate); }))
        return std::nullopt;
      continue;
    }
    if (prices.size() != steps) return std::nullopt;
    rate_prices[rate] = prices[0];
    if (!model_rate) model_rate = &prices;
    for (std::size_t step = 0; step < steps; ++step) {
      ladder.prices[step] = (*model_rate)[step] - (*model_rate)[0];
      if (prices[step] - prices[0] != ladder.prices[step]) return std::nullopt;
    }
  }
  tables.ladder = {ladder, ladder};
  tables.rate_prices = {rate_prices, rate_prices};
  for (auto& set : tables.day_tables) set.fill(*day);
  tables.ladder_reset = plan.reset;
  return tables;
}
}  // namespace model
