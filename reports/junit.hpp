/// `junit.xml`: the finished run for CI servers.
///
/// Written for what their readers really take (GitLab, Jenkins, dorny/test-reporter,
/// mikepenz/action-junit-report): one flat suite; names that repeat nowhere; the message both as attribute
/// and as text, since each reader keeps only one of them; one system-out a case; the re-run command in the
/// text. Unknown and blocked are errors, never passes.
#pragma once
#include <string>

#include "reports/run_record.hpp"

namespace report {
std::string junit(const RunRecord& record);
}  // namespace report
