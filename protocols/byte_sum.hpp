/// The arithmetic checksum of DL/T 645 and Q/GDW 1376: the sum of all bytes modulo 256.
///
/// Eight bytes at a time where there are eight: frames are summed once per reading at each end of the line.
#pragma once
#include <cstdint>
#include <cstring>

#include "core/bytes.hpp"

namespace framing {
inline std::uint8_t byte_sum(core::Bytes bytes) {
  constexpr std::uint64_t even_bytes = 0x00FF00FF00FF00FFull;
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t lanes =
      0;  // four 16-bit sums; each word adds at most 510 to each, so they are folded every 128 words
  std::uint64_t sum = 0;
  for (int words = 0; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    lanes += (word & even_bytes) + (word >> 8 & even_bytes);
    if (++words == 128) {
      sum += (lanes * 0x0001000100010001ull) >> 48;
      lanes = 0;
      words = 0;
    }
  }
  sum += (lanes * 0x0001000100010001ull) >> 48;
  for (; left > 0; ++at, --left) sum += *at;
  return static_cast<std::uint8_t>(sum);
}
}  // namespace framing
