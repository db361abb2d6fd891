// `metertwin bus ...`: an RS-485 pair before it is wired: the rules of the trade, its levels, its budget, and
// a trial.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "apps/commands.hpp"
#include "models/line/rs485/bus_budget.hpp"
#include "models/line/rs485/bus_electrics.hpp"
#include "models/line/rs485/bus_lint.hpp"
#include "models/line/rs485/bus_trial.hpp"
#include "scenarios/load.hpp"
#include "scenarios/roster.hpp"

namespace app {
namespace {
constexpr core::Duration fresh_within = std::chrono::minutes(3);
constexpr double usual_length_m = 300;  // of a pair that a scenario says no more of than its meters

/// The pairs that a scenario means, each with an ordinary installation around its meters.
std::vector<model::BusPlan> plans_of_scenario(const std::string& path) {
  const auto story = scenario::load(path);
  std::vector<model::BusPlan> plans;
  std::uint32_t area = UINT32_MAX;
  std::uint16_t line = 0;
  for (const auto& entry : scenario::roster(story)) {
    if (plans.empty() || entry.area != area || entry.line != line) {
      area = entry.area;
      line = entry.line;
      plans.emplace_back();
      plans.back().name = fmt::format("{} line {}", story.areas[area].name, line + 1);
      plans.back().serial.baud = story.areas[area].line.baud;
    }
    model::BusUnit unit;
    unit.name = entry.name;
    unit.address = core::to_string(entry.address);
    plans.back().units.push_back(unit);
  }
  for (auto& plan : plans) {
    const auto ordinary =
        model::BusPlan::ordinary(static_cast<int>(plan.units.size()), usual_length_m, plan.serial.baud);
    plan.cable = ordinary.cable;
    plan.terminators = ordinary.terminators;
    plan.bias = ordinary.bias;
    for (std::size_t i = 0; i < plan.units.size(); ++i) plan.units[i].at_m = ordinary.units[i].at_m;
  }
  return plans;
}

std::vector<model::BusPlan> plans_of(const std::string& path) {
  const bool is_scenario = std::filesystem::is_directory(path) || path.ends_with("scenario.yaml");
  try {
    if (is_scenario) return plans_of_scenario(path);
    return {model::load_bus_plan(path)};
  } catch (const model::BadBusPlan& bad) {
    throw BadArguments(bad.what());
  }
}

int lint_bus(const std::string& path, bool is_strict) {
  bool is_forbidden = false;
  for (const auto& plan : plans_of(path)) {
    const auto findings = model::lint(plan);
    is_forbidden |=
        model::forbids(findings, is_strict ? model::Strictness::strict : model::Strictness::usual);
    fmt::print("{}: {} units on {:g} m at {} baud {}: {}\n", plan.name, plan.units.size(),
               plan.cable.length_m, plan.serial.baud, model::to_string(plan.serial.format),
               findings.empty() ? "nothing to say" : fmt::format("{} finding(s)", findings.size()));
    for (const auto& finding : findings) fmt::print("{}\n", model::to_line(finding));
  }
  return is_forbidden ? exit_failed : exit_pass;
}

int show_levels(const std::string& path) {
  for (const auto& plan : plans_of(path)) {
    const auto levels = model::levels_of(plan);
    const auto behaviour = model::behaviour_of(plan, 1, 1);
    fmt::print("{}\n{:<20} {:>8} {:>10} {:>10} {:>8} {:>6} {:>11} {:>11}\n", plan.name, "unit", "at m",
               "from mast.", "to master", "idle mV", "eye", "bit error", "false start");
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const auto share = [](core::Ratio r) { return static_cast<double>(r.numerator) / r.denominator; };
      fmt::print("{:<20} {:>8.1f} {:>8.3f} V {:>8.3f} V {:>8.0f} {:>6.3f} {:>11.3g} {:>11.3g}\n",
                 plan.units[i].name, plan.units[i].at_m, levels[i].from_master_V, levels[i].to_master_V,
                 levels[i].idle_V * 1000, levels[i].eye, share(behaviour.places[i].bit_error),
                 share(behaviour.places[i].false_start));
    }
  }
  return exit_pass;
}

int run_trial(const std::string& path, const model::BusTrialSetup& setup) {
  for (const auto& plan : plans_of(path)) {
    const auto trial = model::try_bus(plan, setup);
    fmt::print("{}, {} rounds, seed {}\n{:<20} {:>10} {:>10}\n", plan.name, setup.rounds, setup.seed, "unit",
               "first try", "read");
    int asked = 0, read = 0;
    for (const auto& unit : trial.units) {
      if (!unit.is_asked) {
        fmt::print("{:<20} {:>10} {:>10}\n", unit.name, "-", "not asked");
        continue;
      }
      ++asked;
      read += unit.rounds_read;
      fmt::print("{:<20} {:>10} {:>10}\n", unit.name, unit.first_try, unit.rounds_read);
    }
    fmt::print(
        "read {} of {}; longest round {:.3f} s; {} transmissions garbled, {} false starts, {} misheard\n",
        read, static_cast<std::int64_t>(asked) * setup.rounds,
        static_cast<double>(trial.round_longest.count()) / 1e9, trial.garbled, trial.false_starts,
        trial.misheard);
  }
  return exit_pass;
}

struct BudgetArguments {
  int meters = 32;
  std::vector<int> dead{0};
  int baud = 2400;
  std::string format = "8E1";
  std::string protocol = "dlt645";
  int registers = 20;
  int turnaround_ms_min = 20, turnaround_ms_max = 500;
  int patience_ms = 1200;
  int attempts = 2;
};

int show_budget(const BudgetArguments& arguments) {
  model::BusBudgetPlan plan;
  plan.meters = arguments.meters;
  const auto format = model::parse_character_format(arguments.format);
  if (!format) throw BadArguments(fmt::format("--format: '{}' is not like 8E1", arguments.format));
  plan.serial = {arguments.baud, *format};
  if (arguments.turnaround_ms_min > arguments.turnaround_ms_max)
    throw BadArguments(
        fmt::format("--turnaround-min: {} is above --turnaround-max", arguments.turnaround_ms_min));
  if (arguments.protocol == "modbus") {
    plan.protocol = model::BusBudgetPlan::Protocol::modbus;
    plan.request_bytes = model::frame_bytes::modbus_read_request;
    plan.answer_bytes = model::frame_bytes::modbus_read_answer(static_cast<std::size_t>(arguments.registers));
  }
  plan.turnaround_min = std::chrono::milliseconds(arguments.turnaround_ms_min);
  plan.turnaround_max = std::chrono::milliseconds(arguments.turnaround_ms_max);
  plan.patience = std::chrono::milliseconds(arguments.patience_ms);
  plan.attempts = arguments.attempts;
  for (const int dead : arguments.dead)
    if (dead < 0 || dead > plan.meters)
      throw BadArguments(fmt::format("--dead: {} of {} meters cannot be dead", dead, plan.meters));
  fmt::print("{}", model::bus_budget_table(plan, arguments.dead, fresh_within));
  return exit_pass;
}

void add_budget(CLI::App& bus, Command& command) {
  auto arguments = std::make_shared<BudgetArguments>();
  auto* sub =
      bus.add_subcommand("budget", "How long a round takes with so many dead meters, and who stays fresh");
  sub->add_option("--meters", arguments->meters, "on the pair")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  sub->add_option("--dead", arguments->dead, "how many are dead; several with commas")->delimiter(',');
  sub->add_option("--baud", arguments->baud, "bits a second")
      ->check(CLI::Range(110, 10'000'000))
      ->capture_default_str();
  sub->add_option("--format", arguments->format, "8E1, 8N1 ...")->capture_default_str();
  sub->add_option("--protocol", arguments->protocol, "dlt645 or modbus")
      ->check(CLI::IsMember({"dlt645", "modbus"}));
  sub->add_option("--registers", arguments->registers, "of a Modbus reading")->check(CLI::Range(1, 125));
  sub->add_option("--turnaround-min", arguments->turnaround_ms_min, "ms")->check(CLI::Range(0, 10'000));
  sub->add_option("--turnaround-max", arguments->turnaround_ms_max, "ms")->check(CLI::Range(0, 10'000));
  sub->add_option("--patience", arguments->patience_ms, "ms before a meter counts as silent")
      ->check(CLI::Range(1, 600'000));
  sub->add_option("--attempts", arguments->attempts, "per meter and round")->check(CLI::Range(1, 10));
  sub->callback([arguments, &command] { command = [arguments] { return show_budget(*arguments); }; });
}

void add_trial(CLI::App& bus, Command& command) {
  auto path = std::make_shared<std::string>();
  auto setup = std::make_shared<model::BusTrialSetup>();
  auto* sub = bus.add_subcommand("try", "Put meters on the plan and read them, whatever the linter says");
  sub->add_option("PLAN", *path, "a bus plan, or a scenario")->required();
  sub->add_option("--rounds", setup->rounds, "over all meters")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  sub->add_option("--attempts", setup->attempts, "per meter and round")
      ->check(CLI::Range(1, 10))
      ->capture_default_str();
  sub->add_option("--seed", setup->seed, "of receivers and noise")->capture_default_str();
  sub->callback([path, setup, &command] { command = [path, setup] { return run_trial(*path, *setup); }; });
}
}  // namespace

void add_bus_command(CLI::App& cli, Command& command) {
  auto* bus = cli.add_subcommand("bus", "Plan an RS-485 pair: lint, levels, budget, try");
  bus->require_subcommand(1);
  auto path = std::make_shared<std::string>();
  auto is_strict = std::make_shared<bool>(false);
  auto* lint =
      bus->add_subcommand("lint", "What the rules of the trade say of a plan or of a scenario's lines");
  lint->add_option("PLAN", *path, "a bus plan (YAML), or a scenario's folder or scenario.yaml")->required();
  lint->add_flag("--strict", *is_strict, "warnings forbid as well");
  lint->callback(
      [path, is_strict, &command] { command = [path, is_strict] { return lint_bus(*path, *is_strict); }; });
  auto* levels = bus->add_subcommand("levels", "Voltages and error chances at each unit");
  levels->add_option("PLAN", *path, "a bus plan, or a scenario")->required();
  levels->callback([path, &command] { command = [path] { return show_levels(*path); }; });
  add_budget(*bus, command);
  add_trial(*bus, command);
}
}  // namespace app
