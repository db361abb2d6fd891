#include "models/line/carrier/module_frame.hpp"

#include <algorithm>
#include <bit>

#include "core/check.hpp"

namespace model::carrier {
namespace {
constexpr std::uint8_t start_byte = 0x68, end_byte = 0x16;
constexpr std::size_t length_at = 1, control_at = 3, information_at = 4, body_at = 10;
constexpr std::size_t tail_bytes = 2, item_bytes = 3, address_bytes = 6;
constexpr std::size_t shortest = body_at + item_bytes + tail_bytes;

void append(std::vector<std::uint8_t>& out, core::Bytes more) {
  out.insert(out.end(), more.begin(), more.end());
}
ModuleAddress address_at(core::Bytes bytes) {
  ModuleAddress address{};
  std::copy_n(bytes.begin(), address.size(), address.begin());
  return address;
}
}  // namespace

std::vector<std::uint8_t> encode(const ModuleFrame& frame) {
  METERTWIN_CHECK(frame.fn >= 1 && frame.fn <= 2040 && frame.relays.size() <= 15, frame.fn);
  std::vector<std::uint8_t> out{start_byte, 0, 0, frame.control};
  auto information = frame.information;
  if (frame.has_addresses())
    information[0] = static_cast<std::uint8_t>((information[0] & 0x0F) | frame.relays.size() << 4);
  append(out, information);
  if (frame.has_addresses()) {
    append(out, frame.source);
    for (const auto& relay : frame.relays) append(out, relay);
    append(out, frame.target);
  }
  out.push_back(frame.afn);
  out.push_back(static_cast<std::uint8_t>(1u << ((frame.fn - 1) % 8)));
  out.push_back(static_cast<std::uint8_t>((frame.fn - 1) / 8));
  append(out, frame.data);
  const auto length = out.size() + tail_bytes;
  METERTWIN_CHECK(length <= 0xFFFF, length);
  out[length_at] = static_cast<std::uint8_t>(length);
  out[length_at + 1] = static_cast<std::uint8_t>(length >> 8);
  out.push_back(core::sum_of(core::Bytes(out).subspan(control_at)));
  out.push_back(end_byte);
  return out;
}

core::Result<ModuleFrame> decode_module_frame(core::Bytes bytes) {
  if (bytes.empty()) return core::Fault::incomplete;
  if (bytes[0] != start_byte) return core::Fault::bad_start;
  if (bytes.size() < shortest) return core::Fault::incomplete;
  const auto length = static_cast<std::size_t>(core::little_endian(bytes.subspan(length_at, 2)));
  if (length < shortest) return core::Fault::bad_length;
  if (bytes.size() < length) return core::Fault::incomplete;
  if (bytes.size() > length) return core::Fault::bad_length;
  if (bytes[length - 1] != end_byte) return core::Fault::bad_end;
  if (core::sum_of(bytes.subspan(control_at, length - control_at - tail_bytes)) != bytes[length - tail_bytes])
    return core::Fault::bad_checksum;
  ModuleFrame frame;
  frame.control = bytes[control_at];
  std::copy_n(bytes.begin() + information_at, frame.information.size(), frame.information.begin());
  auto rest = bytes.subspan(body_at, length - body_at - tail_bytes);
  if (frame.has_addresses()) {
    const std::size_t relays = frame.information[0] >> 4;
    if (rest.size() < (relays + 2) * address_bytes + item_bytes) return core::Fault::bad_length;
    frame.source = address_at(rest);
    for (std::size_t i = 1; i <= relays; ++i)
      frame.relays.push_back(address_at(rest.subspan(i * address_bytes)));
    frame.target = address_at(rest.subspan((relays + 1) * address_bytes));
    rest = rest.subspan((relays + 2) * address_bytes);
  }
  frame.afn = rest[0];
  if (!std::has_single_bit(rest[1]) || rest[2] > 254) return core::Fault::bad_field;
  frame.fn = rest[2] * 8u + static_cast<unsigned>(std::countr_zero(rest[1])) + 1;
  frame.data.assign(rest.begin() + item_bytes, rest.end());
  return frame;
}

std::vector<std::uint8_t> encode_forward_data(const ModuleForward& forward) {
  METERTWIN_CHECK(forward.slaves.size() <= 255 && forward.frame.size() <= 255, forward.frame.size());
  std::vector<std::uint8_t> data{forward.protocol, forward.delay_flag,
                                 static_cast<std::uint8_t>(forward.slaves.size())};
  for (const auto& slave : forward.slaves) append(data, slave);
  data.push_back(static_cast<std::uint8_t>(forward.frame.size()));
  append(data, forward.frame);
  return data;
}

core::Result<ModuleForward> decode_forward_data(core::Bytes data) {
  if (data.size() < 4) return core::Fault::bad_length;
  ModuleForward forward;
  forward.protocol = data[0];
  forward.delay_flag = data[1];
  const std::size_t slaves = data[2], frame_at = 3 + slaves * address_bytes;
  if (data.size() < frame_at + 1 || data.size() != frame_at + 1 + data[frame_at])
    return core::Fault::bad_length;
  for (std::size_t i = 0; i < slaves; ++i)
    forward.slaves.push_back(address_at(data.subspan(3 + i * address_bytes)));
  forward.frame.assign(data.begin() + static_cast<std::ptrdiff_t>(frame_at + 1), data.end());
  return forward;
}
}  // namespace model::carrier
