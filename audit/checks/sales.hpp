/// I-MONEY.sales: what customers handed over is what was sold: every payment once, with its key, account and
/// amount.
///
/// Truth's "paid" events (one per idempotency key, however often the slip is handed in) against `sale` and
/// its ledger entry. A payment without a sale was lost, unless the head-end refused it (the cash goes back)
/// or there was no time left.
#pragma once
#include "audit/blame/blame.hpp"
#include "audit/checks/checking.hpp"
#include "audit/evidence/books.hpp"
#include "audit/evidence/truth.hpp"

namespace audit {
/// Left out when nobody paid and nothing was sold in an estate without prepayment.
std::vector<Check> check_sales(const Estate& estate, const Truth& truth, const Books& books,
                               const Blame& blame, const Options& options, Summary& summary);
/// The idempotency key in the text of a "paid" or "money-returned" event: up to the first colon or blank.
std::string_view key_of(const Happening& happening);
}  // namespace audit
