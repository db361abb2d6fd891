/// One process per run: SystemC elaborates once per process, and a crash in one run must not take the others
/// with it.
///
/// Fork before any thread, reactor or database is opened. A job's result is a byte string of its own making
/// plus an exit code in the meaning of this product (0 pass, 1 failed, 2 unknown, 3 not reproducible, 64, 70,
/// 124). Outcomes come in the order of the jobs, whatever order they end in. Time: the deadline is of the
/// wall.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sim {
struct Job {
  std::string name;  ///< the scenario, for messages
  /// Runs in the child; fills `result`; returns the exit code. An exception is reported on stderr and is exit
  /// code 70.
  std::function<int(std::string& result)> work;
};

struct JobOutcome {
  std::string name;
  int exit_code = 0;    ///< 70 also for a child that died by a signal, 124 for one that overran its deadline
  int signal = 0;       ///< what it died by, 0 if it ended by itself
  std::string result;   ///< as far as it came
  std::string trouble;  ///< one line for people; empty unless the child died or was stopped
  std::int64_t cpu_ms = 0;         ///< user and system time of the child
  std::int64_t memory_kB_max = 0;  ///< its peak resident memory
};

struct ForkOptions {
  int at_once = 1;                   ///< range: >= 1
  std::chrono::seconds deadline{0};  ///< per job; zero = none
  /// Called in the order of the jobs, each as soon as it and all before it are finished.
  std::function<void(const JobOutcome&)> on_outcome;
};

std::vector<JobOutcome> run_forked(const std::vector<Job>& jobs, const ForkOptions& options);
}  // namespace sim
