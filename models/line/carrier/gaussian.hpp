/// White noise and coin tosses for the carrier's physical layer, fast enough for hundreds of millions of
/// bits.
///
/// Normal variates by the ziggurat of 256 layers (Marsaglia and Tsang, "The ziggurat method for generating
/// random variables", J. Stat. Softw. 5(8), 2000), each from one 64-bit word: 8 bits choose the layer, one
/// the sign, 53 the place. The tail beyond 3.654 is exact (Marsaglia 1964). Words come from Philox under
/// Purpose::carrier_signal, addressed by (seed, entity, number of the word), so a curve's points do not
/// depend on each other. Tables are built from `core::portable_math`: the same bits on every machine.
/// Unit: standard deviations. Errors: none. Time: none.
#pragma once
#include <array>
#include <cstdint>

#include "core/random.hpp"

namespace model::carrier {
class GaussianSource {
 public:
  GaussianSource(std::uint64_t seed, std::uint32_t entity);

  /// A standard normal variate.
  double normal() {
    const auto word = next_word();
    const auto layer = static_cast<std::size_t>(word & 0xFF);
    const auto place = word >> 11;
    if (place < tables().limit[layer]) [[likely]]
      return signed_by(word, static_cast<double>(place) * tables().width[layer]);
    return normal_at_edge(word);
  }
  /// 64 fair coins.
  std::uint64_t next_word() {
    if (used_ == words_.size()) refill();
    return words_[used_++];
  }
  /// Uniform in (0, 1).
  double uniform() { return (static_cast<double>(next_word() >> 11) + 0.5) * 0x1p-53; }

 private:
  static constexpr std::size_t layers = 256;
  struct Tables {
    std::array<double, layers + 1> x{};         ///< right edge of each layer, falling; x[256] = 0
    std::array<double, layers + 1> density{};   ///< exp(-x^2 / 2) there
    std::array<double, layers> width{};         ///< of a layer, per unit of the 53-bit place
    std::array<std::uint64_t, layers> limit{};  ///< places below it are under the curve for certain
    Tables();
  };
  static const Tables& tables() {
    static const Tables built;
    return built;
  }
  static double signed_by(std::uint64_t word, double x) { return (word & 0x100) != 0 ? -x : x; }
  double normal_at_edge(std::uint64_t word);
  void refill();

  core::RandomStream stream_;
  std::uint64_t next_block_ = 0;
  std::array<std::uint64_t, 256> words_{};
  std::size_t used_ = words_.size();
};
}  // namespace model::carrier
