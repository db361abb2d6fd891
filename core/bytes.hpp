/// Bytes on their way: views, a buffer that never allocates, BCD and hexadecimal.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.hpp"

namespace core {
using Bytes = std::span<const std::uint8_t>;

/// A byte string of bounded length that lives where it stands. Appending past the capacity is our bug
/// (checked).
template <std::size_t capacity_bytes>
class ByteBuffer {
 public:
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  static constexpr std::size_t capacity() { return capacity_bytes; }
  constexpr const std::uint8_t* data() const { return bytes_.data(); }
  constexpr std::uint8_t* data() { return bytes_.data(); }
  constexpr const std::uint8_t* begin() const { return data(); }
  constexpr const std::uint8_t* end() const { return data() + size_; }
  constexpr std::uint8_t operator[](std::size_t i) const { return bytes_[i]; }
  constexpr std::uint8_t& operator[](std::size_t i) { return bytes_[i]; }
  constexpr operator Bytes() const {
    return Bytes(data(), size_);
  }  // NOLINT(google-explicit-constructor): it is its bytes
  constexpr void clear() { size_ = 0; }
  constexpr void push_back(std::uint8_t byte) {
    METERTWIN_CHECK(size_ < capacity_bytes, size_);
    bytes_[size_++] = byte;
  }
  constexpr void append(Bytes more) {
    const auto room = grow(more.size());
    std::copy(more.begin(), more.end(), room.begin());
  }
  /// Room for `width` more bytes, which the caller fills at once.
  constexpr std::span<std::uint8_t> grow(std::size_t width) {
    METERTWIN_CHECK(size_ + width <= capacity_bytes, size_, width);
    size_ += width;
    return std::span<std::uint8_t>(bytes_.data() + size_ - width, width);
  }
  /// The value's `width` low bytes, lowest first.
  constexpr void append_little_endian(std::uint64_t value, std::size_t width) {
    const auto room = grow(width);
    for (std::size_t i = 0; i < width; ++i) room[i] = static_cast<std::uint8_t>(value >> (8 * i));
  }

 private:
  std::array<std::uint8_t, capacity_bytes>
      bytes_;  // NOLINT: bytes past size_ are never read, so they are not zeroed
  std::size_t size_ = 0;
};

constexpr std::uint64_t little_endian(Bytes bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

constexpr std::uint8_t sum_of(Bytes bytes) {
  std::uint8_t sum = 0;
  for (const auto byte : bytes) sum = static_cast<std::uint8_t>(sum + byte);
  return sum;
}

/// Binary-coded decimal, two digits a byte. `bcd_byte` takes 0..99.
constexpr std::uint8_t bcd_byte(unsigned value) {
  return static_cast<std::uint8_t>((value / 10) << 4 | value % 10);
}
constexpr bool is_bcd(std::uint8_t byte) { return (byte & 0x0F) <= 9 && (byte >> 4) <= 9; }
constexpr unsigned bcd_value(std::uint8_t byte) { return (byte >> 4) * 10u + (byte & 0x0Fu); }
/// Digits lowest byte first, as every BCD field of this field's protocols travels; nothing where a nibble is
/// not a digit.
constexpr std::optional<std::uint64_t> bcd_little_endian(Bytes bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    if (!is_bcd(bytes[i])) return std::nullopt;
    value = value * 100 + bcd_value(bytes[i]);
  }
  return value;
}
/// Writes the low 2 x out.size() decimal digits of `value`, lowest byte first.
constexpr void put_bcd_little_endian(std::span<std::uint8_t> out, std::uint64_t value) {
  for (auto& byte : out) {
    byte = bcd_byte(static_cast<unsigned>(value % 100));
    value /= 100;
  }
}

/// "68 61 ..." in upper case; `separator` may be empty.
std::string to_hex(Bytes bytes, std::string_view separator = " ");
/// Accepts spaces, tabs, newlines, commas, colons, dashes and 0x between the digits; nothing on any other
/// character or an odd digit count.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);
}  // namespace core
