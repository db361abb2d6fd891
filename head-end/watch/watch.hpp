/// The watch: after each change of a customer's money it gives notice, orders the cut-off, orders the
/// restoring.
///
/// Decisions are those of level.hpp and cut_off.hpp; this is their memory (saved with each change), the times
/// to look again, and the commands and notices that follow. Accounts of `prepaid_meter` are warned here and
/// cut by their meters; `postpaid` is not watched.
#pragma once
#include <set>
#include <vector>

#include "head-end/account/meter_money.hpp"
#include "head-end/account/rating.hpp"
#include "head-end/store/notice_table.hpp"
#include "head-end/watch/cut_off.hpp"
#include "head-end/watch/level.hpp"

namespace headend {
struct Supervision {
  Instant since{};
  Instant duty = core::never;
  Instant relay_seen_at{};
  LevelsTold told = 0;  ///< bits of level.hpp, and `cut_off_told`
  Supply supply = Supply::supplied;
  bool is_kept = false;
  enum class Relay : std::int8_t { unknown, closed, open } relay = Relay::unknown;
};

class Watch {
 public:
  Watch(const Configuration& configuration, Database& database, Rating& rating, MeterAccounts& meter_accounts,
        CommandTable& commands, NoticeTable& notices, Journal& journal);

  /// In a new store: keep-power for the protected.
  void protect_at_start(Instant now);
  /// In a known one: the saved states; whoever is `due` is looked at again at once.
  void resume(Instant now);

  /// After consumption: notices, cut-off; sets the sum at which rating calls again.
  void look_at(AccountId account, Instant now);
  /// After a payment (or a credit in the meter): re-arms levels and restores. A payment itself never warns.
  void money_came(AccountId account, Instant now);
  void look_at_due(Instant now);
  Instant next_duty() const { return duties_.empty() ? core::never : duties_.begin()->first; }

  /// A relay command reached its end at the meter.
  void relay_done(AccountId account, const Command& command, Instant now);
  void relay_seen(AccountId account, MeterId meter, bool is_open, Instant now);
  /// An operator's wish; nothing where the rules forbid it.
  core::Result<std::int64_t> order(AccountId account, CommandKind kind, const std::string& key, Instant now);

  const Supervision& of(AccountId account) const { return rows_[account]; }

 private:
  static constexpr LevelsTold cut_off_told = 1u << level_count;
  void tell(AccountId account, Notice::Level level, Fen amount, Instant now);
  Fen money_of(AccountId account) const;
  LevelStep level_step(AccountId account) const;
  void tell_levels(AccountId account, Instant now);
  void step_supply(AccountId account, Fen spendable, Instant now);
  void set_look_at(AccountId account);
  void set_duty(AccountId account, Instant at);
  std::int64_t command(AccountId account, CommandKind kind, const std::string& reason, const std::string* key,
                       Instant now);
  void save(AccountId account);

  const Configuration& configuration_;
  Database& database_;
  Rating& rating_;
  MeterAccounts& meter_accounts_;
  CommandTable& commands_;
  NoticeTable& notices_;
  Journal& journal_;
  Statement save_;
  std::vector<Supervision> rows_;
  std::set<std::pair<Instant, AccountId>> duties_;
};
}  // namespace headend
