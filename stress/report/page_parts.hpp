/// The parts of the stress page, each a piece of HTML from a piece of the record; "" when there is nothing to
/// show.
#pragma once
#include <string>
#include <vector>

#include "reports/run_record.hpp"
#include "stress/record.hpp"
#include "stress/report/seconds_chart.hpp"
#include "stress/verdict/compare.hpp"

namespace stress {
std::string headline_section(const StressRecord& record, const report::RunRecord& run);
std::string latency_section(const StressRecord& record);
std::string errors_section(const StressRecord& record);
std::string knee_section(const StressRecord& record);
std::string comparison_section(const std::vector<Comparison>& rows);
std::string origin_section(const StressRecord& record);
/// Everything worth drawing over time, of what was sampled.
std::vector<Chart> charts_of(const StressRecord& record);
const char* extra_style();
const char* cursor_script();
}  // namespace stress
