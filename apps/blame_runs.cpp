#include "apps/blame_runs.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <sstream>
#include <stdexcept>

#include "apps/simulate.hpp"
#include "sim/kernel/fork_runner.hpp"

namespace app {
namespace {
/// Differences as a text that fits through a pipe: a line each.
std::string written(const audit::Shown& shown) {
  std::string text;
  for (const auto& [key, difference] : shown)
    text += fmt::format("{} {} {} {} {} {} {} {}\n", key.position, key.month, static_cast<int>(key.step),
                        difference.count, difference.energy_uJ, difference.amount_fen,
                        core::unix_nanoseconds(difference.first), core::unix_nanoseconds(difference.last));
  return text;
}

audit::Shown read(const std::string& text) {
  audit::Shown shown;
  std::istringstream lines(text);
  audit::Difference difference;
  int step = 0;
  std::int64_t first = 0, last = 0;
  while (lines >> difference.position >> difference.month >> step >> difference.count >>
         difference.energy_uJ >> difference.amount_fen >> first >> last) {
    difference.step = static_cast<audit::Step>(step);
    difference.first = audit::instant_from_ns(first);
    difference.last = audit::instant_from_ns(last);
    shown[audit::key_of(difference)] = difference;
  }
  return shown;
}
}  // namespace

scenario::Scenario BlameRuns::with(const audit::Present& present) const {
  auto reduced = scenario_;
  const auto after = scenario_.ends() + scenario_.settles + std::chrono::hours(24);
  for (std::size_t i = 0; i < causes_.size(); ++i) {
    if (present[i]) continue;
    for (const auto number : causes_[i].faults) {
      auto& fault = reduced.faults[number];
      fault.from = after + number * std::chrono::hours(1);
      fault.till = fault.from + std::chrono::minutes(1);
    }
  }
  return reduced;
}

std::vector<audit::Shown> BlameRuns::operator()(const std::vector<audit::Present>& wanted) const {
  const ScratchFolder scratch("blame");
  std::vector<sim::Job> jobs;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    jobs.push_back({fmt::format("re-run {}", i + 1), [&, i](std::string& result) {
                      const auto reduced = with(wanted[i]);
                      const auto folder = scratch.path() / std::to_string(i);
                      std::filesystem::create_directories(folder);
                      const auto stores = simulate_area(reduced, place_.area, RunOptions{}, folder);
                      result = written(audit::shown_of(
                          audit::find_differences(reduced, stores.truth_db, stores.books_db, place_.area)));
                      return static_cast<int>(exit_pass);
                    }});
  std::vector<audit::Shown> shown;
  for (const auto& outcome :
       sim::run_forked(jobs, {.at_once = place_.at_once, .deadline = {}, .on_outcome = {}})) {
    if (outcome.exit_code != exit_pass)
      throw std::runtime_error(outcome.name + " without some of the faults failed: " + outcome.trouble);
    shown.push_back(read(outcome.result));
  }
  return shown;
}

ScratchFolder::ScratchFolder(const std::string& purpose) {
  static int number = 0;
  path_ =
      std::filesystem::temp_directory_path() / fmt::format("metertwin-{}-{}-{}", purpose, getpid(), ++number);
  std::filesystem::create_directories(path_);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}
}  // namespace app
