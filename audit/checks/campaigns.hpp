/// Demand-side campaigns: was the right one limited, was nobody hurt who must not be, was everybody set free,
/// and is the reduction that the head-end claims the true one?
///
/// I-CAMP.chosen: the books have chosen whom the scenario's words choose, and no meter was limited, called or
/// turned off that was not chosen. I-CAMP.protected: no campaign touched a protected customer. I-CAMP.told:
/// what the books say about a customer is what happened at his meter. I-CAMP.released: every limit ended and
/// every relay that a campaign opened closed again, in time. I-CAMP.turns: of a rotation, nobody off twice
/// before everybody was off once, nobody off for longer than a turn. I-CAMP.reduction: the claim and the
/// truth (what customers gave up, `load-shed`, and were denied, `load-withheld`) differ by no more than three
/// times the claim's own uncertainty: a right head-end goes beyond it once (95 %) in twenty claims, beyond
/// three times as much once in ten thousand (Student's t, ten like days). I-CAMP.rating: transformers stayed
/// within their rating, where it was asked for.
#pragma once
#include "audit/blame/blame.hpp"
#include "audit/checks/checking.hpp"
#include "audit/evidence/books.hpp"
#include "audit/evidence/truth.hpp"

namespace audit {
/// Nothing for a run without campaigns.
std::vector<Check> check_campaigns(const Estate& estate, const Truth& truth, const Books& books,
                                   sqlite::Database& store, const Blame& blame, const Options& options);
}  // namespace audit
