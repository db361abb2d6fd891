/// Accounts whose money is in the meter (本地费控): what the meter holds, what is on its way, and its
/// purchase count.
///
/// A sale is in transit until the meter is known to have credited it: by the answer to the recharge, or by
/// its purchase count in a later answer. What the meter reports less than we knew has been consumed. Unit:
/// fen.
#pragma once
#include <map>

#include "head-end/account/ledger.hpp"
#include "head-end/store/command_table.hpp"
#include "head-end/store/journal.hpp"

namespace headend {
struct MeterMoney {
  Fen credit{0};                     ///< in the meter, as last reported or credited
  Fen in_transit{0};                 ///< sold, not yet credited
  std::uint32_t purchase_count = 0;  ///< last credited
  Instant asked_at{};                ///< of the last report
};

class MeterAccounts {
 public:
  MeterAccounts(const Configuration& configuration, Database& database, Ledger& ledger,
                CommandTable& commands, Journal& journal);

  bool has(AccountId account) const { return money_.contains(account); }
  const MeterMoney& of(AccountId account) const { return money_.at(account); }
  /// A payment, its entry already posted: wishes the recharge. The command's number.
  std::int64_t sell(AccountId account, MeterId meter, Fen amount, std::int64_t sale, Instant now);
  /// The recharge is known to be in the meter: closes the command, moves the money.
  void credit(AccountId account, const Command& recharge, const std::string& detail, Instant now);
  /// The meter refused the recharge: its number is free again, its money stays in transit for a person to
  /// look at.
  void fail(AccountId account, const Command& recharge, const std::string& detail, Instant now);
  /// True when the report was taken (not older than what is known, its count explained).
  bool report(AccountId account, MeterId meter, Fen balance, std::uint32_t purchase_count, Instant asked_at,
              Instant now);

 private:
  Database& database_;
  Ledger& ledger_;
  CommandTable& commands_;
  Journal& journal_;
  Statement add_report_;
  std::map<AccountId, MeterMoney> money_;
};
}  // namespace headend
