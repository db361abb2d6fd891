/// The register map of an Acrel DDSY1352 single-phase prepaid meter, as data.
///
/// Read with 03, written with 16. U32 values travel high word first.       [DDSY1352 installation manual,
/// register table]
#pragma once
#include <array>
#include <string>
#include <string_view>

#include "protocols/modbus/frame.hpp"

namespace modbus {
enum class RegisterKind { u16, i16, u32, bcd };
struct RegisterEntry {
  std::uint16_t address;
  std::uint16_t words;
  RegisterKind kind;
  int decimals;
  std::string_view unit;
  std::string_view name;
};
namespace acrel {
inline constexpr std::uint16_t energy_total = 0x0000, voltage = 0x000B, current = 0x000C,
                               active_power = 0x000D;
inline constexpr std::uint16_t meter_number = 0x0043, prepay_block = 0x0046, remaining_money = 0x004F;
inline constexpr std::uint16_t forced_control = 0x0057,
                               forced_state = 0x0058;  ///< control 0 off 1 on; state 0 close 1 open
inline constexpr std::uint16_t prepay_block_words = 0x1C;

inline constexpr std::array ddsy1352{
    RegisterEntry{0x0000, 2, RegisterKind::u32, 2, "kWh", "energy, total"},
    RegisterEntry{0x0002, 2, RegisterKind::u32, 2, "kWh", "energy, sharp"},
    RegisterEntry{0x0004, 2, RegisterKind::u32, 2, "kWh", "energy, peak"},
    RegisterEntry{0x0006, 2, RegisterKind::u32, 2, "kWh", "energy, flat"},
    RegisterEntry{0x0008, 2, RegisterKind::u32, 2, "kWh", "energy, valley"},
    RegisterEntry{0x000A, 1, RegisterKind::u16, 0, "", "programming code"},
    RegisterEntry{0x000B, 1, RegisterKind::u16, 1, "V", "voltage"},
    RegisterEntry{0x000C, 1, RegisterKind::u16, 2, "A", "current"},
    RegisterEntry{0x000D, 1, RegisterKind::i16, 3, "kW", "active power"},
    RegisterEntry{0x000E, 1, RegisterKind::i16, 3, "kvar", "reactive power"},
    RegisterEntry{0x000F, 1, RegisterKind::u16, 3, "kVA", "apparent power"},
    RegisterEntry{0x0010, 1, RegisterKind::i16, 3, "", "power factor"},
    RegisterEntry{0x0022, 1, RegisterKind::u16, 0, "", "running state"},
    RegisterEntry{0x0043, 3, RegisterKind::bcd, 0, "", "meter number"},
    RegisterEntry{0x0046, 2, RegisterKind::u32, 2, "yuan", "alarm 1"},
    RegisterEntry{0x0048, 2, RegisterKind::u32, 2, "yuan", "alarm 2"},
    RegisterEntry{0x004A, 2, RegisterKind::u32, 2, "yuan", "overdraft limit"},
    RegisterEntry{0x004E, 1, RegisterKind::u16, 0, "", "purchase count"},
    RegisterEntry{0x004F, 2, RegisterKind::u32, 2, "yuan", "remaining money"},
    RegisterEntry{0x0057, 1, RegisterKind::u16, 0, "", "forced control"},
    RegisterEntry{0x0058, 1, RegisterKind::u16, 0, "", "forced state"},
    RegisterEntry{0x0059, 2, RegisterKind::u32, 4, "yuan/kWh", "price, sharp"},
    RegisterEntry{0x005B, 2, RegisterKind::u32, 4, "yuan/kWh", "price, peak"},
    RegisterEntry{0x005D, 2, RegisterKind::u32, 4, "yuan/kWh", "price, flat"},
    RegisterEntry{0x005F, 2, RegisterKind::u32, 4, "yuan/kWh", "price, valley"},
    RegisterEntry{0x0061, 1, RegisterKind::u16, 0, "W", "greatest power"},
    RegisterEntry{0x0360, 1, RegisterKind::u16, 0, "", "port 1 address"},
    RegisterEntry{0x0361, 1, RegisterKind::u16, 0, "", "port 1 baud index"},
    RegisterEntry{0x0362, 1, RegisterKind::u16, 0, "", "port 1 parity index"},
    RegisterEntry{0x0363, 1, RegisterKind::u16, 0, "", "port 1 stop bits index"},
};
/// The entry that begins at `address`; null if none does.
const RegisterEntry* entry_at(std::uint16_t address);
/// "230.1", from the registers that begin with the entry's first. Range: 2 x words bytes there.
std::string value_text(const RegisterEntry& entry, core::Bytes registers);
}  // namespace acrel
}  // namespace modbus
