/// The proof that a run repeats: 64 bits over everything that matters, in an order that does not depend on
/// who ran first.
///
/// FNV-1a over eight-byte words with a final avalanche. Not for security; for telling two runs apart.
/// Per-entity digests are folded in entity order, so worker count and construction order leave no trace.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/bytes.hpp"

namespace core {
class Digest {
 public:
  constexpr void add(std::uint64_t word) {
    state_ = (state_ ^ word) * 0x9E3779B97F4A7C15ull;
    state_ ^= state_ >> 29;
  }
  constexpr void add(std::int64_t word) { add(static_cast<std::uint64_t>(word)); }
  void add(Bytes bytes) {
    add(static_cast<std::uint64_t>(bytes.size()));
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
      std::uint64_t word;
      std::memcpy(&word, bytes.data() + i, 8);
      add(word);
    }
    std::uint64_t tail = 0;
    for (std::size_t shift = 0; i < bytes.size(); ++i, shift += 8) tail |= std::uint64_t{bytes[i]} << shift;
    add(tail);
  }
  void add(std::string_view text) {
    add(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  }
  constexpr std::uint64_t value() const {
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  /// Sixteen lower-case hexadecimal digits.
  std::string hex() const;

 private:
  std::uint64_t state_ = 0xCBF29CE484222325ull;
};
}  // namespace core
