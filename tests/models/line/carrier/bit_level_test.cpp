// Bit errors of each modulation against its formula, and of published simulations.
//
// Statistics: |z| < 4.5 at each of some sixty points; a right model fails the whole file with probability
// below 60 x 6.8e-6 = 4e-4 over seeds, and the seed is fixed.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/line/carrier/closed_form.hpp"
#include "models/line/carrier/error_curve.hpp"
#include "tests/models/line/carrier/curve_statistics.hpp"
#include "tests/models/line/carrier/published_curves.hpp"

using namespace model::carrier;
using carrier_test::z_against;
using carrier_test::z_between;

namespace {
constexpr double z_max = 4.5;
constexpr std::uint64_t bits = 200'000;

CurvePoint point_of(Modulation modulation, CodeName code, double ebn0_dB, std::uint64_t count = bits) {
  CurveSetup setup;
  setup.modulation = modulation;
  setup.code = code;
  return error_curve_point(setup, ebn0_dB, count);
}
}  // namespace

TEST_CASE("closed forms have the published values at 6 dB and elsewhere") {
  // Textbook values (Proakis); Middleton's sum with A = Gamma = 0.1 at 6 dB also checked by Monte Carlo.
  const double g = ratio_from_dB(6);
  CHECK(bpsk_error(g) == Approx(2.3882908e-3).epsilon(1e-7));
  CHECK(dbpsk_error(g) == Approx(9.3328123e-3).epsilon(1e-7));
  CHECK(noncoherent_fsk_error(g) == Approx(6.8311098e-2).epsilon(1e-7));
  CHECK(coherent_fsk_error(g) == Approx(2.3007139e-2).epsilon(1e-7));
  CHECK(majority_error(bpsk_error(g / 3), 3) == Approx(7.7256213e-3).epsilon(1e-7));
  CHECK(bpsk_error(ratio_from_dB(12)) == Approx(9.0060104e-9).epsilon(1e-7));
  struct Row {
    double A, G, dB, error;
  };
  for (const auto& row :
       {Row{0.1, 0.1, 6, 0.017110965}, Row{0.1, 0.01, 0, 0.031314994}, Row{0.01, 0.01, 10, 0.003251789},
        Row{0.35, 0.05, 8, 0.0074449612}, Row{1, 0.1, 12, 7.4994438e-05}}) {
    INFO("A " << row.A << ", Gamma " << row.G << ", " << row.dB << " dB");
    CHECK(class_a_bpsk_error(ratio_from_dB(row.dB), {true, row.A, row.G, 1}) ==
          Approx(row.error).epsilon(1e-6));
  }
  // One copy is plain DBPSK.
  CHECK(combined_dbpsk_error(g, 1) == Approx(dbpsk_error(g)).epsilon(1e-12));
}

TEST_CASE("uncoded modulations follow their formulas") {
  for (const double dB : {-2.0, 2.0, 5.0}) {
    const double g = ratio_from_dB(dB);
    INFO(dB << " dB, seed 1");
    CHECK(std::abs(z_against(point_of(Modulation::bpsk, CodeName::none, dB), bpsk_error(g))) < z_max);
    CHECK(std::abs(z_against(point_of(Modulation::qpsk, CodeName::none, dB), bpsk_error(g))) < z_max);
    CHECK(std::abs(z_against(point_of(Modulation::ook, CodeName::none, dB), coherent_fsk_error(g))) < z_max);
    CHECK(std::abs(z_against(point_of(Modulation::fsk_coherent, CodeName::none, dB), coherent_fsk_error(g))) <
          z_max);
    CHECK(std::abs(z_against(point_of(Modulation::fsk_noncoherent, CodeName::none, dB),
                             noncoherent_fsk_error(g))) < z_max);
    CHECK(std::abs(z_against(point_of(Modulation::dbpsk, CodeName::none, dB), dbpsk_error(g))) < z_max);
    CHECK(std::abs(z_against(point_of(Modulation::dqpsk, CodeName::none, dB), dqpsk_error(g))) < z_max);
    CHECK(std::abs(z_against(point_of(Modulation::ofdm_robust, CodeName::none, dB),
                             combined_dbpsk_error(g, 4))) < z_max);
  }
}

TEST_CASE("class A noise gives Middleton's sum, with and without memory") {
  CurveSetup setup;
  setup.noise = {true, 0.1, 0.1, 1};
  for (const double dB : {0.0, 6.0, 12.0}) {
    INFO(dB << " dB, seed 1");
    const double p = class_a_bpsk_error(ratio_from_dB(dB), setup.noise);
    CHECK(std::abs(z_against(error_curve_point(setup, dB, bits), p)) < z_max);
  }
  setup.noise.burst_samples = 20;  // the errors cluster, their mean stays
  const auto bursty = error_curve_point(setup, 6, 2'000'000);
  CHECK(bursty.clustering() > 2);
  CHECK(std::abs(z_against(bursty, class_a_bpsk_error(ratio_from_dB(6), setup.noise))) < z_max);
}

TEST_CASE("an interleaver pays where impulses last, and costs nothing where they do not") {
  CurveSetup setup;
  setup.code = CodeName::conv_k7;
  setup.noise = {true, 0.02, 0.02, 30};
  const auto plain = error_curve_point(setup, 12, bits);
  setup.interleaver = 64;
  const auto mixed = error_curve_point(setup, 12, bits);
  INFO(plain.errors << " errors against " << mixed.errors);
  CHECK(mixed.errors * 2 < plain.errors);
}

TEST_CASE("a few points of published simulations, one for each code and decision") {
  // Two samples; bursts of a decoder's errors are counted by their clustering. The nightly test takes all
  // points.
  for (const auto& row : carrier_test::published_points) {
    const double ratio = static_cast<double>(row.errors) / row.bits;
    if (ratio < 0.01 || ratio > 0.04 || row.code == CodeName::conv_k15_1_6) continue;
    CurveSetup setup;
    setup.modulation = row.modulation;
    setup.code = row.code;
    setup.decision = row.decision;
    const auto point = error_curve_point(setup, row.ebn0_dB, 60'000);
    INFO(name_of(row.modulation) << " " << name_of(row.code)
                                 << (row.decision == Decision::soft ? " soft " : " hard ") << row.ebn0_dB
                                 << " dB: " << point.errors << " of " << point.bits << " against " << ratio);
    CHECK(std::abs(z_between(point, row.errors, row.bits)) < z_max);
  }
}

TEST_CASE("a point depends on its own seed and place only, and counts exactly the bits it was asked for") {
  CurveSetup setup;
  setup.code = CodeName::hamming_7_4;
  const auto one = error_curve_point(setup, 2.5, 10'001), same = error_curve_point(setup, 2.5, 10'001);
  CHECK(one.bits == 10'001);
  CHECK(one.errors == same.errors);
  setup.seed = 2;
  CHECK(error_curve_point(setup, 2.5, 10'001).errors != one.errors);
}
