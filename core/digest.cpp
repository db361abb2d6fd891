#include "core/digest.hpp"

namespace core {
std::string Digest::hex() const {
  std::string text(16, '0');
  std::uint64_t v = value();
  for (std::size_t i = 16; i-- > 0; v >>= 4) text[i] = "0123456789abcdef"[v & 15];
  return text;
}
}  // namespace core
