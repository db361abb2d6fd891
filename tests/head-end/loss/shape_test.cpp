// Measures of shapes on series whose answer is known.
#include "head-end/loss/shape.hpp"

#include <catch2/catch.hpp>

namespace {
using namespace headend::loss;

/// Two customers, `days` of four intervals; the second draws one kWh in each.
AreaView area_of(const std::vector<double>& series) {
  AreaReadings area;
  area.intervals_per_day = 4;
  area.customers = {{"judged", 0, series, {}, {}},
                    {"steady", 0, std::vector<double>(series.size(), 1.0), {}, {}}};
  for (const double energy : series) area.supplied_kWh.push_back(energy + 1);
  return AreaView(area);
}
std::vector<double> days(int count, std::vector<double> day) {
  std::vector<double> series;
  for (int k = 0; k < count; ++k) series.insert(series.end(), day.begin(), day.end());
  return series;
}
}  // namespace

TEST_CASE("variation within days is deviation over mean, and none for a flat line") {
  CHECK(shape::variation_within_days(area_of(days(3, {1, 3, 1, 3})), 0) == Approx(0.5));
  CHECK(shape::variation_within_days(area_of(days(3, {2, 2, 2, 2})), 0) == 0);
}

TEST_CASE("memory is the correlation of neighbours") {
  CHECK(shape::memory(area_of(days(50, {1, 2, 1, 2})), 0) == Approx(-1));
  CHECK(shape::memory(area_of(days(50, {1, 1, 1, 1})), 0) == 0);
}

TEST_CASE("standstill counts long stretches of nothing on days with something") {
  CHECK(shape::standstill_share(area_of(days(3, {0, 0, 1, 1})), 0) == Approx(0.5));
  CHECK(shape::standstill_share(area_of(days(3, {0, 1, 0, 1})), 0) == 0);
  CHECK(shape::standstill_share(area_of(days(3, {0, 0, 0, 0})), 0) == 0);
  CHECK(shape::zero_share(area_of(days(3, {0, 1, 0, 1})), 0) == Approx(0.5));
}

TEST_CASE("a ceiling is where series are cut") {
  CHECK(shape::ceiling_share(area_of(days(3, {1, 5, 5, 2})), 0) == Approx(0.5));
  CHECK(shape::ceiling_share(area_of({1, 2, 3, 4, 5, 6, 7, 8}), 0) == Approx(1.0 / 8));
}

TEST_CASE("a fall to half is found on its day") {
  auto series = days(20, {1, 2, 3, 2});
  const auto after = days(20, {0.5, 1, 1.5, 1});
  series.insert(series.end(), after.begin(), after.end());
  const auto change = shape::change_point(area_of(series), 0);
  CHECK(change.day == 20);
  CHECK(change.share_left ==
        Approx((1.0 / 2) / (2.0 / 3)));  // shares of the area's energy: 4 of 8 kWh after 8 of 12
  CHECK(change.score > 10);
  CHECK(shape::fall(area_of(days(40, {1, 2, 3, 2})), 0) == Approx(0).margin(1e-6));
}

TEST_CASE("sharp rises and slow falls are steep, backwards they are not") {
  CHECK(shape::steepness(area_of(days(20, {8, 4, 2, 0})), 0) > 0.3);
  CHECK(shape::steepness(area_of(days(20, {0, 2, 4, 8})), 0) < -0.3);
}
