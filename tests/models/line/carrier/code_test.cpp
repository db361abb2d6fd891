// What the codes promise: distances, corrections, round trips, and the decoder's optimality.
#include "models/line/carrier/code.hpp"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>

#include "core/random.hpp"

using namespace model::carrier;

namespace {
using Bits = std::vector<std::uint8_t>;
constexpr auto all_codes = {
    CodeName::none,        CodeName::rep3,         CodeName::rep5,        CodeName::hamming_7_4,
    CodeName::hamming_8_4, CodeName::hamming_12_8, CodeName::golay_24_12, CodeName::secded_22_16,
    CodeName::conv_k7,     CodeName::conv_k7_2_3,  CodeName::conv_k7_3_4, CodeName::conv_k7_4_5,
    CodeName::conv_k7_5_6, CodeName::conv_k7_6_7,  CodeName::conv_k7_7_8, CodeName::conv_k9,
    CodeName::conv_k9_2_3, CodeName::conv_k9_3_4,  CodeName::conv_k9_4_5, CodeName::conv_k9_5_6,
    CodeName::conv_k9_6_7, CodeName::conv_k9_7_8,  CodeName::conv_k9_1_3, CodeName::conv_k15_1_6};

Bits random_bits(std::size_t count, std::uint32_t which) {
  const core::RandomStream random(21, which, core::Purpose::test);
  Bits bits;
  for (std::size_t i = 0; i < count; ++i) bits.push_back(random.below(2, i) != 0);
  return bits;
}
std::vector<std::int8_t> as_soft(const Bits& coded, std::int8_t strength) {
  std::vector<std::int8_t> soft;
  for (const auto bit : coded) soft.push_back(bit != 0 ? static_cast<std::int8_t>(-strength) : strength);
  return soft;
}
Bits decoded(Code& code, const std::vector<std::int8_t>& received, Decision decision, std::size_t count) {
  Bits information(count);
  code.decode(received, decision, information);
  return information;
}
}  // namespace

TEST_CASE("what is encoded is decoded, hard and soft, at any length") {
  for (const auto name : all_codes) {
    Code code(name);
    for (const std::size_t length : {1u, 7u, 8u, 96u, 257u}) {
      INFO(name_of(name) << ", " << length << " bits");
      const auto information = random_bits(length, static_cast<std::uint32_t>(length));
      Bits coded;
      code.encode(information, coded);
      CHECK(decoded(code, as_soft(coded, 1), Decision::hard, length) == information);
      if (has_soft_decoder(name))
        CHECK(decoded(code, as_soft(coded, 127), Decision::soft, length) == information);
    }
  }
}

TEST_CASE("block codes have their distances and correct as many errors as they should") {
  struct Row {
    BlockCode::Kind kind;
    int distance, corrects;
  };
  for (const auto& row : {Row{BlockCode::Kind::hamming_7_4, 3, 1}, Row{BlockCode::Kind::hamming_8_4, 4, 1},
                          Row{BlockCode::Kind::hamming_12_8, 3, 1}, Row{BlockCode::Kind::golay_24_12, 8, 3},
                          Row{BlockCode::Kind::secded_22_16, 4, 1}}) {
    const BlockCode code(row.kind);
    int least = 99;
    for (std::uint32_t word = 1; word < 1u << code.information_bits(); ++word)
      least = std::min(least, std::popcount(code.encode(word)));
    CHECK(least == row.distance);
    const std::uint32_t information = 0x5A5A & ((1u << code.information_bits()) - 1);
    const auto sent = code.encode(information);
    for (int a = 0; a < code.word_bits(); ++a) {
      CHECK(code.decode(sent ^ 1u << a) == information);
      if (row.corrects == 3)
        CHECK(code.decode(sent ^ 1u << a ^ 1u << (a + 5) % 24 ^ 1u << (a + 11) % 24) == information);
    }
  }
}

TEST_CASE("four errors leave the Golay code's word alone, two the SEC-DED's") {
  const BlockCode golay(BlockCode::Kind::golay_24_12), secded(BlockCode::Kind::secded_22_16);
  CHECK(golay.decode(golay.encode(0x123) ^ 0b1111) == (0x123 ^ 0b1111));
  CHECK(secded.decode(secded.encode(0x1234) ^ 0b101) == (0x1234 ^ 0b101));
}

