/// What a master asks of a meter: one struct per kind of request, written by the head-end, read by the
/// firmware.
///
/// `encode_*` appends a whole frame (no FE lead-in unless asked) to a Wire; `parse_*` reads the plain data of
/// a decoded frame and answers spans into it. Layouts: DL/T 645-2007, control codes 03..1D. Errors of
/// parsing: bad_length, bad_field. Randomness: none. Time: none. No allocation.
#pragma once
#include <variant>

#include "core/civil.hpp"
#include "protocols/dlt645/data_identifier.hpp"
#include "protocols/dlt645/frame.hpp"

namespace dlt645 {
/// PA P0 P1 P2: level (00 highest .. 09; 98 and 99 mean "by ESAM, digits ignored") and six digits.
struct Password {
  std::uint8_t level = 0x02;
  std::uint32_t digits = 0;  ///< 0..999999
  constexpr bool operator==(const Password&) const = default;
};
/// C0..C3, logged by the meter as who did it.
using OperatorCode = std::uint32_t;

/// 11H. Load records add how many (1..255) and, for "from a given time", mm hh DD MM YY.
struct ReadRequest {
  DataIdentifier item;
  std::optional<std::uint8_t> blocks;
  std::optional<core::CivilTime> from;
};
/// 12H. The meter counts follow-up frames from 1.
struct FollowUpRequest {
  DataIdentifier item;
  std::uint8_t sequence = 1;
};
struct ReadAddressRequest {};
/// 14H.
struct WriteRequest {
  DataIdentifier item;
  Password password;
  OperatorCode operator_code = 0;
  core::Bytes value;
};
/// 15H, with the meter's button held.
struct WriteAddressRequest {
  core::MeterAddress address;
};
/// 16H: mm hh DD MM, 99 = any, so 99999999 is "now", 99.. in month and day is daily at hh:mm.
struct FreezeRequest {
  static constexpr std::uint8_t any = 99;
  std::uint8_t month = any, day = any, hour = any, minute = any;
};
/// 17H.
struct BaudRequest {
  int baud = 2400;  ///< 600, 1200, 2400, 4800, 9600, 19200
};
/// 18H.
struct PasswordRequest {
  DataIdentifier item;
  Password old_password, new_password;
};
/// 19H clear demand, 1AH clear meter; 1BH clear events carries the events' identifier, FFFFFFFF = all.
struct ClearRequest {
  Function what = Function::clear_meter;
  Password password;
  OperatorCode operator_code = 0;
  DataIdentifier events{0xFFFFFFFF};
};
enum class Control1C : std::uint8_t {
  trip = 0x1A,         ///< open the relay (跳闸)
  close_allow = 0x1B,  ///< the customer may close it at the button (合闸允许)
  close = 0x1C,        ///< close at once (直接合闸)
  alarm = 0x2A,
  alarm_off = 0x2B,
  keep_power = 0x3A,  ///< protected: later trips are refused (保电)
  keep_power_off = 0x3B,
};
std::string_view name_of(Control1C command);
/// 1CH: PA P0 P1 P2 C0..C3 N1 N2 ss mm hh DD MM YY.
struct RemoteControlRequest {
  Control1C command = Control1C::trip;
  Password password;
  OperatorCode operator_code = 0;
  core::CivilTime valid_until;  ///< an expired command must be refused
  std::uint8_t reserved = 0;    ///< N2; some vendors put a channel here
};
/// 08H: ss mm hh DD MM YY, no answer.
struct TimeRequest {
  core::CivilTime time;
};
/// 1DH.
struct TerminalOutputRequest {
  std::uint8_t signal = 0;  ///< 0 second pulse, 1 demand cycle, 2 period switch
};

void encode(AddressPattern to, const ReadRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const FollowUpRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const ReadAddressRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const WriteRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const WriteAddressRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const FreezeRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const BaudRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const PasswordRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const ClearRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const RemoteControlRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const TimeRequest& request, Wire& out, std::size_t lead_in = 0);
void encode(AddressPattern to, const TerminalOutputRequest& request, Wire& out, std::size_t lead_in = 0);

core::Result<ReadRequest> parse_read(const Frame& frame);
core::Result<FollowUpRequest> parse_follow_up(const Frame& frame);
core::Result<WriteRequest> parse_write(const Frame& frame);
core::Result<WriteAddressRequest> parse_write_address(const Frame& frame);
core::Result<FreezeRequest> parse_freeze(const Frame& frame);
core::Result<BaudRequest> parse_change_baud(const Frame& frame);
core::Result<PasswordRequest> parse_change_password(const Frame& frame);
core::Result<ClearRequest> parse_clear(const Frame& frame);
core::Result<RemoteControlRequest> parse_remote_control(const Frame& frame);
core::Result<TimeRequest> parse_time(const Frame& frame);
core::Result<TerminalOutputRequest> parse_terminal_output(const Frame& frame);

/// The rate word: bit 1 = 600 .. bit 6 = 19200, exactly one; 0 / nothing otherwise.
std::uint8_t baud_word(int baud);
std::optional<int> baud_of_word(std::uint8_t word);
}  // namespace dlt645
