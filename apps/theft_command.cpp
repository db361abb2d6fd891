// `metertwin theft evaluate`: how well each way of stealing is detected, on areas made from real or made-up
// homes.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <numeric>

#include "apps/commands.hpp"
#include "apps/theft/consumption_csv.hpp"
#include "apps/theft/evaluation.hpp"
#include "models/theft/population.hpp"

namespace app {
namespace {
using model::theft::Consumption;

struct TheftOptions {
  std::string data_file, format = "text";
  std::vector<std::string> attacks;
  int data_interval_min = 0, interval_min = 30;
  theft::EvaluationSettings evaluation;
  bool is_synthetic = false;
  double false_alarms_percent = 1, technical_loss_percent = 2;
};

/// Sums of whole intervals; nothing when a value is missing, negative, or all are zero: no series to steal
/// from.
std::optional<Consumption> usable(const std::vector<double>& series, int together, int interval_min) {
  Consumption home{1440 / interval_min, {}};
  const auto step = static_cast<std::size_t>(together);
  for (std::size_t k = 0; k + step <= series.size(); k += step) {
    double energy = 0;
    for (std::size_t m = k; m < k + step; ++m) {
      if (!(series[m] >= 0)) return std::nullopt;
      energy += series[m];
    }
    home.energy_kWh.push_back(energy);
  }
  if (!(std::accumulate(home.energy_kWh.begin(), home.energy_kWh.end(), 0.0) > 0)) return std::nullopt;
  return home;
}

std::vector<Consumption> homes_of_file(const TheftOptions& options) {
  const auto table = theft::read_consumption(options.data_file, options.data_interval_min);
  if (options.interval_min % table.interval_min != 0)
    throw BadArguments(fmt::format("intervals of {} minutes cannot be made of the file's {} minutes",
                                   options.interval_min, table.interval_min));
  std::vector<Consumption> homes;
  for (const auto& series : table.energy_kWh)
    if (auto home = usable(series, options.interval_min / table.interval_min, options.interval_min))
      homes.push_back(std::move(*home));
  const auto least = 2 * static_cast<std::size_t>(options.evaluation.trial.customers);
  if (homes.size() < least)
    throw BadArguments(fmt::format(
        "{}: {} of {} customers usable (none missing, none negative, not all zero): two disjoint halves of "
        "at least {} are needed",
        options.data_file, homes.size(), table.names.size(), least / 2));
  fmt::print(stderr, "{}: {} of {} customers usable (none missing, none negative, not all zero)\n",
             options.data_file, homes.size(), table.names.size());
  return homes;
}

std::vector<theft::TrialKind> kinds_of(const std::vector<std::string>& names) {
  std::vector<theft::TrialKind> kinds;
  if (names.empty()) {
    for (const auto attack : model::theft::every_attack()) kinds.push_back({false, attack});
    kinds.push_back({true, {}});
  }
  for (const auto& name : names) {
    const auto attack = model::theft::attack_of(name);
    if (!attack && name != "mix")
      throw BadArguments(fmt::format("no attack {}: m0..m13, h1..h6 or mix", name));
    kinds.push_back({name == "mix", attack.value_or(model::theft::Attack::h1)});
  }
  return kinds;
}

int evaluate_theft(TheftOptions options) {
  if (1440 % options.interval_min != 0) throw BadArguments("a day must hold whole intervals");
  options.evaluation.kinds = kinds_of(options.attacks);
  options.evaluation.false_alarm_rate = options.false_alarms_percent / 100;
  options.evaluation.trial.technical_loss = options.technical_loss_percent / 100;
  if (options.evaluation.trial.thieves >= options.evaluation.trial.customers)
    throw BadArguments("an area needs honest customers too");
  try {
    const auto homes =
        options.is_synthetic || options.data_file.empty()
            ? model::theft::population(options.evaluation.seed, {148, 49, 1440 / options.interval_min})
            : homes_of_file(options);
    const auto evaluation = theft::evaluate(
        homes, options.evaluation, [](const std::string& what) { fmt::print(stderr, "{}\n", what); });
    fmt::print("{}", options.format == "json"  ? theft::to_json(evaluation)
                     : options.format == "csv" ? theft::to_csv(evaluation)
                     : options.format == "svg" ? theft::to_svg(evaluation)
                                               : theft::to_text(evaluation));
  } catch (const theft::BadConsumptionFile& bad) {
    throw BadArguments(bad.what());
  } catch (const std::invalid_argument& bad) {
    throw BadArguments(bad.what());
  }
  return exit_pass;
}
}  // namespace

void add_theft_command(CLI::App& cli, Command& command) {
  auto options = std::make_shared<TheftOptions>();
  options->evaluation.jobs = 2;
  auto* theft = cli.add_subcommand("theft", "Theft and its detection");
  theft->require_subcommand(1);
  auto* sub =
      theft->add_subcommand("evaluate", "Detection quality per way of stealing, on random trial areas");
  auto* data = sub->add_option("--data", options->data_file,
                               "CSV of interval consumption in kWh, one column per customer");
  sub->add_flag("--synthetic", options->is_synthetic, "148 made-up homes; so it is without --data, too")
      ->excludes(data);
  sub->add_option("--data-interval", options->data_interval_min,
                  "minutes per row of the file; default: find out")
      ->check(CLI::Range(1, 1440));
  sub->add_option("--interval", options->interval_min, "minutes per interval of the evaluation; default 30")
      ->check(CLI::Range(1, 1440));
  sub->add_option("--areas", options->evaluation.areas, "test areas per attack; default 200")
      ->check(CLI::Range(1, 10'000));
  sub->add_option("--training-areas", options->evaluation.training_areas,
                  "per attack; default a quarter, 8 to 50")
      ->check(CLI::Range(1, 10'000));
  sub->add_option("--customers", options->evaluation.trial.customers, "per area; default 40")
      ->check(CLI::Range(5, 1000));
  sub->add_option("--thieves", options->evaluation.trial.thieves, "per area; default 4")
      ->check(CLI::Range(1, 60));
  sub->add_option("--technical-loss", options->technical_loss_percent, "per cent of the supply; default 2")
      ->check(CLI::Range(0.0, 50.0));
  sub->add_option("--false-alarms", options->false_alarms_percent, "per cent of honest customers; default 1")
      ->check(CLI::Range(0.01, 50.0));
  sub->add_option("--attacks", options->attacks, "m0..m13, h1..h6, mix; default: all")->delimiter(',');
  sub->add_option("--seed", options->evaluation.seed, "default 1");
  sub->add_option("--jobs", options->evaluation.jobs, "threads; default 2, the figures do not depend on it")
      ->check(CLI::Range(1, 256));
  sub->add_option("--format", options->format, "text, json, csv or svg (a picture of AUCs)")
      ->check(CLI::IsMember({"text", "json", "csv", "svg"}));
  sub->callback([options, &command] { command = [options] { return evaluate_theft(*options); }; });
}
}  // namespace app
