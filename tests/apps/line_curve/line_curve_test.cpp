// `metertwin line curve`: what it accepts, and the one line with which it refuses the rest.
#include "apps/line_curve.hpp"

#include <catch2/catch.hpp>

namespace {
/// What the arguments are refused with; "" if they are taken.
std::string refusal_of(const app::CurveArguments& arguments) {
  try {
    app::read_curve(arguments);
    return "";
  } catch (const std::invalid_argument& bad) {
    return bad.what();
  }
}
using Field = std::string app::CurveArguments::*;
struct Refused {
  Field field;
  const char* text;
  const char* option;
};
}  // namespace

TEST_CASE("codes and decisions are taken under any of their names") {
  using namespace model::carrier;
  app::CurveArguments typed;
  typed.code = "conv-k7-soft";
  CHECK(app::read_curve(typed).setup.code == CodeName::conv_k7);
  CHECK(app::read_curve(typed).setup.decision == Decision::soft);
  typed.code = "Golay(24,12)";
  CHECK(app::read_curve(typed).setup.code == CodeName::golay_24_12);
  typed.code = "rep3";
  CHECK(app::read_curve(typed).setup.decision == Decision::hard);
  typed.modulation = "OFDM";
  CHECK(app::read_curve(typed).setup.modulation == Modulation::ofdm_robust);
}

TEST_CASE("points are a range, a list or one value, and bits may be written as powers") {
  app::CurveArguments typed;
  typed.ebn0 = "0:8:0.5";
  typed.bits = "1e7";
  const auto plan = app::read_curve(typed);
  CHECK(plan.points.size() == 17);
  CHECK(plan.points.back() == 8);
  CHECK(plan.bits == 10'000'000);
  typed.ebn0 = "0.0103:1.0103:0.1";
  CHECK(app::read_curve(typed).points.size() == 11);
  typed.ebn0 = "-1,2.5";
  CHECK(app::read_curve(typed).points == std::vector{-1.0, 2.5});
  typed.ebn0 = "6";
  CHECK(app::read_curve(typed).points == std::vector{6.0});
}

TEST_CASE("rows are written the same everywhere") {
  app::CurvePlan plan;
  model::carrier::CurvePoint point;
  point.ebn0_dB = 0.1 + 0.2;
  point.bits = 1000;
  point.errors = 7;
  point.frames = 3;
  point.frame_errors = 2;
  CHECK(app::csv_header(plan) == "ebn0_dB,bits,errors");
  CHECK(app::csv_row(plan, point) == "0.3,1000,7");
  plan.with_frames = true;
  CHECK(app::csv_row(plan, point) == "0.3,1000,7,3,2");
}

TEST_CASE("what cannot be is refused in one line that names the option") {
  using A = app::CurveArguments;
  const std::vector<Refused> refused{{&A::code, "conv-k8", "--code"},
                                     {&A::code, "", "--code"},
                                     {&A::code, "golay-24-12-soft", "--code"},
                                     {&A::modulation, "qam9", "--modulation"},
                                     {&A::decision, "firm", "--decision"},
                                     {&A::ebn0, "0:8:-1", "--ebn0"},
                                     {&A::ebn0, "0:8:0", "--ebn0"},
                                     {&A::ebn0, "8:0:1", "--ebn0"},
                                     {&A::ebn0, "0:8", "--ebn0"},
                                     {&A::ebn0, "nan", "--ebn0"},
                                     {&A::ebn0, "0:inf:1", "--ebn0"},
                                     {&A::ebn0, "1,,2", "--ebn0"},
                                     {&A::ebn0, "0:100:0.0001", "--ebn0"},
                                     {&A::ebn0, "1e9", "--ebn0"},
                                     {&A::bits, "0", "--bits"},
                                     {&A::bits, "-5", "--bits"},
                                     {&A::bits, "1.5", "--bits"},
                                     {&A::bits, "1e13", "--bits"},
                                     {&A::bits, "many", "--bits"},
                                     {&A::bits, "nan", "--bits"},
                                     {&A::noise, "pink", "--noise"},
                                     {&A::impulsive_index, "0", "--impulsive-index"},
                                     {&A::background_ratio, "-1", "--background-ratio"},
                                     {&A::burst_samples, "0.5", "--burst-samples"},
                                     {&A::interleaver, "0", "--interleaver"},
                                     {&A::frame_bytes, "0", "--frame-bytes"},
                                     {&A::frame_bytes, "1e9", "--frame-bytes"},
                                     {&A::full_scale, "0", "--full-scale"},
                                     {&A::seed, "-1", "--seed"},
                                     {&A::seed, "1.5", "--seed"},
                                     {&A::start, "unknown", "--start"},
                                     {&A::format, "xml", "--format"}};
  for (const auto& row : refused) {
    A typed;
    typed.*row.field = row.text;
    const auto refusal = refusal_of(typed);
    INFO(row.option << " " << row.text << ": " << refusal);
    CHECK(refusal.starts_with(row.option));
    CHECK(refusal.find('\n') == std::string::npos);
  }
  A contradiction;
  contradiction.code = "rep3-soft";
  contradiction.decision = "hard";
  CHECK_FALSE(refusal_of(contradiction).empty());
}
