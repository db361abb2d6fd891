/// Appending DL/T 645 fields to a growing value: what the firmware's answers are made of.
#pragma once
#include <string_view>

#include "models/meter/meter_clock.hpp"
#include "protocols/dlt645/civil_fields.hpp"
#include "protocols/dlt645/numbers.hpp"

namespace model::wire {
template <class Value>
void unsigned_field(Value& out, std::size_t bytes, std::uint64_t value) {
  dlt645::put_unsigned(out.grow(bytes), value);
}
template <class Value>
void signed_field(Value& out, std::size_t bytes, std::int64_t value) {
  dlt645::put_signed(out.grow(bytes), value);
}
/// FF.. : the meter has no such phase, or does not keep this.
template <class Value>
void absent(Value& out, std::size_t bytes) {
  for (auto& byte : out.grow(bytes)) byte = 0xFF;
}
template <class Value>
void zeros(Value& out, std::size_t bytes) {
  for (auto& byte : out.grow(bytes)) byte = 0;
}
/// mm hh DD MM YY; zeros for minute 0 = "never".
template <class Value>
void minute_time(Value& out, std::uint32_t civil_minute) {
  if (civil_minute == 0) return zeros(out, dlt645::minute_time_bytes);
  dlt645::put_minute_time(out.grow(dlt645::minute_time_bytes), calendar_of(std::int64_t{civil_minute} * 60));
}
/// ss mm hh DD MM YY; zeros for 0 = "never".
template <class Value>
void second_time(Value& out, std::int64_t civil_s) {
  if (civil_s == 0) return zeros(out, dlt645::second_time_bytes);
  dlt645::put_second_time(out.grow(dlt645::second_time_bytes), calendar_of(civil_s));
}
/// ASCII, last character first on the wire, filled up with zeros behind the text.
template <class Value>
void text(Value& out, std::size_t bytes, std::string_view characters) {
  const auto field = out.grow(bytes);
  for (std::size_t i = 0; i < bytes; ++i)
    field[bytes - 1 - i] = i < characters.size() ? static_cast<std::uint8_t>(characters[i]) : 0;
}
}  // namespace model::wire
