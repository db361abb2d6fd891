#include "audit/checks/sales.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace audit {
namespace {
/// A cashier waits 30 s for the answer and tries again; a line that broke is up within a minute.
constexpr Duration booking_allowance = std::chrono::minutes(5);

/// Each sale has one ledger entry of its amount, and each entry of a sale its sale.
void check_entries(const Estate& estate, const Books& books, Checking& check) {
  std::map<std::int64_t, const Posting*> cash;  // by entry
  std::map<std::int64_t, int> entries_of_sale;
  for (const auto& posting : books.postings)
    if (posting.kind == "sale" && posting.amount_fen > 0) {
      cash.emplace(posting.entry, &posting);
      ++entries_of_sale[posting.reference];
    }
  for (const auto& sale : books.sales) {
    const auto name = estate.knows(sale.account)
                          ? estate.customers[static_cast<std::size_t>(sale.account) - 1].account
                          : fmt::format("account {}", sale.account);
    const auto entry = cash.find(sale.entry);
    if (entry == cash.end() || entry->second->reference != sale.id ||
        entry->second->account != sale.account || entry->second->amount_fen != sale.amount_fen) {
      check.violation(name, sale.at, [&] {
        return fmt::format("sale {} of {} is not in the ledger", sale.id, CNY_text(sale.amount_fen));
      });
    } else if (entries_of_sale[sale.id] != 1) {
      check.violation(name, sale.at, [&] {
        return fmt::format("sale {} of {} was posted {} times", sale.id, CNY_text(sale.amount_fen),
                           entries_of_sale[sale.id]);
      });
    }
    entries_of_sale.erase(sale.id);
  }
  for (const auto& [sale, count] : entries_of_sale)
    check.violation(fmt::format("sale {}", sale), Instant{},
                    [] { return "the ledger has an entry of it, but it was never sold"; });
}

class Payments {
 public:
  Payments(const Estate& estate, const Books& books, const Blame& blame, Checking& check)
      : estate_(estate), blame_(blame), check_(check) {
    for (const auto& sale : books.sales)
      if (!by_key_.emplace(sale.key, &sale).second)
        check.violation(fmt::format("sale {}", sale.id), sale.at,
                        [&] { return "a second sale with the key " + sale.key; });
  }

  void judge(const Happening& paid, bool is_returned) {
    const auto key = key_of(paid);
    const auto& name = estate_.customers[paid.position].account;
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return judge_unsold(paid, is_returned, name);
    const auto& sale = *found->second;
    if (is_returned)
      check_.violation(name, paid.at, [&] {
        return fmt::format("the payment {} was given back and sold all the same", key);
      });
    if (sale.account != static_cast<std::int64_t>(paid.position) + 1)
      check_.violation(name, paid.at,
                       [&] { return fmt::format("the payment {} went to account {}", key, sale.account); });
    if (sale.amount_fen != paid.value)
      check_.violation(name, paid.at, [&] {
        return fmt::format("paid {} with {}, sold {}", CNY_text(paid.value), key, CNY_text(sale.amount_fen));
      });
    if (sale.at < paid.at)
      check_.violation(name, sale.at, [&] { return fmt::format("sold before it was paid ({})", key); });
    by_key_.erase(found);
  }

  void judge_rest() {
    for (const auto& [key, sale] : by_key_)
      check_.violation(fmt::format("sale {}", sale->id), sale->at, [&, k = key, s = sale] {
        return fmt::format("{} sold with the key {}, but nobody paid", CNY_text(s->amount_fen), k);
      });
  }

 private:
  void judge_unsold(const Happening& paid, bool is_returned, const std::string& name) {
    const auto sentence = [&] {
      return fmt::format("paid {} with {}, never sold", CNY_text(paid.value), key_of(paid));
    };
    if (is_returned)
      return check_.explained(name, paid.at, "the head-end refused it, the cash went back", sentence);
    if (blame_.deadline(paid.position, paid.at, booking_allowance) >= estate_.closes()) {
      auto cause = blame_.fault_between(paid.position, paid.at, estate_.closes());
      return check_.explained(name, paid.at, cause.empty() ? "the run ended first" : cause, sentence);
    }
    check_.violation(name, paid.at, sentence);
  }

  const Estate& estate_;
  const Blame& blame_;
  Checking& check_;
  std::map<std::string_view, const Sale*> by_key_;
};
}  // namespace

std::string_view key_of(const Happening& happening) {
  return std::string_view(happening.text).substr(0, happening.text.find_first_of(": "));
}

std::vector<Check> check_sales(const Estate& estate, const Truth& truth, const Books& books,
                               const Blame& blame, const Options& options, Summary& summary) {
  Checking check("I-MONEY.sales", "every payment is booked once, and nothing else is", "0 wrong", options);
  std::set<std::string_view> returned;
  for (const auto& happening : truth.happenings)
    if (happening.kind == Happening::Kind::money_returned) returned.insert(key_of(happening));
  Payments payments(estate, books, blame, check);
  for (const auto& happening : truth.happenings) {
    if (happening.kind != Happening::Kind::paid) continue;
    check.looked();
    ++summary.payments;
    summary.paid_fen += happening.value;
    payments.judge(happening, returned.contains(key_of(happening)));
  }
  payments.judge_rest();
  check_entries(estate, books, check);

  const bool has_prepayment = std::any_of(estate.groups.begin(), estate.groups.end(), [](const auto* group) {
    return group->payment != scenario::PaymentMode::postpaid;
  });
  if (check.samples() == 0 && check.violations() == 0 && !has_prepayment) return {};
  std::int64_t sold_fen = 0;
  for (const auto& sale : books.sales) sold_fen += sale.amount_fen;
  std::vector<Check> checks;
  checks.push_back(
      check.finish(fmt::format("{} of {} wrong, {} paid, {} sold", check.violations(), check.samples(),
                               CNY_text(summary.paid_fen), CNY_text(sold_fen))));
  return checks;
}
}  // namespace audit
