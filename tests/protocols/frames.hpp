/// Frames as people write them, for tests.
#pragma once
#include <string_view>
#include <vector>

#include "core/bytes.hpp"

namespace protocol_test {
/// The bytes of a hexadecimal text. Range: well-formed (checked).
inline std::vector<std::uint8_t> bytes_of(std::string_view hex) {
  const auto bytes = core::from_hex(hex);
  METERTWIN_CHECK(bytes.has_value(), hex);
  return *bytes;
}
}  // namespace protocol_test
