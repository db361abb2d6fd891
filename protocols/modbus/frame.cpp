#include "protocols/modbus/frame.hpp"

#include <algorithm>

namespace modbus {
namespace {
constexpr std::array<std::uint16_t, 256> make_crc_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned i = 0; i < table.size(); ++i) {
    unsigned crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1u) != 0 ? crc >> 1 ^ 0xA001u : crc >> 1;
    table[i] = static_cast<std::uint16_t>(crc);
  }
  return table;
}
constexpr auto crc_table = make_crc_table();
constexpr std::uint8_t exception_bit = 0x80;
constexpr std::size_t exception_bytes = 5;

bool is_read(Function function) {
  return function == Function::read_holding || function == Function::read_input;
}

void put_big_endian(Wire& out, std::uint16_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put_crc(Wire& out) { out.append_little_endian(crc16(out), 2); }

bool has_good_crc(core::Bytes frame) {
  return core::little_endian(frame.last(2)) == crc16(frame.first(frame.size() - 2));
}
}  // namespace

std::uint16_t crc16(core::Bytes bytes) {
  unsigned crc = 0xFFFF;
  for (const auto byte : bytes) crc = crc >> 8 ^ crc_table[(crc ^ byte) & 0xFF];
  return static_cast<std::uint16_t>(crc);
}

std::string_view name_of(Function function) {
  switch (function) {
    case Function::read_holding:
      return "read holding registers";
    case Function::read_input:
      return "read input registers";
    case Function::write_one:
      return "write one register";
    case Function::write_many:
      return "write registers";
  }
  return "unknown";
}

std::string_view exception_name(std::uint8_t code) {
  constexpr std::array<std::string_view, 12> names{"none",
                                                   "illegal function",
                                                   "illegal data address",
                                                   "illegal data value",
                                                   "server device failure",
                                                   "acknowledge",
                                                   "server device busy",
                                                   "negative",
                                                   "memory parity error",
                                                   "reserved",
                                                   "gateway path unavailable",
                                                   "gateway target failed to respond"};
  return code < names.size() ? names[code] : "unknown exception";
}

void encode(const Request& request, std::span<const std::uint16_t> values, Wire& out) {
  out.clear();
  out.push_back(request.unit);
  out.push_back(static_cast<std::uint8_t>(request.function));
  put_big_endian(out, request.address);
  if (is_read(request.function)) {
    METERTWIN_CHECK(request.count >= 1 && request.count <= read_count_max, request.count);
    put_big_endian(out, request.count);
  } else {
    METERTWIN_CHECK(values.size() == request.count && request.count >= 1 && request.count <= write_count_max,
                    values.size(), request.count);
    if (request.function == Function::write_many) {
      put_big_endian(out, request.count);
      out.push_back(static_cast<std::uint8_t>(2 * request.count));
    }
    for (const auto value : values) put_big_endian(out, value);
  }
  put_crc(out);
}

core::Result<ParsedRequest> parse_request(core::Bytes bytes) {
  constexpr std::size_t short_bytes = 8, many_head_bytes = 7;
  if (bytes.size() < short_bytes) return core::Fault::incomplete;
  ParsedRequest parsed;
  parsed.request.unit = bytes[0];
  parsed.request.function = static_cast<Function>(bytes[1]);
  parsed.request.address = u16_at(bytes, 1);
  parsed.length = short_bytes;
  switch (parsed.request.function) {
    case Function::read_holding:
    case Function::read_input:
      parsed.request.count = u16_at(bytes, 2);
      break;
    case Function::write_one:
      parsed.written = bytes.subspan(4, 2);
      break;
    case Function::write_many:
      parsed.request.count = u16_at(bytes, 2);
      if (bytes[6] != 2 * parsed.request.count) return core::Fault::bad_length;
      parsed.length = many_head_bytes + bytes[6] + 2u;
      if (bytes.size() < parsed.length) return core::Fault::incomplete;
      parsed.written = bytes.subspan(many_head_bytes, bytes[6]);
      break;
    default:
      return core::Fault::unknown_item;
  }
  if (!has_good_crc(bytes.first(parsed.length))) return core::Fault::bad_checksum;
  return parsed;
}

core::Result<Answer> parse_answer(const Request& request, core::Bytes bytes) {
  if (bytes.size() < 2) return core::Fault::incomplete;
  if (bytes[0] != request.unit) return core::Fault::wrong_address;
  const auto function = static_cast<std::uint8_t>(request.function);
  Answer answer;
  if (bytes[1] == (function | exception_bit)) {
    answer.length = exception_bytes;
  } else if (bytes[1] != function) {
    return core::Fault::unexpected_answer;
  } else if (is_read(request.function)) {
    if (bytes.size() < 3) return core::Fault::incomplete;
    if (bytes[2] != 2 * request.count) return core::Fault::bad_length;
    answer.length = 3 + 2u * request.count + 2u;
  } else {
    answer.length = 8;
  }
  if (bytes.size() < answer.length) return core::Fault::incomplete;
  if (!has_good_crc(bytes.first(answer.length))) return core::Fault::bad_checksum;
  if (answer.length == exception_bytes && bytes[1] != function) {
    answer.exception = bytes[2];
  } else if (is_read(request.function)) {
    answer.registers = bytes.subspan(3, 2u * request.count);
  } else if (u16_at(bytes, 1) != request.address) {
    return core::Fault::unexpected_answer;
  }
  return answer;
}

void AnswerFramer::expect(const Request& request) {
  request_ = request;
  buffer_.clear();
}

void AnswerFramer::feed(core::Bytes bytes) {
  if (bytes.size() > buffer_.capacity()) bytes = bytes.last(buffer_.capacity());
  const std::size_t held = buffer_.size() + bytes.size();
  if (held > buffer_.capacity()) drop(held - buffer_.capacity());
  buffer_.append(bytes);
}

core::Result<Answer> AnswerFramer::take() {
  // An unfinished candidate does not hide a whole answer behind it.
  const core::Bytes held = buffer_;
  std::size_t first_pending = held.size();
  for (std::size_t at = 0; at < held.size(); ++at) {
    const auto answer = parse_answer(request_, held.subspan(at));
    if (answer) {
      const Answer found = *answer;
      return found;
    }
    if (answer.error() == core::Fault::incomplete) first_pending = std::min(first_pending, at);
  }
  drop(first_pending);
  return core::Fault::incomplete;
}

void AnswerFramer::drop(std::size_t count) {
  core::ByteBuffer<2 * frame_bytes_max> kept;
  kept.append(core::Bytes(buffer_).subspan(count));
  buffer_ = kept;
}
}  // namespace modbus
