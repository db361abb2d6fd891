/// The meter's running status words (电表运行状态字) 1..7, 04000501..04000507: 16 bits each, low byte first
/// on the wire.
///
/// Editions of the standard differ above bit 9 of word 3; the names here are the single-phase prepaid
/// meter's.
#pragma once
#include <string_view>
#include <vector>

#include "core/bytes.hpp"

namespace dlt645 {
namespace status1 {
inline constexpr std::uint16_t demand_by_slip = 1u << 1;
inline constexpr std::uint16_t clock_battery_low = 1u << 2;
inline constexpr std::uint16_t read_battery_low = 1u << 3;
inline constexpr std::uint16_t active_power_reversed = 1u << 4;
inline constexpr std::uint16_t reactive_power_reversed = 1u << 5;
inline constexpr std::uint16_t esam_error = 1u << 9;
inline constexpr std::uint16_t program_error = 1u << 12;
inline constexpr std::uint16_t memory_error = 1u << 13;
inline constexpr std::uint16_t overdraft = 1u << 14;
inline constexpr std::uint16_t clock_error = 1u << 15;
}  // namespace status1
namespace status3 {
inline constexpr std::uint16_t second_day_tables = 1u << 0;  ///< 0: set 1 in force
inline constexpr std::uint16_t supply_mask = 3u << 1;        ///< 00 mains, 01 auxiliary, 10 battery
inline constexpr std::uint16_t programming_allowed = 1u << 3;
inline constexpr std::uint16_t relay_open = 1u << 4;  ///< the contact itself: 0 closed (通), 1 open (断)
inline constexpr std::uint16_t second_zones = 1u << 5;
inline constexpr std::uint16_t relay_commanded_open =
    1u << 6;                                          ///< the command in force; differs while a delay runs
inline constexpr std::uint16_t trip_alarm = 1u << 7;  ///< pre-trip warning
inline constexpr std::uint16_t meter_type_mask = 3u << 8;  ///< 00 not prepaid, 01 energy, 10 money
inline constexpr std::uint16_t energy_prepaid = 1u << 8;
inline constexpr std::uint16_t money_prepaid = 2u << 8;
inline constexpr std::uint16_t second_prices = 1u << 10;
inline constexpr std::uint16_t second_ladder = 1u << 11;
inline constexpr std::uint16_t keep_power = 1u << 12;
inline constexpr std::uint16_t authenticated = 1u << 13;
inline constexpr std::uint16_t local_account_not_opened = 1u << 14;  ///< 0: opened
inline constexpr std::uint16_t remote_account_not_opened = 1u << 15;
}  // namespace status3
/// Words 4, 5, 6: phases A, B, C.
namespace status_phase {
inline constexpr std::uint16_t voltage_loss = 1u << 0, under_voltage = 1u << 1, over_voltage = 1u << 2;
inline constexpr std::uint16_t current_loss = 1u << 3, over_current = 1u << 4, overload = 1u << 5,
                               reversed = 1u << 6;
inline constexpr std::uint16_t phase_break = 1u << 7, current_break = 1u << 8;
}  // namespace status_phase
namespace status7 {
inline constexpr std::uint16_t voltage_sequence = 1u << 0, current_sequence = 1u << 1,
                               voltage_unbalance = 1u << 2;
inline constexpr std::uint16_t current_unbalance = 1u << 3, auxiliary_lost = 1u << 4, power_down = 1u << 5;
inline constexpr std::uint16_t demand_over = 1u << 6, power_factor_low = 1u << 7, severe_unbalance = 1u << 8;
}  // namespace status7

constexpr std::uint16_t status_word_at(core::Bytes two_bytes) {
  return static_cast<std::uint16_t>(two_bytes[0] | two_bytes[1] << 8);
}
/// What each bit says that differs from "all well, contact closed". Range: number 1..7.
std::vector<std::string_view> describe_status_word(int number, std::uint16_t word);
}  // namespace dlt645
