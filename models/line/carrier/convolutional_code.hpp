/// Convolutional codes with a zero tail, punctured or not, and their maximum-likelihood decoder (Viterbi).
///
/// A register of K bits slides over the information and K - 1 zeros; each generator gives the parity of the
/// register bits it taps. Punctured codes leave out coded bits by a table that repeats. The decoder (Viterbi,
/// IEEE Trans. IT-13, 1967; Forney's add-compare-select butterflies) favours state 0 at the start, knows it
/// at the end and looks at the whole frame before it decides. Generators have their first and last tap set,
/// which makes the four branches of a butterfly two of one label and two of its complement. Generators: K=7
/// 171, 133 octal and K=9 753, 561 (Odenwalder 1970, Larsen 1973) in the bit order of the common decoder
/// libraries; punctured after Yasuda, Kashiki and Hirata (IEEE Trans. COM-32, 1984). Unit: soft bits of
/// -127..127, positive for 0, 0 = erased. Errors: none. Randomness: none. Time: none.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace model::carrier {
class ConvolutionalCode {
 public:
  /// One of the punctured sequences per generator, of equal length, '1' = sent.
  struct Plan {
    int constraint_length = 7;
    std::vector<std::uint32_t> generators{};
    std::vector<std::string_view> puncturing{};  ///< empty = everything is sent
    /// How much the decoder favours state 0 at the start; a coded bit that is wrong for certain costs 254. 63
    /// is what Karn's libfec, the decoder behind most published curves, gives; `certain_start` knows it.
    int start_lead = 63;
  };
  static constexpr int certain_start = 21'336;
  explicit ConvolutionalCode(Plan plan);

  /// Information bits per coded bit, the tail not counted.
  double rate() const;
  std::size_t coded_size(std::size_t information_bits) const;
  void encode(std::span<const std::uint8_t> information, std::vector<std::uint8_t>& coded) const;
  /// Range: soft.size() == coded_size(information.size()).
  void decode(std::span<const std::int8_t> soft, std::span<std::uint8_t> information);

 private:
  static constexpr std::size_t lanes = 8;
  typedef std::int16_t Lanes __attribute__((vector_size(2 * lanes)));  // NOLINT(modernize-use-using)

  bool is_sent(std::size_t generator, std::size_t step) const;
  std::size_t tail_bits() const { return static_cast<std::size_t>(plan_.constraint_length - 1); }
  template <std::size_t generator_count>
  void advance(std::span<const std::int16_t> symbol, Lanes* decisions);
  void step(std::span<const std::int16_t> symbol, Lanes* decisions);
  void renormalise();
  void trace_back(std::size_t steps, std::span<std::uint8_t> information) const;

  Plan plan_;
  std::size_t blocks_;                         ///< of `lanes` butterflies
  std::size_t decision_blocks_;                ///< vectors of decisions per step
  std::vector<Lanes> labels_;                  ///< [generator][block]: -1 where the branch (i, 0) carries a 0
  std::vector<Lanes> metrics_, next_metrics_;  ///< by state
  std::vector<Lanes> decisions_;
};
}  // namespace model::carrier
