// `metertwin line curve`: how many bits a modulation and a code get wrong in a noise, point by point.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "apps/commands.hpp"
#include "apps/line_curve.hpp"

namespace app {
namespace {
namespace carrier = model::carrier;

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
}  // namespace

void add_line_command(CLI::App& cli, Command& command) {
  auto* line = cli.add_subcommand("line", "What lines do to what is sent over them");
  line->require_subcommand(1);
  add_curve(*line, command);
}
}  // namespace app
