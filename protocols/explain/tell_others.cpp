// Frames that are named and checked rather than decoded to the last field: DL/T 698.45, Q/GDW 1376.2, and
// Modbus RTU.
#include "protocols/byte_sum.hpp"
#include "protocols/explain/story.hpp"
#include "protocols/modbus/acrel_ddsy1352.hpp"

namespace explain {
namespace {
std::string reversed_hex(core::Bytes bytes) {
  return core::to_hex(std::vector<std::uint8_t>(bytes.rbegin(), bytes.rend()), "");
}

/// CRC-16/X-25: "123456789" gives 906E.
std::uint16_t x25(core::Bytes bytes) {
  unsigned crc = 0xFFFF;
  for (const auto byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1u) != 0 ? crc >> 1 ^ 0x8408u : crc >> 1;
  }
  return static_cast<std::uint16_t>(~crc);
}

std::string_view apdu_name(std::uint8_t choice) {
  switch (choice) {
    case 0x01:
      return "LINK-Request";
    case 0x81:
      return "LINK-Response";
    case 0x02:
      return "CONNECT-Request";
    case 0x82:
      return "CONNECT-Response";
    case 0x05:
      return "GET-Request";
    case 0x85:
      return "GET-Response";
    case 0x06:
      return "SET-Request";
    case 0x86:
      return "SET-Response";
    case 0x07:
      return "ACTION-Request";
    case 0x87:
      return "ACTION-Response";
    case 0x08:
      return "REPORT-Response";
    case 0x88:
      return "REPORT-Notification";
    case 0x09:
      return "PROXY-Request";
    case 0x89:
      return "PROXY-Response";
    case 0x10:
      return "SECURITY-Request";
    case 0x90:
      return "SECURITY-Response";
    default:
      return "unknown APDU";
  }
}

void tell_modbus_values(Story& story, std::uint16_t address, core::Bytes registers) {
  Node& node = story.say("registers", core::to_hex(registers));
  for (std::size_t at = 0; 2 * at < registers.size();) {
    const auto* entry = modbus::acrel::entry_at(static_cast<std::uint16_t>(address + at));
    if (entry == nullptr || 2 * (at + entry->words) > registers.size()) {
      ++at;
      continue;
    }
    node.children.push_back({std::string(entry->name),
                             modbus::acrel::value_text(*entry, registers.subspan(2 * at)),
                             std::string(entry->unit),
                             {}});
    at += entry->words;
  }
}
}  // namespace

Story tell_dlt698(core::Bytes bytes) {
  constexpr const char* protocol = "DL/T 698.45";
  if (bytes.size() < 12 || bytes[0] != 0x68)
    return bad_story(protocol, core::Fault::bad_start, "no start byte 68");
  const std::size_t length = static_cast<std::size_t>(bytes[1] | bytes[2] << 8) & 0x3FFF;
  const std::size_t address_bytes = (bytes[4] & 0x0Fu) + 1u;
  const std::size_t head = 1 + 2 + 1 + 1 + address_bytes + 1;  // 68 L C SA CA
  if (bytes.size() < head + 2 ||
      core::little_endian(bytes.subspan(head, 2)) != x25(bytes.subspan(1, head - 1))) {
    return bad_story(protocol, core::Fault::bad_start, "the header's check does not fit");
  }
  if (length < head + 3 || bytes.size() < length + 2) {
    return bad_story(protocol, core::Fault::incomplete, "the frame ends before its length says so");
  }
  if (bytes[length + 1] != 0x16) return bad_story(protocol, core::Fault::bad_end, "the end byte is not 16");
  if (core::little_endian(bytes.subspan(length - 1, 2)) != x25(bytes.subspan(1, length - 2))) {
    return bad_story(protocol, core::Fault::bad_checksum, "the frame's check does not fit");
  }
  Story story;
  story.protocol = protocol;
  story.length = length + 2;
  const std::uint8_t control = bytes[3];
  story.say("C", "control", hex_byte(control)).unit =
      (control & 0x80) != 0 ? "(from server)" : "(from client)";
  story.json["direction"] = (control & 0x80) != 0 ? "from server" : "from client";
  story.say("SA", "server address", reversed_hex(bytes.subspan(5, address_bytes)));
  story.say("CA", "client address", hex_byte(bytes[head - 1]));
  const core::Bytes apdu = bytes.subspan(head + 2, length - 1 - head - 2);
  if ((control & 0x20) != 0) {
    story.say("fragment", "fragment", core::to_hex(apdu, ""));
  } else {
    story.say("APDU", "APDU", core::to_hex(apdu, "")).unit = "(" + std::string(apdu_name(apdu[0])) + ")";
    story.json["service"] = apdu_name(apdu[0]);
  }
  return story;
}

