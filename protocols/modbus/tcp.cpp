#include "protocols/modbus/tcp.hpp"

namespace modbus::tcp {
namespace {
constexpr std::uint8_t write_many = static_cast<std::uint8_t>(Function::write_many);
constexpr std::uint8_t exception_bit = 0x80;
constexpr std::size_t write_head_bytes = 6;  // function, address, count, byte count

void put_u16(Adu& out, std::uint16_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put_header(std::uint16_t transaction, std::uint8_t unit, std::size_t pdu_bytes, Adu& out) {
  put_u16(out, transaction);
  put_u16(out, 0);
  put_u16(out, static_cast<std::uint16_t>(pdu_bytes + 1));
  out.push_back(unit);
}
}  // namespace

core::Result<AduView> decode(core::Bytes bytes) {
  if (bytes.size() >= 4 && u16_at(bytes, 1) != 0) return core::Fault::bad_start;
  if (bytes.size() < header_bytes) return core::Fault::incomplete;
  const std::size_t length = u16_at(bytes, 2);
  if (length < 2 || length + 6 > adu_bytes_max) return core::Fault::bad_length;
  if (bytes.size() < length + 6) return core::Fault::incomplete;
  return AduView{u16_at(bytes, 0), bytes[6], bytes.subspan(header_bytes, length - 1), length + 6};
}

core::Result<WriteRequest> parse_write(core::Bytes pdu) {
  if (pdu.empty() || pdu[0] != write_many) return core::Fault::unknown_item;
  if (pdu.size() < write_head_bytes) return core::Fault::bad_length;
  const WriteRequest request{u16_at(pdu.subspan(1), 0), u16_at(pdu.subspan(1), 1),
                             pdu.subspan(write_head_bytes)};
  if (request.count < 1 || request.count > write_count_max) return core::Fault::bad_field;
  if (pdu[5] != 2 * request.count || request.registers.size() != pdu[5]) return core::Fault::bad_length;
  return request;
}

void put_write(std::uint16_t transaction, std::uint8_t unit, std::uint16_t address,
               std::span<const std::uint16_t> registers, Adu& out) {
  METERTWIN_CHECK(!registers.empty() && registers.size() <= write_count_max, registers.size());
  put_header(transaction, unit, write_head_bytes + 2 * registers.size(), out);
  out.push_back(write_many);
  put_u16(out, address);
  put_u16(out, static_cast<std::uint16_t>(registers.size()));
  out.push_back(static_cast<std::uint8_t>(2 * registers.size()));
  for (const auto value : registers) put_u16(out, value);
}

void put_write_answer(std::uint16_t transaction, std::uint8_t unit, std::uint16_t address,
                      std::uint16_t count, Adu& out) {
  put_header(transaction, unit, 5, out);
  out.push_back(write_many);
  put_u16(out, address);
  put_u16(out, count);
}

void put_exception(std::uint16_t transaction, std::uint8_t unit, std::uint8_t function, Exception exception,
                   Adu& out) {
  put_header(transaction, unit, 2, out);
  out.push_back(static_cast<std::uint8_t>(function | exception_bit));
  out.push_back(static_cast<std::uint8_t>(exception));
}

core::Result<Exception> parse_write_answer(core::Bytes pdu) {
  if (pdu.size() == 2 && pdu[0] == (write_many | exception_bit)) return static_cast<Exception>(pdu[1]);
  if (pdu.empty() || pdu[0] != write_many) return core::Fault::unexpected_answer;
  if (pdu.size() != 5) return core::Fault::bad_length;
  return Exception::none;
}
}  // namespace modbus::tcp
