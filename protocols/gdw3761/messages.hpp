/// The everyday messages of an uplink: login, heartbeat, confirm, reset, clock, archive, transparent
/// forwarding.
///
/// `write_*` makes one whole frame in the writer and answers its bytes; `parse_*` reads a decoded frame's
/// units. Errors of parsing: unexpected_answer (another AFN or Fn), bad_length, bad_field. No allocation.
#pragma once
#include "core/address.hpp"
#include "protocols/gdw3761/writer.hpp"

namespace gdw3761 {
/// AFN 02: F1 login, F2 logout, F3 heartbeat. Heartbeats carry a clock from some terminals, none from others.
enum class LinkEvent { login = 1, logout = 2, heartbeat = 3 };
struct LinkMessage {
  LinkEvent event = LinkEvent::login;
  std::optional<core::CivilTime> clock;
};
core::Bytes write_link(FrameWriter& writer, TerminalAddress from, unsigned counter,
                       const LinkMessage& message);
core::Result<LinkMessage> parse_link(const FrameView& frame);

/// AFN 00: F1 all good, F2 all denied, F3 unit by unit.
struct Confirm {
  bool is_good = true;
};
/// From either side (`is_up`: from the terminal); repeats the counter of what it confirms.
core::Bytes write_confirm(FrameWriter& writer, TerminalAddress address, unsigned counter, bool is_up,
                          bool is_good = true);
/// F3 with one unit: the usual answer to login and heartbeat. `error` 0 = good.
core::Bytes write_confirm_unit(FrameWriter& writer, TerminalAddress address, unsigned counter, bool is_up,
                               Afn afn, UnitId unit, std::uint8_t error = 0);
core::Result<Confirm> parse_confirm(const FrameView& frame);

/// AFN 01: F1 hardware, F2 data area, F3 parameters and data, F4 parameters.
core::Bytes write_reset(FrameWriter& writer, TerminalAddress to, unsigned counter, int fn);

/// AFN 05 F31: set the terminal's clock. AFN 0C F2: ask for it and its answer.
core::Bytes write_set_clock(FrameWriter& writer, TerminalAddress to, unsigned counter,
                            const core::CivilTime& time);
core::Result<core::CivilTime> parse_set_clock(const FrameView& frame);
core::Bytes write_clock_request(FrameWriter& writer, TerminalAddress to, unsigned counter);
core::Bytes write_clock_answer(FrameWriter& writer, TerminalAddress from, unsigned counter,
                               const core::CivilTime& time);
core::Result<core::CivilTime> parse_clock_answer(const FrameView& frame);

/// AFN 04 F10: one row of the concentrator's meter archive (档案), 27 bytes on the wire.
struct ArchiveRow {
  static constexpr std::size_t width = 27;
  std::uint16_t index = 0;     ///< from 1
  std::uint16_t point = 0;     ///< measuring point pn
  int baud = 2400;             ///< 600, 1200, 2400, 4800, 7200, 9600, 19200; 0 = not set
  std::uint8_t port = 2;       ///< 1 AC sampler, 2 first RS-485, 3 second, 31 power-line carrier
  std::uint8_t protocol = 30;  ///< 1 DL/T 645-1997, 2 AC sampler, 30 DL/T 645-2007, 31 carrier module
  core::MeterAddress address;
  std::uint64_t password = 0;  ///< six bytes, binary
  std::uint8_t rates = 4;
  std::uint8_t digits = 0x0B;  ///< D3-2: integer digits - 4, D1-0: decimals - 1
  core::MeterAddress collector;
  std::uint8_t user_class = 0x51;  ///< big class << 4 | small class
  constexpr bool operator==(const ArchiveRow&) const = default;
};
/// One row as it travels. Range: `out` and `bytes` are `ArchiveRow::width` long. Errors: bad_field.
void put_archive_row(std::span<std::uint8_t> out, const ArchiveRow& row);
core::Result<ArchiveRow> archive_row_at(core::Bytes bytes);
/// How many rows one frame takes.
inline constexpr std::size_t archive_rows_max =
    (user_bytes_max - user_bytes_min - 4 - 2 - 24) / ArchiveRow::width;
core::Bytes write_set_archive(FrameWriter& writer, TerminalAddress to, unsigned counter,
                              std::span<const ArchiveRow> rows);
/// AFN 0A F10: indices asked for, and the rows in the answer.
core::Bytes write_query_archive(FrameWriter& writer, TerminalAddress to, unsigned counter,
                                std::span<const std::uint16_t> indices);
core::Bytes write_archive_answer(FrameWriter& writer, TerminalAddress from, unsigned counter,
                                 std::span<const ArchiveRow> rows);
/// Rows of a set (04 F10) or of an answer (0A F10 up): how many, and each by position.
core::Result<std::size_t> archive_row_count(const FrameView& frame);
core::Result<ArchiveRow> archive_row(const FrameView& frame, std::size_t position);
core::Result<std::size_t> archive_query_count(const FrameView& frame);
core::Result<std::uint16_t> archive_query_index(const FrameView& frame, std::size_t position);

/// AFN 10 F1: bytes handed through to a meter. An empty answer means that the meter did not answer.
struct ForwardRequest {
  std::uint8_t port = 2;
  std::uint8_t line_settings =
      0x6B;                     ///< 6B = 2400 8E1: D7-5 baud code, D4 stop, D3 parity on, D2 odd, D1-0 bits
  int frame_timeout_ms = 5000;  ///< sent in 10 ms up to 1.27 s, else in whole seconds up to 127 s
  int byte_timeout_ms = 500;    ///< in 10 ms
  core::Bytes payload;
};
struct ForwardAnswer {
  std::uint8_t port = 2;
  core::Bytes payload;
};
core::Bytes write_forward(FrameWriter& writer, TerminalAddress to, unsigned counter,
                          const ForwardRequest& request);
core::Bytes write_forward_answer(FrameWriter& writer, TerminalAddress from, unsigned counter,
                                 const ForwardAnswer& answer);
core::Result<ForwardRequest> parse_forward(const FrameView& frame);
core::Result<ForwardAnswer> parse_forward_answer(const FrameView& frame);
/// D7-5 of `line_settings` and of archive rows: 1 = 600, 2 = 1200, 3 = 2400, 4 = 4800, 5 = 7200, 6 = 9600, 7
/// = 19200.
std::uint8_t baud_code(int baud);
int baud_of_code(std::uint8_t code);
/// The whole comm word for a baud rate with 8 data bits, even parity, one stop bit.
std::uint8_t line_settings_8E1(int baud);

/// The terminal denies or has nothing: AFN 00 F2 up.
core::Bytes write_denial(FrameWriter& writer, TerminalAddress from, unsigned counter);
}  // namespace gdw3761
