#include "audit/evidence/books.hpp"

#include <algorithm>
#include <stdexcept>

namespace audit {
namespace {
Instant instant_or_never(const sqlite::Statement& rows, int column) {
  return rows.is_null(column) ? core::never : instant_from_ns(rows.integer(column));
}

std::vector<Sale> read_sales(sqlite::Database& store) {
  std::vector<Sale> sales;
  sqlite::Statement rows(
      store, "SELECT id, idempotency_key, account, amount_fen, at_ns, entry, command FROM sale ORDER BY id");
  while (rows.next())
    sales.push_back({rows.integer(0), std::string(rows.text_view(1)), rows.integer(2), rows.integer(3),
                     instant_from_ns(rows.integer(4)), rows.integer(5), rows.integer(6)});
  return sales;
}

std::vector<Command> read_commands(sqlite::Database& store) {
  std::vector<Command> commands;
  sqlite::Statement rows(store,
                         "SELECT id, meter, kind, state, wanted_at_ns, sent_at_ns, finished_at_ns, attempts, "
                         "amount_fen, purchase_count,"
                         " idempotency_key FROM command ORDER BY id");
  while (rows.next())
    commands.push_back({rows.integer(0), rows.integer(1), std::string(rows.text_view(2)),
                        std::string(rows.text_view(3)), instant_from_ns(rows.integer(4)),
                        instant_or_never(rows, 5), instant_or_never(rows, 6), rows.integer(7),
                        rows.integer(8), rows.integer(9), !rows.is_null(10)});
  return commands;
}

std::vector<Estimate> read_estimates(sqlite::Database& store, const Estate& estate) {
  std::vector<Estimate> estimates;
  sqlite::Statement rows(
      store, "SELECT meter, first_due_s, last_due_s, at_ns FROM estimate ORDER BY meter, first_due_s");
  while (rows.next()) {
    if (!estate.knows(rows.integer(0))) throw std::runtime_error("books estimate for an unknown meter");
    estimates.push_back({static_cast<std::size_t>(rows.integer(0) - 1), rows.integer(1) / quarter_s,
                         rows.integer(2) / quarter_s, instant_from_ns(rows.integer(3))});
  }
  return estimates;
}

std::vector<BalanceReport> read_reports(sqlite::Database& store, const Estate& estate) {
  std::vector<BalanceReport> reports;
  sqlite::Statement rows(store,
                         "SELECT meter, asked_at_ns, balance_fen, purchase_count FROM meter_balance ORDER BY "
                         "asked_at_ns, meter");
  while (rows.next()) {
    if (!estate.knows(rows.integer(0))) throw std::runtime_error("books hold a balance of an unknown meter");
    reports.push_back({static_cast<std::size_t>(rows.integer(0) - 1), instant_from_ns(rows.integer(1)),
                       rows.integer(2), rows.integer(3)});
  }
  return reports;
}

std::vector<Posting> read_postings(sqlite::Database& store) {
  std::vector<Posting> postings;
  sqlite::Statement rows(
      store,
      "SELECT e.id, e.at_ns, e.kind, e.account, e.reference, p.ledger, p.account, p.amount_fen"
      " FROM entry e LEFT JOIN posting p ON p.entry = e.id ORDER BY e.id, p.line");
  while (rows.next())
    postings.push_back({rows.integer(0), instant_from_ns(rows.integer(1)), std::string(rows.text_view(2)),
                        rows.integer(3), rows.integer(4), ledger_named(rows.text_view(5)), rows.integer(6),
                        rows.integer(7), rows.is_null(5)});
  return postings;
}
}  // namespace

Ledger ledger_named(std::string_view name) {
  for (const auto ledger : {Ledger::cash, Ledger::customer, Ledger::in_transit, Ledger::meter_credit,
                            Ledger::receivable, Ledger::revenue})
    if (name_of(ledger) == name) return ledger;
  return Ledger::not_a_ledger;
}

std::string_view name_of(Ledger ledger) {
  switch (ledger) {
    case Ledger::cash:
      return "cash";
    case Ledger::customer:
      return "customer";
    case Ledger::in_transit:
      return "in_transit";
    case Ledger::meter_credit:
      return "meter_credit";
    case Ledger::receivable:
      return "receivable";
    case Ledger::revenue:
      return "revenue";
    case Ledger::not_a_ledger:
      break;
  }
  return "no ledger";
}

Books::Books(sqlite::Database& store, const Estate& estate)
    : sales(read_sales(store)),
      commands(read_commands(store)),
      estimates(read_estimates(store, estate)),
      reports(read_reports(store, estate)),
      postings(read_postings(store)) {}

bool Books::is_estimated(std::size_t position, std::int64_t first, std::int64_t last) const {
  auto run = std::lower_bound(estimates.begin(), estimates.end(), position,
                              [](const Estimate& estimate, std::size_t p) { return estimate.position < p; });
  for (; run != estimates.end() && run->position == position && first <= last; ++run)
    if (run->first <= first && first <= run->last) first = run->last + 1;
  return first > last;
}
}  // namespace audit
