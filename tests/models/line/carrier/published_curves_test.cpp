// Every published curve point again, with enough bits to tell a tenth of a decibel.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/models/line/carrier/curve_statistics.hpp"
#include "tests/models/line/carrier/published_curves.hpp"

using namespace model::carrier;

TEST_CASE("all published points are met, |z| < 4") {
  // Two samples; |z| < 4 at each of 195 points fails a right model once in eighty seeds. The seed is fixed.
  for (const auto& row : carrier_test::published_points) {
    CurveSetup setup;
    setup.modulation = row.modulation;
    setup.code = row.code;
    setup.decision = row.decision;
    setup.seed = 4;
    const bool is_slow = row.code == CodeName::conv_k15_1_6;
    const auto bits =
        std::min<std::uint64_t>(static_cast<std::uint64_t>(row.bits), is_slow ? 100'000 : 2'000'000);
    const auto point = error_curve_point(setup, row.ebn0_dB, bits);
    const double z = carrier_test::z_between(point, row.errors, row.bits);
    INFO(name_of(row.modulation) << " " << name_of(row.code)
                                 << (row.decision == Decision::soft ? " soft " : " hard ") << row.ebn0_dB
                                 << " dB: " << point.errors << " of " << point.bits << " against "
                                 << row.errors << " of " << row.bits << ", clustering "
                                 << point.clustering());
    CHECK(std::abs(z) < 4);
  }
}
