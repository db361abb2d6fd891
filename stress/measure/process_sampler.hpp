/// What the operating system knows of one process: processor time, memory, threads and what they waited for.
///
/// Read from /proc/<pid> (proc(5)): `stat`, `statm`, `io`, `fd`, and `schedstat` and `status` of every task;
/// processor time from the process's own clock (clock_getcpuclockid(3)), to the nanosecond and with threads
/// that have ended. A process that is gone, or a file that may not be read, gives NaN, never an error. Time:
/// each call looks once. Costs about 0.1 ms for a few threads and a thousand files.
#pragma once
#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace stress {
class ProcessSampler {
 public:
  explicit ProcessSampler(pid_t pid);
  /// The names of the figures, in the order that `sample()` gives them: see columns.hpp.
  static const std::vector<std::string>& columns();
  /// One figure a column; NaN where it could not be had. Counters of tasks that ended are kept, so they never
  /// run backwards.
  std::vector<double> sample();
  pid_t pid() const { return pid_; }

 private:
  struct TaskCounters {
    double run_queue_wait_s = 0;
    double switches_voluntary = 0, switches_involuntary = 0;
  };
  TaskCounters count_tasks();

  pid_t pid_;
  std::map<pid_t, TaskCounters> living_;  // as last seen
  TaskCounters ended_;                    // what ended tasks had counted when they were last seen
};

/// Bytes that the calling process has taken from its allocator and not given back (mallinfo2(3): small and
/// mapped blocks of all arenas). Walks the arenas: some microseconds; not for the path of a reading.
double own_heap_B();
}  // namespace stress
