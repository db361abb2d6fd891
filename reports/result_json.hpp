/// `result.json`: the finished run for machines. Keys are stable; new ones may be added.
#pragma once
#include <string>

#include "reports/run_record.hpp"

namespace report {
/// One JSON object, indented, ending in a newline: verdict, digest, checks (id, verdict, measured, limit
/// ...), provenance. What may differ between two runs of one seed (wall time, machine) is under "machine"
/// only.
std::string result_json(const RunRecord& record);
}  // namespace report
