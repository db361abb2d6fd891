#include "audit/checks/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <tuple>

namespace audit {
namespace {
using scenario::PaymentMode;

struct Shape {
  Ledger debit;
  Ledger credit;
};

/// Which two ledgers an entry moves money between; nothing for a kind that this customer cannot have.
std::optional<Shape> shape_of(std::string_view kind, PaymentMode payment) {
  if (kind == "sale") {
    switch (payment) {
      case PaymentMode::postpaid:
        return Shape{Ledger::cash, Ledger::receivable};
      case PaymentMode::prepaid_head_end:
        return Shape{Ledger::cash, Ledger::customer};
      case PaymentMode::prepaid_meter:
        return Shape{Ledger::cash, Ledger::in_transit};
    }
  }
  if (kind == "credit" && payment == PaymentMode::prepaid_meter)
    return Shape{Ledger::in_transit, Ledger::meter_credit};
  if (kind == "consumption" && payment == PaymentMode::prepaid_meter)
    return Shape{Ledger::meter_credit, Ledger::revenue};
  if (kind == "charge" && payment == PaymentMode::prepaid_head_end)
    return Shape{Ledger::customer, Ledger::revenue};
  if (kind == "bill" && payment == PaymentMode::postpaid) return Shape{Ledger::receivable, Ledger::revenue};
  return std::nullopt;
}

bool is_shared(Ledger ledger) { return ledger == Ledger::cash || ledger == Ledger::revenue; }

std::string fault_of(const Estate& estate, std::span<const Posting> entry) {
  const auto& first = entry.front();
  if (first.is_missing) return "it has no postings";
  std::int64_t sum = 0;
  for (const auto& posting : entry) sum += posting.amount_fen;
  if (sum != 0) return fmt::format("its postings add up to {}", CNY_text(sum));
  if (!estate.knows(first.account)) return fmt::format("account {} does not exist", first.account);
  const auto shape = shape_of(first.kind, estate.payment(static_cast<std::size_t>(first.account) - 1));
  if (!shape) return fmt::format("this customer cannot have a \"{}\"", first.kind);
  if (entry.size() != 2) return fmt::format("it has {} postings", entry.size());
  for (const auto& posting : entry) {
    const auto right = posting.amount_fen > 0 ? shape->debit : shape->credit;
    if (posting.amount_fen == 0) return "it posts nothing";
    if (posting.ledger != right)
      return fmt::format("it {} {} instead of {}", posting.amount_fen > 0 ? "debits" : "credits",
                         name_of(posting.ledger), name_of(right));
    if (posting.ledger_account != (is_shared(posting.ledger) ? 0 : first.account))
      return fmt::format("it posts to account {} of {}", posting.ledger_account, name_of(posting.ledger));
  }
  return {};
}

void check_append_only(sqlite::Database& store, Checking& check) {
  for (const auto* table : {"entry", "posting"}) {
    bool refuses_update = false, refuses_delete = false;
    sqlite::Statement triggers(
        store, "SELECT tbl_name, upper(sql) FROM sqlite_master WHERE type = 'trigger' ORDER BY name");
    while (triggers.next()) {
      if (triggers.text_view(0) != table) continue;
      const auto sql = triggers.text_view(1);
      if (sql.find("RAISE") == std::string_view::npos || sql.find("BEFORE") == std::string_view::npos)
        continue;
      refuses_update = refuses_update || sql.find("BEFORE UPDATE") != std::string_view::npos;
      refuses_delete = refuses_delete || sql.find("BEFORE DELETE") != std::string_view::npos;
    }
    if (!refuses_update || !refuses_delete)
      check.violation(table, Instant{},
                      [&] { return fmt::format("the store would let {} be changed or deleted", table); });
  }
}

void check_unique(const Books& books, Checking& check) {
  std::vector<const Posting*> entries;
  for (const auto& posting : books.postings)
    if (entries.empty() || entries.back()->entry != posting.entry) entries.push_back(&posting);
  const auto key_of = [](const Posting* p) { return std::tie(p->kind, p->account, p->reference, p->entry); };
  std::sort(entries.begin(), entries.end(), [&](auto* a, auto* b) { return key_of(a) < key_of(b); });
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const auto& a = *entries[i - 1];
    const auto& b = *entries[i];
    if (std::tie(a.kind, a.account, a.reference) != std::tie(b.kind, b.account, b.reference)) continue;
    check.violation(fmt::format("entry {}", b.entry), b.at, [&] {
      return fmt::format("{} {} of account {} was posted before, as entry {}", b.kind, b.reference, b.account,
                         a.entry);
    });
  }
}
}  // namespace

Check check_ledger(const Estate& estate, sqlite::Database& store, const Books& books,
                   const Options& options) {
  Checking check("I-MONEY.ledger", "every entry balances, and none was ever changed", "0 wrong", options);
  const std::span<const Posting> all(books.postings);
  std::int64_t last_id = 0;
  Instant last_at{};
  std::int64_t turnover = 0;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    for (; end < all.size() && all[end].entry == all[begin].entry; ++end)
      turnover += std::max<std::int64_t>(all[end].amount_fen, 0);
    const auto& entry = all[begin];
    check.looked();
    const auto name = fmt::format("entry {}", entry.entry);
    const auto wrong = fault_of(estate, all.subspan(begin, end - begin));
    if (!wrong.empty())
      check.violation(name, entry.at, [&] { return fmt::format("{}: {}", entry.kind, wrong); });
    if (entry.entry != last_id + 1)
      check.violation(name, entry.at,
                      [&] { return fmt::format("the entry before it has number {}", last_id); });
    if (entry.at < last_at)
      check.violation(name, entry.at, [&] { return "it is older than the entry before it"; });
    last_id = entry.entry;
    last_at = entry.at;
    begin = end;
  }
  check_unique(books, check);
  check_append_only(store, check);
  return check.finish(fmt::format("{} of {} entries wrong, {} moved", check.violations(), check.samples(),
                                  CNY_text(turnover)));
}
}  // namespace audit
