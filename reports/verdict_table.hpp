/// What a run leaves on a terminal: a short table of its checks, and the verdict last, where the eye rests.
#pragma once
#include <string>
#include <string_view>

#include "reports/run_record.hpp"

namespace report {
/// At most 110 columns. `is_colourful` when it goes to a terminal. Checks that did not pass show up to three
/// of their violations; a run that did not pass ends in the command that runs it again.
std::string verdict_table(const RunRecord& record, bool is_colourful);

/// One line that is written over itself: "\r" in front, no newline. `done` of `total` in any unit; total > 0.
std::string progress_line(std::string_view name, std::int64_t done, std::int64_t total,
                          std::string_view detail);
/// Wipes it away.
std::string progress_end();
}  // namespace report
