#include "protocols/gdw3761/formats.hpp"

namespace gdw3761 {
namespace {
std::uint8_t pair(int value) { return core::bcd_byte(static_cast<unsigned>(value)); }

std::optional<int> pair_in(std::uint8_t byte, int low, int high) {
  if (!core::is_bcd(byte)) return std::nullopt;
  const int value = static_cast<int>(core::bcd_value(byte));
  if (value < low || value > high) return std::nullopt;
  return value;
}

std::optional<core::CivilTime> make_time(std::optional<int> year, std::optional<int> month,
                                         std::optional<int> day, std::optional<int> hour,
                                         std::optional<int> minute, std::optional<int> second) {
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (!core::is_valid_date(2000 + *year, *month, *day)) return std::nullopt;
  return core::CivilTime{2000 + *year, *month, *day, *hour, *minute, *second};
}
}  // namespace

void put_clock(std::span<std::uint8_t> out, const core::CivilTime& time) {
  const int weekday = core::weekday_of(core::days_from_civil(time.year, time.month, time.day));
  out[0] = pair(time.second);
  out[1] = pair(time.minute);
  out[2] = pair(time.hour);
  out[3] = pair(time.day);
  out[4] = static_cast<std::uint8_t>((weekday == 0 ? 7 : weekday) << 5 | pair(time.month));
  out[5] = pair(time.year % 100);
}

void put_minute_time(std::span<std::uint8_t> out, const core::CivilTime& time) {
  out[0] = pair(time.minute);
  out[1] = pair(time.hour);
  put_day(out.subspan(2), time);
}

void put_day(std::span<std::uint8_t> out, const core::CivilTime& time) {
  out[0] = pair(time.day);
  put_month(out.subspan(1), time);
}

void put_month(std::span<std::uint8_t> out, const core::CivilTime& time) {
  out[0] = pair(time.month);
  out[1] = pair(time.year % 100);
}

std::optional<core::CivilTime> clock_at(core::Bytes bytes) {
  if (bytes.size() < clock_bytes) return std::nullopt;
  return make_time(pair_in(bytes[5], 0, 99), pair_in(bytes[4] & 0x1F, 1, 12), pair_in(bytes[3], 1, 31),
                   pair_in(bytes[2], 0, 23), pair_in(bytes[1], 0, 59), pair_in(bytes[0], 0, 59));
}

std::optional<core::CivilTime> minute_time_at(core::Bytes bytes) {
  if (bytes.size() < minute_time_bytes) return std::nullopt;
  return make_time(pair_in(bytes[4], 0, 99), pair_in(bytes[3], 1, 12), pair_in(bytes[2], 1, 31),
                   pair_in(bytes[1], 0, 23), pair_in(bytes[0], 0, 59), 0);
}

std::optional<core::CivilTime> day_at(core::Bytes bytes) {
  if (bytes.size() < day_bytes) return std::nullopt;
  return make_time(pair_in(bytes[2], 0, 99), pair_in(bytes[1], 1, 12), pair_in(bytes[0], 1, 31), 0, 0, 0);
}

std::optional<core::CivilTime> month_at(core::Bytes bytes) {
  if (bytes.size() < month_bytes) return std::nullopt;
  return make_time(pair_in(bytes[1], 0, 99), pair_in(bytes[0], 1, 12), 1, 0, 0, 0);
}
}  // namespace gdw3761
