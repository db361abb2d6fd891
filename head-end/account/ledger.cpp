#include "head-end/account/ledger.hpp"

#include "core/check.hpp"

namespace headend {
Ledger::Ledger(Database& database)
    : database_(database),
      add_entry_(database, "INSERT INTO entry(id, at_ns, kind, account, reference) VALUES(?,?,?,?,?)"),
      add_posting_(database,
                   "INSERT INTO posting(entry, line, ledger, account, amount_fen) VALUES(?,?,?,?,?)"),
      last_entry_(database.integer("SELECT coalesce(max(id), 0) FROM entry")) {}

std::int64_t Ledger::post(EntryKind kind, AccountId account, std::int64_t reference, const Postings& postings,
                          Instant now) {
  Fen sum{0};
  for (const auto& posting : postings) sum += posting.amount;
  METERTWIN_CHECK(sum == Fen(0), name_of(kind), account, reference, sum);
  database_.begin();
  const std::int64_t entry = ++last_entry_;
  add_entry_.bind(entry, now, name_of(kind), account, reference).run();
  int line = 0;
  for (const auto& posting : postings) {
    add_posting_.bind(entry, line++, name_of(posting.ledger), posting.account, posting.amount).run();
  }
  return entry;
}
}  // namespace headend
