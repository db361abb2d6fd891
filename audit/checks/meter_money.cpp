#include "audit/checks/meter_money.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <tuple>

#include "core/money.hpp"

namespace audit {
namespace {
constexpr std::int64_t per_fen = core::microyuan_per_fen;
constexpr std::int64_t floor_fen(std::int64_t uYuan) {
  return uYuan / per_fen - (uYuan % per_fen < 0 ? 1 : 0);
}

bool comes_before(const Happening& a, const Happening& b) {
  return std::tie(a.position, a.at) < std::tie(b.position, b.at);
}

/// What the ledgers hold for one customer.
struct Held {
  std::int64_t sold = 0, in_transit = 0, meter_credit = 0;
};

std::vector<Held> held_by_customer(const Estate& estate, const Books& books) {
  std::vector<Held> held(estate.size());
  for (const auto& sale : books.sales)
    if (estate.knows(sale.account)) held[static_cast<std::size_t>(sale.account - 1)].sold += sale.amount_fen;
  for (const auto& posting : books.postings) {
    if (!estate.knows(posting.ledger_account)) continue;
    auto& mine = held[static_cast<std::size_t>(posting.ledger_account - 1)];
    if (posting.ledger == Ledger::in_transit) mine.in_transit -= posting.amount_fen;
    if (posting.ledger == Ledger::meter_credit) mine.meter_credit -= posting.amount_fen;
  }
  return held;
}
}  // namespace

MeterMoneyChecks::MeterMoneyChecks(const Estate& estate, const Truth& truth, const Books& books,
                                   const Rater& rater, const RegisterBounds& bounds, const Options& options)
    : estate_(estate),
      books_(books),
      rater_(rater),
      bounds_(bounds),
      purse_("I-MONEY.meter", "money in meters is recharges less what was used", "0 wrong", options),
      reports_("I-MONEY.reports", "the books know what meters hold", "0 wrong", options),
      ledger_("I-MONEY.transit", "sold is in the meter or on its way", "0 wrong", options) {
  for (const auto& happening : truth.happenings)
    if (happening.kind == Happening::Kind::recharge_applied) recharges_.push_back(happening);
  std::stable_sort(recharges_.begin(), recharges_.end(), comes_before);
  for (std::size_t position = 0; position < estate.size(); ++position) {
    if (estate.payment(position) != scenario::PaymentMode::prepaid_meter) continue;
    const Happening from{.at = Instant::min(), .position = position, .text = {}};
    const auto first = std::lower_bound(recharges_.begin(), recharges_.end(), from, comes_before);
    rows_.push_back({position, 0, 0, static_cast<std::size_t>(first - recharges_.begin())});
  }
}

std::int64_t MeterMoneyChecks::applied_between(std::size_t position, Instant after, Instant till) const {
  const Happening from{.at = after, .position = position, .text = {}};
  std::int64_t sum = 0;
  for (auto it = std::upper_bound(recharges_.begin(), recharges_.end(), from, comes_before);
       it != recharges_.end() && it->position == position && it->at <= till; ++it)
    sum += it->value;
  return sum;
}

void MeterMoneyChecks::visit(const Due& due) {
  if (rows_.empty() || !due.now.exists || due.at < estate_.scenario.starts) return;
  for (auto& row : rows_) {
    for (; row.next_recharge < recharges_.size(); ++row.next_recharge) {
      const auto& recharge = recharges_[row.next_recharge];
      if (recharge.position != row.position || recharge.at > due.at) break;
      row.applied_fen += recharge.value;
    }
    if (due.now.shown[row.position] != no_register) judge_purse(row, due);
  }
  judge_reports(due);
}

/// Since its clock was put far from the time, a meter charges by another moment's price; and the ladder that
/// it began by that clock stays wrong after the clock was put right.
void MeterMoneyChecks::allow_for_clock(Row& row, const Due& due) const {
  const auto shown = due.now.shown[row.position];
  row.has_strayed |= std::chrono::abs(bounds_.clock_error(row.position)) >= std::chrono::seconds(quarter_s);
  if (row.has_strayed && row.shown != no_register && shown > row.shown)
    row.tolerance_uYuan += std::int64_t{shown - row.shown} * rater_.oracle_of(row.position).price_spread();
  row.shown = shown;
}

void MeterMoneyChecks::judge_purse(Row& row, const Due& due) {
  const auto& oracle = rater_.oracle_of(row.position);
  const auto quarter = std::chrono::seconds(quarter_s);
  // Where the price changes, what completes before the meter's clock notices is charged the other way.
  if (oracle.period_at(due.at - quarter) != oracle.period_at(due.at) || oracle.resets_at(due.at))
    row.tolerance_uYuan += (bounds_.high(row.position) - bounds_.low(row.position)) * oracle.price_spread();
  allow_for_clock(row, due);
  if (!due.is_midnight && due.at != estate_.scenario.ends()) return;
  purse_.looked();
  const auto money = due.now.money_uYuan[row.position];
  const auto right = row.applied_fen * per_fen - rater_.charge_uYuan(row.position);
  if (std::abs(money - right) <= row.tolerance_uYuan) return;
  purse_.violation(estate_.customers[row.position].name, due.at, [&] {
    return fmt::format("the meter holds {}, recharges less use are {} (its clock accounts for {})",
                       CNY_text_exact(money), CNY_text_exact(right), CNY_text_exact(row.tolerance_uYuan));
  });
}

void MeterMoneyChecks::judge_reports(const Due& due) {
  // A question of the quarter hour that ends now was answered before the one after it ended.
  const auto quarter = std::chrono::seconds(quarter_s);
  for (; next_report_ < books_.reports.size(); ++next_report_) {
    const auto& report = books_.reports[next_report_];
    if (report.asked_at >= due.at) return;
    const auto position = report.position;
    const bool is_known = report.asked_at >= due.at - quarter && due.before.exists && due.after.exists &&
                          due.before.shown[position] != no_register &&
                          due.after.shown[position] != no_register;
    if (!is_known || estate_.payment(position) != scenario::PaymentMode::prepaid_meter) continue;
    reports_.looked();
    const auto applied = applied_between(position, due.at - quarter, due.at + quarter);
    const auto most = floor_fen(due.before.money_uYuan[position] + per_fen - 1) + applied;
    const auto least = floor_fen(due.after.money_uYuan[position]) - applied;
    if (report.balance_fen >= least && report.balance_fen <= most) continue;
    reports_.violation(estate_.customers[position].name, report.asked_at, [&] {
      return fmt::format("the books were told {}, the meter held {} to {}", CNY_text(report.balance_fen),
                         CNY_text(least), CNY_text(most));
    });
  }
}

void MeterMoneyChecks::judge_ledger() {
  const auto held = held_by_customer(estate_, books_);
  std::vector<std::int64_t> unapplied(estate_.size()), unknown(estate_.size()),
      credited_later(estate_.size());
  std::vector<const BalanceReport*> last_report(estate_.size());
  for (const auto& report : books_.reports) last_report[report.position] = &report;
  std::map<std::pair<std::size_t, std::int64_t>, std::int64_t> applied;  // (customer, purchase count) -> fen
  std::vector<std::int64_t> applied_sum(estate_.size());
  for (const auto& recharge : recharges_) {
    applied.emplace(std::pair(recharge.position, recharge.count), recharge.value);
    applied_sum[recharge.position] += recharge.value;
  }
  for (const auto& command : books_.commands) {
    if (command.kind != "recharge" || !estate_.knows(command.meter)) continue;
    const auto position = static_cast<std::size_t>(command.meter - 1);
    const bool is_done = command.state == "done";
    const bool has_number = is_done || command.state == "wanted" || command.state == "sent";
    if (!has_number || !applied.contains({position, command.purchase_count}))
      unapplied[position] += command.amount_fen;
    if (!is_done) unknown[position] += command.amount_fen;
    const auto* report = last_report[position];
    if (is_done && (report == nullptr || command.purchase_count > report->purchase_count))
      credited_later[position] += command.amount_fen;
  }
  for (const auto& row : rows_) {
    const auto position = row.position;
    const auto& name = estate_.customers[position].account;
    const auto& mine = held[position];
    ledger_.looked();
    if (mine.sold != applied_sum[position] + unapplied[position])
      ledger_.violation(name, estate_.closes(), [&] {
        return fmt::format("sold {}, but the meter was credited {} and {} is on its way", CNY_text(mine.sold),
                           CNY_text(applied_sum[position]), CNY_text(unapplied[position]));
      });
    if (mine.in_transit != unknown[position])
      ledger_.violation(name, estate_.closes(), [&] {
        return fmt::format("in_transit holds {}, recharges not known to be done are {}",
                           CNY_text(mine.in_transit), CNY_text(unknown[position]));
      });
    const auto right =
        (last_report[position] ? last_report[position]->balance_fen : 0) + credited_later[position];
    if (mine.meter_credit != right)
      ledger_.violation(name, estate_.closes(), [&] {
        return fmt::format("meter_credit holds {}, the last report and later credits say {}",
                           CNY_text(mine.meter_credit), CNY_text(right));
      });
  }
}

std::vector<Check> MeterMoneyChecks::finish() {
  if (rows_.empty()) return {};
  judge_ledger();
  std::vector<Check> checks;
  checks.push_back(purse_.finish(fmt::format("{} of {} wrong", purse_.violations(), purse_.samples())));
  checks.push_back(reports_.finish(fmt::format("{} of {} wrong", reports_.violations(), reports_.samples())));
  checks.push_back(
      ledger_.finish(fmt::format("{} of {} customers wrong", ledger_.violations(), ledger_.samples())));
  return checks;
}
}  // namespace audit
