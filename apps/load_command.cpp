// `metertwin load KIND`: what the load library makes, as a series or as the figures that measurements of real
// customers are published as.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "core/civil.hpp"
#include "models/load/load_figures.hpp"

namespace app {
namespace {
using model::HomeFigures;
using model::PowerTable;

struct LoadArguments {
  std::string kind, from = "2026-01-12", climate = "lower-yangtze", format = "text";
  model::PopulationSetup setup;
  bool wants_series = false;
};
constexpr std::string_view city_household = "household";
constexpr std::array<std::size_t, 7> group_sizes{1, 2, 5, 10, 20, 50, 100};
constexpr std::array<int, 5> percents{10, 25, 50, 75, 90};

/// Local days since 1970 of "2026-01-12".
std::int64_t day_of(const std::string& date) {
  std::array<int, 3> parts{};
  const char* at = date.data();
  const char* const end = date.data() + date.size();
  bool is_date = date.size() == 10 && date[4] == '-' && date[7] == '-';
  for (std::size_t k = 0; is_date && k < parts.size(); ++k) {
    const char* const stop = k == 0 ? at + 4 : at + 2;
    is_date = std::from_chars(at, stop, parts[k]).ptr == stop && parts[k] > 0;
    at = std::min(stop + 1, end);
  }
  if (!is_date || parts[0] < 1971 || !core::is_valid_date(parts[0], parts[1], parts[2]))
    throw BadArguments(fmt::format("--from: '{}' is not a date such as 2026-01-12", date));
  return core::days_from_civil(parts[0], parts[1], parts[2]);
}

PowerTable table_of(const LoadArguments& arguments) {
  auto setup = arguments.setup;
  setup.first_day = day_of(arguments.from);
  setup.climate = *model::climate_of(arguments.climate);
  const auto kind = model::demand_kind_of(arguments.kind);
  if (!kind && arguments.kind != city_household)
    throw BadArguments(
        fmt::format("no kind of load '{}': household, dwelling, electric-car, heat-pump, solar-roof, shop, "
                    "workshop or studio",
                    arguments.kind));
  try {
    if (!kind) return household_table(setup);
    setup.kind = *kind;
    return power_table(setup);
  } catch (const std::invalid_argument& bad) {
    throw BadArguments(bad.what());
  }
}

struct Figure {
  std::string name, of;
  double value = 0;
};

/// Every figure, in the order in which it is printed.
std::vector<Figure> figures_of_all(const PowerTable& table) {
  struct Column {
    const char* name;
    double HomeFigures::*value;
  };
  static constexpr std::array<Column, 10> columns{{{"energy_kWh_a_day", &HomeFigures::daily_kWh},
                                                   {"peak_kW", &HomeFigures::peak_kW},
                                                   {"load_factor", &HomeFigures::load_factor},
                                                   {"night_over_mean", &HomeFigures::night_share},
                                                   {"evening_over_mean", &HomeFigures::evening_share},
                                                   {"quantile_25_over_mean", &HomeFigures::share_25},
                                                   {"quantile_50_over_mean", &HomeFigures::share_50},
                                                   {"quantile_75_over_mean", &HomeFigures::share_75},
                                                   {"quantile_90_over_mean", &HomeFigures::share_90},
                                                   {"quantile_99_over_mean", &HomeFigures::share_99}}};
  std::vector<HomeFigures> homes;
  for (std::size_t home = 0; home < table.power_kW.size(); ++home)
    homes.push_back(model::figures_of(table, home));
  std::vector<Figure> figures;
  for (const Column& column : columns) {
    std::vector<double> values;
    for (const auto& home : homes) values.push_back(home.*column.value);
    for (const int percent : percents)
      figures.push_back(
          {column.name, fmt::format("p{}", percent), model::quantile_of(values, percent / 100.0)});
  }
  const auto shape = model::shape_by_hour(table);
  for (std::size_t hour = 0; hour < shape.size(); ++hour)
    figures.push_back({"hour_over_mean", fmt::format("{:02}h", hour), shape[hour]});
  for (const std::size_t size : group_sizes)
    if (size <= table.power_kW.size())
      figures.push_back({"coincidence", fmt::format("{}", size), model::coincidence(table, size)});
  return figures;
}

void print_series(const PowerTable& table, const LoadArguments& arguments) {
  const auto first = day_of(arguments.from);
  fmt::memory_buffer out;
  const auto into = std::back_inserter(out);
  fmt::format_to(into, "t");
  for (std::size_t home = 1; home <= table.power_kW.size(); ++home) fmt::format_to(into, ",H{}", home);
  for (std::size_t t = 0; t < table.intervals(); ++t) {
    const auto minutes = static_cast<std::int64_t>(t) * table.interval_min;
    const auto civil = core::civil_from_days(first + minutes / 1440);
    fmt::format_to(into, "\n{:04}-{:02}-{:02} {:02}:{:02}", civil.year, civil.month, civil.day,
                   minutes % 1440 / 60, minutes % 60);
    for (const auto& home : table.power_kW)
      fmt::format_to(into, ",{:.6f}", static_cast<double>(home[t]) * table.interval_min / 60);
    if (out.size() < (1u << 20)) continue;
    fmt::print("{}", fmt::to_string(out));
    out.clear();
  }
  fmt::print("{}\n", fmt::to_string(out));
}

void print_text(const std::vector<Figure>& figures, const LoadArguments& arguments) {
  fmt::print("{} x {}, {} day{} from {}, seed {}, size {:g}, {}, intervals of {} min\n",
             arguments.setup.homes, arguments.kind, arguments.setup.days,
             arguments.setup.days == 1 ? "" : "s", arguments.from, arguments.setup.seed, arguments.setup.size,
             arguments.climate, arguments.setup.interval_min);
  std::string_view name;
  int in_row = 0;
  for (const Figure& figure : figures) {
    if (figure.name != name || in_row == 8) {
      fmt::print("\n{:<22}", figure.name == name ? "" : figure.name);
      in_row = 0;
    }
    name = figure.name;
    fmt::print(" {:>4} {:<7.3f}", figure.of, figure.value);
    ++in_row;
  }
  fmt::print("\n");
}

int run_load(const LoadArguments& arguments) {
  const PowerTable table = table_of(arguments);
  if (arguments.wants_series) {
    print_series(table, arguments);
    return exit_pass;
  }
  const auto figures = figures_of_all(table);
  if (arguments.format == "csv") {
    fmt::print("figure,of,value\n");
    for (const Figure& figure : figures) fmt::print("{},{},{:.5f}\n", figure.name, figure.of, figure.value);
  } else if (arguments.format == "json") {
    nlohmann::ordered_json json{
        {"kind", arguments.kind},       {"homes", arguments.setup.homes},
        {"days", arguments.setup.days}, {"from", arguments.from},
        {"seed", arguments.setup.seed}, {"size", arguments.setup.size},
        {"climate", arguments.climate}, {"interval_min", arguments.setup.interval_min}};
    for (const Figure& figure : figures) json["figures"][figure.name][figure.of] = figure.value;
    fmt::print("{}\n", json.dump(2));
  } else {
    print_text(figures, arguments);
  }
  return exit_pass;
}
}  // namespace

void add_load_command(CLI::App& cli, Command& command) {
  auto arguments = std::make_shared<LoadArguments>();
  auto* sub = cli.add_subcommand(
      "load", "What the load library makes: quantiles, load factor, shape of the day and coincidence");
  sub->add_option("KIND", arguments->kind,
                  "household, dwelling, electric-car, heat-pump, solar-roof, shop, workshop or studio")
      ->required();
  sub->add_option("--homes", arguments->setup.homes, "how many customers; default 100")
      ->check(CLI::Range(1, 100'000));
  sub->add_option("--days", arguments->setup.days, "default 1")->check(CLI::Range(1, 3660));
  sub->add_option("--from", arguments->from, "first local day; default 2026-01-12, a Monday");
  sub->add_option("--seed", arguments->setup.seed, "default 1");
  sub->add_option("--size", arguments->setup.size,
                  "dwelling, shop, workshop: times the usual; others: rated or peak kW; default 1")
      ->check(CLI::Range(0.01, 100.0));
  sub->add_option("--interval", arguments->setup.interval_min, "minutes per interval; default 1")
      ->check(CLI::Range(1, 1440));
  sub->add_option("--climate", arguments->climate, "lower-yangtze (default), germany or britain")
      ->check(CLI::IsMember({"lower-yangtze", "germany", "britain"}));
  sub->add_flag("--series", arguments->wants_series,
                "the series itself, as CSV: kWh per interval, one column per customer");
  sub->add_option("--format", arguments->format, "text, csv or json")
      ->check(CLI::IsMember({"text", "csv", "json"}));
  sub->callback([arguments, &command] { command = [arguments] { return run_load(*arguments); }; });
}
}  // namespace app
