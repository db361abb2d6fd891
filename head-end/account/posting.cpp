#include "head-end/account/posting.hpp"

namespace headend {
namespace {
/// `amount` moves: debited to one ledger, credited to the other.
Postings move(Posting debit, Posting credit, Fen amount) {
  debit.amount = amount;
  credit.amount = -amount;
  return {debit, credit};
}

LedgerKind payment_ledger(PaymentMode payment) {
  switch (payment) {
    case PaymentMode::postpaid:
      return LedgerKind::receivable;
    case PaymentMode::prepaid_head_end:
      return LedgerKind::customer;
    case PaymentMode::prepaid_meter:
      return LedgerKind::in_transit;
  }
  return LedgerKind::customer;
}
}  // namespace

Postings postings_of_sale(PaymentMode payment, AccountId account, Fen amount) {
  return move({.ledger = LedgerKind::cash}, {.ledger = payment_ledger(payment), .account = account}, amount);
}

Postings postings_of_credit(AccountId account, Fen amount) {
  return move({.ledger = LedgerKind::in_transit, .account = account},
              {.ledger = LedgerKind::meter_credit, .account = account}, amount);
}

Postings postings_of_charge(AccountId account, Fen amount) {
  return move({.ledger = LedgerKind::customer, .account = account}, {.ledger = LedgerKind::revenue}, amount);
}

Postings postings_of_consumption(AccountId account, Fen amount) {
  return move({.ledger = LedgerKind::meter_credit, .account = account}, {.ledger = LedgerKind::revenue},
              amount);
}

Postings postings_of_bill(AccountId account, Fen amount) {
  return move({.ledger = LedgerKind::receivable, .account = account}, {.ledger = LedgerKind::revenue},
              amount);
}

const char* name_of(LedgerKind ledger) {
  switch (ledger) {
    case LedgerKind::cash:
      return "cash";
    case LedgerKind::customer:
      return "customer";
    case LedgerKind::in_transit:
      return "in_transit";
    case LedgerKind::meter_credit:
      return "meter_credit";
    case LedgerKind::receivable:
      return "receivable";
    case LedgerKind::revenue:
      return "revenue";
  }
  return "";
}

const char* name_of(EntryKind entry) {
  switch (entry) {
    case EntryKind::sale:
      return "sale";
    case EntryKind::credit:
      return "credit";
    case EntryKind::charge:
      return "charge";
    case EntryKind::consumption:
      return "consumption";
    case EntryKind::bill:
      return "bill";
  }
  return "";
}
}  // namespace headend
