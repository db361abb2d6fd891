/// `metertwin line curve` as words: what was typed, read into a plan, and points written as text.
///
/// Errors: std::invalid_argument with one line that begins with the option's name. Randomness: none. Time:
/// none.
#pragma once
#include <stdexcept>
#include <string>
#include <vector>

#include "models/line/carrier/error_curve.hpp"

namespace app {
/// As they were typed.
struct CurveArguments {
  std::string modulation = "bpsk", code = "none", decision, ebn0 = "0:10:1", bits = "1e6", noise = "awgn";
  std::string format = "csv", seed = "1";
  std::string impulsive_index = "0.1", background_ratio = "0.1", burst_samples = "1", full_scale = "1";
  std::string interleaver = "1", frame_bytes = "256", start = "favoured";
  bool with_frames = false;
};

struct CurvePlan {
  model::carrier::CurveSetup setup;
  std::vector<double> points;  ///< Eb/N0, dB
  std::uint64_t bits = 0;      ///< per point
  bool is_csv = true, with_frames = false;
};
CurvePlan read_curve(const CurveArguments& arguments);

/// One line, without its end.
std::string csv_header(const CurvePlan& plan);
std::string csv_row(const CurvePlan& plan, const model::carrier::CurvePoint& point);
std::string to_json(const std::vector<model::carrier::CurvePoint>& points);
}  // namespace app
