#include "sim/kernel/fork_runner.hpp"

#include <poll.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <system_error>

#include "core/check.hpp"

namespace sim {
namespace {
constexpr int exit_internal_error = 70;
constexpr int exit_deadline = 124;

struct Child {
  std::size_t job = 0;
  pid_t process = -1;
  int pipe = -1;
};

void write_all(int descriptor, const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::write(descriptor, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // the parent has gone: nobody to report to
    done += static_cast<std::size_t>(count);
  }
}

[[noreturn]] void run_in_child(const Job& job, int pipe, std::chrono::seconds deadline) {
  if (deadline.count() > 0) {
    // The kernel ends an overrunning child by SIGALRM: no clock is asked here.
    std::signal(SIGALRM, SIG_DFL);
    const itimerval limit{{0, 0}, {deadline.count(), 0}};
    setitimer(ITIMER_REAL, &limit, nullptr);
  }
  std::string result;
  int exit_code = exit_internal_error;
  try {
    exit_code = job.work(result);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "metertwin: %s: internal error: %s\n", job.name.c_str(), failure.what());
  } catch (...) {
    std::fprintf(stderr, "metertwin: %s: internal error of unknown type\n", job.name.c_str());
  }
  write_all(pipe, result);
  ::close(pipe);
  std::exit(exit_code);  // not _exit: coverage and leak reports are written at exit
}

Child start(std::size_t index, const Job& job, const std::vector<Child>& siblings,
            std::chrono::seconds deadline) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  std::fflush(nullptr);  // or the child would print the parent's buffered text again
  const pid_t process = ::fork();
  if (process < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (process == 0) {
    ::close(ends[0]);
    for (const Child& sibling : siblings) ::close(sibling.pipe);
    run_in_child(job, ends[1], deadline);
  }
  ::close(ends[1]);
  return {index, process, ends[0]};
}

std::int64_t milliseconds(const timeval& time) {
  return std::int64_t{time.tv_sec} * 1000 + time.tv_usec / 1000;
}

void reap(const Child& child, JobOutcome& outcome) {
  ::close(child.pipe);
  int status = 0;
  rusage usage{};
  while (::wait4(child.process, &status, 0, &usage) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "wait4");
  }
  outcome.cpu_ms = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
  outcome.memory_kB_max = usage.ru_maxrss;
  if (WIFEXITED(status)) {
    outcome.exit_code = WEXITSTATUS(status);
    return;
  }
  outcome.signal = WTERMSIG(status);
  if (outcome.signal == SIGALRM) {
    outcome.exit_code = exit_deadline;
    outcome.trouble = outcome.name + ": stopped at its deadline";
  } else {
    outcome.exit_code = exit_internal_error;
    outcome.trouble = outcome.name + ": died by signal " + std::to_string(outcome.signal) + " (" +
                      ::strsignal(outcome.signal) + ")";
  }
}

/// Takes what the child says; true when it has closed its pipe.
bool read_some(const Child& child, std::string& result) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(child.pipe, buffer.data(), buffer.size());
  if (count > 0) result.append(buffer.data(), static_cast<std::size_t>(count));
  return count == 0 || (count < 0 && errno != EINTR);
}
}  // namespace

std::vector<JobOutcome> run_forked(const std::vector<Job>& jobs, const ForkOptions& options) {
  METERTWIN_CHECK(options.at_once >= 1, options.at_once);
  std::vector<JobOutcome> outcomes(jobs.size());
  std::vector<bool> is_finished(jobs.size(), false);
  std::vector<Child> running;
  std::size_t started = 0;
  std::size_t told = 0;
  while (told < jobs.size()) {
    while (started < jobs.size() && running.size() < static_cast<std::size_t>(options.at_once)) {
      outcomes[started].name = jobs[started].name;
      running.push_back(start(started, jobs[started], running, options.deadline));
      ++started;
    }
    std::vector<pollfd> waits;
    for (const Child& child : running) waits.push_back({child.pipe, POLLIN, 0});
    if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "poll");
    for (std::size_t i = running.size(); i-- > 0;) {
      if (waits[i].revents == 0 || !read_some(running[i], outcomes[running[i].job].result)) continue;
      reap(running[i], outcomes[running[i].job]);
      is_finished[running[i].job] = true;
      running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (; told < jobs.size() && is_finished[told]; ++told)
      if (options.on_outcome) options.on_outcome(outcomes[told]);
  }
  return outcomes;
}
}  // namespace sim
