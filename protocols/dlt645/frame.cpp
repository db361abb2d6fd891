#include "protocols/dlt645/frame.hpp"

#include "protocols/byte_sum.hpp"

namespace dlt645 {
namespace {
constexpr std::uint64_t in_every_byte(std::uint8_t byte) { return 0x0101010101010101ull * byte; }

/// Adds `step` to each of `count` bytes, modulo 256, eight at a time: the carry out of a byte's low seven
/// bits is kept from its neighbour, its top bit is added without carry.
void shift_bytes(const std::uint8_t* from, std::uint8_t* to, std::size_t count, std::uint8_t step) {
  constexpr std::uint64_t top_bits = in_every_byte(0x80);
  const std::uint64_t steps = in_every_byte(step);
  for (; count >= 8; count -= 8, from += 8, to += 8) {
    std::uint64_t word;
    std::memcpy(&word, from, 8);
    word = ((word & ~top_bits) + (steps & ~top_bits)) ^ ((word ^ steps) & top_bits);
    std::memcpy(to, &word, 8);
  }
  for (; count > 0; --count) *to++ = static_cast<std::uint8_t>(*from++ + step);
}
}  // namespace

std::string to_string(AddressPattern pattern) {
  std::array<std::uint8_t, AddressPattern::width> high_first{};
  for (std::size_t i = 0; i < 6; ++i)
    high_first[i] = static_cast<std::uint8_t>(pattern.code() >> (8 * (5 - i)));
  return core::to_hex(high_first, "");
}

std::string_view name_of(Function function) {
  switch (function) {
    case Function::reserved:
      return "reserved";
    case Function::security:
      return "security and prepayment";
    case Function::broadcast_time:
      return "set time by broadcast";
    case Function::read:
      return "read";
    case Function::read_follow_up:
      return "read follow-up";
    case Function::read_address:
      return "read address";
    case Function::write:
      return "write";
    case Function::write_address:
      return "write address";
    case Function::freeze:
      return "freeze";
    case Function::change_baud:
      return "change baud";
    case Function::change_password:
      return "change password";
    case Function::clear_demand:
      return "clear demand";
    case Function::clear_meter:
      return "clear meter";
    case Function::clear_events:
      return "clear events";
    case Function::remote_control:
      return "remote control";
    case Function::terminal_output:
      return "terminal output";
  }
  return "unknown";
}

framing::Judgement FrameRule::judge(core::Bytes bytes) {
  using framing::Judgement;
  if (bytes.size() < 8) return Judgement::unfinished(8);
  if (bytes[7] != start_byte) return Judgement::bad(core::Fault::bad_start);
  if (bytes.size() < header_bytes) return Judgement::unfinished(header_bytes);
  const std::size_t data_bytes = bytes[9];
  if (data_bytes > data_bytes_max) return Judgement::bad(core::Fault::bad_length);
  const std::size_t total = header_bytes + data_bytes + 2;
  if (bytes.size() < total) return Judgement::unfinished(total);
  if (bytes[total - 1] != end_byte) return Judgement::bad(core::Fault::bad_end);
  if (framing::byte_sum(bytes.first(total - 2)) != bytes[total - 2])
    return Judgement::bad(core::Fault::bad_checksum);
  return Judgement::good(total);
}

void encode(AddressPattern address, Control control, core::Bytes data, Wire& out, std::size_t lead_in) {
  METERTWIN_CHECK(data.size() <= data_bytes_max, data.size());
  const auto room = out.grow(lead_in + header_bytes + data.size() + 2);
  for (std::size_t i = 0; i < lead_in; ++i) room[i] = lead_in_byte;
  std::uint8_t* frame = room.data() + lead_in;
  frame[0] = start_byte;
  address.to_wire(frame + 1);
  frame[7] = start_byte;
  frame[8] = control.byte;
  frame[9] = static_cast<std::uint8_t>(data.size());
  shift_bytes(data.data(), frame + header_bytes, data.size(), data_offset);
  const std::size_t summed = header_bytes + data.size();
  frame[summed] = framing::byte_sum(core::Bytes(frame, summed));
  frame[summed + 1] = end_byte;
}

core::Result<std::size_t> decode(core::Bytes wire, Frame& out) {
  std::size_t lead_in = 0;
  while (lead_in < wire.size() && wire[lead_in] == lead_in_byte) ++lead_in;
  const core::Bytes bytes = wire.subspan(lead_in);
  if (bytes.empty()) return core::Fault::incomplete;
  if (bytes[0] != start_byte) return core::Fault::bad_start;
  const auto judgement = FrameRule::judge(bytes);
  if (judgement.kind == framing::Judgement::Kind::unfinished) return core::Fault::incomplete;
  if (judgement.kind == framing::Judgement::Kind::bad) return judgement.fault;
  out.address = AddressPattern::from_wire(bytes.data() + 1);
  out.control.byte = bytes[8];
  out.data.clear();
  const auto data = out.data.grow(bytes[9]);
  shift_bytes(bytes.data() + header_bytes, data.data(), data.size(), static_cast<std::uint8_t>(-data_offset));
  return lead_in + judgement.length;
}
}  // namespace dlt645
