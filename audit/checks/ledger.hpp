/// I-MONEY.ledger: the algebra of double entry, on every entry there is.
///
/// Each entry has two postings, a debit and a credit of one amount above zero; the two ledgers are those that
/// its kind and the customer's way of paying allow (head-end/store/schema.md); entries are numbered without
/// holes in the order of their instants; no (kind, account, reference) comes twice; and the store refuses to
/// change or delete what is posted.
#pragma once
#include <vector>

#include "audit/checks/checking.hpp"
#include "audit/evidence/books.hpp"

namespace audit {
Check check_ledger(const Estate& estate, sqlite::Database& store, const Books& books, const Options& options);
}  // namespace audit
