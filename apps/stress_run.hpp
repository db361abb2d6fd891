/// One stress run from nothing to a judged record: head-end process, calibrations, stages, kills, drain,
/// comparison with the store.
///
/// Errors: std::runtime_error with one line when the head-end does not come up or the machine refuses
/// sockets. Time: the wall's.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/stress_plan.hpp"
#include "stress/fleet/report_writer.hpp"
#include "stress/verdict/limits.hpp"

namespace app {
struct StressOptions {
  StressPlanRules plan;
  std::optional<std::filesystem::path> stage_file;  ///< instead of a plan: one stage, written down earlier
  stress::EstatePlan estate;
  stress::FleetOptions fleet;
  std::filesystem::path out = "out/stress";
  std::string durability = "power-loss";
  int confirm_within_ms = 20;
  bool is_tls = false;
  bool keeps_store = false;
  bool calibrates = true;
  int kills = 0;                      ///< kill -9 of the head-end, spread over the run
  std::uint64_t knee_from = 200'000;  ///< readings/s
  core::Duration over_capacity = std::chrono::seconds(60);
  std::filesystem::path head_end_program;  ///< another program that understands `serve`; empty: this one
  stress::Limits limits;
};

struct StressOutcome {
  stress::StressRecord record;
  std::vector<stress::StagePlan> stages;  ///< as run, in the order of the record's
  stress::EstatePlan estate;
};
/// `tell`: a line for people on each stage; may be empty.
StressOutcome run_stress(const StressOptions& options, const std::function<void(const std::string&)>& tell);
}  // namespace app
