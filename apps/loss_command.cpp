// `metertwin loss RUN`: the line-loss report of a finished run's areas, from the head-end's readings.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "apps/loss_report.hpp"
#include "apps/run_inspections.hpp"
#include "reports/result_json.hpp"
#include "scenarios/bad_scenario.hpp"
#include "scenarios/load.hpp"
#include "scenarios/text.hpp"

namespace app {
namespace {
namespace fs = std::filesystem;
using headend::loss::LossFigures;
using headend::loss::LossReport;

struct LossArguments {
  fs::path run;
  std::string area, day, data, format = "text";
  bool is_without_model = false, tells_nights = false;
};

LossQuestion question_of(const scenario::Scenario& scenario, const LossArguments& arguments) {
  LossQuestion question{.area = arguments.area,
                        .from = scenario.starts,
                        .till = scenario.ends(),
                        .models_loss = !arguments.is_without_model};
  std::vector<std::string> names;
  for (const auto& area : scenario.areas) names.push_back(area.name);
  if (!arguments.area.empty() && std::find(names.begin(), names.end(), arguments.area) == names.end())
    throw BadArguments(fmt::format("--area: no area '{}' in {}{}", arguments.area, scenario.story,
                                   scenario::did_you_mean(arguments.area, names)));
  if (arguments.day.empty()) return question;
  const auto& zone = scenario.zone_rules;
  const auto midnight = core::parse_iso8601(arguments.day + "T00:00", zone);
  if (arguments.day.size() != 10 || !midnight)
    throw BadArguments(fmt::format("--day: '{}' is not a date such as 2026-07-01", arguments.day));
  question.from = std::max(*midnight, scenario.starts);
  question.till = std::min(zone.start_of_day(zone.local_day(*midnight) + 1), scenario.ends());
  if (question.from >= question.till)
    throw BadArguments(fmt::format("--day: {} is not within the run, {} to {}", arguments.day,
                                   core::to_iso8601(scenario.starts, zone),
                                   core::to_iso8601(scenario.ends(), zone)));
  return question;
}

nlohmann::ordered_json json_of(const std::string& name, const LossFigures& figures) {
  return {{"name", name},
          {"customers", figures.customers},
          {"supplied_kWh", figures.supplied_kWh},
          {"sold_kWh", figures.sold_kWh},
          {"loss_kWh", figures.loss_kWh()},
          {"expanded_uncertainty_kWh", figures.expanded_kWh()},
          {"loss_share", figures.loss_share()}};
}

nlohmann::ordered_json json_of(const AreaLoss& loss) {
  const LossReport& report = loss.report;
  nlohmann::ordered_json json{{"area", loss.area}};
  if (!report.trouble.empty()) {
    json["trouble"] = report.trouble;
    return json;
  }
  json["total"] = json_of("area", report.total);
  json["groups"] = nlohmann::ordered_json::array();
  for (const auto& group : report.groups) json["groups"].push_back(json_of(group.name, group.figures));
  json["spans"] = report.spans.size();
  json["missing"] = report.missing;
  json["unread"] = report.unread;
  if (report.modelled_loss_kWh) {
    json["modelled_loss_kWh"] = *report.modelled_loss_kWh;
    json["unexplained_kWh"] = report.unexplained_kWh;
    json["unexplained_expanded_uncertainty_kWh"] = 2 * report.unexplained_uncertainty_kWh;
  }
  json["verdict"] = name_of(report.verdict);
  return json;
}

void print_csv(const std::vector<AreaLoss>& losses) {
  fmt::print("area,group,customers,supplied_kWh,sold_kWh,loss_kWh,expanded_uncertainty_kWh,loss_percent\n");
  for (const auto& loss : losses) {
    if (!loss.report.trouble.empty()) continue;
    const auto row = [&](const std::string& name, const LossFigures& f) {
      fmt::print("{},{},{},{:.3f},{:.3f},{:.3f},{:.3f},{:.4f}\n", loss.area, name, f.customers,
                 f.supplied_kWh, f.sold_kWh, f.loss_kWh(), f.expanded_kWh(), 100 * f.loss_share());
    };
    row("all", loss.report.total);
    for (const auto& group : loss.report.groups) row(group.name, group.figures);
  }
}

void print_nights_text(const Inspections& told, const core::Zone& zone) {
  for (const auto& night : told.nights) {
    if (!night.is_judged)
      fmt::print("{}  {:<16} {}: {}\n", night.day, night.area, night.verdict, night.reason);
    else
      fmt::print(
          "{}  {:<16} supplied {:>10.2f} kWh  sold {:>10.2f} kWh  loss {:>8.2f} +-{:.2f} kWh  usual {:>8.2f} "
          "kWh  by chance {:<8.2g} {}\n",
          night.day, night.area, night.supplied_kWh, night.sold_kWh, night.supplied_kWh - night.sold_kWh,
          night.uncertainty_kWh, night.usual_kWh, night.p_value, night.verdict);
  }
  for (const auto& order : told.work_orders) {
    fmt::print("work order {} ({}) of {}, opened {}: {}\n", order.id, order.kind,
               order.meter.empty() ? "area " + order.area : order.meter,
               core::to_civil_text(order.opened_at, zone), order.reason);
    for (const auto& line : order.evidence) fmt::print("    {}\n", line);
    if (order.is_closed)
      fmt::print("    found {}: {}\n", core::to_civil_text(order.closed_at, zone), order.finding);
  }
}

/// What the head-end's own watch said, night by night.
int tell_nights(const scenario::Scenario& scenario, const LossArguments& arguments) {
  auto told = inspections_of_run(arguments.run / "books.db");
  const auto is_other = [&](const auto& row) {
    return !arguments.area.empty() && row.area != arguments.area;
  };
  std::erase_if(told.nights, is_other);
  std::erase_if(told.work_orders, is_other);
  if (arguments.format == "text") {
    print_nights_text(told, scenario.zone_rules);
    return exit_pass;
  }
  if (arguments.format == "csv") {
    fmt::print(
        "day,area,verdict,supplied_kWh,sold_kWh,loss_kWh,expanded_uncertainty_kWh,usual_kWh,p_value\n");
    for (const auto& night : told.nights)
      fmt::print("{},{},{},{:.3f},{:.3f},{:.3f},{:.3f},{:.3f},{:.3g}\n", night.day, night.area, night.verdict,
                 night.supplied_kWh, night.sold_kWh, night.supplied_kWh - night.sold_kWh,
                 night.uncertainty_kWh, night.usual_kWh, night.p_value);
    return exit_pass;
  }
  report::RunRecord record;
  record.zone = scenario.zone_rules;
  record.nights = std::move(told.nights);
  record.work_orders = std::move(told.work_orders);
  const auto all = nlohmann::ordered_json::parse(report::result_json(record));
  fmt::print("{}\n",
             nlohmann::ordered_json{{"nights", all["nights"]}, {"work_orders", all["work_orders"]}}.dump(2));
  return exit_pass;
}

int run_loss(const LossArguments& arguments) {
  for (const char* file : {"scenario.yaml", "books.db"})
    if (!fs::exists(arguments.run / file))
      throw BadArguments(
          fmt::format("{}: no finished run: there is no {} in it", arguments.run.string(), file));
  auto scenario = scenario::load(arguments.run);
  if (!arguments.data.empty()) scenario.data_folder = fs::absolute(arguments.data).string();
  const auto question = question_of(scenario, arguments);
  if (arguments.tells_nights) return tell_nights(scenario, arguments);
  const auto losses = line_losses(scenario, arguments.run / "books.db", question);
  if (losses.empty())
    throw BadArguments(fmt::format(
        "{}: {} meter at its transformer ('load: feeder-head')", arguments.run.string(),
        arguments.area.empty() ? "no area has a" : fmt::format("area {} has no", arguments.area)));
  if (arguments.format == "json") {
    auto json = nlohmann::ordered_json::array();
    for (const auto& loss : losses) json.push_back(json_of(loss));
    fmt::print("{}\n", json.dump(2));
  } else if (arguments.format == "csv") {
    print_csv(losses);
  } else {
    for (const auto& loss : losses)
      fmt::print("{}, {} to {}\n{}", loss.area, core::to_iso8601(question.from, scenario.zone_rules),
                 core::to_iso8601(question.till, scenario.zone_rules), to_text(loss.report));
  }
  return exit_pass;
}
}  // namespace

void add_loss_command(CLI::App& cli, Command& command) {
  auto arguments = std::make_shared<LossArguments>();
  auto* sub = cli.add_subcommand(
      "loss", "Line loss of a finished run's areas, from the head-end's readings, with its uncertainty");
  sub->add_option("RUN", arguments->run, "a finished run's folder (scenario.yaml, books.db)")->required();
  sub->add_option("--area", arguments->area, "one area only");
  sub->add_option("--day", arguments->day, "one local day, 2026-07-01; the whole run by default");
  sub->add_option("--data", arguments->data, "folder of outside data that the run used, as for run");
  sub->add_option("--format", arguments->format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}));
  sub->add_flag("--no-model", arguments->is_without_model,
                "do not compare with the network's I2R: the loss is not judged");
  sub->add_flag("--nights", arguments->tells_nights,
                "what the head-end's night watch said: each night, suspicions, work orders and findings");
  sub->callback([arguments, &command] { command = [arguments] { return run_loss(*arguments); }; });
}
}  // namespace app
