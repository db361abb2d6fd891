// `metertwin explain`: every fen of a bill, truth beside it, and who is to blame for the difference.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "apps/explain_bill.hpp"

namespace app {
namespace {
struct ExplainArguments {
  std::string bill;  ///< "A0003@2026-07"
  bool all = false;
  std::filesystem::path run;
  std::string format = "text";
  bool with_intervals = false;
  BlameOptions blame;
};

/// Names in a scenario may be no UTF-8.
std::string dumped(const nlohmann::json& json) {
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
}

int explain_one(const ExplainArguments& arguments) {
  const auto name = parse_bill_name(arguments.bill);
  const auto run = open_run(arguments.run);
  const auto bill = explain_bill(run, name, arguments.blame);
  if (arguments.format == "json")
    fmt::print("{}\n", dumped(explanation_json(run, bill)));
  else
    fmt::print("{}", explanation_text(run, bill, arguments.with_intervals));
  if (!bill.blame.repeats) return exit_not_reproducible;
  const auto& attributed = bill.blame.attributed;
  return std::all_of(attributed.begin(), attributed.end(), [](const auto& a) { return a.is_explained; })
             ? exit_pass
             : exit_failed;
}

/// The month that a difference is of.
const audit::AccountMonth& month_of(const std::vector<audit::AccountMonth>& months,
                                    const audit::Difference& difference) {
  return *std::find_if(months.begin(), months.end(), [&](const auto& month) {
    return month.position == difference.position && month.month == difference.month;
  });
}

int explain_all(const ExplainArguments& arguments) {
  const auto run = open_run(arguments.run);
  const audit::Estate estate(run.scenario);
  nlohmann::json listed = nlohmann::json::array();
  std::size_t differences = 0, unexplained = 0;
  bool repeats = true;
  for (std::size_t area = 0; area < run.scenario.areas.size(); ++area) {
    const auto months = audit::find_differences(run.scenario, run.truth_db(), run.books_db(), area);
    std::vector<audit::Difference> wanted;
    for (const auto& month : months)
      wanted.insert(wanted.end(), month.differences.begin(), month.differences.end());
    const auto blame = blame_area(run, area, months, wanted, arguments.blame);
    differences += wanted.size();
    if (!blame.repeats) {
      fmt::print(stderr, "metertwin: area {} run again does not give what {} holds: no cause is named\n",
                 run.scenario.areas[area].name, run.folder.string());
      unexplained += wanted.size();
      repeats = false;
    }
    for (const auto& attributed : blame.attributed) {
      const auto& month = month_of(months, attributed.difference);
      unexplained += attributed.is_explained ? 0 : 1;
      listed.push_back(difference_json(estate, month, attributed, blame.causes));
      if (arguments.format == "text")
        fmt::print("{} {}: {}\n", audit::month_text(month.month), estate.customers[month.position].account,
                   audit::sentence_of(estate, month, attributed, blame.causes));
    }
  }
  if (arguments.format == "json")
    fmt::print("{}\n", dumped({{"run", run.folder.string()},
                               {"differences", std::move(listed)},
                               {"unexplained", unexplained}}));
  else
    fmt::print("{} differences, {} unexplained\n", differences, unexplained);
  if (!repeats) return exit_not_reproducible;
  return unexplained == 0 ? exit_pass : exit_failed;
}
}  // namespace

void add_explain_command(CLI::App& cli, Command& command) {
  auto arguments = std::make_shared<ExplainArguments>();
  auto* sub = cli.add_subcommand(
      "explain", "Trace every fen of a bill, set physical truth beside it, and say who is to blame");
  auto* bill = sub->add_option("--bill", arguments->bill, "ACCOUNT@MONTH, e.g. A0003@2026-07");
  auto* all = sub->add_flag("--all", arguments->all, "every difference of every bill of the run");
  bill->excludes(all);
  sub->add_option("RUN_FOLDER", arguments->run, "a finished run's folder; the youngest under out/ otherwise");
  sub->add_option("--format", arguments->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  sub->add_flag("--intervals", arguments->with_intervals, "list every quarter hour of the bill (text)");
  sub->add_option("--runs", arguments->blame.runs_max, "runs with fewer faults, at most")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  sub->add_option("--jobs", arguments->blame.at_once, "runs at once, each in a process of its own")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  sub->callback([arguments, &command] {
    if (arguments->bill.empty() && !arguments->all) throw CLI::RequiredError("--bill or --all");
    command = [arguments] { return arguments->all ? explain_all(*arguments) : explain_one(*arguments); };
  });
}
}  // namespace app
