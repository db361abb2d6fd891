#include "stress/measure/process_sampler.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string_view>

#include "stress/measure/columns.hpp"

namespace stress {
namespace {
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// A small file of /proc in whole; empty if it cannot be read.
std::string contents(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "";
  std::string text;
  std::array<char, 4096> block;
  for (ssize_t got = 0; (got = ::read(file, block.data(), block.size())) > 0;)
    text.append(block.data(), static_cast<std::size_t>(got));
  ::close(file);
  return text;
}

double number_at(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return missing;
  std::uint64_t value = 0;
  const auto result = std::from_chars(text.data() + begin, text.data() + text.size(), value);
  return result.ec == std::errc() ? static_cast<double>(value) : missing;
}

/// The number behind "key:" at the start of a line.
double number_after(std::string_view text, std::string_view key) {
  for (std::size_t at = 0; (at = text.find(key, at)) != std::string_view::npos; at += key.size())
    if ((at == 0 || text[at - 1] == '\n') && text.substr(at + key.size()).starts_with(':'))
      return number_at(text.substr(at + key.size() + 1));
  return missing;
}

/// Field `index` (from 0) of a text separated by blanks.
double field(std::string_view text, int index) {
  for (;; --index) {
    const auto begin = text.find_first_not_of(" \n");
    if (begin == std::string_view::npos) return missing;
    text.remove_prefix(begin);
    if (index == 0) return number_at(text);
    const auto end = text.find_first_of(" \n");
    if (end == std::string_view::npos) return missing;
    text.remove_prefix(end);
  }
}

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

template <class Visit>
bool each_entry(const std::string& path, Visit&& visit) {
  const std::unique_ptr<DIR, DirectoryCloser> directory(::opendir(path.c_str()));
  if (!directory) return false;
  while (const auto* entry = ::readdir(directory.get()))
    if (entry->d_name[0] != '.') visit(entry->d_name);
  return true;
}

double count_open_files(const std::string& process) {
  struct stat status {};
  if (::stat((process + "/fd").c_str(), &status) == 0 &&
      status.st_size > 0)  // the count itself, Linux 6.2 on
    return static_cast<double>(status.st_size);
  double count = 0;
  return each_entry(process + "/fd", [&](const char*) { ++count; }) ? count : missing;
}

double cpu_seconds(pid_t pid) {
  clockid_t clock = 0;
  timespec used{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return missing;
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}
}  // namespace

ProcessSampler::ProcessSampler(pid_t pid) : pid_(pid) {}

const std::vector<std::string>& ProcessSampler::columns() {
  static const std::vector<std::string> names{
      column::cpu_s,        column::cpu_system_s,     column::rss_B,
      column::threads,      column::run_queue_wait_s, column::switches_voluntary,
      column::faults_minor, column::faults_major,     column::switches_involuntary,
      column::disk_read_B,  column::disk_written_B,   column::open_files};
  return names;
}

ProcessSampler::TaskCounters ProcessSampler::count_tasks() {
  std::map<pid_t, TaskCounters> now;
  const auto folder = "/proc/" + std::to_string(pid_) + "/task";
  each_entry(folder, [&](const char* name) {
    const auto task = folder + "/" + name;
    const auto schedule = contents(task + "/schedstat");  // ns on a processor, ns waiting for one, turns
    const auto status = contents(task + "/status");
    if (schedule.empty() || status.empty()) return;  // ended just now
    now[static_cast<pid_t>(std::atoi(name))] = {field(schedule, 1) * 1e-9,
                                                number_after(status, "voluntary_ctxt_switches"),
                                                number_after(status, "nonvoluntary_ctxt_switches")};
  });
  for (const auto& [task, counted] : living_)
    if (!now.contains(task)) {
      ended_.run_queue_wait_s += counted.run_queue_wait_s;
      ended_.switches_voluntary += counted.switches_voluntary;
      ended_.switches_involuntary += counted.switches_involuntary;
    }
  living_ = std::move(now);
  auto sum = ended_;
  for (const auto& [task, counted] : living_) {
    sum.run_queue_wait_s += counted.run_queue_wait_s;
    sum.switches_voluntary += counted.switches_voluntary;
    sum.switches_involuntary += counted.switches_involuntary;
  }
  return sum;
}

std::vector<double> ProcessSampler::sample() {
  const auto process = "/proc/" + std::to_string(pid_);
  // Field 2 of stat is the program's name in brackets and may hold anything, so count from behind it.
  const auto stat = pid_ > 0 ? contents(process + "/stat") : std::string();
  const auto bracket = stat.rfind(')');
  if (bracket == std::string::npos || stat.find(" Z ", bracket) == bracket + 1)
    return std::vector<double>(columns().size(), missing);
  const auto behind = std::string_view(stat).substr(bracket + 1);  // its first is field 3, the state
  const auto io = contents(process + "/io");
  const auto tasks = count_tasks();
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const std::string pages = contents(process + "/statm");
  const auto page_B = static_cast<double>(::sysconf(_SC_PAGESIZE));
  return {cpu_seconds(pid_),
          field(behind, 12) / ticks,
          (field(pages, 1) - field(pages, 2)) * page_B,
          field(behind, 17),
          tasks.run_queue_wait_s,
          tasks.switches_voluntary,
          field(behind, 7),
          field(behind, 9),
          tasks.switches_involuntary,
          number_after(io, "read_bytes"),
          number_after(io, "write_bytes"),
          count_open_files(process)};
}

double own_heap_B() {
  const auto arenas = ::mallinfo2();
  return static_cast<double>(arenas.uordblks + arenas.hblkhd);
}
}  // namespace stress
