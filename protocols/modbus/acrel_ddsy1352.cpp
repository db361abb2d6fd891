#include "protocols/modbus/acrel_ddsy1352.hpp"

#include "protocols/text.hpp"

namespace modbus::acrel {
const RegisterEntry* entry_at(std::uint16_t address) {
  for (const auto& entry : ddsy1352)
    if (entry.address == address) return &entry;
  return nullptr;
}

std::string value_text(const RegisterEntry& entry, core::Bytes registers) {
  std::int64_t number = 0;
  switch (entry.kind) {
    case RegisterKind::u16:
      number = u16_at(registers, 0);
      break;
    case RegisterKind::i16:
      number = i16_at(registers, 0);
      break;
    case RegisterKind::u32:
      number = u32_at(registers, 0);
      break;
    case RegisterKind::bcd:
      return core::to_hex(registers.first(2u * entry.words), "");
  }
  return framing::decimal_text(number, entry.decimals);
}
}  // namespace modbus::acrel
