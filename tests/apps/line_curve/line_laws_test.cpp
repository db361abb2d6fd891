// The laws that `metertwin line law` prints: published figures as they stand in textbooks, and the models
// near them.
#include "apps/line_laws.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <stdexcept>

namespace {
const app::Law& law_named(std::string_view name) {
  for (const auto& law : app::line_laws())
    if (law.name == name) return law;
  throw std::invalid_argument("no such law");
}
}  // namespace

TEST_CASE("each law's formula gives the textbook's figure") {
  struct Given {
    const char* law;
    double x, expected;
  };
  for (const auto& given :
       {Given{"burst-memory", 1, 0.88}, Given{"burst-length", 1, 1}, Given{"burst-length", 2, 0.9},
        Given{"aloha-pure", 0.5, 0.18393972}, Given{"aloha-slotted", 1, 0.36787944},
        Given{"contention", 8, 0.80072246}, Given{"queue-mm1", 0.5, 1}, Given{"queue-md1", 0.5, 0.5},
        Given{"erlang-b", 4, 0.39834289}, Given{"relay-once", 1, 0.9025},
        Given{"relay-thrice", 1, 0.99907314}, Given{"arq", 1, 0.7}, Given{"frame-errors", 1'000, 0.19756953}})
    CHECK(law_named(given.law).expected(given.x) == Approx(given.expected).epsilon(1e-7));
}

TEST_CASE("each model follows its law at every point") {
  // 10 replications: Student's t with 9 degrees of freedom is beyond 9 with 8.5e-6, and there are 90 points.
  for (const auto& law : app::line_laws())
    for (const auto& point : app::measure(law, 10, 7)) {
      INFO(law.name << " at " << point.x << ": expected " << point.expected << ", measured " << point.measured
                    << ", seed 7");
      CHECK(std::fabs(point.z) < 9);
    }
}

TEST_CASE("the same seed gives the same points, too few replications none") {
  const auto& law = law_named("contention");
  const auto once = app::measure(law, 3, 5), again = app::measure(law, 3, 5);
  for (std::size_t i = 0; i < once.size(); ++i) CHECK(once[i].measured == again[i].measured);
  CHECK_THROWS_AS(app::measure(law, 1, 5), std::invalid_argument);
}
