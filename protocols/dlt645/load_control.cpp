#include "protocols/dlt645/load_control.hpp"

#include <algorithm>

#include "protocols/dlt645/civil_fields.hpp"
#include "protocols/dlt645/numbers.hpp"

namespace dlt645 {
namespace {
constexpr std::size_t power_bytes = 3, seconds_bytes = 2;

/// Takes fields off the front of a value.
class Reader {
 public:
  explicit Reader(core::Bytes value) : rest_(value) {}
  std::optional<std::int64_t> number(std::size_t bytes) {
    const auto field = rest_.first(bytes);
    rest_ = rest_.subspan(bytes);
    return unsigned_number(field);
  }
  core::Bytes bytes(std::size_t count) {
    const auto field = rest_.first(count);
    rest_ = rest_.subspan(count);
    return field;
  }

 private:
  core::Bytes rest_;
};
}  // namespace

void put_load_limit(std::span<std::uint8_t> out, const LoadLimitData& limit) {
  put_unsigned(out.first(power_bytes), static_cast<std::uint64_t>(limit.power_dW));
  put_unsigned(out.subspan(power_bytes, seconds_bytes), static_cast<std::uint64_t>(limit.delay_s));
  put_unsigned(out.subspan(power_bytes + seconds_bytes, seconds_bytes),
               static_cast<std::uint64_t>(limit.pause_s));
  put_unsigned(out.subspan(power_bytes + 2 * seconds_bytes, 1), static_cast<std::uint64_t>(limit.trips_max));
  put_second_time(out.last(2 * second_time_bytes).first(second_time_bytes), limit.from);
  put_second_time(out.last(second_time_bytes), limit.until);
}

void put_load_call(std::span<std::uint8_t> out, const LoadCallData& call) {
  put_minute_time(out.first(minute_time_bytes), call.from);
  put_minute_time(out.subspan(minute_time_bytes, minute_time_bytes), call.till);
  put_unsigned(out.last(1), static_cast<std::uint64_t>(call.share_percent));
}

std::optional<LoadLimitData> parse_load_limit(core::Bytes value) {
  if (value.size() != load_limit_bytes) return std::nullopt;
  Reader fields(value);
  const auto power = fields.number(power_bytes);
  const auto delay = fields.number(seconds_bytes), pause = fields.number(seconds_bytes);
  const auto trips = fields.number(1);
  const auto from = second_time(fields.bytes(second_time_bytes));
  const auto until = second_time(fields.bytes(second_time_bytes));
  if (!power || !delay || !pause || !trips || !from || !until || *power < 1 || *trips < 1)
    return std::nullopt;
  LoadLimitData limit;
  limit.power_dW = *power;
  limit.delay_s = static_cast<std::int32_t>(*delay);
  limit.pause_s = static_cast<std::int32_t>(*pause);
  limit.trips_max = static_cast<std::int32_t>(*trips);
  limit.from = *from;
  limit.until = *until;
  return limit;
}

std::optional<LoadCallData> parse_load_call(core::Bytes value) {
  if (value.size() != load_call_bytes) return std::nullopt;
  Reader fields(value);
  const auto from = minute_time(fields.bytes(minute_time_bytes));
  const auto till = minute_time(fields.bytes(minute_time_bytes));
  const auto share = fields.number(1);
  if (!from || !till || !share || *share < 1) return std::nullopt;
  return LoadCallData{*from, *till, static_cast<std::int32_t>(*share)};
}

bool is_nothing(core::Bytes value, std::size_t bytes) {
  return value.size() == bytes &&
         std::all_of(value.begin(), value.end(), [](std::uint8_t byte) { return byte == 0; });
}
}  // namespace dlt645
