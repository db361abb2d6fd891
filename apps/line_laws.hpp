/// What lines are known to do in the long run, and what the models of this project really do: each law has a
/// formula with a source, and a trial that runs the model that lines use.
///
/// A point is the mean of independent replications; its spread needs no theory, whatever the correlation
/// within one. z = (measured - expected) / spread; with 40 replications a right model strays beyond 4.5 less
/// than once in ten thousand points. Errors: std::invalid_argument in one line. Randomness: seed and number
/// of the replication; same seed, same output.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace app {
struct Law {
  std::string_view name;
  std::string_view what;    ///< one line: the quantity, and the setting
  std::string_view source;  ///< formula and who found it
  std::string_view x;       ///< what is varied, with its unit
  std::vector<double> points;
  double (*expected)(double x);
  /// One replication: the measured value.
  double (*trial)(double x, std::uint64_t seed);
};

/// All laws, in a fixed order.
std::span<const Law> line_laws();

struct LawPoint {
  double x = 0, expected = 0, measured = 0;
  double spread = 0;  ///< standard deviation of `measured`; 0 if all replications agree
  double z = 0;       ///< 0 where measured and expected agree to a billionth
};
/// Range: replications 2..100,000.
std::vector<LawPoint> measure(const Law& law, int replications, std::uint64_t seed);
}  // namespace app
