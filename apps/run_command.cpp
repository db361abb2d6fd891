// `metertwin run`: loads every scenario before anything is written, runs each in a process of its own,
// audits, reports.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "apps/judge.hpp"
#include "apps/simulate.hpp"
#include "reports/verdict_table.hpp"
#include "scenarios/load.hpp"
#include "scenarios/roster.hpp"
#include "scenarios/text.hpp"
#include "sim/kernel/fork_runner.hpp"
#include "sim/wiring/feeder_copies.hpp"
#include "sim/wiring/setups.hpp"

namespace app {
namespace {
namespace fs = std::filesystem;

struct Planned {
  scenario::Scenario scenario;
  std::string argument;  ///< as the user wrote it, for the replay line
  fs::path folder;       ///< where the finished run will lie
};

/// A crash from the command line is a fault like any other: it stands in the effective scenario.
void add_crash(scenario::Scenario& scenario, core::Duration after) {
  constexpr core::Duration down_for = std::chrono::minutes(7);
  scenario::FaultSpec crash;
  crash.kind = "head-end-crash";
  crash.place = {"--crash-after", 1, 1};
  crash.from = scenario.starts + after;
  crash.till = crash.from + down_for;
  if (after < core::Duration::zero() || crash.till > scenario.ends())
    throw BadArguments(
        fmt::format("--crash-after {}: outside of the run of {}", scenario::to_text(after), scenario.story));
  scenario.faults.push_back(std::move(crash));
}

std::vector<Planned> plan(const RunOptions& options) {
  std::vector<Planned> planned;
  for (const auto& argument : options.scenarios) {
    auto loaded = scenario::load(argument, options.overrides);
    if (options.seed) loaded.seed = *options.seed;
    if (!options.data.empty()) loaded.data_folder = fs::absolute(options.data).string();
    for (const auto& after : options.crash_after) add_crash(loaded, after);
    scenario::require_data(loaded);
    sim::check_feeders(loaded);  // for what is wrong with a feeder, before anything begins
    const auto folder = options.out / loaded.story;
    for (const auto& other : planned)
      if (other.folder == folder)
        throw BadArguments(fmt::format("two scenarios are called '{}': their folders in {} would collide",
                                       loaded.story, options.out.string()));
    planned.push_back({std::move(loaded), argument, folder});
  }
  return planned;
}

std::string replay_line(const Planned& run, const RunOptions& options) {
  std::string line = fmt::format("./dev metertwin run {} --seed {}", run.argument, run.scenario.seed);
  for (const auto& override_text : options.overrides) line += fmt::format(" --set '{}'", override_text);
  for (const auto& after : options.crash_after)
    line += fmt::format(" --crash-after {}ms", after / std::chrono::milliseconds(1));
  if (!options.data.empty()) line += fmt::format(" --data {}", options.data.string());
  if (options.order == sim::ConstructionOrder::reversed) line += " --construct reversed";
  return line;
}

/// A run folder appears whole or not at all: work goes on beside it, and it is renamed at the end.
class Workshop {
 public:
  explicit Workshop(const fs::path& finished) : finished_(finished), folder_(finished.string() + ".partial") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Workshop() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  const fs::path& folder() const { return folder_; }
  void finish() {
    fs::remove_all(finished_);
    fs::rename(folder_, finished_);
    folder_.clear();
  }

