#include "head-end/account/meter_money.hpp"

#include "head-end/account/money_text.hpp"
#include "head-end/account/purchase.hpp"

namespace headend {
MeterAccounts::MeterAccounts(const Configuration& configuration, Database& database, Ledger& ledger,
                             CommandTable& commands, Journal& journal)
    : database_(database),
      ledger_(ledger),
      commands_(commands),
      journal_(journal),
      add_report_(database, "INSERT OR IGNORE INTO meter_balance VALUES(?,?,?,?)") {
  for (const auto& account : configuration.accounts) {
    if (account.payment != PaymentMode::prepaid_meter) continue;
    money_[account.id].purchase_count = commands.last_purchase_count(account.meter);
  }
  ledger.each_sum(LedgerKind::meter_credit,
                  [this](AccountId account, Fen sum) { money_.at(account).credit = -sum; });
  ledger.each_sum(LedgerKind::in_transit,
                  [this](AccountId account, Fen sum) { money_.at(account).in_transit = -sum; });
  Statement reports(
      database,
      "SELECT m.account, max(b.asked_at_ns) FROM meter_balance b JOIN meter m ON m.id = b.meter "
      "GROUP BY m.account ORDER BY m.account");
  while (reports.next()) {
    money_.at(static_cast<AccountId>(reports.integer(0))).asked_at = Instant(Duration(reports.integer(1)));
  }
}

std::int64_t MeterAccounts::sell(AccountId account, MeterId meter, Fen amount, std::int64_t sale,
                                 Instant now) {
  auto& money = money_.at(account);
  money.in_transit += amount;
  std::uint32_t open = 0;
  for (const auto& command : commands_.open_of(meter)) open += command.kind == CommandKind::recharge ? 1 : 0;
  return commands_.add({.meter = meter,
                        .kind = CommandKind::recharge,
                        .reason = "sale " + std::to_string(sale),
                        .amount = amount,
                        .purchase_count = next_purchase_count(money.purchase_count, open),
                        .idempotency_key = std::nullopt},
                       now);
}

void MeterAccounts::credit(AccountId account, const Command& recharge, const std::string& detail,
                           Instant now) {
  auto& money = money_.at(account);
  ledger_.post(EntryKind::credit, account, recharge.id, postings_of_credit(account, recharge.amount), now);
  money.in_transit -= recharge.amount;
  money.credit += recharge.amount;
  money.purchase_count = recharge.purchase_count;
  commands_.close(recharge.id, CommandState::done, detail, now);
}

void MeterAccounts::fail(AccountId account, const Command& recharge, const std::string& detail, Instant now) {
  const MeterId meter = recharge.meter;
  journal_.anomaly(
      meter, "recharge_failed",
      "command " + std::to_string(recharge.id) + ", " + money_text(recharge.amount) + ": " + detail, now);
  commands_.close(recharge.id, CommandState::failed, detail, now);
  std::uint32_t open = 0;
  for (const auto& later : commands_.open_of(meter)) {
    if (later.kind != CommandKind::recharge) continue;
    commands_.set_purchase_count(later.id, next_purchase_count(money_.at(account).purchase_count, open++));
  }
}

bool MeterAccounts::report(AccountId account, MeterId meter, Fen balance, std::uint32_t purchase_count,
                           Instant asked_at, Instant now) {
  auto& money = money_.at(account);
  database_.begin();
  add_report_.bind(meter, asked_at, balance, purchase_count).run();
  // Evidence by count: each open recharge, oldest first, that the meter's count has reached is in it.
  for (const auto& command : commands_.open_of(meter)) {
    if (command.kind != CommandKind::recharge || command.attempts == 0) continue;
    if (judge_count(purchase_count, money.purchase_count, command.purchase_count) != CountMeaning::credited)
      break;
    credit(account, command, "seen in the meter's purchase count", now);
  }
  if (purchase_count > money.purchase_count) {
    journal_.anomaly(meter, "count_ahead",
                     "the meter says purchase " + std::to_string(purchase_count) + ", the books know " +
                         std::to_string(money.purchase_count),
                     now);
    return false;
  }
  if (purchase_count < money.purchase_count || asked_at <= money.asked_at)
    return false;  // older than what is known
  money.asked_at = asked_at;
  const Fen consumed = money.credit - balance;
  if (consumed < Fen(0)) {
    journal_.anomaly(
        meter, "balance_rose",
        "from " + money_text(money.credit) + " to " + money_text(balance) + " without a purchase", now);
    return false;
  }
  if (consumed > Fen(0)) {
    const std::int64_t asked_ms = core::unix_milliseconds(asked_at);
    ledger_.post(EntryKind::consumption, account, asked_ms, postings_of_consumption(account, consumed), now);
    money.credit = balance;
  }
  return true;
}
}  // namespace headend
