/// Systematic linear block codes and their decoding by syndrome: Hamming, Golay and Hsiao codes.
///
/// A word is `k` information bits (low) and `n - k` check bits (high); column i of the check matrix is what
/// information bit i adds to the checks. The receiver forms the syndrome and corrects by a table:
///     hamming-7-4   perfect: any one error                  (Hamming, Bell Syst. Tech. J. 29, 1950)
///     hamming-8-4   the same with a parity bit over all, which detects but does not help to correct
///     hamming-12-8  shortened from (15,11); syndromes 13..15 name no bit, the word stays as it is
///     golay-24-12   up to three errors (Golay 1949; generator x^11+x^10+x^6+x^5+x^4+x^2+1, and parity);
///                   four are detected, the word stays
///     secded-22-16  Hsiao's odd-weight columns (IBM J. Res. Dev. 14, 1970): one corrected, two detected
/// Soft decoding of the Hamming codes is by the word with the least sum of distances (maximum likelihood).
/// Errors: none. Randomness: none. Time: none.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace model::carrier {
class BlockCode {
 public:
  enum class Kind : std::uint8_t { hamming_7_4, hamming_8_4, hamming_12_8, golay_24_12, secded_22_16 };

  explicit BlockCode(Kind kind);

  int information_bits() const { return k_; }
  int word_bits() const { return n_; }
  bool has_soft_decoder() const { return k_ <= 8; }
  /// Information in the low bits.
  std::uint32_t encode(std::uint32_t information) const { return word_of_[information]; }
  /// What the decoder takes the received word's information for.
  std::uint32_t decode(std::uint32_t word) const {
    const auto information = word & ((1u << k_) - 1);
    return information ^ correction_[(word_of_[information] ^ word) >> k_];
  }
  /// `soft[i]` is the bit in position i: positive for 0. Range: k <= 8.
  std::uint32_t decode_soft(std::span<const std::int8_t> soft) const;

 private:
  void build_corrections(int errors_max);

  int k_ = 0, n_ = 0;
  std::vector<std::uint32_t> word_of_;
  std::vector<std::uint32_t> correction_;  ///< of the information bits, by syndrome
};
}  // namespace model::carrier
