/// The statistics behind verdicts against vectors worked by hand and published tables.
#include "stress/verdict/statistics.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace {
using namespace stress;
}

TEST_CASE("Student's t as in printed tables") {
  // Abramowitz and Stegun, table 26.10.
  CHECK(student_t_upper(0.025, 8) == Approx(2.306).margin(0.0005));
  CHECK(student_t_upper(0.05, 1) == Approx(6.314).margin(0.0005));
  CHECK(student_t_upper(0.005, 30) == Approx(2.750).margin(0.0005));
  CHECK(student_t_upper(0.025, 1e9) == Approx(1.959964).margin(1e-5));
  CHECK(student_t_tail(2.306, 8) == Approx(0.025).margin(1e-5));
  CHECK(student_t_tail(0, 5) == Approx(0.5));
}

TEST_CASE("mean, median and variance of a handful, and of nothing") {
  CHECK(mean_of({1, 2, 6}) == 3);
  CHECK(median_of({6, 1, 2}) == 2);
  CHECK(median_of({6, 1, 2, 3}) == 2.5);
  CHECK(median_of({5}) == 5);
  CHECK(variance_of({1, 2, 6}) == 7);
  CHECK(std::isnan(mean_of({})));
  CHECK(std::isnan(median_of({})));
  CHECK(std::isnan(variance_of({4})));
}

TEST_CASE("a straight line through four points, by hand") {
  // x = 0 1 2 3, y = 1 2 2 4: slope 0.9, level 0.9; residuals 0.1, 0.2, -0.7, 0.4 (squares 0.70);
  // classical error of the slope sqrt(0.70/2 / 5) = sqrt(0.07).
  const std::vector<std::vector<double>> line{{1, 1, 1, 1}, {0, 1, 2, 3}};
  const auto fit = fit_linear({1, 2, 2, 4}, line, 0);
  REQUIRE(fit);
  CHECK(fit->coefficients[0] == Approx(0.9));
  CHECK(fit->coefficients[1] == Approx(0.9));
  CHECK(fit->standard_errors[1] == Approx(std::sqrt(0.07)));
}

TEST_CASE("Newey and West's error of a mean, by hand") {
  // One column of ones; y = 1 3 2 6: mean 3, residuals e = -2 0 -1 3.
  // G_0 = 4+0+1+9 = 14, G_1 = 0 + 0 - 3 = -3; lag 1 weighs it 1/2, twice: S = 14 - 3 = 11.
  // V = 4/3 x 11 / 16.
  const auto fit = fit_linear({1, 3, 2, 6}, {{1, 1, 1, 1}}, 1);
  REQUIRE(fit);
  CHECK(fit->coefficients[0] == Approx(3));
  CHECK(fit->robust_standard_errors[0] == Approx(std::sqrt(4.0 / 3 * 11 / 16)));
  const auto without_lag = fit_linear({1, 3, 2, 6}, {{1, 1, 1, 1}}, 0);  // White's: S = G_0
  REQUIRE(without_lag);
  CHECK(without_lag->robust_standard_errors[0] == Approx(std::sqrt(4.0 / 3 * 14 / 16)));
}

TEST_CASE("columns that cannot be told apart, and too few rows, have no fit") {
  CHECK_FALSE(fit_linear({1, 2, 3, 4}, {{1, 1, 1, 1}, {2, 2, 2, 2}}, 1));
  CHECK_FALSE(fit_linear({1, 2}, {{1, 1}, {0, 1}}, 0));
  CHECK_FALSE(fit_linear({1, 2, 3}, {{0, 0, 0}}, 0));
  CHECK_FALSE(fit_linear({}, {}, 0));
}

TEST_CASE("columns of very different size are fitted all the same") {
  std::vector<double> values;
  std::vector<std::vector<double>> columns(3);
  for (int t = 0; t < 50; ++t) {
    columns[0].push_back(1);
    columns[1].push_back(t * 1e-6);
    columns[2].push_back((t * t % 17) * 1e9);
    values.push_back(5 + 3e6 * columns[1].back() - 2e-9 * columns[2].back());
  }
  const auto fit = fit_linear(values, columns, 3);
  REQUIRE(fit);
  CHECK(fit->coefficients[1] == Approx(3e6));
  CHECK(fit->coefficients[2] == Approx(-2e-9));
}

