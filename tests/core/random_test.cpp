#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/portable_math.hpp"
#include "core/random.hpp"

using namespace core;

// Known answers published with Random123 1.14 (kat_vectors, "philox4x32 10").
TEST_CASE("Philox4x32-10 gives the known answers published with Random123") {
  CHECK(philox4x32_10({0, 0, 0, 0}, {0, 0}) ==
        Philox4x32Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32_10({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        Philox4x32Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Philox4x32Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a draw depends on its address alone") {
  const RandomStream a(42, 7, Purpose::test);
  const auto tenth = a.word(10);
  for (std::uint64_t i = 0; i < 10; ++i) (void)a.word(i);
  CHECK(a.word(10) == tenth);
  CHECK(RandomStream(42, 7, Purpose::test).word(10) == tenth);
  CHECK(RandomStream(43, 7, Purpose::test).word(10) != tenth);
  CHECK(RandomStream(42, 8, Purpose::test).word(10) != tenth);
  CHECK(RandomStream(42, 7, Purpose::household_load).word(10) != tenth);
}

TEST_CASE("below() is uniform: chi-squared over 64 cells stays under its 1e-9 quantile") {
  const RandomStream stream(GENERATE(1ull, 42ull, 0xFFFFFFFFFFFFFFFFull), 3, Purpose::test);
  constexpr int cells = 64, draws = 64'000;
  std::vector<int> count(cells);
  for (int i = 0; i < draws; ++i) ++count[stream.below(cells, static_cast<std::uint64_t>(i))];
  double chi2 = 0;
  for (const int c : count) chi2 += (c - draws / cells) * (c - draws / cells) / double(draws / cells);
  // Error probability 1e-9 per seed: chi-squared with 63 degrees of freedom has its 1 - 1e-9 quantile at
  // 147.1.
  CHECK(chi2 < 147.1);
}

TEST_CASE("between() reaches both ends and nothing else") {
  const RandomStream stream(42, 1, Purpose::test);
  bool low = false, high = false;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const auto v = stream.between(-3, 3, i);
    REQUIRE(v >= -3);
    REQUIRE(v <= 3);
    low |= v == -3;
    high |= v == 3;
  }
  CHECK((low && high));
}

TEST_CASE("a chance of 0 never happens and a chance of 1 always does") {
  const RandomStream stream(42, 1, Purpose::test);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    CHECK_FALSE(stream.happens({0, 5}, i));
    CHECK(stream.happens({5, 5}, i));
  }
}

TEST_CASE("portable exp, log, sin and cos agree with libm to 1e-13") {
  const RandomStream stream(42, 2, Purpose::test);
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const double x = static_cast<double>(stream.between(-700'000'000, 700'000'000, i)) / 1e6;
    INFO("x = " << x);
    CHECK(portable_math::exp(x) == Approx(std::exp(x)).epsilon(1e-13));
    const double positive = std::exp(x / 2);
    CHECK(portable_math::log(positive) == Approx(x / 2).epsilon(1e-13).margin(1e-13));
    CHECK(portable_math::sin(x) == Approx(std::sin(x)).margin(2e-13 * (1 + std::abs(x) / 10)));
    CHECK(portable_math::cos(x) == Approx(std::cos(x)).margin(2e-13 * (1 + std::abs(x) / 10)));
  }
}

TEST_CASE("the normal quantile gives the values tabulated with algorithm AS 241") {
  // Wichura (1988), Applied Statistics 37, 477-484: PPND16(0.25), (0.001), (1e-20).
  CHECK(portable_math::normal_quantile(0.25) == Approx(-0.6744897501960817).epsilon(1e-14));
  CHECK(portable_math::normal_quantile(0.001) == Approx(-3.090232306167814).epsilon(1e-13));
  CHECK(portable_math::normal_quantile(1e-20) == Approx(-9.262340089798408).epsilon(1e-13));
}

TEST_CASE("normal_q16 has mean 0 and the variance of a normal cut at 3.3") {
  const RandomStream stream(42, 4, Purpose::test);
  constexpr int n = 200'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    const double z = normal_q16(stream.block(static_cast<std::uint64_t>(i))[0]) / 65536.0;
    sum += z;
    squares += z * z;
  }
  // z-tests at |z| < 6 (error probability 2e-9): standard error of the mean 1/sqrt(n), of the variance
  // sqrt(2/n).
  CHECK(std::abs(sum / n) * std::sqrt(double(n)) < 6);
  CHECK(squares / n == Approx(0.996).margin(6 * std::sqrt(2.0 / n) + 0.004));
}

TEST_CASE("exp_q16 is e to the x within what its table allows") {
  // Linear between knots h = 1/64 apart: relative error at most h^2 / 8 = 3.1e-5; the knots are rounded
  // (0.5), the interpolation truncated (1).
  for (std::int64_t q = -4 * 65536; q <= 8 * 65536; q += 777) {
    const double exact = std::exp(static_cast<double>(q) / 65536.0) * 65536.0;
    CHECK(std::abs(static_cast<double>(exp_q16(q)) - exact) <= exact / (64.0 * 64.0 * 8.0) * 1.02 + 1.5);
  }
}
