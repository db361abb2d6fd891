/// The name of a data item (数据标识): DI3 DI2 DI1 DI0, written high byte first, sent low byte first.
#pragma once
#include <compare>
#include <cstdint>
#include <string>

#include "core/bytes.hpp"

namespace dlt645 {
struct DataIdentifier {
  static constexpr std::size_t width = 4;
  std::uint32_t code = 0;

  constexpr DataIdentifier() = default;
  constexpr explicit DataIdentifier(std::uint32_t c) : code(c) {}
  constexpr DataIdentifier(int di3, int di2, int di1, int di0)
      : code(static_cast<std::uint32_t>(di3) << 24 | static_cast<std::uint32_t>(di2) << 16 |
             static_cast<std::uint32_t>(di1) << 8 | static_cast<std::uint32_t>(di0)) {}
  constexpr std::uint8_t di3() const { return static_cast<std::uint8_t>(code >> 24); }
  constexpr std::uint8_t di2() const { return static_cast<std::uint8_t>(code >> 16); }
  constexpr std::uint8_t di1() const { return static_cast<std::uint8_t>(code >> 8); }
  constexpr std::uint8_t di0() const { return static_cast<std::uint8_t>(code); }
  constexpr auto operator<=>(const DataIdentifier&) const = default;
};
/// "00010000".
std::string to_string(DataIdentifier item);
/// The first four bytes of plain data. Range: data.size() >= 4.
constexpr DataIdentifier identifier_at(core::Bytes data) {
  return DataIdentifier(static_cast<std::uint32_t>(core::little_endian(data.first(DataIdentifier::width))));
}

/// Items by name, those that metertwin's rooms speak of. Families are functions.
namespace item {
/// Energy: type 00 combined, 01 forward, 02 reverse active ...; rate 0 total, 1..63; billing day 0 now, 1..12
/// back.
constexpr DataIdentifier energy(int type, int rate, int billing_day) {
  return {0x00, type, rate, billing_day};
}
inline constexpr int block =
    0xFF;  ///< as rate, phase or DI0: total and all rates, all phases, all of a table
inline constexpr DataIdentifier forward_active{0x00010000};
inline constexpr DataIdentifier forward_active_block{0x0001FF00};
inline constexpr DataIdentifier reverse_active{0x00020000};
inline constexpr DataIdentifier combined_active{0x00000000};
inline constexpr DataIdentifier remaining_energy{0x00900100}, overdraft_energy{0x00900101};
inline constexpr DataIdentifier remaining_money{0x00900200}, overdraft_money{0x00900201};
inline constexpr DataIdentifier voltage_a{0x02010100}, voltage_block{0x0201FF00};
inline constexpr DataIdentifier current_a{0x02020100}, current_block{0x0202FF00};
inline constexpr DataIdentifier active_power{0x02030000}, reactive_power{0x02040000},
    apparent_power{0x02050000};
inline constexpr DataIdentifier power_factor{0x02060000};
inline constexpr DataIdentifier neutral_current{0x02800001}, frequency{0x02800002}, temperature{0x02800007};
inline constexpr DataIdentifier ladder_price_now{0x0280000B};
inline constexpr DataIdentifier power_down_count{0x03110000}, programming_count{0x03300000};
inline constexpr DataIdentifier meter_clear_count{0x03300100}, event_clear_count{0x03300300},
    time_set_count{0x03300400};
inline constexpr DataIdentifier cover_open_count{0x03300D00};
inline constexpr DataIdentifier trip_count{0x1D000001}, close_count{0x1E000001};
/// The nth-last record (1 = last) of an event whose count is `count`: same DI3..DI1 (trip and close: DI1 =
/// 01).
constexpr DataIdentifier event_record(DataIdentifier count, int nth_last) {
  if (count.di3() == 0x1D || count.di3() == 0x1E) return {count.di3(), count.di2(), 0x01, nth_last};
  return {count.di3(), count.di2(), count.di1(), nth_last};
}
inline constexpr DataIdentifier purchased_energy{0x03320601}, purchase_count{0x03330201},
    purchased_money{0x03330601};
inline constexpr DataIdentifier date_and_week{0x04000101}, time_of_day{0x04000102}, date_and_time{0x0400010C};
inline constexpr DataIdentifier zone_switch_time{0x04000106}, day_table_switch_time{0x04000107};
inline constexpr DataIdentifier price_switch_time{0x04000108}, ladder_switch_time{0x04000109};
inline constexpr DataIdentifier zone_count{0x04000201}, day_table_count{0x04000202},
    day_slot_count{0x04000203};
inline constexpr DataIdentifier rate_count{0x04000204}, ladder_count{0x04000207};
inline constexpr DataIdentifier communication_address{0x04000401}, meter_number{0x04000402},
    customer_number{0x0400040E};
inline constexpr DataIdentifier rated_voltage{0x04000404}, active_constant{0x04000409};
/// Status words 1..7, and the block of all.
constexpr DataIdentifier status_word(int number) { return {0x04, 0x00, 0x05, number}; }
inline constexpr DataIdentifier status_block{0x040005FF};
inline constexpr DataIdentifier load_record_mode{0x04000901}, load_record_start{0x04000A01};
/// Minutes between load records of `load_class` 1..6.
constexpr DataIdentifier load_record_interval(int load_class) { return {0x04, 0x00, 0x0A, 1 + load_class}; }
/// Billing days 1..3, DDhh.
constexpr DataIdentifier billing_day(int number) { return {0x04, 0x00, 0x0B, number}; }
inline constexpr DataIdentifier alarm_money_1{0x04001001}, alarm_money_2{0x04001002},
    overdraft_limit{0x04001003};
inline constexpr DataIdentifier hoarding_limit{0x04001004}, close_allow_limit{0x04001005},
    trip_delay{0x04001401};
/// `set` 1 or 2; table 0 = time zones of the year, 1..8 = day tables.
constexpr DataIdentifier tariff_table(int set, int table) { return {0x04, set, 0x00, table}; }
/// Price of `rate` 1..63 in `set` 1 or 2; FF = all.
constexpr DataIdentifier rate_price(int set, int rate) { return {0x04, 0x05, set, rate}; }
/// Ladder steps (kWh) and prices, `set` 1 or 2, number from 1; FF = all.
constexpr DataIdentifier ladder_step(int set, int number) {
  return {0x04, 0x06, set == 1 ? 0x00 : 0x02, number};
}
constexpr DataIdentifier ladder_price(int set, int number) {
  return {0x04, 0x06, set == 1 ? 0x01 : 0x03, number};
}
/// Freezes: kind 0 timed, 1 instant, 2 zone switch, 3 day-table switch, 4 hourly, 5 price switch, 6 daily, 7
/// ladder switch; part 0 time, 1 forward active, 2 reverse active, 9 forward demand, 10H variables, FF all; 1
/// = last.
constexpr DataIdentifier freeze(int kind, int part, int nth_last) { return {0x05, kind, part, nth_last}; }
inline constexpr int freeze_daily = 6, freeze_hourly = 4, freeze_instant = 1, freeze_timed = 0;
/// Load records: class 0 = all, 1..6 = one; earliest, from a given time, latest.
constexpr DataIdentifier load_record_earliest(int load_class) { return {0x06, load_class, 0x00, 0x00}; }
constexpr DataIdentifier load_record_from(int load_class) { return {0x06, load_class, 0x00, 0x01}; }
constexpr DataIdentifier load_record_latest(int load_class) { return {0x06, load_class, 0x00, 0x02}; }
}  // namespace item
}  // namespace dlt645
