/// I-MONEY.bills: every bill is what the tariff's text says of the readings in the books, to the fen and line
/// by line.
///
/// The oracle's bill (`oracle/rater.hpp`) against `bill` and `bill_line`: registers at both ends, energy,
/// each line's tier, period, energy, price and amount, the one rounding, and whether it says that it rests on
/// estimates. A month that is over and rated has a bill; nobody has two; none is for a month that is not
/// over.
#pragma once
#include <vector>

#include "audit/checks/checking.hpp"
#include "audit/oracle/rater.hpp"
#include "core/sqlite/database.hpp"

namespace audit {
/// Also counts bills into the summary. Left out when no month ended and the scenario wants no bill.
std::vector<Check> check_bills(const Estate& estate, sqlite::Database& books, const Rater& rater,
                               const Options& options, Summary& summary);
}  // namespace audit
