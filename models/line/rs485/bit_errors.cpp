#include "models/line/rs485/bit_errors.hpp"

#include "core/portable_math.hpp"

namespace model {
namespace {
constexpr std::uint64_t never_bits = std::uint64_t{1} << 62;
constexpr std::uint32_t start_bit = 1u << 0, stop_bit = 1u << 10, data_and_parity = 0x3FEu;

bool is_odd(std::uint32_t bits) { return __builtin_parity(bits) != 0; }
}  // namespace

BitErrors::BitErrors(std::uint64_t seed, std::uint32_t line, core::Ratio chance, core::Purpose purpose)
    : random_(seed, line, purpose) {
  set_chance(chance);
}

void BitErrors::set_chance(core::Ratio chance) {
  chance_ = chance;
  good_bits_ = never_bits;
  if (chance.is_zero()) return;
  const bool is_certain = chance.numerator == chance.denominator;
  const double p = static_cast<double>(chance.numerator) / chance.denominator;
  log_of_good_ = is_certain ? 0 : core::portable_math::log(1 - p);
  draw();
}

void BitErrors::draw() {
  if (chance_.numerator == chance_.denominator) {
    good_bits_ = 0;
    return;
  }
  // 53 bits, centred in their cells: U is never 0 or 1.
  const double u = (static_cast<double>(random_.word(draws_++) >> 11) + 0.5) / 9007199254740992.0;
  const double good = core::portable_math::log(u) / log_of_good_;
  good_bits_ = good >= static_cast<double>(never_bits) ? never_bits : static_cast<std::uint64_t>(good);
}

std::size_t BitErrors::spoil(core::Bytes sent, std::span<std::uint8_t> arrived) {
  std::size_t count = 0;
  for (const auto byte : sent) {
    std::uint32_t flips = 0;
    std::uint64_t bit = good_bits_;
    while (bit < bits_per_character) {
      flips |= 1u << bit;
      draw();
      bit += 1 + good_bits_;
    }
    good_bits_ = bit - bits_per_character;
    if ((flips & (start_bit | stop_bit)) != 0) {
      ++thrown_away_.framing;
      continue;
    }
    if (is_odd(flips & data_and_parity)) {
      ++thrown_away_.parity;
      continue;
    }
    arrived[count++] = static_cast<std::uint8_t>(byte ^ (flips >> 1 & 0xFF));
  }
  return count;
}
}  // namespace model
