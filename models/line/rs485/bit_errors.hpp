/// Bits that flip on an RS-485 pair, one by one with a given chance, independent of each other.
///
/// Instead of asking each bit, the number of good bits up to the next bad one is drawn (geometric
/// distribution):
///     good = floor(ln U / ln(1 - p)),  U uniform in (0, 1)
/// so a clean line costs a subtraction a frame, and a noisy one as much as it has errors.
/// Unit: bits. Range: 0 <= p <= 1. Errors: characters thrown away are counted by kind. Randomness:
/// Purpose::line_bit_errors (or the one given), addressed by (line, number of the draw). Time: none.
#pragma once
#include "core/bytes.hpp"
#include "core/random.hpp"
#include "models/line/rs485/uart.hpp"

namespace model {
/// 8E1: start, eight data bits with the lowest first, even parity, stop.
inline constexpr std::uint64_t bits_per_character = 11;

class BitErrors {
 public:
  BitErrors(std::uint64_t seed, std::uint32_t line, core::Ratio chance,
            core::Purpose purpose = core::Purpose::line_bit_errors);

  /// From now on. The memoryless distribution allows to draw anew at any bit.
  void set_chance(core::Ratio chance);
  /// True if all of `characters` arrive as sent; then they are behind us. False: call `spoil` for them.
  bool pass_clean(std::size_t characters) {
    const auto bits = characters * bits_per_character;
    if (bits > good_bits_) return false;
    good_bits_ -= bits;
    return true;
  }
  /// Sends `sent` over the wire. What the receiver's UART makes of it goes to `arrived`: a character with a
  /// bad start or stop bit, or with an odd number of flips in data and parity, is thrown away; an even number
  /// passes unseen. Range: arrived.size() >= sent.size(). Answers how many bytes arrived.
  std::size_t spoil(core::Bytes sent, std::span<std::uint8_t> arrived);
  /// What was thrown away so far, by the receiver's reason.
  const CharacterErrors& thrown_away() const { return thrown_away_; }

 private:
  void draw();

  core::RandomStream random_;
  core::Ratio chance_;
  double log_of_good_ = 0;       ///< ln(1 - p)
  std::uint64_t good_bits_ = 0;  ///< until the next bad one
  std::uint64_t draws_ = 0;
  CharacterErrors thrown_away_;
};
}  // namespace model
