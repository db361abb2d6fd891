/// Once a second, everything about one process in one row: the operating system's figures and its own
/// metrics.
///
/// The driver's hook calls `take` with the instant of its clock and the text of /metrics (or nothing, if the
/// head-end did not answer: those columns become NaN). Costs less than 2 ms a row; must not wait.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stress/measure/process_sampler.hpp"
#include "stress/record.hpp"

namespace stress {
class Sampler {
 public:
  /// `process` names the table: "head-end" or "generator". pid 0: no such process (all NaN).
  Sampler(std::string process, pid_t pid);

  /// A row for the head-end: /proc and its metrics text ("" if there was none in time).
  void take(Instant at, std::string_view metrics_text);
  /// A row for the calling process itself: /proc and its own heap.
  void take_own(Instant at);
  /// The process was started again under another id: counters go on from zero, as the truth is.
  void follow(pid_t pid);

  const SampleTable& table() const { return table_; }

 private:
  void add_row(Instant at, std::vector<double> of_metrics);

  ProcessSampler process_;
  SampleTable table_;
  std::vector<std::pair<double, double>> last_commit_buckets_;
};
}  // namespace stress
