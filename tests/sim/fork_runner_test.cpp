/// One process per run: order, isolation, crashes, deadlines.
#include "sim/kernel/fork_runner.hpp"

#include <poll.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace {
sim::Job job(std::string name, std::function<int(std::string&)> work) {
  return {std::move(name), std::move(work)};
}

TEST_CASE("outcomes come in the order of the jobs, whatever order they end in") {
  const int at_once = GENERATE(1, 2, 5);
  CAPTURE(at_once);
  std::vector<sim::Job> jobs;
  for (int i = 0; i < 7; ++i)
    jobs.push_back(job("job " + std::to_string(i), [i](std::string& result) {
      ::poll(nullptr, 0, (7 - i) * 2);  // the first takes longest
      result = "result " + std::to_string(i);
      return i % 3;
    }));
  std::string told;
  const auto outcomes = sim::run_forked(
      jobs, {.at_once = at_once, .deadline = {}, .on_outcome = [&](const sim::JobOutcome& one) {
               told += one.name + ",";
             }});
  REQUIRE(outcomes.size() == 7);
  for (int i = 0; i < 7; ++i) {
    const auto& outcome = outcomes[static_cast<std::size_t>(i)];
    CHECK(outcome.result == "result " + std::to_string(i));
    CHECK(outcome.exit_code == i % 3);
    CHECK(outcome.signal == 0);
    CHECK(outcome.trouble.empty());
    CHECK(outcome.memory_kB_max > 0);
  }
  CHECK(told == "job 0,job 1,job 2,job 3,job 4,job 5,job 6,");
}

TEST_CASE("a job that dies takes nobody with it, and is named with its signal") {
  const std::vector<sim::Job> jobs{job("first-day", [](std::string& result) { return result = "fine", 0; }),
                                   job("bad-day",
                                       [](std::string&) -> int {
                                         std::signal(SIGSEGV, SIG_DFL);
                                         std::raise(SIGSEGV);
                                         return 0;
                                       }),
                                   job("last-day", [](std::string& result) { return result = "fine", 0; })};
  const auto outcomes = sim::run_forked(jobs, {.at_once = 2, .deadline = {}, .on_outcome = {}});
  CHECK(outcomes[0].result == "fine");
  CHECK(outcomes[1].exit_code == 70);
  CHECK(outcomes[1].signal == SIGSEGV);
  CHECK(outcomes[1].trouble == "bad-day: died by signal 11 (Segmentation fault)");
  CHECK(outcomes[2].result == "fine");
  CHECK(outcomes[2].exit_code == 0);
}

TEST_CASE("an exception that nobody caught is an internal error: 70") {
  const auto outcomes = sim::run_forked(
      {job("throwing", [](std::string&) -> int { throw std::runtime_error("disk full"); })}, {});
  CHECK(outcomes[0].exit_code == 70);
  CHECK(outcomes[0].signal == 0);
}

TEST_CASE("a job that overruns its deadline is stopped: 124") {
  const auto outcomes =
      sim::run_forked({job("endless",
                           [](std::string&) -> int {
                             for (;;) pause();
                           }),
                       job("quick", [](std::string&) { return 0; })},
                      {.at_once = 2, .deadline = std::chrono::seconds(1), .on_outcome = {}});
  CHECK(outcomes[0].exit_code == 124);
  CHECK(outcomes[0].trouble == "endless: stopped at its deadline");
  CHECK(outcomes[1].exit_code == 0);
}

TEST_CASE("a result larger than a pipe holds comes over whole") {
  std::string large(3'000'000, 'x');
  for (std::size_t i = 0; i < large.size(); i += 1000) large[i] = static_cast<char>('a' + i / 1000 % 26);
  const std::vector<sim::Job> jobs{job("one", [&](std::string& result) { return result = large, 0; }),
                                   job("two", [&](std::string& result) { return result = large, 0; })};
  const auto outcomes = sim::run_forked(jobs, {.at_once = 2, .deadline = {}, .on_outcome = {}});
  CHECK((outcomes[0].result == large));
  CHECK((outcomes[1].result == large));
}

TEST_CASE("no jobs, no outcomes") { CHECK(sim::run_forked({}, {}).empty()); }
}  // namespace