 private:
  fs::path finished_, folder_;
};

/// The rehearsal of --twice: only its digest is wanted.
int rehearse(const Planned& run, const RunOptions& options, std::string& result) {
  Workshop workshop(run.folder.string() + "-rehearsal");
  const auto stores = simulate(run.scenario, options, workshop.folder());
  result = audit::audit_run(run.scenario, stores.truth_db, stores.books_db).digest.total;
  return exit_pass;
}

int perform(const Planned& run, const RunOptions& options, const std::string& other_digest,
            std::string& result) {
  Workshop workshop(run.folder);
  const auto stores = simulate(run.scenario, options, workshop.folder());
  const auto judged = judge({.scenario = run.scenario,
                             .options = options,
                             .stores = stores,
                             .folder = workshop.folder(),
                             .replay = replay_line(run, options),
                             .other_digest = other_digest});
  sim::copy_feeders(run.scenario, workshop.folder());
  workshop.finish();
  result = report::verdict_table(judged.record, isatty(STDOUT_FILENO) != 0);
  if (!other_digest.empty() && other_digest != judged.record.digest) return exit_not_reproducible;
  return report::exit_code(judged.record.verdict);
}

void print_header(const Planned& run, const RunOptions& options) {
  fmt::print("metertwin {}  {}: {}\n", METERTWIN_VERSION, run.scenario.story, run.scenario.title);
  fmt::print("  seed {}, {} of simulated time from {}, {} meters, jobs {}{}{}\n", run.scenario.seed,
             scenario::to_text(run.scenario.lasts),
             core::to_iso8601(run.scenario.starts, run.scenario.zone_rules),
             scenario::meter_count(run.scenario), options.jobs, options.is_twice ? ", twice" : "",
             options.order == sim::ConstructionOrder::reversed ? ", constructed in reverse" : "");
  std::fflush(stdout);
}

/// The worst code of a suite, in this order of gravity.
int gravest(int a, int b) {
  for (const int code :
       {exit_internal_error, exit_deadline, exit_bad_input, exit_not_reproducible, exit_failed, exit_unknown})
    if (a == code || b == code) return code;
  return exit_pass;
}

std::vector<std::string> rehearse_all(const std::vector<Planned>& planned, const RunOptions& options,
                                      int& code) {
  std::vector<std::string> digests(planned.size());
  if (!options.is_twice) return digests;
  std::vector<sim::Job> jobs;
  for (const auto& run : planned)
    jobs.push_back({run.scenario.story, [&](std::string& result) { return rehearse(run, options, result); }});
  const auto outcomes =
      sim::run_forked(jobs, {.at_once = options.jobs, .deadline = options.deadline, .on_outcome = {}});
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    digests[i] = outcomes[i].result;
    if (outcomes[i].exit_code != exit_pass) {
      fmt::print(stderr, "metertwin: {}: first run: {}\n", outcomes[i].name, outcomes[i].trouble);
      code = gravest(code, outcomes[i].exit_code);
    }
  }
  return digests;
}

int run(const RunOptions& options) {
  const auto planned = plan(options);
  int code = exit_pass;
  const auto digests = rehearse_all(planned, options, code);
  std::vector<sim::Job> jobs;
  for (std::size_t i = 0; i < planned.size(); ++i)
    jobs.push_back({planned[i].scenario.story, [&, i](std::string& result) {
                      return perform(planned[i], options, digests[i], result);
                    }});
  std::size_t shown = 0;
  if (!options.is_quiet && planned.size() == 1) print_header(planned[0], options);
  sim::run_forked(jobs, {.at_once = options.jobs,
                         .deadline = options.deadline,
                         .on_outcome = [&](const sim::JobOutcome& outcome) {
                           const auto& finished = planned[shown++];
                           if (!options.is_quiet && planned.size() > 1) print_header(finished, options);
                           if (!outcome.trouble.empty())
                             fmt::print(stderr, "metertwin: {}: {}\n  replay: {}\n", outcome.name,
                                        outcome.trouble, replay_line(finished, options));
                           if (!options.is_quiet) fmt::print("{}", outcome.result);
                           if (!outcome.result.empty() && !options.is_quiet)
                             fmt::print("report  {}\n", (finished.folder / "report.html").string());
                           std::fflush(stdout);
                           code = gravest(code, outcome.exit_code);
                         }});
  return code;
}
}  // namespace

void add_run_command(CLI::App& cli, Command& command) {
  auto options = std::make_shared<RunOptions>();
  auto crash_texts = std::make_shared<std::vector<std::string>>();
  auto* sub =
      cli.add_subcommand("run", "Run scenarios: simulate, collect, bill, cut off, restore, and prove it");
  sub->add_option("SCENARIO", options->scenarios, "scenario.yaml files, or folders that hold one")
      ->required();
  sub->add_option("--seed", options->seed, "seed instead of the scenario's own");
  sub->add_option("--jobs", options->jobs, "scenarios at once, each in a process of its own")
      ->check(CLI::Range(1, 256));
  sub->add_option("--out", options->out, "folder for the runs' folders")->capture_default_str();
  sub->add_flag("--twice", options->is_twice,
                "run everything twice and compare digests; exit 3 if they differ");
  sub->add_option("--set", options->overrides, "override a field: --set areas.north.meters.0.count=5");
  sub->add_option("--data", options->data,
                  "folder with the IEEE feeder's CSV files (see scenarios/european-lv/README.md)");
  sub->add_option("--crash-after", *crash_texts,
                  "crash the head-end so long after the start, e.g. 13h7min (repeatable)");
  sub->add_option("--deadline", options->deadline,
                  "give up a scenario after so many seconds of wall time (exit 124)");
  sub->add_flag("--quiet", options->is_quiet, "exit code only");
  auto* order = sub->add_option_function<std::string>(
      "--construct",
      [options](const std::string& text) {
        options->order =
            text == "reversed" ? sim::ConstructionOrder::reversed : sim::ConstructionOrder::as_written;
      },
      "order in which modules are made; leaves no trace in the digest");
  order->check(CLI::IsMember({"as-written", "reversed"}));
  sub->callback([options, crash_texts, &command] {
    options->is_progress_shown = isatty(STDERR_FILENO) != 0 && !options->is_quiet && options->jobs == 1;
    command = [options, crash_texts] {
      for (const auto& text : *crash_texts)
        options->crash_after.push_back(scenario::parse_duration_argument(text));
      return run(*options);
    };
  });
}
}  // namespace app
