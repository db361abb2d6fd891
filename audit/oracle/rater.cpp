#include "audit/oracle/rater.hpp"

#include <algorithm>
#include <numeric>

#include "core/check.hpp"

namespace audit {
bool OracleBill::is_estimated() const {
  return std::any_of(estimated.begin(), estimated.end(), [](std::int64_t energy) { return energy != 0; });
}
std::int64_t OracleBill::energy() const {
  return std::accumulate(energies.begin(), energies.end(), std::int64_t{0});
}

Rater::Rater(const Estate& estate, Follows follows, const Books* books)
    : estate_(estate), follows_(follows), books_(books), rows_(estate.size()) {
  METERTWIN_CHECK(follows == Follows::truth || books != nullptr);
  for (const auto& tariff : estate.scenario.tariffs) {
    oracles_.emplace_back(tariff, estate.scenario.zone_rules);
    cells_max_ = std::max(cells_max_, oracles_.back().cells());
  }
  energies_.resize(cells_max_ * estate.size());
  estimated_.resize(follows == Follows::books ? energies_.size() : 0);
}

std::int64_t Rater::charge_fen(std::size_t position) const {
  return rows_[position].settled_fen + fen_owed(rows_[position].month_uYuan);
}
std::int64_t Rater::charge_uYuan(std::size_t position) const {
  return rows_[position].settled_uYuan + rows_[position].month_uYuan;
}
std::optional<std::int64_t> Rater::rated_till(std::size_t position) const {
  return rows_[position].slot < 0 ? std::nullopt : std::optional(rows_[position].slot);
}

Rater::Quarter Rater::quarter_of(std::size_t tariff, std::int64_t slot) const {
  const auto& zone = estate_.scenario.zone_rules;
  const auto start = instant_of_slot(slot);
  const auto end = instant_of_slot(slot + 1);
  const bool ends_day = zone.second_of_day(end) == 0;
  return {oracles_[tariff].period_at(start), oracles_[tariff].resets_at(start), ends_day,
          ends_day && zone.civil(end).day == 1};
}

void Rater::visit(const Due& due) {
  if (due.at < estate_.scenario.starts) return;
  if (follows_ == Follows::truth && !due.now.exists) return;
  const std::span<const std::uint32_t> registers =
      follows_ == Follows::truth ? std::span<const std::uint32_t>(due.now.shown) : due.stored;
  std::vector<Quarter> quarters;
  for (std::size_t tariff = 0; tariff < oracles_.size(); ++tariff)
    quarters.push_back(quarter_of(tariff, due.slot - 1));
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    if (registers[position] == no_register || rows_[position].is_blocked) continue;
    if (follows_ == Follows::truth && estate_.payment(position) == scenario::PaymentMode::postpaid) continue;
    rate_until(position, due.slot, registers[position], quarters[estate_.tariffs[position]]);
  }
}

void Rater::rate_until(std::size_t position, std::int64_t slot, std::int64_t shown, const Quarter& last) {
  auto& row = rows_[position];
  if (row.slot < 0) {
    row.is_blocked = slot != slot_of(estate_.scenario.starts);  // no opening register, nothing to bill from
    if (row.is_blocked) return;
    row.slot = row.month_slot = slot;
    row.register_centikWh = row.month_register = shown;
    return;
  }
  const auto quarters = slot - row.slot;
  const auto energy = std::max<std::int64_t>(shown - row.register_centikWh, 0);
  if (quarters == 1) return add(position, slot - 1, energy, false, last);
  if (follows_ == Follows::books && !books_->is_estimated(position, row.slot + 1, slot - 1)) {
    row.is_blocked = true;
    return;
  }
  const auto first = row.slot;
  for (std::int64_t index = 0; index < quarters; ++index)
    add(position, first + index, even_part(energy, quarters, index), true,
        quarter_of(estate_.tariffs[position], first + index));
}

void Rater::add(std::size_t position, std::int64_t slot, std::int64_t energy, bool is_estimated,
                const Quarter& quarter) {
  auto& row = rows_[position];
  const auto& oracle = oracle_of(position);
  if (quarter.resets) row.consumed = 0;
  for (std::size_t tier = 0; tier < oracle.tiers(); ++tier) {
    const auto share = oracle.share(tier, row.consumed, energy);
    if (share == 0) continue;
    const auto cell = oracle.cell(quarter.period, tier);
    energies_[position * cells_max_ + cell] += share;
    if (is_estimated && !estimated_.empty()) estimated_[position * cells_max_ + cell] += share;
    row.month_uYuan += share * oracle.price(cell);
  }
  row.consumed += energy;
  row.register_centikWh += energy;
  row.slot = slot + 1;
  if (quarter.ends_day) close_day(position, slot + 1, quarter.ends_month);
}

void Rater::close_day(std::size_t position, std::int64_t slot, bool ends_month) {
  auto& row = rows_[position];
  const auto running = fen_owed(row.month_uYuan);
  const auto last_second = instant_of_slot(slot) - std::chrono::seconds(1);
  const auto& zone = estate_.scenario.zone_rules;
  if (follows_ == Follows::books && estate_.payment(position) == scenario::PaymentMode::prepaid_head_end)
    day_marks_.push_back({position, zone.local_day(last_second), running - row.day_began_fen});
  row.day_began_fen = running;
  if (!ends_month) return;
  const auto cells = static_cast<std::ptrdiff_t>(oracle_of(position).cells());
  const auto energies = energies_.begin() + static_cast<std::ptrdiff_t>(position * cells_max_);
  if (follows_ == Follows::books) {
    const auto estimated = estimated_.begin() + static_cast<std::ptrdiff_t>(position * cells_max_);
    const auto civil = zone.civil(last_second);
    bills_.push_back({position,
                      civil.year * 100 + civil.month,
                      row.month_slot,
                      slot,
                      row.month_register,
                      row.register_centikWh,
                      {energies, energies + cells},
                      {estimated, estimated + cells}});
    std::fill(estimated, estimated + cells, 0);
  }
  std::fill(energies, energies + cells, 0);
  row.settled_uYuan += row.month_uYuan;
  row.settled_fen += running;
  row.month_uYuan = row.day_began_fen = 0;
  row.month_slot = slot;
  row.month_register = row.register_centikWh;
}
}  // namespace audit
