/// I-ORDER: counters count by one, books grow forwards, and nothing happens that was not commanded, or twice.
///
/// - Purchase counts of a meter, as it applied them and as the books have them done: 1, 2, 3, ..., with the
/// same amounts.
/// - Relays open and close in turn; the n-th opening by remote command has at least n trip commands before
/// it, and so for
///   closing (close or keep-power).
/// - A command is wanted, sent, finished in this order; commands, sales and their entries are numbered as
/// time goes.
/// - A customer who was cut for arrears is closed again only after a sale that came after the cut was wanted.
#pragma once
#include "audit/checks/checking.hpp"
#include "audit/evidence/books.hpp"
#include "audit/evidence/truth.hpp"

namespace audit {
/// I-ORDER.purchases, I-ORDER.commands, I-ORDER.numbers; each left out where it has nothing to look at.
std::vector<Check> check_order(const Estate& estate, const Truth& truth, const Books& books,
                               const Options& options);
}  // namespace audit
