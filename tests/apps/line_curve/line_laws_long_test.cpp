// The laws that `metertwin line law` prints, measured as long as a night allows.
#include <catch2/catch.hpp>
#include <cmath>

#include "apps/line_laws.hpp"

TEST_CASE("each model follows its law at every point, measured 60 times") {
  // Student's t with 59 degrees of freedom is beyond 5 with less than 6e-6, and there are fewer than a
  // hundred points.
  for (const auto& law : app::line_laws())
    for (const auto& point : app::measure(law, 60, 11)) {
      INFO(law.name << " at " << point.x << ": expected " << point.expected << ", measured " << point.measured
                    << ", seed 11");
      CHECK(std::fabs(point.z) < 5);
    }
}
