// `metertwin line curve`: how many bits a modulation and a code get wrong in a noise, point by point.
// `metertwin line area`: how well meters on a feeder are read over its mains.
// `metertwin line law`: what lines do in the long run, measured on the models and set beside the formula.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "apps/commands.hpp"
#include "apps/line_area.hpp"
#include "apps/line_curve.hpp"
#include "apps/line_laws.hpp"
#include "models/grid/feeder.hpp"

namespace app {
namespace {
namespace carrier = model::carrier;

std::string law_names() {
  std::string names;
  for (const auto& law : line_laws()) names += fmt::format("{}{}", names.empty() ? "" : ", ", law.name);
  return names;
}

int draw_curve(const CurveArguments& arguments) {
  CurvePlan plan;
  try {
    plan = read_curve(arguments);
  } catch (const std::invalid_argument& bad) {
    throw BadArguments(bad.what());
  }
  std::vector<carrier::CurvePoint> all;
  if (plan.is_csv) fmt::print("{}\n", csv_header(plan));
  for (const double ebn0_dB : plan.points) {
    all.push_back(carrier::error_curve_point(plan.setup, ebn0_dB, plan.bits));
    if (plan.is_csv) fmt::print("{}\n", csv_row(plan, all.back()));
    std::fflush(stdout);
  }
  if (!plan.is_csv) fmt::print("{}\n", to_json(all));
  return exit_pass;
}

void add_curve(CLI::App& line, Command& command) {
  auto typed = std::make_shared<CurveArguments>();
  auto* curve = line.add_subcommand(
      "curve", "Bit errors of a carrier's modulation and code against Eb/N0 per information bit");
  curve->add_option("--modulation", typed->modulation, carrier::modulation_names());
  curve->add_option("--code", typed->code, carrier::code_names() + "; -soft or -hard may follow");
  curve->add_option("--decision", typed->decision, "hard (if nothing is said) or soft");
  curve->add_option("--ebn0", typed->ebn0, "in dB: FIRST:LAST:STEP, or a,b,c");
  curve->add_option("--bits", typed->bits, "information bits per point");
  curve->add_option("--noise", typed->noise, "awgn or middleton-a");
  curve->add_option("--impulsive-index", typed->impulsive_index, "Middleton's A, impulses a sample");
  curve->add_option("--background-ratio", typed->background_ratio,
                    "Middleton's Gamma, background to impulses");
  curve->add_option("--burst-samples", typed->burst_samples,
                    "how long an impulse lasts on average; 1: no memory");
  curve->add_option("--interleaver", typed->interleaver, "depth in coded bits; 1: none");
  curve->add_option("--full-scale", typed->full_scale,
                    "amplitude, in noise-free ones, at which a soft decision of 8 bits saturates");
  curve->add_option("--frame-bytes", typed->frame_bytes, "information bytes a frame");
  curve->add_option("--start", typed->start,
                    "of a frame, for convolutional decoders: favoured as in the published curves, or known");
  curve->add_option("--seed", typed->seed, "same seed, same output");
  curve->add_option("--format", typed->format, "csv or json");
  curve->add_flag("--frames", typed->with_frames, "also count frames and frame errors");
  curve->callback([typed, &command] { command = [typed] { return draw_curve(*typed); }; });
}
struct LawArguments {
  std::vector<std::string> names;
  int replications = 40;
  std::uint64_t seed = 1;
  bool is_csv = false;
};

int show_laws(const LawArguments& arguments) {
  const auto laws = line_laws();
  for (const auto& name : arguments.names)
    if (std::none_of(laws.begin(), laws.end(), [&](const Law& law) { return law.name == name; }))
      throw BadArguments(fmt::format("no law '{}'; there are {}", name, law_names()));
  if (arguments.is_csv) fmt::print("law,x,expected,measured,spread,z\n");
  for (const auto& law : laws) {
    if (!arguments.names.empty() &&
        std::find(arguments.names.begin(), arguments.names.end(), law.name) == arguments.names.end())
      continue;
    std::vector<LawPoint> points;
    try {
      points = measure(law, arguments.replications, arguments.seed);
    } catch (const std::invalid_argument& bad) {
      throw BadArguments(bad.what());
    }
    if (!arguments.is_csv)
      fmt::print("{}: {}\n  {}\n  {:>22} {:>12} {:>12} {:>10} {:>7}\n", law.name, law.what, law.source, law.x,
                 "expected", "measured", "spread", "z");
    for (const auto& point : points)
      fmt::print(fmt::runtime(arguments.is_csv ? "{0},{1:g},{2:.8g},{3:.8g},{4:.4g},{5:.2f}\n"
                                               : "  {1:>22g} {2:>12.6g} {3:>12.6g} {4:>10.2g} {5:>7.2f}\n"),
                 law.name, point.x, point.expected, point.measured, point.spread, point.z);
    std::fflush(stdout);
  }
  return exit_pass;
}

void add_law(CLI::App& line, Command& command) {
  auto typed = std::make_shared<LawArguments>();
  auto* law = line.add_subcommand("law", "What lines do in the long run, beside the formula for it");
  law->add_option("names", typed->names, "of " + law_names() + "; none: all");
  law->add_option("--replications", typed->replications, "independent ones per point, 2 to 100000");
  law->add_option("--seed", typed->seed, "same seed, same output");
  law->add_option("--format", "text or csv")
      ->check(CLI::IsMember({"text", "csv"}))
      ->each([typed](const std::string& format) { typed->is_csv = format == "csv"; });
  law->callback([typed, &command] { command = [typed] { return show_laws(*typed); }; });
}
void add_area(CLI::App& line, Command& command) {
  auto typed = std::make_shared<AreaArguments>();
  auto* area = line.add_subcommand("area", "How well meters on a feeder are read over its mains, day by day");
  area->add_option("feeder", typed->feeder, "a feeder's YAML: scenarios/feeders/european-lv.yaml")
      ->required();
  area->add_option("--modules", typed->modules, "spread over the feeder's buses and phases");
  area->add_option("--days", typed->days, "96 cycles each");
  area->add_option("--band", typed->band, "narrowband or high-speed");
  area->add_option("--attempts", typed->attempts, "exchanges per reading and cycle");
  area->add_option("--hop-tries", typed->hop_tries, "sendings per hop");
  area->add_option("--relay-levels", typed->relay_levels, "0: no relays; -1: the band's");
  area->add_option("--noise-dB", typed->extra_noise_dB, "so much louder than the default noise");
  area->add_option("--seed", typed->seed, "same seed, same output");
  area->add_option("--format", typed->format, "text or csv");
  area->callback([typed, &command] {
    command = [typed] {
      try {
        show_area(*typed);
      } catch (const std::invalid_argument& bad) {
        throw BadArguments(bad.what());
      } catch (const model::BadFeederFile& bad) {
        throw BadArguments(bad.what());
      }
      return exit_pass;
    };
  });
}
}  // namespace

void add_line_command(CLI::App& cli, Command& command) {
  auto* line = cli.add_subcommand("line", "What lines do to what is sent over them");
  line->require_subcommand(1);
  add_curve(*line, command);
  add_law(*line, command);
  add_area(*line, command);
}
}  // namespace app
