// Sales, balances, commands and notices: what people and meters do to the books besides metering.
#include <algorithm>

#include "head-end/account/purchase.hpp"
#include "head-end/books_state.hpp"

namespace headend {
std::optional<AccountId> Books::State::find_account(const std::string& number) const {
  const auto number_of = [this](AccountId account) -> const std::string& {
    return configuration.accounts[account - 1].number;
  };
  const auto found = std::lower_bound(
      accounts_by_number.begin(), accounts_by_number.end(), number,
      [&](AccountId account, const std::string& wanted) { return number_of(account) < wanted; });
  if (found == accounts_by_number.end() || number_of(*found) != number) return std::nullopt;
  return *found;
}

Fen Books::State::balance(AccountId account) const {
  if (meter_accounts.has(account)) return meter_accounts.of(account).credit;
  return rating.spendable(account);
}

SaleReceipt Books::sell(const std::string& key, const std::string& account_number, Fen amount, Instant now) {
  auto& state = *state_;
  state.find_sale.bind(key);
  if (state.find_sale.next()) {
    const SaleReceipt first{SaleOutcome::repeated, state.find_sale.integer(0),
                            Fen(state.find_sale.integer(1)), Fen(state.find_sale.integer(2))};
    state.find_sale.reset();
    return first;
  }
  const auto found = state.find_account(account_number);
  if (!found) return {.outcome = SaleOutcome::unknown_account, .amount = amount};
  const AccountId account = *found;
  const auto& file = state.configuration.accounts[account - 1];
  Fen held = state.balance(account);
  if (file.payment == PaymentMode::prepaid_meter) held += state.meter_accounts.of(account).in_transit;
  const Fen cap = file.payment == PaymentMode::postpaid ? Fen(0) : file.hoarding_cap;
  const SaleOutcome outcome = judge_sale(amount, held, cap);
  if (outcome != SaleOutcome::booked)
    return {.outcome = outcome, .amount = amount, .balance = state.balance(account)};

  const std::int64_t sale = ++state.last_sale;
  const std::int64_t entry =
      state.ledger.post(EntryKind::sale, account, sale, postings_of_sale(file.payment, account, amount), now);
  std::optional<std::int64_t> recharge;
  if (file.payment == PaymentMode::prepaid_meter) {
    recharge = state.meter_accounts.sell(account, file.meter, amount, sale, now);
  } else {
    state.rating.row(account).paid += amount;
  }
  const Fen balance = state.balance(account);
  state.add_sale.bind(sale, key, account, amount, now, entry, recharge, balance).run();
  // Money that is only in transit to the meter has not come: it counts when the meter has credited it.
  if (file.payment != PaymentMode::prepaid_meter) state.watch.money_came(account, now);
  return {.outcome = SaleOutcome::booked, .sale = sale, .amount = amount, .balance = balance};
}

core::Result<Fen> Books::balance_of(const std::string& account_number) const {
  const auto account = state_->find_account(account_number);
  if (!account) return core::Fault::no_data;
  return state_->balance(*account);
}

core::Result<std::int64_t> Books::order_switch(const std::string& key, const std::string& account_number,
                                               CommandKind kind, Instant now) {
  const auto account = state_->find_account(account_number);
  if (!account) return core::Fault::no_data;
  return state_->watch.order(*account, kind, key, now);
}

void Books::accept_meter_balance(MeterId meter, Fen remaining_minus_overdraft, std::uint32_t purchase_count,
                                 Instant asked_at, Instant now) {
  auto& state = *state_;
  if (!state.tracks.knows(meter)) return;
  const AccountId account = state.tracks.of(meter).account;
  if (!state.meter_accounts.has(account)) return;
  if (state.meter_accounts.report(account, meter, remaining_minus_overdraft, purchase_count, asked_at, now)) {
    state.watch.look_at(account, now);
  }
}

void Books::accept_relay_state(MeterId meter, bool is_open, Instant now) {
  auto& state = *state_;
  if (!state.tracks.knows(meter)) return;
  const AccountId account = state.tracks.of(meter).account;
  if (account != 0) state.watch.relay_seen(account, meter, is_open, now);
}

bool Books::is_cut_off(MeterId meter) const {
  const auto& state = *state_;
  if (!state.tracks.knows(meter) || state.tracks.of(meter).account == 0) return false;
  const auto& supervision = state.watch.of(state.tracks.of(meter).account);
  return supervision.relay == Supervision::Relay::open || supervision.supply == Supply::cut ||
         supervision.supply == Supply::cut_by_order;
}

std::vector<Command> Books::commands_for(ConcentratorId concentrator) const {
  return state_->commands.visible_for(concentrator);
}

std::vector<ConcentratorId> Books::concentrators_with_new_commands() { return state_->commands.take_news(); }

void Books::command_sent(std::int64_t command, Instant now) { state_->commands.mark_sent(command, now); }

void Books::State::finish_done(const Command& command, AccountId account, const std::string& detail,
                               Instant now) {
  if (command.kind == CommandKind::recharge) {
    meter_accounts.credit(account, command, detail, now);
    watch.money_came(account, now);
    return;
  }
  commands.close(command.id, CommandState::done, detail, now);
  if (account != 0) watch.relay_done(account, command, now);
}

void Books::command_finished(std::int64_t command, CommandOutcome outcome, const std::string& detail,
                             Instant now) {
  auto& state = *state_;
  const Command* const open = state.commands.find_open(command);
  if (open == nullptr) {
    if (outcome != CommandOutcome::no_answer) state.commands.note_late_answer(command, detail);
    return;
  }
  const Command copy = *open;  // closing it ends the original
  const AccountId account = state.tracks.of(copy.meter).account;
  switch (outcome) {
    case CommandOutcome::no_answer:
      return;  // stays open; its attempts are counted as they are sent
    case CommandOutcome::done:
      state.finish_done(copy, account, detail, now);
      return;
    case CommandOutcome::refused:
      if (copy.kind == CommandKind::recharge) {
        state.meter_accounts.fail(account, copy, detail, now);
      } else {
        state.commands.close(copy.id, CommandState::failed, detail, now);
      }
      return;
  }
}

std::vector<Notice> Books::notices_pending() const { return state_->notices.pending(); }

void Books::notice_sent(std::int64_t notice, Instant now) { state_->notices.mark_sent(notice, now); }
}  // namespace headend
