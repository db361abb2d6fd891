#include "models/line/carrier/code.hpp"

#include <array>

#include "core/check.hpp"
#include "models/line/carrier/names.hpp"

namespace model::carrier {
namespace {
constexpr std::array<Named<CodeName>, 24> names{{
    {CodeName::none, "none", "uncoded"},
    {CodeName::rep3, "rep3", "r3 repetition3 repeat3"},
    {CodeName::rep5, "rep5", "r5 repetition5 repeat5"},
    {CodeName::hamming_7_4, "hamming-7-4", "h74"},
    {CodeName::hamming_8_4, "hamming-8-4", "h84"},
    {CodeName::hamming_12_8, "hamming-12-8", "h128"},
    {CodeName::golay_24_12, "golay-24-12", "g2412 golay golay24"},
    {CodeName::secded_22_16, "secded-22-16", "secded"},
    {CodeName::conv_k7, "conv-k7", "v27 k7 convk712 convk7r12 conv convolutionalk7"},
    {CodeName::conv_k7_2_3, "conv-k7-2/3", "v27p23 convk7p23 convk7r23"},
    {CodeName::conv_k7_3_4, "conv-k7-3/4", "v27p34 convk7p34 convk7r34"},
    {CodeName::conv_k7_4_5, "conv-k7-4/5", "v27p45 convk7p45 convk7r45"},
    {CodeName::conv_k7_5_6, "conv-k7-5/6", "v27p56 convk7p56 convk7r56"},
    {CodeName::conv_k7_6_7, "conv-k7-6/7", "v27p67 convk7p67 convk7r67"},
    {CodeName::conv_k7_7_8, "conv-k7-7/8", "v27p78 convk7p78 convk7r78"},
    {CodeName::conv_k9, "conv-k9", "v29 k9 convk912 convk9r12 convolutionalk9"},
    {CodeName::conv_k9_2_3, "conv-k9-2/3", "v29p23 convk9p23 convk9r23"},
    {CodeName::conv_k9_3_4, "conv-k9-3/4", "v29p34 convk9p34 convk9r34"},
    {CodeName::conv_k9_4_5, "conv-k9-4/5", "v29p45 convk9p45 convk9r45"},
    {CodeName::conv_k9_5_6, "conv-k9-5/6", "v29p56 convk9p56 convk9r56"},
    {CodeName::conv_k9_6_7, "conv-k9-6/7", "v29p67 convk9p67 convk9r67"},
    {CodeName::conv_k9_7_8, "conv-k9-7/8", "v29p78 convk9p78 convk9r78"},
    {CodeName::conv_k9_1_3, "conv-k9-1/3", "v39 convk9r13"},
    {CodeName::conv_k15_1_6, "conv-k15-1/6", "v615 k15 convk15 convk15r16 convolutionalk15"},
}};

using Patterns = std::vector<std::string_view>;
ConvolutionalCode::Plan k7(Patterns puncturing) { return {7, {0x6D, 0x4F}, std::move(puncturing)}; }
ConvolutionalCode::Plan k9(Patterns puncturing) { return {9, {0x1AF, 0x11D}, std::move(puncturing)}; }

/// Nothing if the code is not convolutional.
std::optional<ConvolutionalCode::Plan> plan_of(CodeName name) {
  using Plan = ConvolutionalCode::Plan;
  switch (name) {
    case CodeName::conv_k7:
      return k7({});
    case CodeName::conv_k7_2_3:
      return k7({"11", "10"});
    case CodeName::conv_k7_3_4:
      return k7({"110", "101"});
    case CodeName::conv_k7_4_5:
      return k7({"1111", "1000"});
    case CodeName::conv_k7_5_6:
      return k7({"11010", "10101"});
    case CodeName::conv_k7_6_7:
      return k7({"111010", "100101"});
    case CodeName::conv_k7_7_8:
      return k7({"1111010", "1000101"});
    case CodeName::conv_k9:
      return k9({});
    case CodeName::conv_k9_2_3:
      return k9({"11", "10"});
    case CodeName::conv_k9_3_4:
      return k9({"111", "100"});
    case CodeName::conv_k9_4_5:
      return k9({"1101", "1010"});
    case CodeName::conv_k9_5_6:
      return k9({"10110", "11001"});
    case CodeName::conv_k9_6_7:
      return k9({"110110", "101001"});
    case CodeName::conv_k9_7_8:
      return k9({"1101011", "1010100"});
    case CodeName::conv_k9_1_3:
      return Plan{9, {0x1ED, 0x19B, 0x127}};
    case CodeName::conv_k15_1_6:
      return Plan{15, {042631, 047245, 056507, 073363, 077267, 064537}};
    default:
      return std::nullopt;
  }
}

std::unique_ptr<ConvolutionalCode> convolutional_of(CodeName name, Start start) {
  auto plan = plan_of(name);
  if (plan && start == Start::known) plan->start_lead = ConvolutionalCode::certain_start;
  return plan ? std::make_unique<ConvolutionalCode>(std::move(*plan)) : nullptr;
}

std::optional<BlockCode> block_of(CodeName name) {
  switch (name) {
    case CodeName::hamming_7_4:
      return BlockCode(BlockCode::Kind::hamming_7_4);
    case CodeName::hamming_8_4:
      return BlockCode(BlockCode::Kind::hamming_8_4);
    case CodeName::hamming_12_8:
      return BlockCode(BlockCode::Kind::hamming_12_8);
    case CodeName::golay_24_12:
      return BlockCode(BlockCode::Kind::golay_24_12);
    case CodeName::secded_22_16:
      return BlockCode(BlockCode::Kind::secded_22_16);
    default:
      return std::nullopt;
  }
}
}  // namespace

std::string_view name_of(CodeName code) { return name_in(names, code); }
std::optional<CodeName> code_of(std::string_view name) { return value_in(names, name); }
std::string code_names() { return all_names(names); }

bool has_soft_decoder(CodeName code) {
  return code != CodeName::golay_24_12 && code != CodeName::secded_22_16;
}

Code::Code(CodeName name, Start start)
    : block_(block_of(name)), convolutional_(convolutional_of(name, start)) {
  if (name == CodeName::rep3) copies_ = 3;
  if (name == CodeName::rep5) copies_ = 5;
  rate_ = 1.0 / static_cast<double>(copies_);
  if (convolutional_) rate_ = convolutional_->rate();
  if (!block_) return;
  if (name == CodeName::secded_22_16) fill_bits_ = 2;
  rate_ =
      block_->information_bits() / static_cast<double>(block_->word_bits() + static_cast<int>(fill_bits_));
}

void Code::encode(std::span<const std::uint8_t> information, std::vector<std::uint8_t>& coded) const {
  if (convolutional_) return convolutional_->encode(information, coded);
  coded.clear();
  if (!block_) {
    for (std::size_t copy = 0; copy < copies_; ++copy)
      coded.insert(coded.end(), information.begin(), information.end());
    return;
  }
  const auto k = static_cast<std::size_t>(block_->information_bits());
  for (std::size_t first = 0; first < information.size(); first += k) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < k && first + i < information.size(); ++i)
      bits |= std::uint32_t{information[first + i]} << i;
    const auto word = block_->encode(bits);
    for (int i = 0; i < block_->word_bits(); ++i) coded.push_back(word >> i & 1);
    coded.insert(coded.end(), fill_bits_, 0);
  }
}

