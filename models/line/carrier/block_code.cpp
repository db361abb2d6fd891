#include "models/line/carrier/block_code.hpp"

#include <bit>

#include "core/check.hpp"

namespace model::carrier {
namespace {
using Columns = std::vector<std::uint32_t>;

/// Rows of the Golay code's check part: the remainder of x^(11 + i) by the generator, and the parity of all.
Columns golay_columns() {
  constexpr std::uint32_t generator = 0xC75;
  Columns columns;
  for (int i = 0; i < 12; ++i) {
    std::uint32_t remainder = 1u << (11 + i);
    for (int bit = 11 + i; bit >= 11; --bit)
      if ((remainder >> bit & 1) != 0) remainder ^= generator << (bit - 11);
    const auto parity = static_cast<std::uint32_t>((std::popcount(remainder) + 1) & 1);
    columns.push_back(remainder | parity << 11);
  }
  return columns;
}

Columns columns_of(BlockCode::Kind kind) {
  switch (kind) {
    case BlockCode::Kind::hamming_7_4:
      return {3, 5, 6, 7};
    case BlockCode::Kind::hamming_8_4:  // the fourth check makes the word's parity even
      return {0b1011, 0b1101, 0b1110, 0b0111};
    case BlockCode::Kind::hamming_12_8:
      return {3, 5, 6, 7, 9, 10, 11, 12};
    case BlockCode::Kind::golay_24_12:
      return golay_columns();
    case BlockCode::Kind::secded_22_16:  // all of weight three but four, so that each check covers eight bits
      return {0x07, 0x0D, 0x0E, 0x13, 0x16, 0x19, 0x1A, 0x1C, 0x23, 0x25, 0x26, 0x29, 0x2C, 0x31, 0x32, 0x38};
  }
  return {};
}
int check_bits_of(BlockCode::Kind kind) {
  switch (kind) {
    case BlockCode::Kind::hamming_7_4:
      return 3;
    case BlockCode::Kind::hamming_8_4:
    case BlockCode::Kind::hamming_12_8:
      return 4;
    case BlockCode::Kind::golay_24_12:
      return 12;
    case BlockCode::Kind::secded_22_16:
      return 6;
  }
  return 0;
}
}  // namespace

BlockCode::BlockCode(Kind kind) {
  const auto columns = columns_of(kind);
  k_ = static_cast<int>(columns.size());
  n_ = k_ + check_bits_of(kind);
  word_of_.resize(std::size_t{1} << k_);
  for (std::uint32_t information = 0; information < word_of_.size(); ++information) {
    std::uint32_t checks = 0;
    for (int i = 0; i < k_; ++i)
      if ((information >> i & 1) != 0) checks ^= columns[static_cast<std::size_t>(i)];
    word_of_[information] = information | checks << k_;
  }
  correction_.assign(std::size_t{1} << (n_ - k_), 0);
  build_corrections(kind == Kind::golay_24_12 ? 3 : 1);
  if (kind != Kind::hamming_8_4) return;
  // Two errors leave the parity right: then the inner (7,4) code's opinion is as good as any other.
  for (std::size_t inner = 0; inner < 8; ++inner) {
    const auto opinion = correction_[inner] | correction_[inner | 8];  // one of the two is 0
    correction_[inner] = correction_[inner | 8] = opinion;
  }
}

/// Enters every pattern of up to `errors_max` errors under its syndrome.
void BlockCode::build_corrections(int errors_max) {
  std::vector<bool> is_taken(correction_.size());
  const auto enter = [&](std::uint32_t pattern) {
    const auto information = pattern & ((1u << k_) - 1);
    const auto syndrome = (word_of_[information] ^ pattern) >> k_;
    METERTWIN_CHECK(!is_taken[syndrome], pattern);
    is_taken[syndrome] = true;
    correction_[syndrome] = information;
  };
  enter(0);
  for (int a = 0; a < n_; ++a) {
    enter(1u << a);
    for (int b = a + 1; errors_max >= 2 && b < n_; ++b) {
      enter(1u << a | 1u << b);
      for (int c = b + 1; errors_max >= 3 && c < n_; ++c) enter(1u << a | 1u << b | 1u << c);
    }
  }
}

std::uint32_t BlockCode::decode_soft(std::span<const std::int8_t> soft) const {
  METERTWIN_CHECK(has_soft_decoder() && soft.size() >= static_cast<std::size_t>(n_), soft.size());
  std::uint32_t best = 0;
  int best_cost = INT32_MAX;
  for (std::uint32_t information = 0; information < word_of_.size(); ++information) {
    int cost = 0;
    for (auto ones = word_of_[information]; ones != 0; ones &= ones - 1) cost += soft[std::countr_zero(ones)];
    if (cost >= best_cost) continue;
    best = information;
    best_cost = cost;
  }
  return best;
}
}  // namespace model::carrier
