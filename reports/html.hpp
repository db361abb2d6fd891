/// `report.html`: the finished run for people, as one file that opens anywhere.
///
/// Nothing is fetched: style, script and pictures are in the page. Everything but the cursor over the charts
/// works with scripts off. The verdict comes first, with its reason and the command that runs it again; then
/// the checks, the one timeline of faults, events, power and money, the topology, bills, and where it all
/// comes from. Texts are escaped.
#pragma once
#include <string>

#include "reports/run_record.hpp"

namespace report {
std::string html(const RunRecord& record);
}  // namespace report
