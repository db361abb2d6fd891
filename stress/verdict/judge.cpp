#include "stress/verdict/judge.hpp"

#include <algorithm>

#include "stress/verdict/findings.hpp"

namespace stress {
std::vector<report::Check> judge(const StressRecord& record, const Limits& limits) {
  const auto has_stage = [&](auto is_it) {
    return std::any_of(record.stages.begin(), record.stages.end(), is_it);
  };
  const auto has_kind = [&](StageKind kind) {
    return has_stage([&](const StageRecord& stage) { return stage.kind == kind; });
  };
  std::vector<Check> checks{check_loss(record), check_durable(record)};
  if (has_stage([](const StageRecord& stage) {
        return has_objectives(stage) || stage.kind == StageKind::warm_up || stage.head_end_deaths > 0;
      }))
    checks.push_back(check_errors(record, limits));
  if (has_stage([](const StageRecord& stage) {
        return !stage.abnormal_sent.empty() || stage.abnormal_accepted > 0;
      }))
    checks.push_back(check_abnormal(record));
  if (has_stage(has_objectives)) {
    checks.push_back(check_latency(record, limits));
    if (has_stage(
            [](const StageRecord& s) { return s.api_requests.contains("switch") || !s.control_ns.empty(); }))
      checks.push_back(check_control(record, limits));
    if (has_stage([](const StageRecord& s) { return !s.api_requests.empty() || !s.api_ns.empty(); }))
      checks.push_back(check_api(record, limits));
    checks.push_back(check_resources(record, limits));
    checks.push_back(check_smoothness(record, limits));
    checks.push_back(check_leak(record, limits));
  }
  if (record.knee.was_searched || has_kind(StageKind::knee_search))
    checks.push_back(check_knee(record, limits));
  if (has_kind(StageKind::over_capacity)) checks.push_back(check_overload(record, limits));
  if (has_kind(StageKind::recovery)) checks.push_back(check_recovery(record, limits));
  if (has_stage(has_objectives)) checks.push_back(check_generator(record, limits));
  return checks;
}

report::Verdict overall(const std::vector<report::Check>& checks) {
  if (checks.empty()) return Verdict::unknown;
  auto verdict = Verdict::pass;
  for (const auto& check : checks) verdict = report::worst(verdict, check.verdict);
  return verdict;
}
}  // namespace stress
