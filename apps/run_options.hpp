/// What a run was asked for, beside its scenario. Every field is printed in the run's header.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/instant.hpp"
#include "sim/wiring/simulation.hpp"

namespace app {
struct RunOptions {
  std::vector<std::string> scenarios;  ///< files, or folders with a scenario.yaml
  std::optional<std::uint64_t> seed;   ///< instead of the scenario's own
  std::vector<std::string> overrides;  ///< --set key=value
  std::filesystem::path out = "out";
  std::filesystem::path data;  ///< folder of published feeder data; empty = beside the project
  int jobs = 1;
  bool is_twice = false;
  bool is_quiet = false;
  bool is_progress_shown = false;  ///< stderr is a terminal
  sim::ConstructionOrder order = sim::ConstructionOrder::as_written;
  std::vector<core::Duration> crash_after;  ///< extra head-end crashes, from the scenario's start
  std::chrono::seconds deadline{0};
};

/// Exit codes of the product (docs/exit-codes.md).
enum ExitCode : int {
  exit_pass = 0,
  exit_failed = 1,
  exit_unknown = 2,
  exit_not_reproducible = 3,
  exit_bad_input = 64,
  exit_internal_error = 70,
  exit_deadline = 124,
};
}  // namespace app