Story tell_gdw3762(core::Bytes bytes) {
  constexpr const char* protocol = "Q/GDW 1376.2";
  constexpr std::size_t head = 10, tail = 2;  // 68 L L C R6; CS 16
  if (bytes.size() < head + 3 + tail || bytes[0] != 0x68)
    return bad_story(protocol, core::Fault::bad_start, "no start byte 68");
  const std::size_t length = static_cast<std::size_t>(bytes[1] | bytes[2] << 8);
  const bool has_addresses = (bytes[4] & 0x04) != 0;
  const std::size_t afn_at = head + (has_addresses ? 12 : 0);
  if (length < afn_at + 3 + tail || length > bytes.size() || bytes[length - 1] != 0x16 ||
      framing::byte_sum(bytes.subspan(3, length - 3 - tail)) != bytes[length - 2]) {
    return bad_story(protocol, core::Fault::bad_start, "length, sum and end byte do not fit");
  }
  Story story;
  story.protocol = protocol;
  story.length = length;
  story.say("C", "control", hex_byte(bytes[3])).unit = (bytes[3] & 0x80) != 0 ? "(up)" : "(down)";
  story.say("R", "information field", core::to_hex(bytes.subspan(4, 6), ""));
  if (has_addresses) {
    story.say("source", "source", reversed_hex(bytes.subspan(head, 6)));
    story.say("target", "target", reversed_hex(bytes.subspan(head + 6, 6)));
  }
  story.say("AFN", "function code", hex_byte(bytes[afn_at]));
  story.say("DT", "data unit", core::to_hex(bytes.subspan(afn_at + 1, 2), ""));
  const core::Bytes data = bytes.subspan(afn_at + 3, length - tail - afn_at - 3);
  story.say("data", "data", core::to_hex(data, ""));
  for (std::size_t at = 0; at < data.size(); ++at) {
    if (data[at] != 0x68) continue;
    Story inner = tell_dlt645(data.subspan(at));
    if (inner.fault) continue;
    inner.tree.label = inner.protocol;
    story.tree.children.push_back(inner.tree);
    story.json["inner"] = inner.json;
    break;
  }
  return story;
}

Story tell_modbus(core::Bytes bytes) {
  constexpr const char* protocol = "Modbus RTU";
  if (bytes.size() < 4 || bytes[0] == 0x68)
    return bad_story(protocol, core::Fault::bad_start, "too short for Modbus RTU");
  const std::uint16_t crc = modbus::crc16(bytes.first(bytes.size() - 2));
  const auto function = static_cast<modbus::Function>(bytes[1] & 0x7F);
  const bool is_known = modbus::name_of(function) != "unknown";
  if (core::little_endian(bytes.last(2)) != crc) {
    // Any bytes at all could be Modbus: only a known function makes it worth saying so.
    const std::array<std::uint8_t, 2> sent_order{static_cast<std::uint8_t>(crc),
                                                 static_cast<std::uint8_t>(crc >> 8)};
    return bad_story(
        protocol, is_known ? core::Fault::bad_checksum : core::Fault::bad_start,
        "the CRC is " + core::to_hex(bytes.last(2)) + ", the bytes give " + core::to_hex(sent_order));
  }
  Story story;
  story.protocol = protocol;
  story.length = bytes.size();
  story.json["unit"] = bytes[0];
  story.say("unit", std::to_string(bytes[0]));
  story.say("function", "function", hex_byte(bytes[1])).unit =
      "(" + std::string(modbus::name_of(function)) + ")";
  const auto request = modbus::parse_request(bytes);
  if ((bytes[1] & 0x80) != 0) {
    story.json["exception"] = bytes[2];
    story.say("exception", std::to_string(bytes[2]), std::string(modbus::exception_name(bytes[2])));
  } else if (request && request->length == bytes.size()) {
    const auto& asked = request->request;
    story.json["direction"] = "request";
    story.json["address"] = asked.address;
    story.json["count"] = asked.count;
    Node& node = story.say("address", core::to_hex(bytes.subspan(2, 2), ""));
    if (const auto* entry = modbus::acrel::entry_at(asked.address))
      node.unit = "(DDSY1352: " + std::string(entry->name) + ")";
    story.say("registers", std::to_string(asked.count));
    if (!request->written.empty()) tell_modbus_values(story, asked.address, request->written);
  } else if (bytes.size() == bytes[2] + 5u) {
    story.json["direction"] = "answer";
    story.say("values", "values", core::to_hex(bytes.subspan(3, bytes[2]), ""));
  } else {
    story.say("data", "data", core::to_hex(bytes.subspan(2, bytes.size() - 4), ""));
  }
  return story;
}
}  // namespace explain
