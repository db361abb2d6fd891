/// Modbus-TCP: the same functions behind a seven-byte header, without a checksum.
///
///     transaction 2 | protocol 2 = 0 | length 2 | unit 1 | function | ...      [Modbus Messaging on TCP/IP
///     V1.0b]
/// Big-endian; `length` counts unit and all behind it. Here: function 16 (write registers), which collectors
/// use to upload readings (docs/wire/uploads.md), its answer, and exceptions. The stream has no start byte,
/// so bytes that are no header end the connection: there is nothing to hunt for. Errors: incomplete,
/// bad_length, bad_start (protocol not 0), bad_field. No allocation, no clock, no randomness.
#pragma once
#include "protocols/modbus/frame.hpp"

namespace modbus::tcp {
inline constexpr std::size_t header_bytes = 7;
inline constexpr std::size_t adu_bytes_max = 260;
using Adu = core::ByteBuffer<adu_bytes_max>;

struct AduView {
  std::uint16_t transaction = 0;
  std::uint8_t unit = 0;
  core::Bytes pdu;         ///< function and all behind it
  std::size_t length = 0;  ///< of the whole frame
};
/// The frame at the front of `bytes`.
core::Result<AduView> decode(core::Bytes bytes);

/// A request of function 16. `registers` looks into the frame: two bytes each, high byte first.
struct WriteRequest {
  std::uint16_t address = 0;
  std::uint16_t count = 0;
  core::Bytes registers;
};
/// Errors: unknown_item (another function), bad_length, bad_field (a count outside 1..123 or not that of the
/// bytes).
core::Result<WriteRequest> parse_write(core::Bytes pdu);

/// Exceptions an upload can be answered with.
enum class Exception : std::uint8_t {
  none = 0,
  illegal_function = 1,
  illegal_address = 2,
  illegal_value = 3,
  device_busy = 6,
};
/// Appends a whole request. Range: 1..123 registers (checked).
void put_write(std::uint16_t transaction, std::uint8_t unit, std::uint16_t address,
               std::span<const std::uint16_t> registers, Adu& out);
/// Appends the good answer to a write.
void put_write_answer(std::uint16_t transaction, std::uint8_t unit, std::uint16_t address,
                      std::uint16_t count, Adu& out);
void put_exception(std::uint16_t transaction, std::uint8_t unit, std::uint8_t function, Exception exception,
                   Adu& out);

/// Client's side: what an answer to a write says. Errors: bad_length, unexpected_answer.
core::Result<Exception> parse_write_answer(core::Bytes pdu);
}  // namespace modbus::tcp
