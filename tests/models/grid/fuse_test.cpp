// gG fuse-links: inside the gates of IEC 60269-1 at every rated current of its table, and a life that adds
// up.
#include "models/grid/fuse.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace model::grid;

TEST_CASE("a fuse carries its non-fusing current for ever and melts at its fusing current within the time") {
  for (const double rated_A : {16.0, 20.0, 63.0, 80.0, 100.0, 160.0, 250.0, 400.0, 630.0, 1250.0}) {
    INFO(rated_A << " A");
    const auto curve = fuse_curve(rated_A);
    CHECK(std::isinf(melting_time_s(curve, 1.25 * rated_A)));
    CHECK(std::isinf(melting_time_s(curve, 0)));
    const double hours = rated_A <= 63 ? 1 : rated_A <= 160 ? 2 : rated_A <= 400 ? 3 : 4;
    CHECK(melting_time_s(curve, 1.6 * rated_A) < hours * 3600);
    CHECK(melting_time_s(curve, 1.3 * rated_A) > hours * 3600);
  }
}

TEST_CASE("melting times lie within the standard's gates") {
  struct Row {
    double rated_A, not_in_10_s_A, in_5_s_A, not_in_100_ms_A, in_100_ms_A;
  };
  // IEC 60269-1, table 3, copied by a second hand.
  for (const Row& row :
       {Row{25, 52, 110, 150, 260}, Row{63, 160, 320, 450, 820}, Row{100, 290, 580, 820, 1450},
        Row{160, 460, 950, 1450, 2590}, Row{400, 1420, 2840, 4500, 8060}}) {
    INFO(row.rated_A << " A");
    const auto curve = fuse_curve(row.rated_A);
    CHECK(melting_time_s(curve, row.not_in_10_s_A) > 10);
    CHECK(melting_time_s(curve, row.in_5_s_A) < 5);
    CHECK(melting_time_s(curve, row.not_in_100_ms_A) > 0.1);
    CHECK(melting_time_s(curve, row.in_100_ms_A) < 0.1);
  }
}

TEST_CASE("the more current, the sooner, without a step") {
  for (const double rated_A : {2.0, 10.0, 35.0, 100.0, 1250.0}) {
    const auto curve = fuse_curve(rated_A);
    double before_s = INFINITY;
    for (double current_A = 1.2 * rated_A; current_A < 100 * rated_A; current_A *= 1.001) {
      const double time_s = melting_time_s(curve, current_A);
      CAPTURE(rated_A, current_A);
      REQUIRE(time_s <= before_s);
      // Steeper than the 30th power is nothing but a step; near the asymptote the curve may be as steep.
      if (current_A > 1.3 * curve.non_fusing_A / 1.25)
        REQUIRE((std::isinf(before_s) || time_s > 0.95 * before_s));
      before_s = time_s;
    }
  }
}

TEST_CASE("parts of a life add up, rest gives life back, and a new link begins anew") {
  const auto curve = fuse_curve(100);
  const double whole_s = melting_time_s(curve, 250);
  FuseLink link(curve);
  for (int i = 0; i < 9; ++i) CHECK_FALSE(link.carry(250, whole_s / 10));
  CHECK(link.holds_s(250) == Approx(whole_s / 10));
  CHECK(link.carry(250, link.holds_s(250)));
  link.replace();
  CHECK(link.holds_s(250) == Approx(whole_s));
  CHECK_FALSE(link.carry(250, whole_s / 2));
  CHECK_FALSE(link.carry(80, 1800));  // a quarter of its conventional two hours
  CHECK(link.used() == Approx(0.25));
  CHECK_FALSE(link.carry(80, 7200));
  CHECK(link.used() == 0);
}
