/// What the head-end wrote down, as far as it fits in memory: sales, commands, estimates, reported balances,
/// the ledger.
///
/// Read from books.db (head-end/store/schema.md). Readings are streamed by `scan.hpp`, bills by
/// `checks/bills.cpp`. Errors: std::runtime_error for a store that is broken or not of this kind.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "audit/evidence/estate.hpp"
#include "core/sqlite/database.hpp"

namespace audit {
struct Sale {
  std::int64_t id = 0;
  std::string key;
  std::int64_t account = 0;
  std::int64_t amount_fen = 0;
  Instant at;
  std::int64_t entry = 0;
  std::int64_t command = 0;  ///< 0 = none
};

struct Command {
  std::int64_t id = 0;
  std::int64_t meter = 0;
  std::string kind;
  std::string state;
  Instant wanted_at;
  Instant sent_at;      ///< last time; core::never = never
  Instant finished_at;  ///< core::never = still open
  std::int64_t attempts = 0;
  std::int64_t amount_fen = 0;
  std::int64_t purchase_count = 0;
  bool is_operators = false;
};

/// Missing quarter hours that the head-end gave up and billed by tariff rule 5: slots first..last.
struct Estimate {
  std::size_t position = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
  Instant at;
};

/// What a prepaid-meter meter said it holds.
struct BalanceReport {
  std::size_t position = 0;
  Instant asked_at;
  std::int64_t balance_fen = 0;
  std::int64_t purchase_count = 0;
};

enum class Ledger : std::uint8_t {
  cash,
  customer,
  in_transit,
  meter_credit,
  receivable,
  revenue,
  not_a_ledger
};
Ledger ledger_named(std::string_view name);
std::string_view name_of(Ledger ledger);

struct Posting {
  std::int64_t entry = 0;
  Instant at;
  std::string kind;            ///< of the entry
  std::int64_t account = 0;    ///< of the entry
  std::int64_t reference = 0;  ///< of the entry
  Ledger ledger = Ledger::not_a_ledger;
  std::int64_t ledger_account = 0;
  std::int64_t amount_fen = 0;  ///< debit positive
  bool is_missing = false;      ///< an entry without any posting
};

struct Books {
  Books(sqlite::Database& store, const Estate& estate);

  std::vector<Sale> sales;             ///< by id
  std::vector<Command> commands;       ///< by id
  std::vector<Estimate> estimates;     ///< by (position, first)
  std::vector<BalanceReport> reports;  ///< by (instant, position)
  std::vector<Posting> postings;       ///< by (entry, line): 100,000 bills make 200,000 of them

  /// Were all slots first..last of this customer given up?
  bool is_estimated(std::size_t position, std::int64_t first, std::int64_t last) const;
};
}  // namespace audit
