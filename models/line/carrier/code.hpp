/// The error-correcting codes that carriers use, under one face: information bits to coded bits and back.
///
/// Names: none, rep3, rep5, hamming-7-4, hamming-8-4, hamming-12-8, golay-24-12, secded-22-16, conv-k7 (rate
/// 1/2) and its punctured forms conv-k7-2/3 ... conv-k7-7/8, conv-k9 likewise, conv-k9-1/3, conv-k15-1/6.
/// `rate` is information bits per bit sent; the six to fourteen tail bits of a convolutional frame are not
/// counted, and the (22,16) code goes out in whole bytes, so its rate is 16/24. That is how the published
/// curves that the tests compare with count Eb/N0.
/// Decoding is hard (each bit decided by itself first) or soft: each bit as an integer of 8 bits that
/// saturates at `full_scale` times the noise-free amplitude, 1 as common receivers do, 4 nearly ideal.
/// Errors: none. Randomness: none. Time: none.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/line/carrier/block_code.hpp"
#include "models/line/carrier/convolutional_code.hpp"

namespace model::carrier {
enum class CodeName : std::uint8_t {
  none,
  rep3,
  rep5,
  hamming_7_4,
  hamming_8_4,
  hamming_12_8,
  golay_24_12,
  secded_22_16,
  conv_k7,
  conv_k7_2_3,
  conv_k7_3_4,
  conv_k7_4_5,
  conv_k7_5_6,
  conv_k7_6_7,
  conv_k7_7_8,
  conv_k9,
  conv_k9_2_3,
  conv_k9_3_4,
  conv_k9_4_5,
  conv_k9_5_6,
  conv_k9_6_7,
  conv_k9_7_8,
  conv_k9_1_3,
  conv_k15_1_6,
};
std::string_view name_of(CodeName code);
std::optional<CodeName> code_of(std::string_view name);
std::string code_names();

enum class Decision : std::uint8_t { hard, soft };
/// What a convolutional decoder takes for granted at a frame's start: that it is in state 0 (`known`), or
/// that this is likelier by a quarter of a coded bit (`favoured`), as libfec does, and so the published
/// curves. With 32-byte frames the difference is a third of the lost frames, with 256 bytes some percent of
/// the wrong bits.
enum class Start : std::uint8_t { favoured, known };
/// False: the code is only decoded hard.
bool has_soft_decoder(CodeName code);

/// A received bit as the decoder's integer.
inline std::int8_t quantised(float soft, Decision decision, float full_scale) {
  if (decision == Decision::hard) return soft < 0 ? std::int8_t{-127} : std::int8_t{127};
  const float scaled = soft * (127.0f / full_scale);
  return static_cast<std::int8_t>(scaled > 127.0f ? 127.0f : scaled < -127.0f ? -127.0f : scaled);
}

class Code {
 public:
  explicit Code(CodeName name, Start start = Start::favoured);

  double rate() const { return rate_; }
  void encode(std::span<const std::uint8_t> information, std::vector<std::uint8_t>& coded) const;
  /// `received` as many as `encode` gave for as many information bits.
  void decode(std::span<const std::int8_t> received, Decision decision, std::span<std::uint8_t> information);

 private:
  void decode_repeated(std::span<const std::int8_t> received, std::span<std::uint8_t> information) const;
  void decode_blocks(std::span<const std::int8_t> received, Decision decision,
                     std::span<std::uint8_t> information) const;

  double rate_ = 1;
  std::size_t copies_ = 1;
  std::size_t fill_bits_ = 0;  ///< sent behind each word of a block code
  std::optional<BlockCode> block_;
  std::unique_ptr<ConvolutionalCode> convolutional_;
};
}  // namespace model::carrier
