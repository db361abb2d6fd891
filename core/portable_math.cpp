#include "core/portable_math.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "core/random.hpp"

namespace core::portable_math {
namespace {
constexpr double ln2_high =
    6.93147180369123816490e-01;  // the leading bits of ln 2: k * ln2_high is exact for |k| < 2^20
constexpr double ln2_low = 1.90821492927058770002e-10;
constexpr double pi = 3.14159265358979323846;

double scale_by_power_of_two(double x, int exponent) {
  return x * std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

template <std::size_t n>
double polynomial(const std::array<double, n>& coefficients, double x) {
  double sum = 0;
  for (std::size_t i = n; i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}
}  // namespace

double exp(double x) {
  const auto k = static_cast<int>(x / 0.693147180559945309 + (x >= 0 ? 0.5 : -0.5));
  const double r = (x - k * ln2_high) - k * ln2_low;  // |r| <= 0.347
  double term = 1, sum = 1;
  for (int i = 1; i <= 16; ++i) {
    term *= r / i;
    sum += term;
  }
  return k > 1000    ? scale_by_power_of_two(scale_by_power_of_two(sum, 1000), k - 1000)
         : k < -1000 ? scale_by_power_of_two(scale_by_power_of_two(sum, -1000), k + 1000)
                     : scale_by_power_of_two(sum, k);
}

double log(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFull) | 0x3FF0000000000000ull);  // [1, 2)
  if (m > 1.4142135623730951) {
    m /= 2;
    ++exponent;
  }
  const double s = (m - 1) / (m + 1), s2 = s * s;  // |s| <= 0.1716; log m = 2 atanh s
  double sum = 0;
  for (int i = 21; i >= 1; i -= 2) sum = sum * s2 + 1.0 / i;
  return exponent * ln2_high + (exponent * ln2_low + 2 * s * sum);
}

double sin(double radians) {
  const double turns = radians / (2 * pi);
  const double whole = static_cast<double>(static_cast<std::int64_t>(turns + (turns >= 0 ? 0.5 : -0.5)));
  double x = (turns - whole) * 2 * pi;  // [-pi, pi]
  if (x > pi / 2) x = pi - x;
  if (x < -pi / 2) x = -pi - x;
  double term = x, sum = x;
  for (int i = 1; i <= 12; ++i) {
    term *= -x * x / ((2 * i) * (2 * i + 1));
    sum += term;
  }
  return sum;
}

double cos(double radians) { return sin(radians + pi / 2); }

double normal_quantile(double p) {
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    constexpr std::array a{3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                           1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                           3.3430575583588128105e4, 2.5090809287301226727e3};
    constexpr std::array b{1.0,
                           4.2313330701600911252e1,
                           6.8718700749205790830e2,
                           5.3941960214247511077e3,
                           2.1213794301586595867e4,
                           3.9307895800092710610e4,
                           2.8729085735721942674e4,
                           5.2264952788528545610e3};
    return q * polynomial(a, r) / polynomial(b, r);
  }
  double r = std::sqrt(-log(q < 0 ? p : 1 - p));
  double z;
  if (r <= 5) {
    r -= 1.6;
    constexpr std::array c{1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                           3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                           2.27238449892691845833e-2, 7.74545014278341407640e-4};
    constexpr std::array d{1.0,
                           2.05319162663775882187e0,
                           1.67638483018380384940e0,
                           6.89767334985100004550e-1,
                           1.48103976427480074590e-1,
                           1.51986665636164571966e-2,
                           5.47593808499534494600e-4,
                           1.05075007164441684324e-9};
    z = polynomial(c, r) / polynomial(d, r);
  } else {
    r -= 5;
    constexpr std::array e{6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                           2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                           2.71155556874348757815e-5, 2.01033439929228813265e-7};
    constexpr std::array f{1.0,
                           5.99832206555887937690e-1,
                           1.36929880922735805310e-1,
                           1.48753612908506148525e-2,
                           7.86869131145613259100e-4,
                           1.84631831751005468180e-5,
                           1.42151175831644588870e-7,
                           2.04426310338993978564e-15};
    z = polynomial(e, r) / polynomial(f, r);
  }
  return q < 0 ? -z : z;
}
}  // namespace core::portable_math

namespace core {
namespace {
constexpr int cells = 1024;

// Knots lie at p = (i + 1/2) / (cells + 1), so the outermost are finite: |z| <= 3.3, the tails are cut there.
std::array<std::int32_t, cells + 1> make_normal_table() {
  std::array<std::int32_t, cells + 1> table{};
  for (int i = 0; i <= cells; ++i) {
    const double z = portable_math::normal_quantile((i + 0.5) / (cells + 1)) * 65536.0;
    table[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(z + (z >= 0 ? 0.5 : -0.5));
  }
  return table;
}

std::array<std::int64_t, cells + 1> make_exp_table() {
  std::array<std::int64_t, cells + 1> table{};
  for (int i = 0; i <= cells; ++i)
    table[static_cast<std::size_t>(i)] =
        static_cast<std::int64_t>(portable_math::exp(-8.0 + 16.0 * i / cells) * 65536.0 + 0.5);
  return table;
}
}  // namespace

std::int32_t normal_q16(std::uint32_t uniform) {
  static const auto table = make_normal_table();
  const std::size_t cell = uniform >> 22;  // 1,024 cells
  const auto fraction = static_cast<std::int64_t>(uniform & 0x3FFFFFu);
  const std::int64_t low = table[cell], high = table[cell + 1];
  return static_cast<std::int32_t>(low + (((high - low) * fraction) >> 22));
}

std::int64_t exp_q16(std::int64_t q16) {
  static const auto table = make_exp_table();
  const std::int64_t limit = 8 * 65536;
  const std::int64_t x = (q16 < -limit ? -limit : q16 > limit ? limit : q16) + limit;  // 0 .. 2^20
  const auto cell = static_cast<std::size_t>(x >> 10);
  if (cell >= cells) return table[cells];
  const std::int64_t fraction = x & 1023;
  return table[cell] + (((table[cell + 1] - table[cell]) * fraction) >> 10);
}
}  // namespace core