TEST_CASE("the median of all pairs' slopes, by hand, ignores the outlier") {
  // Pairs of (0,0) (1,1) (2,2) (3,30): 1, 1, 10, 1, 14.5, 28: median (1 + 10)/2.
  CHECK(theil_sen({{0, 0, 0, 0}, {0, 1, 1, 0}, {0, 2, 2, 0}, {0, 3, 30, 0}}) == 5.5);
  CHECK(theil_sen({{0, 0, 0, 0}, {0, 1, 1, 0}, {0, 2, 2, 0}, {0, 3, 3, 0}, {0, 4, 99, 0}}) == 1);
  // Pairs of different groups do not count.
  CHECK(theil_sen({{0, 0, 0, 0}, {0, 1, 2, 0}, {1, 2, 100, 0}, {1, 3, 102, 0}}) == 2);
  CHECK(std::isnan(theil_sen({{0, 0, 0, 0}, {1, 1, 1, 0}})));
}

TEST_CASE("a slope through stages is not moved by what each stage's level is") {
  std::vector<Observation> rows;
  for (std::size_t stage = 0; stage < 5; ++stage)
    for (int second = 0; second < 10; ++second) {
      const double time = static_cast<double>(stage) * 10 + second;
      rows.push_back({stage, time, 1000.0 * static_cast<double>(stage * stage) + 0.25 * time, 0});
    }
  const auto slope = slope_within_groups(rows);
  REQUIRE(slope);
  CHECK(slope->least_squares == Approx(0.25));
  CHECK(slope->theil_sen == Approx(0.25));
  CHECK(slope->standard_error == Approx(0).margin(1e-9));
}

TEST_CASE("what the covariate explains is not in the slope") {
  std::vector<Observation> rows;
  for (int second = 0; second < 40; ++second) {
    const double queue = second * second % 11;
    rows.push_back({0, static_cast<double>(second), 7 + 0.5 * second + 3 * queue, queue});
  }
  const auto slope = slope_within_groups(rows);
  REQUIRE(slope);
  CHECK(slope->least_squares == Approx(0.5));
  CHECK(slope->theil_sen == Approx(0.5));
}

