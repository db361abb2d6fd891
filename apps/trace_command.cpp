// `metertwin trace`: one reading's journey from the load to the bill, frames included; or everything that
// befell a meter.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "apps/commands.hpp"
#include "apps/trace.hpp"
#include "scenarios/load.hpp"
#include "scenarios/roster.hpp"

namespace app {
namespace {
struct TraceArguments {
  std::string scenario;
  std::string reading;  ///< "M0042@2026-07-01T00:15"
  std::string meter;
  std::optional<std::uint64_t> seed;
  std::vector<std::string> overrides;
};

std::uint32_t meter_of(const scenario::Scenario& scenario, const std::string& name) {
  const auto id = scenario::find_meter(scenario, name);
  if (!id)
    throw BadArguments(fmt::format("{} has no meter '{}'; its meters are {} to {}", scenario.story, name,
                                   scenario::roster(scenario).front().name,
                                   scenario::roster(scenario).back().name));
  return *id;
}

TraceQuestion question_of(const scenario::Scenario& scenario, const TraceArguments& arguments) {
  if (!arguments.meter.empty()) return {.meter = meter_of(scenario, arguments.meter), .whole_meter = true};
  const auto at = arguments.reading.find('@');
  if (at == std::string::npos)
    throw BadArguments("--reading wants METER@INSTANT, e.g. M0042@2026-07-01T00:15");
  const auto due = core::parse_iso8601(arguments.reading.substr(at + 1), scenario.zone_rules);
  if (!due)
    throw BadArguments(fmt::format("--reading: '{}' is not an instant like 2026-07-01T00:15",
                                   arguments.reading.substr(at + 1)));
  if (core::unix_seconds(*due) % 900 != 0 || *due < scenario.starts || *due > scenario.ends())
    throw BadArguments(fmt::format("--reading: nothing is due at {}: quarter hours from {} to {}",
                                   core::to_iso8601(*due, scenario.zone_rules),
                                   core::to_iso8601(scenario.starts, scenario.zone_rules),
                                   core::to_iso8601(scenario.ends(), scenario.zone_rules)));
  return {.meter = meter_of(scenario, arguments.reading.substr(0, at)), .due = *due};
}

/// "2026-06-30 12:15:24.258" in the scenario's zone.
std::string instant_text(core::Instant at, const core::Zone& zone) {
  const auto milliseconds = core::unix_milliseconds(at) - core::unix_seconds(at) * 1000;
  return fmt::format("{}.{:03}", core::to_civil_text(at, zone), milliseconds);
}

/// A scratch folder that goes with the command.
class Scratch {
 public:
  Scratch() : folder_(std::filesystem::temp_directory_path() / fmt::format("metertwin-trace-{}", getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

int tell(const TraceArguments& arguments) {
  auto scenario = scenario::load(arguments.scenario, arguments.overrides);
  if (arguments.seed) scenario.seed = *arguments.seed;
  const auto question = question_of(scenario, arguments);
  const Scratch scratch;
  fmt::print("{}, seed {}: {}\n", scenario.story, scenario.seed,
             arguments.meter.empty() ? arguments.reading : arguments.meter);
  for (const auto& station : trace(scenario, RunOptions{}, question, scratch.folder())) {
    fmt::print("{}  {:<15} {}\n", instant_text(station.at, scenario.zone_rules), station.where, station.what);
    for (const auto& line : station.detail) fmt::print("{:41}{}\n", "", line);
  }
  return exit_pass;
}
}  // namespace

void add_trace_command(CLI::App& cli, Command& command) {
  auto arguments = std::make_shared<TraceArguments>();
  auto* sub = cli.add_subcommand("trace",
                                 "Tell the journey of one reading, or everything that happened to one meter");
  sub->add_option("SCENARIO", arguments->scenario,
                  "scenario.yaml, a folder that holds one, or a finished run's folder")
      ->required();
  auto* reading =
      sub->add_option("--reading", arguments->reading, "METER@INSTANT, e.g. M0042@2026-07-01T00:15");
  auto* meter = sub->add_option("--meter", arguments->meter, "METER, e.g. M0042");
  reading->excludes(meter);
  sub->add_option("--seed", arguments->seed, "seed instead of the scenario's own");
  sub->add_option("--set", arguments->overrides, "override a field, as for run");
  sub->callback([arguments, &command] {
    if (arguments->reading.empty() && arguments->meter.empty())
      throw CLI::RequiredError("--reading or --meter");
    command = [arguments] { return tell(*arguments); };
  });
}
}  // namespace app
