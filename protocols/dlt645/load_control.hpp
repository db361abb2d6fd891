/// Demand-side management over DL/T 645-2007: a limit on power and a call to use less, as items of the
/// maker's range. The standard has neither; docs/wire/load-limit.md is their description.
///
/// 04800101 limit, 20 bytes: power 0.0001 kW (NN.NNNN, 3) | delay s (NNNN, 2) | pause s (NNNN, 2) | trips
/// (NN, 1)
///          | from ss mm hh DD MM YY (6) | until likewise (6). All zeros: no limit.
/// 04800102 its state, 2 bytes, read only: flags (`limit_state`) | trips so far (NN).
/// 04800103 call, 11 bytes: from mm hh DD MM YY (5) | till mm hh DD MM YY (5) | share asked for, % (NN, 1).
///          All zeros: no call.
/// 04800104 its answer, 1 byte, read only: 00 none yet, 01 yes, 02 no, 03 nobody there who could.
/// All numbers BCD, low byte first. Errors: nothing for what is no such field, or out of its range. Time and
/// randomness: none.
#pragma once
#include <optional>

#include "core/civil.hpp"
#include "protocols/dlt645/data_identifier.hpp"

namespace dlt645 {
namespace item {
inline constexpr DataIdentifier load_limit{0x04800101}, load_limit_state{0x04800102};
inline constexpr DataIdentifier load_call{0x04800103}, load_call_answer{0x04800104};
}  // namespace item

namespace limit_state {
inline constexpr unsigned set = 0x01, in_force = 0x02, exceeded = 0x04, tripped = 0x08,
                          waits_for_button = 0x10;
}

inline constexpr std::size_t load_limit_bytes = 20;
inline constexpr std::size_t load_call_bytes = 11;

struct LoadLimitData {
  std::int64_t power_dW = 1;    ///< 0.0001 kW = 0.1 W; 1..999'999
  std::int32_t delay_s = 0;     ///< 0..9999
  std::int32_t pause_s = 0;     ///< 0..9999
  std::int32_t trips_max = 1;   ///< 1..99
  core::CivilTime from, until;  ///< by the meter's clock
};
struct LoadCallData {
  core::CivilTime from, till;      ///< whole minutes
  std::int32_t share_percent = 0;  ///< 1..99
};

/// Range of the writers: the span has the width, the fields their ranges.
void put_load_limit(std::span<std::uint8_t> out, const LoadLimitData& limit);
void put_load_call(std::span<std::uint8_t> out, const LoadCallData& call);
std::optional<LoadLimitData> parse_load_limit(core::Bytes value);
std::optional<LoadCallData> parse_load_call(core::Bytes value);
/// True for as many zeros.
bool is_nothing(core::Bytes value, std::size_t bytes);
}  // namespace dlt645
