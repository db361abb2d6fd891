// `metertwin grid FEEDER`: the power flow of any feeder, for one minute or for a whole day.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "apps/commands.hpp"
#include "apps/grid_advice.hpp"
#include "core/civil.hpp"
#include "models/grid/limits.hpp"
#include "models/load/demand.hpp"

namespace app {
namespace {
using namespace model::grid;
constexpr int minutes_per_day = 1440;
constexpr int lanes = 8;
constexpr double degrees_per_radian = 57.29577951308232;

struct GridArguments {
  std::filesystem::path feeder;
  NetworkReading reading;
  int minute = 0;
  bool is_day = false, wants_limits = false, wants_source = false, wants_advice = false;
  std::optional<std::uint64_t> households_seed;
  std::string format = "text";
  VoltageBand band;
};

/// The day, minute by minute.
struct DayRow {
  std::array<Complex, 3> supplied_VA{};
  std::array<double, 3> sold_W{};
  double transformer_loss_W = 0;
  std::string trouble;  ///< why this minute has no solution; empty if it has one
};

char letter_of(int conductor) { return "ABCN"[conductor]; }

void print_warnings(const Network& network, const PowerFlow& flow, int lane, int minute,
                    const VoltageBand& band) {
  for (const Warning& warning : warnings_of(network, flow, lane, band))
    fmt::print(stderr, "warning: minute {}: {}: {}{}: {:.3f} {}, limit {:.3f} {}\n", minute, warning.element,
               warning.kind, warning.phase < 0 ? "" : fmt::format(" on {}", letter_of(warning.phase)),
               warning.value, warning.unit, warning.limit, warning.unit);
}

[[noreturn]] void refuse(const GridArguments& arguments, const Network& network, const Solved& solved,
                         int minute) {
  throw BadArguments(
      fmt::format("{}: minute {}: {}", arguments.feeder.string(), minute, trouble_of(network, solved)));
}

/// Positions of the buses that are printed: those from the head down, unless all are asked for.
std::vector<int> buses_to_print(const Network& network, const PowerFlow& flow, bool wants_source) {
  const Tree& tree = flow.tree();
  std::vector<int> buses;
  for (int bus = 0; bus < static_cast<int>(network.buses.size()); ++bus) {
    const int node = tree.node_of_bus[static_cast<std::size_t>(bus)];
    if (wants_source || node < 0 || node >= tree.head) buses.push_back(bus);
  }
  return buses;
}

int print_minute(const GridArguments& arguments, const Network& network) {
  PowerFlow flow(network, {.tolerance_V = 1e-9});
  for (std::size_t i = 0; i < network.consumers.size(); ++i)
    flow.set_power(i, 0, power_at_minute(network, network.consumers[i], arguments.minute));
  const Solved solved = flow.solve();
  if (!solved.is_converged) refuse(arguments, network, solved, arguments.minute);
  flow.expand();
  const bool is_csv = arguments.format == "csv";
  fmt::print("{}\n",
             is_csv ? "bus,phase,voltage_V,angle_deg" : "bus            phase    voltage_V    angle_deg");
  for (const int bus : buses_to_print(network, flow, arguments.wants_source)) {
    for (int conductor = 0; conductor < conductor_max; ++conductor) {
      const bool is_there = flow.is_live(bus, conductor) && (conductor != neutral || flow.tree().wires == 4);
      if (!is_there && conductor == neutral) continue;
      const Complex V = flow.voltage_V(bus, conductor, 0);
      const double angle_deg = std::abs(V) > 0 ? std::arg(V) * degrees_per_radian : 0;
      const auto& name = network.buses[static_cast<std::size_t>(bus)];
      if (is_csv)
        fmt::print("{},{},{:.6f},{:.6f}\n", name, letter_of(conductor), std::abs(V), angle_deg);
      else
        fmt::print("{:<14} {:>5} {:>12.6f} {:>12.6f}\n", name, letter_of(conductor), std::abs(V), angle_deg);
    }
  }
  if (arguments.wants_limits) print_warnings(network, flow, 0, arguments.minute, arguments.band);
  return exit_pass;
}

/// A consumer between two phases counts half to each.
void add_sold(const Network& network, const PowerFlow& flow, int lane, DayRow& row) {
  for (std::size_t i = 0; i < network.consumers.size(); ++i) {
    const Consumer& consumer = network.consumers[i];
    const double power_W = flow.consumer_power(i, lane).power_W;
    const bool is_between_phases = consumer.to >= 0 && consumer.to < neutral;
    row.sold_W[static_cast<std::size_t>(consumer.from)] += is_between_phases ? power_W / 2 : power_W;
    if (is_between_phases) row.sold_W[static_cast<std::size_t>(consumer.to)] += power_W / 2;
  }
}

void set_powers(const Network& network, PowerFlow& flow, int lane, int minute) {
  for (std::size_t i = 0; i < network.consumers.size(); ++i)
    flow.set_power(i, lane, power_at_minute(network, network.consumers[i], minute));
}

DayRow row_of(const GridArguments& arguments, const Network& network, const PowerFlow& flow, int lane,
              int minute) {
  DayRow row;
  for (int phase = 0; phase < 3; ++phase)
    row.supplied_VA[static_cast<std::size_t>(phase)] = flow.head_power_VA(phase, lane);
  add_sold(network, flow, lane, row);
  row.transformer_loss_W = flow.transformer_loss_W(lane);
  if (arguments.wants_limits) print_warnings(network, flow, lane, minute, arguments.band);
  return row;
}

/// Minutes that have no solution say why; the others are as if those were not there.
std::vector<DayRow> solve_day(const GridArguments& arguments, const Network& network) {
  PowerFlow flow(network, {.lanes = lanes});
  std::optional<PowerFlow> alone;
  std::vector<DayRow> day;
  for (int first = 1; first <= minutes_per_day; first += lanes) {
    for (int lane = 0; lane < lanes; ++lane) set_powers(network, flow, lane, first + lane);
    if (flow.solve().is_converged) {
      for (int lane = 0; lane < lanes; ++lane)
        day.push_back(row_of(arguments, network, flow, lane, first + lane));
      continue;
    }
    if (!alone) alone.emplace(network);
    for (int minute = first; minute < first + lanes; ++minute) {
      set_powers(network, *alone, 0, minute);
      const Solved solved = alone->solve();
      day.push_back(solved.is_converged ? row_of(arguments, network, *alone, 0, minute) : DayRow{});
      if (!solved.is_converged) day.back().trouble = trouble_of(network, solved);
    }
  }
  return day;
}

/// After everything that could be solved has been printed: one line on what could not.
void require_solutions(const GridArguments& arguments, const std::vector<DayRow>& day) {
  const auto has_none = [](const DayRow& row) { return !row.trouble.empty(); };
  const auto first = std::find_if(day.begin(), day.end(), has_none);
  if (first == day.end()) return;
  throw BadArguments(fmt::format("{}: minute {}: {}; {} of {} minutes have no solution",
                                 arguments.feeder.string(), first - day.begin() + 1, first->trouble,
                                 std::count_if(day.begin(), day.end(), has_none), day.size()));
}

void print_rows(const std::vector<DayRow>& day, bool is_csv) {
  fmt::print("{}\n", is_csv ? "minute,phase,P_kW,Q_kvar,loss_kW"
                            : "minute phase         P_kW       Q_kvar      loss_kW");
  for (std::size_t i = 0; i < day.size(); ++i) {
    for (std::size_t phase = 0; phase < 3; ++phase) {
      if (!day[i].trouble.empty()) {  // empty cells: nothing is known
        fmt::print("{}\n", is_csv ? fmt::format("{},{},,,", i + 1, "ABC"[phase])
                                  : fmt::format("{:>6} {:>5}  no solution", i + 1, "ABC"[phase]));
        continue;
      }
      const Complex kVA = day[i].supplied_VA[phase] / 1000.0;
      const double loss_kW = kVA.real() - day[i].sold_W[phase] / 1000;
      if (is_csv)
        fmt::print("{},{},{:.9f},{:.9f},{:.9f}\n", i + 1, "ABC"[phase], kVA.real(), kVA.imag(), loss_kW);
      else
        fmt::print("{:>6} {:>5} {:>12.6f} {:>12.6f} {:>12.6f}\n", i + 1, "ABC"[phase], kVA.real(), kVA.imag(),
                   loss_kW);
    }
  }
}

void print_summary(const Network& network, const std::vector<DayRow>& day) {
  std::array<double, 3> supplied_kWh{}, sold_kWh{};
  double transformer_kWh = 0;
  for (const DayRow& row : day) {
    for (std::size_t phase = 0; phase < 3; ++phase) {
      supplied_kWh[phase] += row.supplied_VA[phase].real() / 60'000;
      sold_kWh[phase] += row.sold_W[phase] / 60'000;
    }
    transformer_kWh += row.transformer_loss_W / 60'000;
  }
  fmt::print("{}: {} buses, {} lines, {} loads\n", network.name, network.buses.size(),
             network.sections.size(), network.consumers.size());
  const auto unsolved =
      std::count_if(day.begin(), day.end(), [](const DayRow& row) { return !row.trouble.empty(); });
  if (unsolved > 0) fmt::print("without {} minutes that have no solution:\n", unsolved);
  fmt::print("phase   supplied_kWh       sold_kWh     loss_kWh   loss\n");
  const auto line = [](const char* name, double supplied, double sold) {
    fmt::print("{:<5} {:>14.6f} {:>14.6f} {:>12.6f} {:>6.3f} %\n", name, supplied, sold, supplied - sold,
               supplied == 0 ? 0 : 100 * (supplied - sold) / supplied);
  };
  line("A", supplied_kWh[0], sold_kWh[0]);
  line("B", supplied_kWh[1], sold_kWh[1]);
  line("C", supplied_kWh[2], sold_kWh[2]);
  line("total", supplied_kWh[0] + supplied_kWh[1] + supplied_kWh[2], sold_kWh[0] + sold_kWh[1] + sold_kWh[2]);
  fmt::print("transformers lose {:.6f} kWh more\n", transformer_kWh);
}

/// Loads without a profile become dwellings on a workday in January; a load's kW is the size of its home.
void move_in(Network& network, std::uint64_t seed) {
  const std::int64_t workday = core::days_from_civil(2026, 1, 14);
  for (std::size_t i = 0; i < network.consumers.size(); ++i) {
    Consumer& consumer = network.consumers[i];
    if (consumer.shape >= 0) continue;
    Shape shape{.name = "dwelling " + std::to_string(i + 1)};
    for (const std::int32_t power_mW :
         model::demand_of_day({.seed = seed, .entity = static_cast<std::uint32_t>(i + 1)}, {}, workday))
      shape.values.push_back(power_mW / 1e6);
    consumer.shape = static_cast<int>(network.shapes.size());
    network.shapes.push_back(std::move(shape));
  }
}

int run_grid(const GridArguments& arguments) {
  if (arguments.is_day && arguments.minute > 0) throw BadArguments("grid: either --minute or --day");
  if (arguments.is_day && arguments.wants_advice)
    throw BadArguments("grid: advice is for one --minute, by default the busiest, not for a --day");
  try {
    Network network = read_network(arguments.feeder, arguments.reading);
    if (arguments.households_seed) move_in(network, *arguments.households_seed);
    if (arguments.wants_advice) {
      print_advice(network, arguments.minute > 0 ? arguments.minute : busiest_minute(network), arguments.band,
                   arguments.format == "csv");
      return exit_pass;
    }
    if (arguments.minute > 0) return print_minute(arguments, network);
    const auto day = solve_day(arguments, network);
    if (std::all_of(day.begin(), day.end(), [](const DayRow& row) { return !row.trouble.empty(); }))
      require_solutions(arguments, day);
    if (arguments.is_day)
      print_rows(day, arguments.format == "csv");
    else
      print_summary(network, day);
    require_solutions(arguments, day);
  } catch (const model::BadFeederFile& bad) {
    throw BadArguments(bad.what());
  }
  return exit_pass;
}
}  // namespace

void add_grid_command(CLI::App& cli, Command& command) {
  auto arguments = std::make_shared<GridArguments>();
  auto* sub =
      cli.add_subcommand("grid", "Voltages, powers and losses of a feeder; alone: its day in one table");
  sub->add_option("FEEDER", arguments->feeder,
                  "a YAML feeder, a folder of the IEEE's CSV files, or an OpenDSS script")
      ->required();
  sub->add_option("--minute", arguments->minute,
                  "voltages of every bus in this minute of the day; 566 is 09:26")
      ->check(CLI::Range(1, minutes_per_day));
  sub->add_flag("--day", arguments->is_day, "powers and losses by phase, minute by minute");
  sub->add_option("--format", arguments->format, "text or csv")->check(CLI::IsMember({"text", "csv"}));
  sub->add_option("--profiles", arguments->reading.profiles,
                  "table of one-minute profiles for a YAML feeder; without it every load keeps its own kW");
  sub->add_option("--households", arguments->households_seed,
                  "a seed: loads without a profile become dwellings of the load library");
  sub->add_flag("--source", arguments->wants_source, "print also the buses above the transformer");
  sub->add_flag("--limits", arguments->wants_limits, "warn of overloads and of voltages outside the band");
  sub->add_flag(
      "--advice", arguments->wants_advice,
      "how much more each connection can draw or feed in, and what stops it; at the busiest minute");
  sub->add_option("--lowest", arguments->band.low_V, "V, lower end of the band")->capture_default_str();
  sub->add_option("--highest", arguments->band.high_V, "V, upper end of the band")->capture_default_str();
  sub->add_flag("--opendss-voltage-limits", arguments->reading.silent_voltage_limits,
                "OpenDSS loads become impedances outside 0.95..1.05 even where the script does not say so");
  sub->callback([arguments, &command] { command = [arguments] { return run_grid(*arguments); }; });
}
}  // namespace app
