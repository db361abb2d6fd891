/// Did every injected fault bite? One that nobody felt proves nothing about surviving it: unknown.
///
/// A fault has fired when truth says that it struck, for its meter or area, before or when it ends; of
/// crashes of the head-end, that it crashed when it should (docs/truth-events.md). Windows of one name and
/// kind (those of a schedule or a storm) are one question: was any of them felt? Findings are named "fault
/// N", N the position in the scenario, from 0.
#pragma once
#include "audit/blame/blame.hpp"
#include "audit/checks/checking.hpp"
#include "audit/evidence/truth.hpp"

namespace audit {
/// FAULTS.fired. Left out when the scenario injects none.
std::vector<Check> check_faults_fired(const Estate& estate, const Truth& truth, const Blame& blame,
                                      const Options& options);
}  // namespace audit
