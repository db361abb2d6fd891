/// Runs one simulation in a process of its own, as SystemC demands, and brings back what it found as text.
#pragma once
#include <catch2/catch.hpp>
#include <csignal>
#include <functional>
#include <string>

#include "sim/kernel/fork_runner.hpp"

inline sim::JobOutcome outcome_in_child(const std::function<std::string()>& work) {
  const sim::Job job{"test", [&](std::string& result) {
                       std::signal(SIGABRT, SIG_DFL);  // Catch2's report of a crash belongs to the parent
                       result = work();
                       return 0;
                     }};
  return sim::run_forked({job}, {}).front();
}

inline std::string in_child(const std::function<std::string()>& work) {
  const auto outcome = outcome_in_child(work);
  INFO(outcome.trouble);
  REQUIRE(outcome.exit_code == 0);
  return outcome.result;
}
