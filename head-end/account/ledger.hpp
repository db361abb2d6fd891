/// The ledger in the store: entries are appended, never changed; each (kind, account, reference) can be
/// entered once only.
///
/// Every entry is checked to be in balance before it is written (an unbalanced one is our bug and aborts).
#pragma once
#include "head-end/account/posting.hpp"
#include "head-end/store/store_database.hpp"

namespace headend {
class Ledger {
 public:
  explicit Ledger(Database& database);
  /// The entry's number. `reference` as in head-end/store/schema.md.
  std::int64_t post(EntryKind kind, AccountId account, std::int64_t reference, const Postings& postings,
                    Instant now);
  /// Calls `visit(account, sum)` for each account with postings on `ledger`, in order of accounts.
  template <class Visit>
  void each_sum(LedgerKind ledger, Visit&& visit) {
    Statement sums(
        database_,
        "SELECT account, sum(amount_fen) FROM posting WHERE ledger = ? GROUP BY account ORDER BY account");
    sums.bind(name_of(ledger));
    while (sums.next()) visit(static_cast<AccountId>(sums.integer(0)), Fen(sums.integer(1)));
  }

 private:
  Database& database_;
  Statement add_entry_, add_posting_;
  std::int64_t last_entry_;
};
}  // namespace headend
