#include "apps/line_curve.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "models/line/carrier/names.hpp"

namespace app {
namespace {
namespace carrier = model::carrier;
constexpr double bits_limit = 1e12;
constexpr std::size_t points_limit = 2000;
constexpr double ebn0_limit_dB = 100;

/// A finite number and nothing else.
double number_of(std::string_view option, std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    throw std::invalid_argument(fmt::format("{}: '{}' is not a number", option, text));
  return value;
}

double number_between(std::string_view option, std::string_view text, double low, double high) {
  const double value = number_of(option, text);
  if (value < low || value > high)
    throw std::invalid_argument(fmt::format("{}: {} is not between {:g} and {:g}", option, text, low, high));
  return value;
}

/// Also "1e7".
std::uint64_t count_between(std::string_view option, std::string_view text, double low, double high) {
  const double value = number_between(option, text, low, high);
  if (value != std::floor(value))
    throw std::invalid_argument(fmt::format("{}: {} is not a whole number", option, text));
  return static_cast<std::uint64_t>(value);
}

std::uint64_t seed_of(std::string_view text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::invalid_argument(fmt::format("--seed: '{}' is not a whole number of 0 to 2^64 - 1", text));
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
    throw std::invalid_argument(fmt::format("--ebn0: '{}' is not like 0:8:0.5, 6 or 0,3,6", text));
  const double first = dB(range[0]), last = dB(range[1]), step = dB(range[2]);
  if (!(step > 0)) throw std::invalid_argument(fmt::format("--ebn0: the step {} is not positive", range[2]));
  if (last < first) throw std::invalid_argument(fmt::format("--ebn0: {} lies before {}", range[1], range[0]));
  const double steps = std::floor((last - first) / step + 1e-9);
  if (steps >= static_cast<double>(points_limit))
    throw std::invalid_argument(
        fmt::format("--ebn0: {:.0f} points are more than {}", steps + 1, points_limit));
  for (int i = 0; i <= static_cast<int>(steps); ++i) points.push_back(first + i * step);
  return points;
}

template <class T>
T chosen(std::string_view option, std::string_view text, std::optional<T> value, const std::string& names) {
  if (!value) throw std::invalid_argument(fmt::format("{}: '{}' is none of: {}", option, text, names));
  return *value;
}

carrier::NoiseSetup noise_of(const CurveArguments& arguments) {
  carrier::NoiseSetup noise;
  const auto name = carrier::bare_name(arguments.noise);
  noise.is_impulsive = name == "middletona" || name == "middleton" || name == "classa";
  if (!noise.is_impulsive && name != "awgn")
    throw std::invalid_argument(fmt::format("--noise: '{}' is none of: awgn, middleton-a", arguments.noise));
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
  std::string_view code = arguments.code;
  std::string decision = arguments.decision;
  for (const std::string_view word : {"hard", "soft"}) {
    if (code.size() <= word.size() || !code.ends_with(word)) continue;
    if (!decision.empty() && decision != word)
      throw std::invalid_argument(
          fmt::format("--code: {} contradicts --decision {}", arguments.code, decision));
    code.remove_suffix(word.size());
    decision = word;
    break;
  }
  if (!decision.empty() && decision != "hard" && decision != "soft")
    throw std::invalid_argument(fmt::format("--decision: '{}' is none of: hard, soft", decision));
  setup.code = chosen("--code", arguments.code, carrier::code_of(code), carrier::code_names());
  setup.decision = decision == "soft" ? carrier::Decision::soft : carrier::Decision::hard;
  if (setup.decision == carrier::Decision::soft && !carrier::has_soft_decoder(setup.code))
    throw std::invalid_argument(fmt::format("--code: {} is only decoded hard", carrier::name_of(setup.code)));
  if (arguments.start != "favoured" && arguments.start != "known")
    throw std::invalid_argument(fmt::format("--start: '{}' is none of: favoured, known", arguments.start));
  setup.start = arguments.start == "known" ? carrier::Start::known : carrier::Start::favoured;
  setup.noise = noise_of(arguments);
  setup.full_scale = number_between("--full-scale", arguments.full_scale, 0.1, 100);
  setup.frame_bytes = count_between("--frame-bytes", arguments.frame_bytes, 1, 65'536);
  setup.interleaver = count_between("--interleaver", arguments.interleaver, 1, 1e6);
  setup.seed = seed_of(arguments.seed);
  return setup;
}

/// 0.3, not 0.30000000000000004; 0, not -0.
double shown_dB(double dB) {
  const double shown = std::round(dB * 1e6) / 1e6;
  return shown == 0 ? 0.0 : shown;
}
}  // namespace

CurvePlan read_curve(const CurveArguments& arguments) {
  CurvePlan plan;
  plan.setup = setup_of(arguments);
  plan.points = points_of(arguments.ebn0);
  plan.bits = count_between("--bits", arguments.bits, 1, bits_limit);
  if (arguments.format != "csv" && arguments.format != "json")
    throw std::invalid_argument(fmt::format("--format: '{}' is none of: csv, json", arguments.format));
  plan.is_csv = arguments.format == "csv";
  plan.with_frames = arguments.with_frames;
  return plan;
}

std::string csv_header(const CurvePlan& plan) {
  return plan.with_frames ? "ebn0_dB,bits,errors,frames,frame_errors" : "ebn0_dB,bits,errors";
}

std::string csv_row(const CurvePlan& plan, const carrier::CurvePoint& point) {
  auto row = fmt::format("{},{},{}", shown_dB(point.ebn0_dB), point.bits, point.errors);
  if (plan.with_frames) row += fmt::format(",{},{}", point.frames, point.frame_errors);
  return row;
}

std::string to_json(const std::vector<carrier::CurvePoint>& points) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& point : points)
    all.push_back(nlohmann::ordered_json::object({{"ebn0_dB", shown_dB(point.ebn0_dB)},
                                                  {"bits", point.bits},
                                                  {"errors", point.errors},
                                                  {"frames", point.frames},
                                                  {"frame_errors", point.frame_errors}}));
  return all.dump(2);
}
}  // namespace app
