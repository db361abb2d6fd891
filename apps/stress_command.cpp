// `metertwin stress`: floods the reference head-end with a fleet of collectors and says honestly what came of
// it.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <sstream>

#include "apps/commands.hpp"
#include "apps/stress_run.hpp"
#include "apps/stress_virtual.hpp"
#include "reports/junit.hpp"
#include "stress/plan/stage_text.hpp"
#include "stress/report/record_json.hpp"
#include "stress/report/stress_report.hpp"
#include "stress/verdict/judge.hpp"

namespace app {
namespace {
struct StressArguments {
  StressOptions options;
  std::string stage = "10s", over_capacity = "60s";
  std::string opens = "2020-01-01T00:00:00+08:00";
  std::string replay_file, json_file, compare_file;
  bool is_virtual = false;
  bool is_quiet = false;
};

core::Duration duration_of(const std::string& option, const std::string& text) {
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  const auto unit = text.substr(digits);
  const std::int64_t number = digits == 0 || digits > 9 ? 0 : std::stoll(text.substr(0, digits));
  core::Duration each{};
  if (unit == "ms") each = std::chrono::milliseconds(1);
  if (unit == "s") each = std::chrono::seconds(1);
  if (unit == "min") each = std::chrono::minutes(1);
  if (unit == "h") each = std::chrono::hours(1);
  if (number == 0 || each == core::Duration::zero())
    throw BadArguments(fmt::format("{}: '{}' is no duration like 500ms, 10s or 2min", option, text));
  return number * each;
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.flush();
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw BadArguments(path + ": cannot be read");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A stage that was replayed brings its own estate and fleet.
void take_stage_file(StressArguments& arguments) {
  if (arguments.replay_file.empty()) return;
  try {
    const auto script = stress::stage_from_yaml(read_file(arguments.replay_file), arguments.replay_file);
    arguments.options.estate = script.estate;
    arguments.options.fleet = script.fleet;
  } catch (const stress::BadStage& bad) {
    throw BadArguments(bad.what());
  }
  arguments.options.stage_file = arguments.replay_file;
}

void check(StressArguments& arguments) {
  auto& options = arguments.options;
  options.plan.stage = duration_of("--stage", arguments.stage);
  options.over_capacity = duration_of("--over-capacity", arguments.over_capacity);
  const auto opens = core::parse_iso8601(arguments.opens, core::Zone());
  if (!opens)
    throw BadArguments(fmt::format("--opens: '{}' is no instant like 2020-01-01T00:00", arguments.opens));
  options.estate.opens = *opens;
  take_stage_file(arguments);
  if (options.estate.collectors() > 65'535)
    throw BadArguments(
        "more than 65,535 collectors have no addresses of their own: raise --meters-per-concentrator");
  // A head-end that is killed leaves frames unanswered: what counts is that nothing confirmed is lost.
  if (options.kills > 0) options.limits.error_share = 1;
  // Whoever sends one reading a frame or floods less than a million must not be held to the headline's knee.
  if (options.fleet.readings_per_frame < 8) options.limits.knee_readings_per_s = 100'000;
}

std::string replay_line(const StressArguments& arguments) {
  const auto& options = arguments.options;
  if (options.stage_file) return fmt::format("metertwin stress --replay {}", options.stage_file->string());
  return fmt::format(
      "metertwin stress --plan {} --stage {} --rate {} --meters {} --meters-per-concentrator {} --managers "
      "{} "
      "--readings-per-frame {} --passed-on {} --seed {} --durability {} --confirm-within {}{}{}",
      options.plan.name, arguments.stage, options.plan.rate_max, options.estate.meters,
      options.estate.meters_per_concentrator, options.estate.manager_permille,
      options.fleet.readings_per_frame, options.fleet.passed_on_permille, options.estate.seed,
      options.durability, options.confirm_within_ms, options.is_tls ? " --tls" : "",
      options.kills > 0 ? fmt::format(" --kills {}", options.kills) : "");
}

/// The replayed stage twice in virtual time: what came of it, and whether it repeats.
int replay_virtually(const StressArguments& arguments) {
  const auto script = stress::stage_from_yaml(read_file(arguments.replay_file), arguments.replay_file);
  const auto once = run_virtual_stage(script, arguments.options.out / "virtual");
  const auto again = run_virtual_stage(script, arguments.options.out / "virtual");
  const auto& stage = once.stage;
  const auto& loss = once.loss;
  fmt::print("{}: {} readings intended, {} confirmed, {} refused, {} unanswered\n", stage.name,
             stage.readings.intended, stage.readings.acknowledged, stage.readings.refused,
             stage.readings.unanswered);
  for (const auto& [kind, count] : stage.errors) fmt::print("  error: {} ({} times)\n", kind, count);
  fmt::print("  abnormal frames confirmed: {}\n", stage.abnormal_accepted);
  fmt::print("  store: {} confirmed, {} right, {} lost, {} wrong, {} doubled, {} never sent\n",
             loss.acknowledged, loss.stored_right, loss.lost, loss.wrong, loss.doubled, loss.stored_unasked);
  for (const auto& sentence : loss.first_cases) fmt::print("    {}\n", sentence);
  fmt::print("  digest {:016x}{}\n", once.wire_digest,
             once.wire_digest == again.wire_digest ? ", the same twice" : ", NOT the same twice");
  if (once.wire_digest != again.wire_digest) return exit_not_reproducible;
  const bool is_lossless = loss.lost + loss.wrong + loss.doubled + loss.stored_unasked == 0;
  if (loss.acknowledged == 0) return exit_unknown;
  return is_lossless && stage.abnormal_accepted == 0 && stage.errors.empty() ? exit_pass : exit_failed;
}

/// Stages are written down, so that one of them can be run again alone.
void write_stages(const StressOptions& options, const StressOutcome& outcome) {
  for (std::size_t i = 0; i < outcome.stages.size(); ++i)
    write_file(options.out / fmt::format("stage-{:02}.yaml", i + 1),
               stress::to_yaml({outcome.estate, options.fleet, outcome.stages[i]}));
}

int stress_command(StressArguments arguments) {
  check(arguments);
  if (arguments.is_virtual) {
    if (arguments.replay_file.empty())
      throw BadArguments("--virtual runs a stage: name its file with --replay");
    return replay_virtually(arguments);
  }
  const auto& options = arguments.options;
  const auto tell = [&](const std::string& line) {
    if (!arguments.is_quiet) fmt::print(stderr, "{}\n", line);
  };
  std::optional<stress::ReadRecord> earlier;
  if (!arguments.compare_file.empty()) {
    try {
      earlier = stress::read_record_json(read_file(arguments.compare_file), arguments.compare_file);
    } catch (const std::runtime_error& bad) {
      throw BadArguments(bad.what());
    }
  }
  auto outcome = run_stress(options, tell);
  outcome.record.replay = replay_line(arguments);
  outcome.record.options = {{"plan", options.plan.name}, {"stage", arguments.stage}};
  const auto checks = stress::judge(outcome.record, options.limits);
  const auto comparison =
      earlier ? stress::compare(outcome.record, earlier->record) : std::vector<stress::Comparison>{};
  const auto json = stress::record_json(outcome.record, checks);
  write_file(options.out / "stress.json", json);
  if (!arguments.json_file.empty()) write_file(arguments.json_file, json);
  write_file(options.out / "stress.html", stress::stress_html(outcome.record, checks, comparison));
  write_file(options.out / "junit.xml", stress::stress_junit(outcome.record, checks));
  write_stages(options, outcome);
  fmt::print("{}", stress::stress_table(outcome.record, checks, isatty(STDOUT_FILENO) != 0));
  if (earlier) fmt::print("{}", stress::comparison_table(outcome.record, earlier->record));
  fmt::print("report: {}\n", (options.out / "stress.html").string());
  fmt::print("one stage again, in virtual time: metertwin stress --virtual --replay {}\n",
             (options.out / "stage-NN.yaml").string());
  return report::exit_code(stress::overall(checks));
}

void add_fleet_options(CLI::App& sub, StressArguments& arguments) {
  auto& options = arguments.options;
  sub.add_option("--meters", options.estate.meters)->check(CLI::Range(1, 10'000'000))->capture_default_str();
  sub.add_option("--meters-per-concentrator", options.estate.meters_per_concentrator)
      ->check(CLI::Range(1, 2040))
      ->capture_default_str();
  sub.add_option("--managers", options.estate.manager_permille,
                 "permille of meters behind Modbus-TCP managers")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  sub.add_option("--readings-per-frame", options.fleet.readings_per_frame)
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  sub.add_option("--passed-on", options.fleet.passed_on_permille,
                 "permille of concentrators that pass on their meters' own DL/T 645 answers")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  sub.add_option("--opens", arguments.opens, "due instant of the first readings")->capture_default_str();
  sub.add_option("--seed", options.estate.seed)->capture_default_str();
  sub.add_flag("--tls", options.is_tls, "TLS on the uplink door");
}
}  // namespace

void add_stress_command(CLI::App& cli, Command& command) {
  auto arguments = std::make_shared<StressArguments>();
  auto& options = arguments->options;
  options.estate.meters_per_concentrator = 64;
  auto* sub = cli.add_subcommand("stress", "Flood the reference head-end and judge what came of it");
  sub->add_option("--plan", options.plan.name, "which stages")
      ->check(CLI::IsMember(stress_plan_names()))
      ->capture_default_str();
  sub->add_option("--stage", arguments->stage,
                  "how long a stage of the ladder lasts; the others in proportion")
      ->capture_default_str();
  sub->add_option("--rate", options.plan.rate_max, "readings/s: the ladder's top")
      ->check(CLI::Range(100, 100'000'000))
      ->capture_default_str();
  sub->add_option("--knee-from", options.knee_from, "readings/s: where the search begins")
      ->capture_default_str();
  sub->add_option("--over-capacity", arguments->over_capacity, "how long twice the knee lasts")
      ->capture_default_str();
  sub->add_option("--kills", options.kills, "instead of a plan: kill -9 the head-end so often under --rate")
      ->check(CLI::Range(0, 10'000));
  add_fleet_options(*sub, *arguments);
  sub->add_option("--durability", options.durability, "what a confirmed reading survives")
      ->check(CLI::IsMember({"power-loss", "process-death"}))
      ->capture_default_str();
  sub->add_option("--confirm-within", options.confirm_within_ms, "ms that readings wait for a commit")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  sub->add_option("--out", options.out, "folder for report, record and store")->capture_default_str();
  sub->add_option("--json", arguments->json_file, "the record, also here");
  sub->add_option("--compare", arguments->compare_file, "an earlier run's stress.json");
  sub->add_option("--replay", arguments->replay_file,
                  "run one stage again: a stage-NN.yaml of an earlier run");
  sub->add_option("--head-end", options.head_end_program, "flood another program's `serve` (canaries)")
      ->check(CLI::ExistingFile)
      ->group("");
  sub->add_flag("--virtual", arguments->is_virtual,
                "with --replay: without sockets, twice, and the same twice");
  sub->add_flag("--keep-store", options.keeps_store, "leave books.db in the folder");
  sub->add_flag("!--no-calibration", options.calibrates, "without the bare figures of this machine");
  sub->add_flag("--quiet", arguments->is_quiet, "only the verdict");
  sub->callback([arguments, &command] { command = [arguments] { return stress_command(*arguments); }; });
}
}  // namespace app
