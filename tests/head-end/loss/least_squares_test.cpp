// Least squares: exact systems come out exactly, wild rows do not decide, and the stated errors are honest.
#include "head-end/loss/least_squares.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/portable_math.hpp"
#include "core/random.hpp"

namespace {
using namespace headend::loss;
double normal(const core::RandomStream& random, std::uint64_t index) {
  return core::portable_math::normal_quantile((static_cast<double>(random.word(index) >> 11) + 0.5) *
                                              0x1p-53);
}
/// Rows of standard normal numbers.
Table random_table(std::uint64_t seed, std::size_t rows, std::size_t width) {
  const core::RandomStream random(seed, 1, core::Purpose::test);
  Table x;
  x.width = width;
  for (std::size_t k = 0; k < rows * width; ++k) x.cells.push_back(normal(random, k));
  return x;
}
std::vector<double> times(const Table& x, const std::vector<double>& b) {
  std::vector<double> y(x.rows(), 0.0);
  for (std::size_t t = 0; t < y.size(); ++t)
    for (std::size_t i = 0; i < b.size(); ++i) y[t] += x.row(t)[i] * b[i];
  return y;
}
}  // namespace

TEST_CASE("a straight line through three points by hand") {
  // y = b0 + b1 x at x = 0, 1, 2 with y = 1, 2, 4: b1 = 3/2, b0 = 5/6.
  const Table x{2, {1, 0, 1, 1, 1, 2}};
  const auto fit = fit_least_squares(x, {1, 2, 4}, {0, 0, 4});
  CHECK(fit.coefficient[0] == Approx(5.0 / 6));
  CHECK(fit.coefficient[1] == Approx(1.5));
}

TEST_CASE("what fits exactly is found exactly") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    INFO("seed " << seed);
    const Table x = random_table(seed, 200, 8);
    const std::vector<double> truth{1, -2, 0, 0.5, 0, 3, 0, 0.1};
    const auto fit = fit_least_squares(x, times(x, truth));
    for (std::size_t i = 0; i < 8; ++i) CHECK(fit.coefficient[i] == Approx(truth[i]).margin(1e-7));
  }
}

TEST_CASE("a twentieth of wild rows moves a robust fit little and a plain one much") {
  const Table x = random_table(5, 400, 3);
  auto y = times(x, {1, 2, 3});
  const core::RandomStream random(6, 1, core::Purpose::test);
  for (std::size_t t = 0; t < y.size(); ++t) y[t] += 0.1 * normal(random, t) + (t % 20 == 0 ? 100 : 0);
  const auto plain = fit_least_squares(x, y, {0, 0, 4}), robust = fit_least_squares(x, y);
  double plain_error = 0, robust_error = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    plain_error += std::fabs(plain.coefficient[i] - static_cast<double>(i + 1));
    robust_error += std::fabs(robust.coefficient[i] - static_cast<double>(i + 1));
  }
  CHECK(robust_error < plain_error / 20);
}

// 100 fits of 5 coefficients with noise that grows with the first column. A coefficient leaves +-2.576 errors
// once in a hundred: of 500 about 5, sd 2.2; six of them and a little for White's errors being estimates: 25.
TEST_CASE("standard errors are honest when noise grows with the load") {
  int outside = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Table x = random_table(seed, 300, 5);
    auto y = times(x, {0.5, 0, 0, 1, 0});
    const core::RandomStream random(1000 + seed, 1, core::Purpose::test);
    for (std::size_t t = 0; t < y.size(); ++t) y[t] += (0.1 + std::fabs(x.row(t)[0])) * normal(random, t);
    const auto fit = fit_least_squares(x, y, {0, 0, 4});
    const std::vector<double> truth{0.5, 0, 0, 1, 0};
    for (std::size_t i = 0; i < 5; ++i)
      outside += std::fabs(fit.coefficient[i] - truth[i]) > 2.576 * fit.standard_error[i] ? 1 : 0;
  }
  CHECK(outside <= 25);
}

TEST_CASE("empty columns, too few rows and no rows say that nothing is known") {
  Table x = random_table(1, 50, 3);
  for (std::size_t t = 0; t < 50; ++t) x.row(t)[1] = 0;
  const auto fit = fit_least_squares(x, times(x, {1, 5, 2}));
  CHECK(fit.coefficient[0] == Approx(1));
  CHECK(fit.coefficient[1] == 0);
  CHECK(std::isinf(fit.standard_error[1]));
  CHECK(std::isinf(fit_least_squares(random_table(1, 2, 3), {1, 2}).standard_error[0]));
  CHECK(fit_least_squares({3, {}}, {}).coefficient == std::vector<double>(3, 0.0));
}

TEST_CASE("squares of tables of any width are the plain sums, row after row") {
  for (std::size_t width = 1; width <= 13; ++width)
    for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{8}, std::size_t{21}}) {
      INFO(width << " columns, " << rows << " rows");
      const core::RandomStream random(width, 2, core::Purpose::test);
      Table x{width, {}};
      std::vector<double> weight;
      for (std::size_t t = 0; t < rows; ++t) {
        weight.push_back(static_cast<double>(random.below(1000, 1'000'000 + t)) / 1000);
        for (std::size_t i = 0; i < width; ++i)
          x.cells.push_back(static_cast<double>(random.below(2000, t * width + i)) / 1000 - 1);
      }
      const auto square = weighted_square(x, weight);
      REQUIRE(square.size() == width * width);
      for (std::size_t i = 0; i < width; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
          double sum = 0;
          for (std::size_t t = 0; t < rows; ++t) sum += weight[t] * x.row(t)[i] * x.row(t)[j];
          REQUIRE(square[i * width + j] == sum);
        }
    }
}
