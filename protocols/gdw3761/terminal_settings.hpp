/// The settings of a terminal as data units: AFN 04 sets them, AFN 0A asks for them and its answer shows
/// them.
///
/// Every unit is about p0 and holds blocks behind a count n; a question holds n keys.  [Q/GDW 1376.1, AFN 04]
///     F10  meter archive        27 bytes a row, n of two bytes (messages.hpp)
///     F11  pulse inputs         input 1, point 1, kind 1, constant 2 (pulses per kWh)
///     F33  reading plans        port 1, control word 2, reading days 4, their time A.19 2, interval 1 (min),
///                               time broadcast A.18 3, m <= 24 windows of two A.19
///     F34  port rates           port 1, character format 1 (as in AFN 10), rate 4 (bit/s)
/// Where the standard has no item for a setting of this field, one of our own, beyond its last number:
///     F241 attempts             port 1, attempts 1
///     F242 collectors           address A.12 6, port 1, character format 1, state 1
///     F243 terminal address     region 2 (BCD), terminal 2; no count
///     F244 meters               n of two bytes; point 2, user number A.12 6, initial value A.14 5 (kWh)
/// What is read is written again byte for byte. Errors: bad_length, bad_field, unknown_item. Allocates.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "core/units.hpp"
#include "protocols/gdw3761/messages.hpp"

namespace gdw3761 {
namespace setting {
inline constexpr int archive = 10, pulse_inputs = 11, reading_plans = 33, port_rates = 34;
inline constexpr int attempts = 241, collectors = 242, terminal_address = 243, meters = 244;
}  // namespace setting
inline constexpr int day_minutes = 24 * 60;

/// A contact that is counted for a measuring point.
struct PulseInput {
  std::uint8_t input = 1;                ///< 1..64
  std::uint8_t point = 1;                ///< 1..255: one byte in the standard
  std::uint8_t kind = 0;                 ///< D1-0: 0 forward active, 1 forward reactive, 2, 3 reverse
  std::uint16_t pulses_per_kWh = 1'200;  ///< > 0
  constexpr bool operator==(const PulseInput&) const = default;
};

/// Minutes of the day, both included; `till` before `from` reaches over midnight.
struct ReadingWindow {
  int from_min = 0, till_min = 0;
  constexpr bool operator==(const ReadingWindow&) const = default;
};

/// When a port reads its meters by itself (抄表运行参数).
struct ReadingPlan {
  static constexpr std::uint16_t no_automatic_reading = 0x0001;  ///< D0
  static constexpr std::uint16_t time_broadcast = 0x0008;        ///< D3
  static constexpr std::size_t windows_max = 24;
  std::uint8_t port = 2;
  std::uint16_t control = time_broadcast;
  std::uint32_t reading_days = 0;      ///< bit d - 1: the d-th of each month
  int reading_min = 0;                 ///< of the reading day, minutes
  std::uint8_t interval_min = 15;      ///< from midnight on; 0 = as the factory has it
  int broadcast_day = 0;               ///< of the month; 0 = every day
  int broadcast_min = 1 * 60 + 11;     ///< minutes of that day
  std::vector<ReadingWindow> windows;  ///< none = all day
  bool operator==(const ReadingPlan&) const = default;
};

struct PortRate {
  std::uint8_t port = 2;
  std::uint8_t line_settings = 0x6B;  ///< as in ForwardRequest; kept, not judged
  std::uint32_t baud = 2'400;         ///< > 0
  constexpr bool operator==(const PortRate&) const = default;
};

struct PortAttempts {
  std::uint8_t port = 2;
  std::uint8_t attempts = 2;  ///< 1..10, a meter and pass
  constexpr bool operator==(const PortAttempts&) const = default;
};

struct CollectorRecord {
  core::MeterAddress address;  ///< what archive rows name as their collector; not 0
  std::uint8_t port = 2;
  std::uint8_t line_settings = 0x6B;
  bool is_in_service = true;
  constexpr bool operator==(const CollectorRecord&) const = default;
};

struct TerminalName {
  std::uint16_t region = 0;    ///< 0..9999
  std::uint16_t terminal = 1;  ///< 1..65534
  constexpr bool operator==(const TerminalName&) const = default;
};

struct MeterNote {
  std::uint16_t point = 1;       ///< 1..2040
  std::uint64_t user = 0;        ///< twelve digits
  std::int64_t initial_A14 = 0;  ///< initial value in 0.0001 kWh, 0..9999999999
  constexpr bool operator==(const MeterNote&) const = default;
};

using Parameter = std::variant<std::vector<ArchiveRow>, std::vector<PulseInput>, std::vector<ReadingPlan>,
                               std::vector<PortRate>, std::vector<PortAttempts>, std::vector<CollectorRecord>,
                               std::vector<TerminalName>, std::vector<MeterNote>>;
int fn_of(const Parameter& parameter);

/// One unit of a set or of an answer.
struct ParameterUnit {
  UnitId unit;
  core::Result<Parameter> parameter;
};
/// Takes the unit at the front of `rest`, which moves behind it. A unit whose end cannot be told (unknown Fn,
/// cut short) takes all that is left with it. Range: `rest` is not empty.
ParameterUnit take_parameter(core::Bytes& rest);
/// The unit as `take_parameter` reads it.
void put_parameter(std::vector<std::uint8_t>& out, const Parameter& parameter);

/// One unit of a question: which blocks are wanted. Keys are index, input, port, collector address or point.
struct ParameterQuery {
  int fn = 0;
  std::vector<std::uint64_t> keys;
  bool operator==(const ParameterQuery&) const = default;
};
core::Result<ParameterQuery> take_parameter_query(core::Bytes& rest);

/// AFN 04, several settings in one frame. Range: fits into one frame (checked).
core::Bytes write_set_parameters(FrameWriter& writer, TerminalAddress to, unsigned counter,
                                 std::span<const Parameter> parameters);
/// AFN 0A.
core::Bytes write_query_parameters(FrameWriter& writer, TerminalAddress to, unsigned counter,
                                   std::span<const ParameterQuery> queries);

/// AFN 00 F3: what became of each unit of a message.
struct UnitVerdict {
  static constexpr std::uint8_t good = 0, other_error = 1;
  UnitId unit;
  std::uint8_t error = good;
  constexpr bool operator==(const UnitVerdict&) const = default;
};
core::Bytes write_confirm_units(FrameWriter& writer, TerminalAddress address, unsigned counter, bool is_up,
                                Afn afn, std::span<const UnitVerdict> verdicts);
/// Errors: unexpected_answer (not AFN 00 F3), bad_length.
core::Result<std::vector<UnitVerdict>> parse_confirm_units(const FrameView& frame);
}  // namespace gdw3761
