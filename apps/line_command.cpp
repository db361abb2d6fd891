// `metertwin line curve`: how many bits a modulation and a code get wrong in a noise, point by point.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "models/line/carrier/error_curve.hpp"

namespace app {
namespace {
namespace carrier = model::carrier;
constexpr double bits_limit = 1e12;
constexpr std::size_t points_limit = 2000;
constexpr double ebn0_limit_dB = 100;

/// As they were typed; read into a CurveSetup once all are known.
struct CurveArguments {
  std::string modulation = "bpsk", code = "none", decision, ebn0 = "0:10:1", bits = "1e6", noise = "awgn";
  std::string format = "csv", seed = "1";
  std::string impulsive_index = "0.1", background_ratio = "0.1", burst_samples = "1", full_scale = "1";
  std::string interleaver = "1", frame_bytes = "256";
  bool with_frames = false;
};

/// A finite number and nothing else.
double number_of(std::string_view option, std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    throw BadArguments(fmt::format("{}: '{}' is not a number", option, text));
  return value;
}

double number_between(std::string_view option, std::string_view text, double low, double high) {
  const double value = number_of(option, text);
  if (value < low || value > high)
    throw BadArguments(fmt::format("{}: {} is not between {:g} and {:g}", option, text, low, high));
  return value;
}

/// Also "1e7".
std::uint64_t count_between(std::string_view option, std::string_view text, double low, double high) {
  const double value = number_between(option, text, low, high);
  if (value != std::floor(value))
    throw BadArguments(fmt::format("{}: {} is not a whole number", option, text));
  return static_cast<std::uint64_t>(value);
}

std::uint64_t seed_of(std::string_view text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size())
    throw BadArguments(fmt::format("--seed: '{}' is not a whole number of 0 to 2^64 - 1", text));
  return seed;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// "FIRST:LAST:STEP", "a,b,c" or one value, in dB.
std::vector<double> points_of(std::string_view text) {
  const auto dB = [](std::string_view part) {
    return number_between("--ebn0", part, -ebn0_limit_dB, ebn0_limit_dB);
  };
  std::vector<double> points;
  const auto range = split(text, ':');
  if (range.size() == 1) {
    for (const auto part : split(text, ',')) points.push_back(dB(part));
    return points;
  }
  if (range.size() != 3)
    throw BadArguments(fmt::format("--ebn0: '{}' is not like 0:8:0.5, 6 or 0,3,6", text));
  const double first = dB(range[0]), last = dB(range[1]), step = dB(range[2]);
  if (!(step > 0)) throw BadArguments(fmt::format("--ebn0: the step {} is not positive", range[2]));
  if (last < first) throw BadArguments(fmt::format("--ebn0: {} lies before {}", range[1], range[0]));
  const double steps = std::floor((last - first) / step + 1e-9);
  if (steps >= static_cast<double>(points_limit))
    throw BadArguments(fmt::format("--ebn0: {:.0f} points are more than {}", steps + 1, points_limit));
  for (int i = 0; i <= static_cast<int>(steps); ++i) points.push_back(first + i * step);
  return points;
}

template <class T>
T chosen(std::string_view option, std::string_view text, std::optional<T> value, const std::string& names) {
  if (!value) throw BadArguments(fmt::format("{}: '{}' is none of: {}", option, text, names));
  return *value;
}

carrier::NoiseSetup noise_of(const CurveArguments& arguments) {
  carrier::NoiseSetup noise;
  if (arguments.noise != "awgn" && arguments.noise != "middleton-a")
    throw BadArguments(fmt::format("--noise: '{}' is none of: awgn, middleton-a", arguments.noise));
  noise.is_impulsive = arguments.noise == "middleton-a";
  noise.impulsive_index = number_between("--impulsive-index", arguments.impulsive_index, 1e-6, 100);
  noise.background_ratio = number_between("--background-ratio", arguments.background_ratio, 1e-9, 1e6);
  noise.burst_samples = number_between("--burst-samples", arguments.burst_samples, 1, 1e9);
  return noise;
}

/// A name may end in -hard or -soft; --decision says the same.
carrier::CurveSetup setup_of(const CurveArguments& arguments) {
  carrier::CurveSetup setup;
  setup.modulation = chosen("--modulation", arguments.modulation,
                            carrier::modulation_of(arguments.modulation), carrier::modulation_names());
  std::string code = arguments.code, decision = arguments.decision;
  for (const std::string_view word : {"hard", "soft"}) {
    if (!code.ends_with(fmt::format("-{}", word))) continue;
    if (!decision.empty() && decision != word)
      throw BadArguments(fmt::format("--code {} contradicts --decision {}", arguments.code, decision));
    code.resize(code.size() - word.size() - 1);
    decision = word;
  }
  if (!decision.empty() && decision != "hard" && decision != "soft")
    throw BadArguments(fmt::format("--decision: '{}' is none of: hard, soft", decision));
  setup.code = chosen("--code", arguments.code, carrier::code_of(code), carrier::code_names());
  setup.decision = decision == "soft" ? carrier::Decision::soft : carrier::Decision::hard;
  if (setup.decision == carrier::Decision::soft && !carrier::has_soft_decoder(setup.code))
    throw BadArguments(fmt::format("--code: {} is only decoded hard", carrier::name_of(setup.code)));
  setup.noise = noise_of(arguments);
  setup.full_scale = number_between("--full-scale", arguments.full_scale, 0.1, 100);
  setup.frame_bytes = count_between("--frame-bytes", arguments.frame_bytes, 1, 65'536);
  setup.interleaver = count_between("--interleaver", arguments.interleaver, 1, 1e6);
  setup.seed = seed_of(arguments.seed);
  return setup;
}

void print_csv(const carrier::CurvePoint& point, bool with_frames) {
  const double shown = std::round(point.ebn0_dB * 1e6) / 1e6;  // 0.3, not 0.30000000000000004
  fmt::print("{},{},{}", shown == 0 ? 0.0 : shown, point.bits, point.errors);
  if (with_frames) fmt::print(",{},{}", point.frames, point.frame_errors);
  fmt::print("\n");
}

nlohmann::ordered_json to_json(const carrier::CurvePoint& point) {
  return {{"ebn0_dB", std::round(point.ebn0_dB * 1e6) / 1e6},
          {"bits", point.bits},
          {"errors", point.errors},
          {"frames", point.frames},
          {"frame_errors", point.frame_errors}};
}

int draw_curve(const CurveArguments& arguments) {
  const auto setup = setup_of(arguments);
  const auto points = points_of(arguments.ebn0);
  const auto bits = count_between("--bits", arguments.bits, 1, bits_limit);
  if (arguments.format != "csv" && arguments.format != "json")
    throw BadArguments(fmt::format("--format: '{}' is none of: csv, json", arguments.format));
  const bool is_csv = arguments.format == "csv";
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  if (is_csv) fmt::print("ebn0_dB,bits,errors{}\n", arguments.with_frames ? ",frames,frame_errors" : "");
  for (const double ebn0_dB : points) {
    const auto point = carrier::error_curve_point(setup, ebn0_dB, bits);
    if (is_csv) {
      print_csv(point, arguments.with_frames);
      std::fflush(stdout);
    } else {
      all.push_back(to_json(point));
    }
  }
  if (!is_csv) fmt::print("{}\n", all.dump(2));
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
