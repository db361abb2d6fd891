/// The finished stress run for people and machines: a page, a JSON file, JUnit, a table on the terminal.
///
/// `stress.html` is one file that opens anywhere: nothing is fetched. The verdict comes first with its reason
/// and the command that runs it again, then checks, charts over time with the stages as bands, latency by
/// stage, errors, the knee beside its calibrations, and where it all comes from. Pure functions of the record
/// and its checks.
#pragma once
#include <string>
#include <vector>

#include "reports/run_record.hpp"
#include "stress/record.hpp"
#include "stress/verdict/compare.hpp"

namespace stress {
/// For `report::verdict_table` and `report::junit`: the checks, verdict and provenance of the run. It has no
/// run digest (wall-clock runs do not repeat to the bit): the digest there is of the options and the seed.
report::RunRecord as_run_record(const StressRecord& record, const std::vector<report::Check>& checks);

std::string stress_html(const StressRecord& record, const std::vector<report::Check>& checks,
                        const std::vector<Comparison>& against_earlier = {});
std::string stress_junit(const StressRecord& record, const std::vector<report::Check>& checks);
/// The table for the terminal, the verdict last.
std::string stress_table(const StressRecord& record, const std::vector<report::Check>& checks,
                         bool is_colourful);
}  // namespace stress
