#include "protocols/modbus/acrel_ddsy1352.hpp"

namespace modbus::acrel {
const RegisterEntry* entry_at(std::uint16_t address) {
  for (const auto& entry : ddsy1352)
    if (entry.address == address) return &entry;
  return nullptr;
}

std::string value_text(const RegisterEntry& entry, core::Bytes registers) {
  std::int64_t number = 0;
  switch (entry.kind) {
    case RegisterKind::u16: number = u16_at(registers, 0); break;
    case RegisterKind::i16: number = i16_at(registers, 0); break;
    case RegisterKind::u32: number = u32_at(registers, 0); break;
    case RegisterKind::bcd: return core::to_hex(registers.first(2u * entry.words), "");
  }
  std::string digits = std::to_string(number < 0 ? -number : number);
  const auto places = static_cast<std::size_t>(entry.decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (entry.decimals > 0) digits.insert(digits.size() - places, ".");
  return (number < 0 ? "-" : "") + digits;
}
}  // namespace modbus::acrel
