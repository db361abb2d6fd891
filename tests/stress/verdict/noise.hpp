/// Noise for synthetic curves: normal draws that neither depend on a library nor on the order of asking.
#pragma once
#include <cmath>
#include <numbers>

#include "core/random.hpp"

namespace stress_test {
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : draws_(seed, 0, core::Purpose::test) {}
  /// Standard normal, by Box and Muller.
  double normal() {
    const auto block = draws_.block(next_++);
    const double radius = (static_cast<double>(block[0]) + 0.5) / 4294967296.0;
    const double angle = static_cast<double>(block[1]) / 4294967296.0;
    return std::sqrt(-2 * std::log(radius)) * std::cos(2 * std::numbers::pi * angle);
  }
  /// Each leans on the one before by `lean`; variance 1.
  double leaning(double lean) {
    last_ = lean * last_ + std::sqrt(1 - lean * lean) * normal();
    return last_;
  }

 private:
  core::RandomStream draws_;
  std::uint64_t next_ = 0;
  double last_ = 0;
};

/// The least k such that a count with chance p in n trials reaches k with probability below `error`.
inline unsigned too_often(unsigned n, double p, double error) {
  double term = std::pow(1 - p, n), tail = 1;
  for (unsigned k = 0; k < n; ++k) {
    if (tail < error) return k;
    tail -= term;
    term *= static_cast<double>(n - k) / (k + 1) * p / (1 - p);
  }
  return n;
}
}  // namespace stress_test
