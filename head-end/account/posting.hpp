/// What each business event does to the ledgers: double entry, debit positive, credit negative, every entry
/// in balance.
///
/// Pure: events in, postings out; `ledger.hpp` writes them. Unit: fen. Range: amounts > 0. Errors,
/// randomness, time: none.
#pragma once
#include <array>

#include "head-end/configuration.hpp"

namespace headend {
enum class LedgerKind : std::uint8_t { cash, customer, in_transit, meter_credit, receivable, revenue };
enum class EntryKind : std::uint8_t { sale, credit, charge, consumption, bill };

struct Posting {
  LedgerKind ledger = LedgerKind::cash;
  AccountId account = 0;  ///< 0 for cash and revenue
  Fen amount{0};          ///< debit positive
};
/// Debit and credit of one entry.
using Postings = std::array<Posting, 2>;

/// A payment: cash in; what the customer gets for it depends on who keeps his money.
Postings postings_of_sale(PaymentMode payment, AccountId account, Fen amount);
/// A recharge has reached the meter.
Postings postings_of_credit(AccountId account, Fen amount);
/// prepaid_head_end: a day's charge.
Postings postings_of_charge(AccountId account, Fen amount);
/// prepaid_meter: the meter holds less than we knew.
Postings postings_of_consumption(AccountId account, Fen amount);
/// postpaid: a month's bill.
Postings postings_of_bill(AccountId account, Fen amount);

const char* name_of(LedgerKind ledger);
const char* name_of(EntryKind entry);
}  // namespace headend
