/// Modbus RTU as a master speaks it: read registers (03, 04), write them (06, 16), understand answers and
/// exceptions.
///
///     unit | function | ... | CRC low | CRC high          [MODBUS over Serial Line V1.02; Application
///     Protocol V1.1b3]
/// CRC-16: polynomial A001 reflected, start FFFF; "123456789" gives 4B37. No allocation, no clock: the line's
/// silence of 3.5 characters is the caller's business (`silence()`); answers are found by the length that
/// their request implies. Errors: Fault values; an exception answer is `refused` and its code travels in
/// `Answer`.
#pragma once
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace modbus {
inline constexpr std::size_t frame_bytes_max = 256;
inline constexpr int read_count_max = 125, write_count_max = 123;

std::uint16_t crc16(core::Bytes bytes);

enum class Function : std::uint8_t {
  read_holding = 0x03,
  read_input = 0x04,
  write_one = 0x06,
  write_many = 0x10,
};
std::string_view name_of(Function function);
std::string_view exception_name(std::uint8_t code);

using Wire = core::ByteBuffer<frame_bytes_max>;

/// What was asked; an answer can be understood only beside it.
struct Request {
  std::uint8_t unit = 1;  ///< 1..247; 0 = broadcast (writes only, no answer)
  Function function = Function::read_holding;
  std::uint16_t address = 0;
  std::uint16_t count = 1;  ///< registers: reads 1..125, write_many 1..123; write_one: 1
};
/// Range: count within its limits (checked). `values`: what writes carry, `request.count` of them.
void encode(const Request& request, std::span<const std::uint16_t> values, Wire& out);
inline void encode_read(const Request& request, Wire& out) { encode(request, {}, out); }
/// Slave side's view of a request: which registers, and the bytes written. Errors: incomplete, bad_checksum,
/// unknown_item.
struct ParsedRequest {
  Request request;
  core::Bytes written;  ///< two bytes a register, high byte first
  std::size_t length = 0;
};
core::Result<ParsedRequest> parse_request(core::Bytes frame);

struct Answer {
  std::uint8_t exception = 0;  ///< 0 = none
  core::Bytes registers;       ///< of a read: two bytes each, high byte first
  std::size_t length = 0;      ///< of the whole frame
};
/// The answer to `request` at the front of `bytes`. Errors: incomplete, wrong_address, unexpected_answer,
/// bad_length, bad_checksum. An exception is a good answer with `exception` set.
core::Result<Answer> parse_answer(const Request& request, core::Bytes bytes);

/// Registers of an answer.
constexpr std::uint16_t u16_at(core::Bytes registers, std::size_t index) {
  return static_cast<std::uint16_t>(registers[2 * index] << 8 | registers[2 * index + 1]);
}
constexpr std::int16_t i16_at(core::Bytes registers, std::size_t index) {
  return static_cast<std::int16_t>(u16_at(registers, index));
}
/// High word first.
constexpr std::uint32_t u32_at(core::Bytes registers, std::size_t index) {
  return static_cast<std::uint32_t>(u16_at(registers, index)) << 16 | u16_at(registers, index + 1);
}

/// Finds the answer to one request in what arrives, with noise before it and an echo of the request allowed.
class AnswerFramer {
 public:
  /// Forgets everything and waits for the answer to `request`.
  void expect(const Request& request);
  void feed(core::Bytes bytes);
  /// The answer, or `incomplete`. Noise and wrong frames are skipped byte by byte. Valid until the next call.
  core::Result<Answer> take();
  void silence() { buffer_.clear(); }

 private:
  void drop(std::size_t count);
  Request request_;
  core::ByteBuffer<2 * frame_bytes_max> buffer_;
};
}  // namespace modbus
