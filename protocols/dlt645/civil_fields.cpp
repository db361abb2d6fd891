#include "protocols/dlt645/civil_fields.hpp"

namespace dlt645 {
namespace {
std::uint8_t pair(int value) { return core::bcd_byte(static_cast<unsigned>(value)); }

/// One BCD byte in [low, high].
std::optional<int> pair_in(std::uint8_t byte, int low, int high) {
  if (!core::is_bcd(byte)) return std::nullopt;
  const int value = static_cast<int>(core::bcd_value(byte));
  if (value < low || value > high) return std::nullopt;
  return value;
}

bool take_date(core::Bytes day_month_year, core::CivilTime& time) {
  const auto day = pair_in(day_month_year[0], 1, 31);
  const auto month = pair_in(day_month_year[1], 1, 12);
  const auto year = pair_in(day_month_year[2], 0, 99);
  if (!day || !month || !year || !core::is_valid_date(2000 + *year, *month, *day)) return false;
  time.year = 2000 + *year;
  time.month = *month;
  time.day = *day;
  return true;
}

bool take_minute(core::Bytes minute_hour, core::CivilTime& time) {
  const auto minute = pair_in(minute_hour[0], 0, 59);
  const auto hour = pair_in(minute_hour[1], 0, 23);
  if (!minute || !hour) return false;
  time.minute = *minute;
  time.hour = *hour;
  return true;
}
}  // namespace

void put_second_time(std::span<std::uint8_t> out, const core::CivilTime& time) {
  out[0] = pair(time.second);
  put_minute_time(out.subspan(1), time);
}

void put_minute_time(std::span<std::uint8_t> out, const core::CivilTime& time) {
  out[0] = pair(time.minute);
  out[1] = pair(time.hour);
  out[2] = pair(time.day);
  out[3] = pair(time.month);
  out[4] = pair(time.year % 100);
}

void put_week_date(std::span<std::uint8_t> out, const core::CivilTime& time) {
  out[0] = pair(core::weekday_of(core::days_from_civil(time.year, time.month, time.day)));
  out[1] = pair(time.day);
  out[2] = pair(time.month);
  out[3] = pair(time.year % 100);
}

void put_clock_time(std::span<std::uint8_t> out, const core::CivilTime& time) {
  out[0] = pair(time.second);
  out[1] = pair(time.minute);
  out[2] = pair(time.hour);
}

std::optional<core::CivilTime> second_time(core::Bytes bytes) {
  if (bytes.size() != second_time_bytes) return std::nullopt;
  auto time = minute_time(bytes.subspan(1));
  const auto second = pair_in(bytes[0], 0, 59);
  if (!time || !second) return std::nullopt;
  time->second = *second;
  return time;
}

std::optional<core::CivilTime> minute_time(core::Bytes bytes) {
  core::CivilTime time;
  if (bytes.size() != minute_time_bytes || !take_minute(bytes, time) || !take_date(bytes.subspan(2), time)) {
    return std::nullopt;
  }
  return time;
}

std::optional<core::CivilTime> week_date(core::Bytes bytes) {
  core::CivilTime time;
  if (bytes.size() != week_date_bytes || !pair_in(bytes[0], 0, 6) || !take_date(bytes.subspan(1), time)) {
    return std::nullopt;
  }
  return time;
}

std::optional<core::CivilTime> clock_time(core::Bytes bytes) {
  core::CivilTime time;
  if (bytes.size() != clock_time_bytes || !take_minute(bytes.subspan(1), time)) return std::nullopt;
  const auto second = pair_in(bytes[0], 0, 59);
  if (!second) return std::nullopt;
  time.second = *second;
  return time;
}
}  // namespace dlt645
