/// I-MONEY.charges: what the ledger took from customers is what the oracle says they used, day by day and
/// month by month.
///
/// prepaid-head-end: one `charge` per local day, the difference of the month's rounded running sum (tariff
/// rule 4). postpaid: one `bill` per month, the bill's amount. A posting for anything else is wrong, and so
/// is one that is missing. Then per customer: balance = payments - charges.
#pragma once
#include "audit/checks/checking.hpp"
#include "audit/oracle/rater.hpp"

namespace audit {
/// Left out where nobody's account could have been charged yet.
std::vector<Check> check_charges(const Estate& estate, const Books& books, const Rater& rater,
                                 const Options& options);
}  // namespace audit
