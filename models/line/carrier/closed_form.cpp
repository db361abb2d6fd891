#include "models/line/carrier/closed_form.hpp"

#include <cmath>

#include "core/portable_math.hpp"

namespace model::carrier {
namespace math = core::portable_math;

namespace {
constexpr double ln10_over_10 = 0.23025850929940458;
constexpr double sqrt_two_pi = 2.5066282746310002;

/// Poisson(mean) distribution: chance of each count in rising order, until the rest does not matter.
template <class Take>
void over_poisson(double mean, Take take) {
  double chance = math::exp(-mean), sum = 0;
  for (int count = 0; count < 5000 && sum < 1 - 1e-16; ++count) {
    take(count, chance);
    sum += chance;
    chance *= mean / (count + 1);
    if (count > mean && chance < 1e-18) break;
  }
}

double binomial(int n, int k) {
  double ways = 1;
  for (int i = 1; i <= k; ++i) ways = ways * (n - k + i) / i;
  return ways;
}
}  // namespace

double ratio_from_dB(double dB) { return math::exp(dB * ln10_over_10); }
double dB_from_ratio(double ratio) { return math::log(ratio) / ln10_over_10; }

/// Below 3 by the series of the lower part (Marsaglia 2004), above by Lentz' continued fraction.
double gaussian_tail(double x) {
  if (x < 0) return 1 - gaussian_tail(-x);
  if (x > 37) return 0;
  const double density = math::exp(-0.5 * x * x) / sqrt_two_pi;
  if (x < 3) {
    double term = x, sum = x;
    for (int i = 3; term > sum * 1e-17; i += 2) sum += term *= x * x / i;
    return 0.5 - sum * density;
  }
  double fraction = x;
  for (int i = 120; i > 0; --i) fraction = x + i / fraction;
  return density / fraction;
}

double bpsk_error(double g) { return gaussian_tail(std::sqrt(2 * g)); }
double dbpsk_error(double g) { return 0.5 * math::exp(-g); }
double coherent_fsk_error(double g) { return gaussian_tail(std::sqrt(g)); }
double noncoherent_fsk_error(double g) { return 0.5 * math::exp(-0.5 * g); }

/// Q1(a, b) = sum_n Poisson(n; a^2/2) P(Poisson(b^2/2) <= n), and the Bessel term by the same Poissons:
/// I0(ab) e^-(a^2+b^2)/2 = sum_n Poisson(n; a^2/2) Poisson(n; b^2/2).
double dqpsk_error(double g) {
  constexpr double root_half = 0.7071067811865476;
  const double half_a2 = g * (1 - root_half), half_b2 = g * (1 + root_half);
  if (half_b2 > 600) return 0;
  double b_chance = math::exp(-half_b2), b_sum = b_chance;
  double result = 0;
  over_poisson(half_a2, [&](int n, double a_chance) {
    if (n > 0) {
      b_chance *= half_b2 / n;
      b_sum += b_chance;
    }
    result += a_chance * (b_sum - 0.5 * b_chance);
  });
  return result;
}

double combined_dbpsk_error(double g, int copies) {
  if (g > 600) return 0;
  double sum = 0, power = 1;
  for (int n = 0; n < copies; ++n) {
    if (n > 0) power *= g / n;
    double ways = 0;
    for (int k = 0; k <= copies - 1 - n; ++k) ways += binomial(2 * copies - 1, k);
    sum += power * ways;
  }
  for (int i = 1; i < 2 * copies; ++i) sum /= 2;
  return sum * math::exp(-g);
}

double class_a_bpsk_error(double g, const NoiseSetup& noise) {
  double error = 0;
  const double distance = std::sqrt(2 * g);
  over_poisson(noise.impulsive_index, [&](int m, double chance) {
    error += chance * gaussian_tail(distance / class_a_deviation(noise, m));
  });
  return error;
}

double majority_error(double p, int copies) {
  double error = 0;
  for (int wrong = copies / 2 + 1; wrong <= copies; ++wrong) {
    double chance = binomial(copies, wrong);
    for (int i = 0; i < copies; ++i) chance *= i < wrong ? p : 1 - p;
    error += chance;
  }
  return error;
}
}  // namespace model::carrier
