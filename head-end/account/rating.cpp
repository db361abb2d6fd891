#include "head-end/account/rating.hpp"

#include "core/check.hpp"
#include "head-end/tariff/charge.hpp"
#include "head-end/tariff/ladder.hpp"

namespace headend {
namespace {
constexpr Slot slots_a_day = 96;
constexpr Slot days_between_rows = 4;
}  // namespace

Rating::Rating(const Configuration& configuration, Database& database, Ledger& ledger)
    : database_(database),
      ledger_(ledger),
      rows_(configuration.accounts.size() + 1),
      add_bill_(database, "INSERT INTO bill VALUES(?,?,?,?,?,?,?,?,?,?)"),
      add_line_(database, "INSERT INTO bill_line VALUES(?,?,?,?,?,?,?,?)"),
      save_(database, "INSERT OR REPLACE INTO rating_state VALUES(?,?,?,?,?,?,?,?)") {
  for (const auto& tariff : configuration.tariffs) {
    RatedTariff rated{.periods_by_quarter = periods_by_quarter(tariff),
                      .bounds = tariff.bounds,
                      .prices = {},
                      .period_count = tariff.periods.size(),
                      .reset = tariff.reset};
    for (std::size_t tier = 0; tier <= tariff.bounds.size(); ++tier) {
      for (const auto& period : tariff.periods) rated.prices.push_back(period.prices[tier]);
    }
    tariffs_.push_back(std::move(rated));
  }
  for (const auto& account : configuration.accounts) {
    auto& row = rows_[account.id];
    row.tariff = static_cast<std::uint16_t>(account.tariff);
    row.payment = account.payment;
    row.first_cell = static_cast<std::uint32_t>(energies_.size());
    row.month_from = slot_before(configuration.opens);
    energies_.resize(energies_.size() + cell_count(row));
  }
}

void Rating::open(AccountId account, Slot slot, std::uint32_t register_shown) {
  rows_[account].month_from = slot;
  rows_[account].month_from_register = register_shown;
}

bool Rating::rate(AccountId account, const IntervalFacts& interval, IntervalEnergy consumed) {
  auto& row = rows_[account];
  const auto& tariff = tariffs_[row.tariff];
  const std::size_t period = tariff.periods_by_quarter[interval.start_quarter];
  CentiKilowattHours left(consumed.energy);
  while (left.count() > 0) {
    const TierPart part = next_tier_part(tariff.bounds, CentiKilowattHours(row.tier_energy), left);
    const std::size_t cell = part.tier * tariff.period_count + period;
    row.running_microyuan += part_cost(part.energy, tariff.prices[cell]).count();
    const auto energy = static_cast<std::uint32_t>(part.energy.count());
    energies_[row.first_cell + cell] += energy;
    row.tier_energy += energy;
    if (consumed.is_estimated) estimated_[static_cast<std::uint32_t>(row.first_cell + cell)] += energy;
    left -= part.energy;
  }
  return row.running_microyuan >= row.look_at_microyuan;
}

Rating::Closing Rating::close_day(AccountId account, const IntervalFacts& interval,
                                  std::uint32_t register_shown, const Calendar& calendar, Instant now) {
  auto& row = rows_[account];
  Closing closing;
  if (row.payment == PaymentMode::prepaid_head_end) {
    const Fen charge = charge_due(core::MicroYuan(row.running_microyuan), row.posted);
    if (charge != Fen(0)) {
      const std::int64_t day = calendar.day_before(instant_of(interval.slot));
      ledger_.post(EntryKind::charge, account, day, postings_of_charge(account, charge), now);
      row.posted += charge;
    }
  }
  if (interval.ends_month) {
    closing.month = calendar.month_before(instant_of(interval.slot));
    closing.bill = write_bill(account, closing.month, interval.slot, register_shown, now);
    if (row.payment == PaymentMode::postpaid && *closing.bill != Fen(0)) {
      ledger_.post(EntryKind::bill, account, closing.month, postings_of_bill(account, *closing.bill), now);
    }
    row.paid -= *closing.bill;
    row.running_microyuan = 0;
    row.posted = Fen(0);
    row.month_from = interval.slot;
    row.month_from_register = register_shown;
    for (std::size_t cell = 0; cell < cell_count(row); ++cell) {
      energies_[row.first_cell + cell] = 0;
      if (!estimated_.empty()) estimated_.erase(static_cast<std::uint32_t>(row.first_cell + cell));
    }
  }
  if (resets_tiers(tariffs_[row.tariff].reset, interval.ends_month, interval.ends_year)) row.tier_energy = 0;
  // What a posting or a bill rests on goes into its transaction. Otherwise the row only shortens a restart,
  // and a city's midnight would write all its rows at once: a quarter of the accounts have their turn, and
  // they follow with the next commits.
  if (row.payment != PaymentMode::postpaid || interval.ends_month) {
    write(saved_row(account, interval.slot, register_shown));
  } else if ((interval.slot / slots_a_day + account) % days_between_rows == 0) {
    to_save_.push_back(saved_row(account, interval.slot, register_shown));
  }
  return closing;
}

Fen Rating::write_bill(AccountId account, int month, Slot till, std::uint32_t till_register, Instant now) {
  const auto& row = rows_[account];
  const auto& tariff = tariffs_[row.tariff];
  database_.begin();
  std::int64_t energy_sum = 0;
  std::int64_t estimated_sum = 0;
  for (std::size_t cell = 0; cell < tariff.prices.size(); ++cell) {
    const auto at = static_cast<std::uint32_t>(row.first_cell + cell);
    const CentiKilowattHours energy(energies_[at]);
    if (energy.count() == 0) continue;
    const auto found = estimated_.find(at);
    const std::int64_t estimated = found == estimated_.end() ? 0 : found->second;
    const Price price = tariff.prices[cell];
    add_line_
        .bind(account, month, std::uint64_t{cell / tariff.period_count},
              std::uint64_t{cell % tariff.period_count}, energy, price, part_cost(energy, price), estimated)
        .run();
    energy_sum += energy.count();
    estimated_sum += estimated;
  }
  const Fen amount = bill_amount(core::MicroYuan(row.running_microyuan));
  add_bill_
      .bind(account, month, row.month_from * slot_s, till * slot_s, row.month_from_register, till_register,
            energy_sum, amount, estimated_sum > 0, now)
      .run();
  return amount;
}

Rating::SavedRow Rating::saved_row(AccountId account, Slot rated_slot, std::uint32_t register_shown) const {
  const auto& row = rows_[account];
  SavedRow saved{
      account,    rated_slot, register_shown, row.month_from, row.month_from_register, row.tier_energy,
      row.posted, {}};
  const auto append = [&saved](std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8)
      saved.cells.push_back(static_cast<std::uint8_t>(value >> shift));
  };
  saved.cells.reserve(16 * cell_count(row));
  for (std::size_t cell = 0; cell < cell_count(row); ++cell) {
    const auto at = static_cast<std::uint32_t>(row.first_cell + cell);
    const auto found = estimated_.find(at);
    append(energies_[at]);
    append(found == estimated_.end() ? 0 : found->second);
  }
  return saved;
}

