#include "head-end/watch/watch.hpp"

#include <algorithm>

#include "head-end/account/money_text.hpp"
#include "head-end/tariff/charge.hpp"
#include "head-end/watch/notice_text.hpp"

namespace headend {
Watch::Watch(const Configuration& configuration, Database& database, Rating& rating,
             MeterAccounts& meter_accounts, CommandTable& commands, NoticeTable& notices, Journal& journal)
    : configuration_(configuration),
      database_(database),
      rating_(rating),
      meter_accounts_(meter_accounts),
      commands_(commands),
      notices_(notices),
      journal_(journal),
      save_(database, "INSERT OR REPLACE INTO account_state VALUES(?,?,?,?,?,?,?)"),
      rows_(configuration.accounts.size() + 1) {
  for (const auto& account : configuration.accounts) rows_[account.id].is_kept = account.is_protected;
}

void Watch::protect_at_start(Instant now) {
  for (const auto& account : configuration_.accounts) {
    if (!account.is_protected) continue;
    command(account.id, CommandKind::keep_power, "protected customer", nullptr, now);
    save(account.id);
  }
  for (const auto& account : configuration_.accounts) set_look_at(account.id);
}

void Watch::resume(Instant now) {
  Statement query(database_,
                  "SELECT account, levels_told, supply, since_ns, is_kept, relay_is_open, relay_seen_at_ns "
                  "FROM account_state ORDER BY account");
  while (query.next()) {
    const auto account = static_cast<AccountId>(query.integer(0));
    auto& row = rows_.at(account);
    row.told = static_cast<LevelsTold>(query.integer(1));
    const std::string supply = query.text(2);
    for (const auto word : {Supply::supplied, Supply::due, Supply::cut, Supply::cut_by_order}) {
      if (supply == name_of(word)) row.supply = word;
    }
    row.since = Instant(Duration(query.integer(3)));
    row.is_kept = query.integer(4) != 0;
    if (!query.is_null(5)) {
      row.relay = query.integer(5) != 0 ? Supervision::Relay::open : Supervision::Relay::closed;
      row.relay_seen_at = Instant(Duration(query.integer(6)));
    }
    if (row.supply == Supply::due) set_duty(account, now);
  }
  for (const auto& account : configuration_.accounts) set_look_at(account.id);
}

void Watch::save(AccountId account) {
  const auto& row = rows_[account];
  std::optional<bool> is_open;
  std::optional<Instant> seen_at;
  if (row.relay != Supervision::Relay::unknown) {
    is_open = row.relay == Supervision::Relay::open;
    seen_at = row.relay_seen_at;
  }
  database_.begin();
  save_.bind(account, int{row.told}, name_of(row.supply), row.since, row.is_kept, is_open, seen_at).run();
}

void Watch::set_duty(AccountId account, Instant at) {
  auto& row = rows_[account];
  if (row.duty != core::never) duties_.erase({row.duty, account});
  row.duty = at;
  if (at != core::never) duties_.emplace(at, account);
}

void Watch::set_look_at(AccountId account) {
  auto& row = rating_.row(account);
  if (row.payment != PaymentMode::prepaid_head_end) return;
  const auto& file = configuration_.accounts[account - 1];
  const auto& supervision = rows_[account];
  std::optional<Fen> highest;  // the first limit on the way down that something would follow from
  const auto consider = [&highest](Fen limit) { highest = highest ? std::max(*highest, limit) : limit; };
  const LevelLimits limits = level_limits(file);
  for (std::size_t level = 0; level < limits.size(); ++level) {
    if ((supervision.told >> level & 1u) == 0) consider(limits[level]);
  }
  if (supervision.supply == Supply::supplied && !supervision.is_kept) consider(-file.overdraft);
  row.look_at_microyuan =
      highest ? sum_that_reaches(row.paid, *highest).count() : std::numeric_limits<std::int64_t>::max();
}

void Watch::tell(AccountId account, Notice::Level level, Fen amount, Instant now) {
  const auto& file = configuration_.accounts[account - 1];
  notices_.add(account, level, amount, notice_text(file, level, amount), now);
}

Fen Watch::money_of(AccountId account) const {
  return meter_accounts_.has(account) ? meter_accounts_.of(account).credit : rating_.spendable(account);
}

LevelStep Watch::level_step(AccountId account) const {
  const auto told = static_cast<LevelsTold>(rows_[account].told & ~cut_off_told);
  return step_levels(level_limits(configuration_.accounts[account - 1]), told, money_of(account));
}

void Watch::tell_levels(AccountId account, Instant now) {
  auto& row = rows_[account];
  const LevelStep step = level_step(account);
  row.told = static_cast<LevelsTold>((row.told & cut_off_told) | step.told);
  constexpr std::array<Notice::Level, level_count> words{Notice::Level::alarm1, Notice::Level::alarm2,
                                                         Notice::Level::arrears};
  for (std::size_t level = 0; level < words.size(); ++level) {
    if ((step.notices >> level & 1u) != 0) tell(account, words[level], money_of(account), now);
  }
}

void Watch::look_at(AccountId account, Instant now) {
  const auto payment = configuration_.accounts[account - 1].payment;
  if (payment == PaymentMode::postpaid) return;
  auto& row = rows_[account];
  const auto before = std::tuple(row.told, row.supply, row.is_kept);
  tell_levels(account, now);
  if (payment == PaymentMode::prepaid_head_end) {
    step_supply(account, money_of(account), now);
    set_look_at(account);
  }
  if (before != std::tuple(row.told, row.supply, row.is_kept)) save(account);
}

void Watch::money_came(AccountId account, Instant now) {
  const auto payment = configuration_.accounts[account - 1].payment;
  if (payment == PaymentMode::postpaid) return;
  auto& row = rows_[account];
  const auto before = std::tuple(row.told, row.supply);
  row.told &= static_cast<LevelsTold>(level_step(account).told | cut_off_told);
  if (payment == PaymentMode::prepaid_head_end) {
    if (row.supply != Supply::supplied) step_supply(account, money_of(account), now);
    set_look_at(account);
  }
  if (before != std::tuple(row.told, row.supply)) save(account);
}

void Watch::step_supply(AccountId account, Fen spendable, Instant now) {
  auto& row = rows_[account];
  const Fen overdraft = configuration_.accounts[account - 1].overdraft;
  while (true) {
    const SupplyFacts facts{row.supply, row.since, row.is_kept, spendable, overdraft};
    const SupplyDecision decision = decide_supply(facts, configuration_.cut_off, configuration_.zone, now);
    switch (decision.step) {
      case SupplyStep::none:
        return;
      case SupplyStep::wait:
        set_duty(account, decision.look_again);
        return;
      case SupplyStep::becomes_due:
        row.supply = Supply::due;
        row.since = now;
        break;  // with no grace and no quiet hours the trip follows at once
      case SupplyStep::withdraw:
        row.supply = Supply::supplied;
        row.since = now;
        set_duty(account, core::never);
        break;
      case SupplyStep::trip:
        row.supply = Supply::cut;
        row.since = now;
        set_duty(account, core::never);
        command(account, CommandKind::trip, "balance " + money_text(spendable), nullptr, now);
        break;
      case SupplyStep::close:
        row.supply = Supply::supplied;
        row.since = now;
        command(account, CommandKind::close, "balance " + money_text(spendable), nullptr, now);
        break;
    }
  }
}

void Watch::look_at_due(Instant now) {
  while (!duties_.empty() && duties_.begin()->first <= now) {
    const AccountId account = duties_.begin()->second;
    set_duty(account, core::never);
    look_at(account, now);
  }
}

std::int64_t Watch::command(AccountId account, CommandKind kind, const std::string& reason,
                            const std::string* key, Instant now) {
  const MeterId meter = configuration_.accounts[account - 1].meter;
  const auto older = commands_.open_of(meter);
  CommandTable::Wish wish{.meter = meter, .kind = kind, .reason = reason, .idempotency_key = std::nullopt};
  if (key != nullptr) wish.idempotency_key = *key;
  const std::int64_t id = commands_.add(wish, now);
  // The last word on a relay is the only one: an older trip that goes out late must not undo it. Keep-power
  // is another switch in the meter and stays in the queue.
  if (kind == CommandKind::trip || kind == CommandKind::close) {
    for (const auto& old : older) {
      if (old.kind != CommandKind::trip && old.kind != CommandKind::close) continue;
      commands_.close(old.id, CommandState::given_up, "superseded by command " + std::to_string(id), now);
    }
  }
  return id;
}

void Watch::relay_done(AccountId account, const Command& command, Instant now) {
  auto& row = rows_[account];
  row.relay_seen_at = now;
  if (command.kind == CommandKind::trip) row.relay = Supervision::Relay::open;
  if (command.kind == CommandKind::close || command.kind == CommandKind::keep_power)
    row.relay = Supervision::Relay::closed;
  const bool is_cut = row.supply == Supply::cut || row.supply == Supply::cut_by_order;
  const Fen amount = money_of(account);
  if (row.relay == Supervision::Relay::open && is_cut && (row.told & cut_off_told) == 0) {
    row.told |= cut_off_told;
    tell(account, Notice::Level::cut_off, amount, now);
  }
  if (row.relay == Supervision::Relay::closed && !is_cut && (row.told & cut_off_told) != 0) {
    row.told &= static_cast<LevelsTold>(~cut_off_told);
    tell(account, Notice::Level::restored, amount, now);
  }
  save(account);
}

void Watch::relay_seen(AccountId account, MeterId meter, bool is_open, Instant now) {
  auto& row = rows_[account];
  const auto seen = is_open ? Supervision::Relay::open : Supervision::Relay::closed;
  if (row.relay == seen) return;
  row.relay = seen;
  row.relay_seen_at = now;
  const bool is_cut = row.supply == Supply::cut || row.supply == Supply::cut_by_order;
  const bool is_ours = configuration_.accounts[account - 1].payment != PaymentMode::prepaid_meter;
  if (is_ours && is_open != is_cut && commands_.open_of(meter).empty()) {
    journal_.anomaly(meter, "relay_unexpected", is_open ? "open, but to be supplied" : "closed, but cut off",
                     now);
  }
  save(account);
}

core::Result<std::int64_t> Watch::order(AccountId account, CommandKind kind, const std::string& key,
                                        Instant now) {
  if (const auto known = commands_.find_by_key(key)) return *known;
  auto& row = rows_[account];
  if (kind == CommandKind::recharge) return core::Fault::refused;
  if (kind == CommandKind::trip && row.is_kept) return core::Fault::refused;
  if (kind == CommandKind::close && row.supply == Supply::cut) return core::Fault::refused;
  const std::int64_t id = command(account, kind, "order " + key, &key, now);
  if (kind == CommandKind::keep_power || kind == CommandKind::release_keep_power) {
    row.is_kept = kind == CommandKind::keep_power;
  } else {
    set_duty(account, core::never);
    row.supply = kind == CommandKind::trip ? Supply::cut_by_order : Supply::supplied;
    row.since = now;
  }
  if (configuration_.accounts[account - 1].payment == PaymentMode::prepaid_head_end) {
    step_supply(account, money_of(account), now);
    set_look_at(account);
  }
  save(account);
  return id;
}
}  // namespace headend
