#include "core/address.hpp"

namespace core {
std::string to_string(MeterAddress address) {
  std::string digits = std::to_string(address.digits());
  return std::string(digits.size() < 12 ? 12 - digits.size() : 0, '0') + digits;
}

std::optional<MeterAddress> parse_meter_address(std::string_view text) {
  if (text.empty() || text.size() > 12) return std::nullopt;
  std::uint64_t digits = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    digits = digits * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return MeterAddress(digits);
}
}  // namespace core
