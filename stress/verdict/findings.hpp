/// How a check of many stages comes to one verdict, and what all checks ask of a stage.
///
/// Private to the verdict. A finding is one stage's answer to one promise; the check takes the worst.
#pragma once
#include <string>
#include <vector>

#include "reports/run_record.hpp"
#include "stress/record.hpp"
#include "stress/verdict/limits.hpp"

namespace stress {
using report::Check;
using report::Verdict;

struct Finding {
  Verdict verdict = Verdict::unknown;
  double badness = 0;    ///< orders findings of one verdict, greatest first: e.g. the measured latency
  std::string measured;  ///< "p99 12.3 ms in ladder 3/10: 30,000/s"
  std::string reason;    ///< one sentence; empty for a plain pass
};

struct Promise {
  std::string id, title, limit;
};

/// Its check before anything is known: unknown.
Check open_check(const Promise& promise);
/// The worst finding's words become the check's; every finding that did not pass is a line of its
/// explanation, and so are those that passed if `tells_all`. No findings: unknown, "nothing to look at".
Check check_of(const Promise& promise, std::vector<Finding> findings, bool tells_all = false);

/// Stages whose well-formed traffic has to keep its objectives.
bool has_objectives(const StageRecord& stage);  // ladder, step, soak
std::vector<const StageRecord*> stages_of(const StressRecord& record, StageKind kind);
std::vector<const StageRecord*> stages_with_objectives(const StressRecord& record);

/// Why a stage's figures may be the generator's own: it sent late, or had no processor left. Empty: it kept
/// its plan.
std::string generator_trouble(const StressRecord& record, const StageRecord& stage, const Limits& limits);
/// A pass or fail becomes unknown where the generator did not keep its plan.
Finding doubted(Finding finding, const StressRecord& record, const StageRecord& stage, const Limits& limits);

/// Quantile of the waiting times of `wanted` things of which only those in `times_ns` came to an end: the
/// others waited for ever. In ms; infinite when too many never ended.
double quantile_ms_of_all(const core::Histogram& times_ns, std::uint64_t wanted, double share);

// The checks, by theme.
Check check_loss(const StressRecord& record);
Check check_durable(const StressRecord& record);
Check check_errors(const StressRecord& record, const Limits& limits);
Check check_abnormal(const StressRecord& record);
Check check_latency(const StressRecord& record, const Limits& limits);
Check check_control(const StressRecord& record, const Limits& limits);
Check check_api(const StressRecord& record, const Limits& limits);
Check check_generator(const StressRecord& record, const Limits& limits);
Check check_resources(const StressRecord& record, const Limits& limits);
Check check_smoothness(const StressRecord& record, const Limits& limits);
Check check_leak(const StressRecord& record, const Limits& limits);
Check check_knee(const StressRecord& record, const Limits& limits);
Check check_overload(const StressRecord& record, const Limits& limits);
Check check_recovery(const StressRecord& record, const Limits& limits);
}  // namespace stress
