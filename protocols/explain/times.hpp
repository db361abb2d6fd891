/// Civil times as the tellings write them.
#pragma once
#include <string>

#include "core/civil.hpp"

namespace explain {
inline std::string two_digits(int value) { return (value < 10 ? "0" : "") + std::to_string(value); }
/// "2026-07-01 00:15"
inline std::string minute_text(const core::CivilTime& time) {
  return std::to_string(time.year) + "-" + two_digits(time.month) + "-" + two_digits(time.day) + " " +
         two_digits(time.hour) + ":" + two_digits(time.minute);
}
/// "2026-07-01 00:15:00"
inline std::string second_text(const core::CivilTime& time) {
  return minute_text(time) + ":" + two_digits(time.second);
}
}  // namespace explain