TEST_CASE("long curves are thinned, short ones have no slope") {
  std::vector<Observation> rows;
  for (int i = 0; i < 11; ++i) rows.push_back({0, static_cast<double>(i), 1.0 * i, 0});
  CHECK_FALSE(slope_within_groups(rows));
  for (int i = 11; i < 20'000; ++i) rows.push_back({0, static_cast<double>(i), 1.0 * i, 0});
  const auto slope = slope_within_groups(rows);
  REQUIRE(slope);
  CHECK(slope->least_squares == Approx(1));
}

TEST_CASE("a change between two rows of figures, by hand") {
  // Means 10 and 12, variances 1 and 1, three each: share 0.2. The neighbours of 9 10 11 do not resemble each
  // other
  // ((-1)(0) + (0)(1) = 0). Error of the ratio: sqrt(1.44/3 + 1/3)/10; Welch's degrees of freedom
  // (1.44 + 1)^2 / ((1.44^2 + 1)/2) = 3.8741.
  const auto change = change_between({9, 10, 11}, {11, 12, 13}, 0.05);
  REQUIRE(change);
  CHECK(change->share == Approx(0.2));
  const double reach =
      student_t_upper(0.025, 2.44 * 2.44 / ((1.44 * 1.44 + 1) / 2)) * std::sqrt(2.44 / 3) / 10;
  CHECK(change->low == Approx(0.2 - reach));
  CHECK(change->high == Approx(0.2 + reach));
}

TEST_CASE("a change of means needs three figures on either side and a base that is not zero") {
  CHECK_FALSE(change_between({1, 2}, {1, 2, 3}, 0.05));
  CHECK_FALSE(change_between({-1, 0, 1}, {1, 2, 3}, 0.05));
}

TEST_CASE("a change from one half to the other, by hand") {
  // Halves 9 10 12 and 18 20 24: every logarithm is ln 2 higher, so the shift is ln 2, and both halves
  // scatter alike: distances from the median 10 are ln(10/9), 0, ln(12/10); their median ln(10/9),
  // times 1.4826, times 1.495 for three values. Neighbours: positive correlation counts, this one's is
  // negative: logarithms less their mean are -0.13, -0.02, 0.16 (0.0017 - 0.0039 < 0).
  const auto changes = changes_within({{{9, 10, 12, 18, 20, 24}, {}}}, 0.05);
  REQUIRE(changes.at(0));
  CHECK(changes[0]->share == Approx(1));
  const double noise = std::log(10.0 / 9) * 1.4826 * 1.495;
  const double reach = student_t_upper(0.025, 0.37 * 6) * noise * std::sqrt((1 / 3.0 + 1 / 3.0) / 0.955);
  CHECK(changes[0]->low == Approx(2 * std::exp(-reach) - 1));
  CHECK(changes[0]->high == Approx(2 * std::exp(reach) - 1));
}

TEST_CASE("a stage that happens to be quiet borrows the noise of the others") {
  const std::vector<double> quiet{10, 10, 10, 10, 10, 10}, loud{9, 10, 12, 9, 10, 12};
  const auto changes = changes_within({{quiet, {}}, {loud, {}}}, 0.05);
  REQUIRE(changes.at(0));
  REQUIRE(changes.at(1));
  CHECK(changes[0]->high > 0.1);
  CHECK(changes[1]->high == Approx(changes[0]->high));
}

TEST_CASE("one second in which somebody else had the processor is no change") {
  const std::vector<double> calm{100, 101, 99, 102, 100, 99, 101, 100, 102, 100};
  auto disturbed = calm;
  disturbed[7] = 240;
  const auto changes = changes_within({{disturbed, {}}}, 0.05);
  REQUIRE(changes.at(0));
  CHECK(changes[0]->high < 0.1);
}

TEST_CASE("what slows the generator down as well is not the head-end's change") {
  const std::vector<double> machine{1, 1.1, 0.9, 1.05, 0.95, 1.5, 1.6, 1.45, 1.55, 1.5};
  StageFigures figures;
  for (std::size_t i = 0; i < machine.size(); ++i) {
    figures.values.push_back(7 * machine[i]);
    figures.control.push_back(3 * machine[i]);
  }
  CHECK(changes_within({{figures.values, {}}}, 0.05).at(0)->share == Approx(0.5).epsilon(0.05));
  CHECK(changes_within({figures}, 0.05).at(0)->share == Approx(0).margin(1e-9));
  for (std::size_t i = 5; i < machine.size(); ++i) figures.values[i] *= 1.3;  // and this is
  CHECK(changes_within({figures}, 0.05).at(0)->share == Approx(0.3).margin(1e-9));
}

TEST_CASE("a control that has nothing to do with it is left alone") {
  StageFigures figures{{9, 10, 12, 18, 20, 24}, {5, 1, 5, 1, 5, 1}};
  const double alone = changes_within({{figures.values, {}}}, 0.05).at(0)->share;
  CHECK(changes_within({figures}, 0.05).at(0)->share == Approx(alone));
  figures.control[2] = 0;
  CHECK(changes_within({figures}, 0.05).at(0)->share == Approx(alone));
}

TEST_CASE("a change needs six figures, all of them positive") {
  CHECK_FALSE(changes_within({{{1, 2, 3, 4, 5}, {}}}, 0.05).at(0));
  CHECK_FALSE(changes_within({{{1, 2, 3, 4, 5, 0}, {}}}, 0.05).at(0));
  CHECK_FALSE(changes_within({{{1, 2, 3, 4, 5, std::nan("")}, {}}}, 0.05).at(0));
  CHECK(changes_within({}, 0.05).empty());
  const auto constant = changes_within({{{5, 5, 5, 5, 5, 5}, {}}}, 0.05).at(0);
  REQUIRE(constant);
  CHECK(constant->low == 0);
  CHECK(constant->high == 0);
}

TEST_CASE("a planted step is a jump, with its place and size; a ramp is none") {
  std::vector<double> curve;
  for (int i = 0; i < 40; ++i) curve.push_back(100 + i + (i * i % 7) * 0.5 + (i >= 25 ? 30 : 0));
  const auto search = find_jumps({curve}, 1e-3);
  REQUIRE(search.jumps.size() == 1);
  CHECK(search.jumps[0].index == 25);
  CHECK(search.jumps[0].after - search.jumps[0].before == Approx(31).margin(3.01));
  CHECK(search.differences == 39);
}

TEST_CASE("gaps are no jumps, and a level curve has any change for one") {
  const double gap = std::nan("");
  CHECK(find_jumps({{1, 1, 1, gap, 1, 1, 1, 1, 1, 1, 1, 1}}, 1e-3).jumps.empty());
  CHECK(find_jumps({{1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2}}, 1e-3).jumps.size() == 1);
  CHECK(find_jumps({{1, 2, 30}}, 1e-3).deviations_limit == 0);
  CHECK(find_jumps({}, 1e-3).jumps.empty());
}
