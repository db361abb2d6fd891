/// Is the state of every living meter at its concentrator as young as the scenario expects?
///
/// Truth tells the worst age of each quarter hour and area ("state-age-worst", milliseconds, with the meter's
/// name); meters that are without mains or deaf do not count (docs/truth-events.md).
#pragma once
#include "audit/checks/checking.hpp"
#include "audit/evidence/truth.hpp"

namespace audit {
/// I-READ.fresh. Left out when the scenario does not ask.
std::vector<Check> check_freshness(const Estate& estate, const Truth& truth, const Options& options);
}  // namespace audit
