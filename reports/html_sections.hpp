/// The parts of the page, each a piece of HTML from a piece of the record; "" when there is nothing to show.
#pragma once
#include <string>

#include "reports/chart.hpp"
#include "reports/run_record.hpp"

namespace report {
std::string verdict_section(const RunRecord& record);
std::string checks_section(const RunRecord& record);
std::string timeline_section(const RunRecord& record, const TimeAxis& axis);
std::string topology_section(const RunRecord& record);
std::string bills_section(const RunRecord& record);
std::string loss_section(const RunRecord& record);
std::string meters_section(const RunRecord& record);
std::string figures_section(const RunRecord& record);
std::string events_section(const RunRecord& record);
std::string provenance_section(const RunRecord& record);

/// What the script reads: series as whole seconds since the start and values.
std::string page_data(const RunRecord& record, const TimeAxis& axis);
const char* page_style();
const char* page_script();

/// "1234.56 CNY", with a true minus sign.
std::string yuan(Fen amount);
/// "unknown" in its colours.
std::string verdict_chip(Verdict verdict);
/// A name for an anchor: letters, digits, '-' and '.'; everything else becomes '-'.
std::string anchor(const std::string& text);
}  // namespace report