void Rating::write(const SavedRow& saved) {
  auto& saved_slot = rows_[saved.account].saved_slot;
  if (saved.rated_slot <= saved_slot) return;  // a later day of this account has been saved already
  saved_slot = saved.rated_slot;
  database_.begin();
  save_
      .bind(saved.account, saved.rated_slot * slot_s, saved.register_shown, saved.month_from * slot_s,
            saved.month_from_register, saved.tier_energy, saved.posted, core::Bytes(saved.cells))
      .run();
}

void Rating::save_some(std::size_t count_max) {
  for (; count_max > 0 && !to_save_.empty(); --count_max) {
    write(to_save_.front());
    to_save_.pop_front();
  }
}

Fen Rating::spendable(AccountId account) const {
  const auto& row = rows_[account];
  return row.paid - bill_amount(core::MicroYuan(row.running_microyuan));
}

std::vector<RatingState> Rating::resume() {
  std::vector<RatingState> states;
  Statement query(
      database_,
      "SELECT account, rated_till_s, register_centikWh, month_from_s, month_from_register_centikWh, "
      "tier_energy_centikWh, posted_fen, energies FROM rating_state ORDER BY account");
  while (query.next()) {
    const auto account = static_cast<AccountId>(query.integer(0));
    auto& row = rows_.at(account);
    const auto& tariff = tariffs_[row.tariff];
    row.month_from = static_cast<Slot>(query.integer(3) / slot_s);
    row.month_from_register = static_cast<std::uint32_t>(query.integer(4));
    row.tier_energy = static_cast<std::uint32_t>(query.integer(5));
    row.posted = Fen(query.integer(6));
    row.saved_slot = static_cast<Slot>(query.integer(1) / slot_s);
    const core::Bytes cells = query.bytes(7);
    if (cells.size() != cell_count(row) * 16)
      throw StoreFailure("the store's rating state does not fit the tariff");
    for (std::size_t cell = 0; cell < cell_count(row); ++cell) {
      const auto at = static_cast<std::uint32_t>(row.first_cell + cell);
      energies_[at] = static_cast<std::uint32_t>(core::little_endian(cells.subspan(cell * 16, 8)));
      const auto estimated = static_cast<std::uint32_t>(core::little_endian(cells.subspan(cell * 16 + 8, 8)));
      if (estimated > 0) estimated_[at] = estimated;
      row.running_microyuan += part_cost(CentiKilowattHours(energies_[at]), tariff.prices[cell]).count();
    }
    states.push_back({account, static_cast<Slot>(query.integer(1) / slot_s),
                      static_cast<std::uint32_t>(query.integer(2))});
  }
  const auto add_paid = [this](AccountId account, Fen sum) { rows_.at(account).paid -= sum; };
  ledger_.each_sum(LedgerKind::customer, add_paid);
  ledger_.each_sum(LedgerKind::receivable, add_paid);
  // What `customer` holds is less this month's charges already; `paid` counts them only with the month's
  // bill.
  for (auto& row : rows_) row.paid += row.posted;
  return states;
}
}  // namespace headend