TEST_CASE("K=7 sends its generators' impulse response and repairs what its free distance of 10 allows") {
  Code code(CodeName::conv_k7);
  Bits coded;
  code.encode(Bits{1}, coded);
  // 6D = 1101101 and 4F = 1001111, lowest tap first, alternating.
  CHECK(coded == Bits{1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1});
  CHECK(std::count(coded.begin(), coded.end(), 1) == 10);
  const auto information = random_bits(200, 1);
  code.encode(information, coded);
  auto received = as_soft(coded, 1);
  for (const std::size_t start : {0u, 100u, 250u, 408u})  // four wrong bits in a row, and at both ends
    for (std::size_t i = start; i < start + 4; ++i) received[i] = static_cast<std::int8_t>(-received[i]);
  CHECK(decoded(code, received, Decision::hard, 200) == information);
}

TEST_CASE("the Viterbi decoder finds the nearest code word: no other is nearer") {
  // Exhaustive over all 2^8 frames of 8 bits, on received words of pure noise.
  using Plan = ConvolutionalCode::Plan;
  const auto certain = ConvolutionalCode::certain_start;
  for (const auto& plan : {Plan{7, {0x6D, 0x4F}, {}, certain}, Plan{7, {0x6D, 0x4F}, {"110", "101"}, certain},
                           Plan{9, {0x1ED, 0x19B, 0x127}, {}, certain}}) {
    ConvolutionalCode code(plan);
    for (std::uint32_t trial = 0; trial < 20; ++trial) {
      Bits coded, found(8);
      code.encode(Bits(8), coded);
      const core::RandomStream random(trial, 1, core::Purpose::test);
      std::vector<std::int8_t> received;
      for (std::size_t i = 0; i < coded.size(); ++i)
        received.push_back(static_cast<std::int8_t>(random.between(-127, 127, i)));
      const auto cost_of = [&](const Bits& information) {
        code.encode(information, coded);
        int cost = 0;
        for (std::size_t i = 0; i < coded.size(); ++i) cost += coded[i] != 0 ? received[i] : -received[i];
        return cost;
      };
      int least = INT32_MAX;
      for (unsigned word = 0; word < 256; ++word) {
        Bits information;
        for (int i = 0; i < 8; ++i) information.push_back(word >> i & 1);
        least = std::min(least, cost_of(information));
      }
      code.decode(received, found);
      INFO("K = " << plan.constraint_length << ", trial " << trial);
      CHECK(cost_of(found) == least);
    }
  }
}

TEST_CASE("long frames of extreme soft values do not overflow the metrics") {
  for (const auto name : {CodeName::conv_k7, CodeName::conv_k9, CodeName::conv_k15_1_6}) {
    Code code(name);
    const auto information = random_bits(600, 9);
    Bits coded;
    code.encode(information, coded);
    CHECK(decoded(code, as_soft(coded, 127), Decision::soft, 600) == information);
  }
}

TEST_CASE("codes are known under the names people use, and strangers are not") {
  CHECK(code_of("Hamming(7,4)") == CodeName::hamming_7_4);
  CHECK(code_of("golay") == CodeName::golay_24_12);
  CHECK(code_of("v27p34") == CodeName::conv_k7_3_4);
  CHECK(code_of("conv-k7-2/3") == CodeName::conv_k7_2_3);
  CHECK(code_of("CONV_K9") == CodeName::conv_k9);
  for (const auto* stranger : {"", "-", "conv-k8", "rep4", "hamming", " "}) CHECK_FALSE(code_of(stranger));
}

TEST_CASE("rates are what the published curves count Eb/N0 with") {
  CHECK(Code(CodeName::conv_k7_3_4).rate() == Approx(0.75));
  CHECK(Code(CodeName::conv_k15_1_6).rate() == Approx(1.0 / 6));
  CHECK(Code(CodeName::hamming_7_4).rate() == Approx(4.0 / 7));
  CHECK(Code(CodeName::secded_22_16).rate() == Approx(16.0 / 24));
}
