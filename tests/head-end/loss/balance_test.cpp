// The balance alarm on the published worked example.
#include <catch2/catch.hpp>

#include "head-end/loss/illegal_load.hpp"

// Pozna, Fodor, Hangos 2019 (and the first author's thesis, table A.2): phase A of the IEEE European feeder,
// currents 35.565 A at the feeder and 30.217 A at its loads, meters within 0.2 %.
TEST_CASE("the published illegal load is found: 5.348 A against a limit of 0.132 A") {
  const headend::loss::CurrentBalance balance{35.565, 30.217};
  CHECK(balance.difference_A() == Approx(5.348).margin(1e-9));
  CHECK(balance.limit_A() == Approx(0.132).margin(0.0005));
  CHECK(balance.is_illegal_load());
}

TEST_CASE("meters at the ends of their class raise no alarm, and a little more does") {
  using headend::loss::CurrentBalance;
  CHECK_FALSE(CurrentBalance{30.217, 30.217}.is_illegal_load());
  CHECK_FALSE(CurrentBalance{30.217 * 1.0019, 30.217 * 0.9981}.is_illegal_load());
  CHECK(CurrentBalance{30.217 * 1.0021, 30.217 * 0.9979}.is_illegal_load());
  CHECK(CurrentBalance{30.217 * 0.9979, 30.217 * 1.0021}.is_illegal_load());  // more sold than supplied
  CHECK_FALSE(CurrentBalance{0, 0}.is_illegal_load());
}
