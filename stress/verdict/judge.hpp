/// The verdict on a stress run: from what was measured to pass, fail, unknown, one check a promise.
///
/// S-LOSS      nothing acknowledged is lost, doubled or changed
/// S-DURABLE   "acknowledged" meant that it survives power loss
/// S-ERROR     error budget of well-formed traffic
/// S-ABNORMAL  nothing abnormal was confirmed
/// S-LATENCY   intended time to durable confirmation, p99 of each stage
/// S-CONTROL   switch commands keep their deadline under flood
/// S-API       queries, sales and balances are answered, in time
/// S-RESOURCE  memory and processor time per reading stay within 15 % of the stage's baseline
/// S-SMOOTH    no jumps in memory and latency
/// S-LEAK      the heap does not climb
/// S-KNEE      the highest rate held
/// S-OVERLOAD  beyond it: no crash, bounded memory, every frame answered
/// S-RECOVERY  and back to normal in time
/// S-GENERATOR the load generator kept its own plan; where it did not, no stage passes
///
/// A check whose stages were not part of the run is left out (no over-capacity stage, no S-OVERLOAD); one
/// that was asked for and has too little to look at is unknown. Pure function of the record: the same record,
/// the same checks.
#pragma once
#include <vector>

#include "reports/run_record.hpp"
#include "stress/record.hpp"
#include "stress/verdict/limits.hpp"

namespace stress {
/// Range: any record, also an empty one (then everything that was promised is unknown). Explanations are one
/// line a stage, worst first.
std::vector<report::Check> judge(const StressRecord& record, const Limits& limits = {});
/// The worst of all; unknown if there are none.
report::Verdict overall(const std::vector<report::Check>& checks);
}  // namespace stress
