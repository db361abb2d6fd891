#include "models/line/carrier/gaussian.hpp"

#include <cmath>

#include "core/portable_math.hpp"

namespace model::carrier {
namespace math = core::portable_math;

namespace {
constexpr double tail_begins = 3.6541528853610088;  // Marsaglia and Tsang 2000, 256 layers
constexpr double layer_area = 0.00492867323399;     // of each layer, the lowest with its tail
double density_at(double x) { return math::exp(-0.5 * x * x); }
}  // namespace

GaussianSource::Tables::Tables() {
  x[0] = layer_area / density_at(tail_begins);
  x[1] = tail_begins;
  for (std::size_t i = 2; i < layers; ++i)
    x[i] = std::sqrt(-2 * math::log(layer_area / x[i - 1] + density_at(x[i - 1])));
  x[layers] = 0;
  for (std::size_t i = 0; i <= layers; ++i) density[i] = density_at(x[i]);
  for (std::size_t i = 0; i < layers; ++i) {
    width[i] = x[i] * 0x1p-53;
    limit[i] = static_cast<std::uint64_t>(x[i + 1] / x[i] * 0x1p53);
  }
}

GaussianSource::GaussianSource(std::uint64_t seed, std::uint32_t entity)
    : stream_(seed, entity, core::Purpose::carrier_signal) {}

void GaussianSource::refill() {
  for (std::size_t i = 0; i < words_.size(); i += 2) {
    const auto block = stream_.block(next_block_++);
    words_[i] = std::uint64_t{block[0]} << 32 | block[1];
    words_[i + 1] = std::uint64_t{block[2]} << 32 | block[3];
  }
  used_ = 0;
}

/// The word fell into a layer's corner, or beyond the lowest layer into the tail.
double GaussianSource::normal_at_edge(std::uint64_t word) {
  for (;; word = next_word()) {
    const auto layer = static_cast<std::size_t>(word & 0xFF);
    const auto place = word >> 11;
    const double x = static_cast<double>(place) * tables().width[layer];
    if (place < tables().limit[layer]) return signed_by(word, x);
    if (layer == 0) {
      for (;;) {
        const double beyond = -math::log(uniform()) / tail_begins;
        const double height = -math::log(uniform());
        if (2 * height > beyond * beyond) return signed_by(word, tail_begins + beyond);
      }
    }
    const double low = tables().density[layer], high = tables().density[layer + 1];
    if (low + uniform() * (high - low) < density_at(x)) return signed_by(word, x);
  }
}
}  // namespace model::carrier
