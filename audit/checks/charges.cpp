#include "audit/checks/charges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace audit {
namespace {
struct Charge {
  std::size_t position = 0;
  bool is_bill = false;
  std::int64_t reference = 0;  ///< local day or month
  std::int64_t amount_fen = 0;
  Instant at;  ///< expected: from when it is due; posted: when it was
  std::int64_t entry = 0;
  auto key() const { return std::tie(position, is_bill, reference); }
};

bool by_key(const Charge& a, const Charge& b) { return a.key() < b.key(); }

std::vector<Charge> expected_charges(const Estate& estate, const Rater& rater) {
  std::vector<Charge> charges;
  for (const auto& mark : rater.day_marks())
    if (mark.charge_fen != 0)
      charges.push_back({mark.position, false, mark.day, mark.charge_fen,
                         estate.scenario.zone_rules.start_of_day(mark.day + 1), 0});
  for (const auto& bill : rater.bills()) {
    if (estate.payment(bill.position) != scenario::PaymentMode::postpaid) continue;
    const auto amount = rater.oracle_of(bill.position).amount_fen(bill.energies);
    if (amount != 0)
      charges.push_back({bill.position, true, bill.month, amount, instant_of_slot(bill.till_slot), 0});
  }
  std::sort(charges.begin(), charges.end(), by_key);
  return charges;
}

std::vector<Charge> posted_charges(const Estate& estate, const Books& books) {
  std::vector<Charge> charges;
  for (const auto& posting : books.postings) {
    const bool is_bill = posting.kind == "bill";
    if (posting.amount_fen <= 0 || !estate.knows(posting.account) || (!is_bill && posting.kind != "charge"))
      continue;
    charges.push_back({static_cast<std::size_t>(posting.account - 1), is_bill, posting.reference,
                       posting.amount_fen, posting.at, posting.entry});
  }
  std::sort(charges.begin(), charges.end(), by_key);
  return charges;
}

std::string name_of(const Charge& charge) {
  if (charge.is_bill)
    return fmt::format("the bill of {}-{:02}", charge.reference / 100, charge.reference % 100);
  const auto date = core::civil_from_days(charge.reference);
  return fmt::format("the charge of {}-{:02}-{:02}", date.year, date.month, date.day);
}

/// Payments less charges, as the ledger has it and as it should be.
void check_balances(const Estate& estate, const Books& books, const std::vector<Charge>& charged,
                    Checking& check) {
  std::vector<std::int64_t> right(estate.size()), held(estate.size());
  const auto is_counted = [&](std::int64_t account) {
    return estate.knows(account) &&
           estate.payment(static_cast<std::size_t>(account - 1)) != scenario::PaymentMode::prepaid_meter;
  };
  for (const auto& sale : books.sales)
    if (is_counted(sale.account)) right[static_cast<std::size_t>(sale.account - 1)] += sale.amount_fen;
  for (const auto& charge : charged) right[charge.position] -= charge.amount_fen;
  for (const auto& posting : books.postings)
    if (is_counted(posting.ledger_account) &&
        (posting.ledger == Ledger::customer || posting.ledger == Ledger::receivable))
      held[static_cast<std::size_t>(posting.ledger_account - 1)] -= posting.amount_fen;
  for (std::size_t position = 0; position < right.size(); ++position) {
    if (right[position] == held[position]) continue;
    check.violation(estate.customers[position].account, estate.closes(), [&] {
      return fmt::format("the ledger holds {}, payments less charges are {}", CNY_text(held[position]),
                         CNY_text(right[position]));
    });
  }
}
}  // namespace

std::vector<Check> check_charges(const Estate& estate, const Books& books, const Rater& rater,
                                 const Options& options) {
  Checking check("I-MONEY.charges", "the ledger charges what the tariff says was used", "0 wrong", options);
  const auto expected = expected_charges(estate, rater);
  const auto posted = posted_charges(estate, books);
  std::vector<Charge> charged;  // what rightly stands in the ledger by now
  std::int64_t total_fen = 0;
  auto right = expected.begin();
  const auto missing = [&](const Charge& charge) {
    if (charge.at > estate.scenario.ends()) return;  // it may still come
    check.looked();
    charged.push_back(charge);
    check.violation(estate.customers[charge.position].account, charge.at, [&] {
      return fmt::format("{} of {} was never posted", name_of(charge), CNY_text(charge.amount_fen));
    });
  };
  for (const auto& charge : posted) {
    for (; right != expected.end() && right->key() < charge.key(); ++right) missing(*right);
    check.looked();
    total_fen += charge.amount_fen;
    const auto& name = estate.customers[charge.position].account;
    if (right == expected.end() || right->key() != charge.key()) {
      check.violation(name, charge.at, [&] {
        return fmt::format("entry {}: {} of {} has no ground", charge.entry, name_of(charge),
                           CNY_text(charge.amount_fen));
      });
      continue;
    }
    charged.push_back(*right);
    if (charge.amount_fen != right->amount_fen)
      check.violation(name, charge.at, [&] {
        return fmt::format("entry {}: {} is {}, the tariff says {}", charge.entry, name_of(charge),
                           CNY_text(charge.amount_fen), CNY_text(right->amount_fen));
      });
    ++right;
  }
  for (; right != expected.end(); ++right) missing(*right);
  check_balances(estate, books, charged, check);
  if (check.samples() == 0 && check.violations() == 0) return {};
  std::vector<Check> checks;
  checks.push_back(check.finish(
      fmt::format("{} of {} wrong, {} charged", check.violations(), check.samples(), CNY_text(total_fen))));
  return checks;
}
}  // namespace audit
