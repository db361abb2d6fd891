#include "core/bytes.hpp"

namespace core {
std::string to_hex(Bytes bytes, std::string_view separator) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const auto byte : bytes) {
    if (!text.empty()) text += separator;
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  int nibbles = 0;
  unsigned byte = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ':' || c == '-') continue;
    if (c == '0' && nibbles % 2 == 0 && i + 1 < text.size() && (text[i + 1] == 'x' || text[i + 1] == 'X')) {
      ++i;
      continue;
    }
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    byte = byte << 4 | static_cast<unsigned>(digit);
    if (++nibbles % 2 == 0) bytes.push_back(static_cast<std::uint8_t>(byte));
  }
  if (nibbles % 2 != 0) return std::nullopt;
  return bytes;
}
}  // namespace core