void Code::decode(std::span<const std::int8_t> received, Decision decision,
                  std::span<std::uint8_t> information) {
  if (convolutional_) return convolutional_->decode(received, information);
  if (block_) return decode_blocks(received, decision, information);
  decode_repeated(received, information);
}

void Code::decode_repeated(std::span<const std::int8_t> received, std::span<std::uint8_t> information) const {
  METERTWIN_CHECK(received.size() == copies_ * information.size(), received.size());
  for (std::size_t i = 0; i < information.size(); ++i) {
    int sum = 0;
    for (std::size_t copy = 0; copy < copies_; ++copy) sum += received[copy * information.size() + i];
    information[i] = sum < 0 ? 1 : 0;
  }
}

void Code::decode_blocks(std::span<const std::int8_t> received, Decision decision,
                         std::span<std::uint8_t> information) const {
  const auto k = static_cast<std::size_t>(block_->information_bits());
  const auto n = static_cast<std::size_t>(block_->word_bits());
  std::size_t at = 0;
  for (std::size_t first = 0; first < information.size(); first += k, at += n + fill_bits_) {
    METERTWIN_CHECK(at + n <= received.size(), at, received.size());
    std::uint32_t bits = 0;
    if (decision == Decision::soft && block_->has_soft_decoder()) {
      bits = block_->decode_soft(received.subspan(at, n));
    } else {
      std::uint32_t word = 0;
      for (std::size_t i = 0; i < n; ++i) word |= (received[at + i] < 0 ? 1u : 0u) << i;
      bits = block_->decode(word);
    }
    for (std::size_t i = 0; i < k && first + i < information.size(); ++i)
      information[first + i] = bits >> i & 1;
  }
}
}  // namespace model::carrier
