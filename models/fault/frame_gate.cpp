#include "models/fault/frame_gate.hpp"

#include <algorithm>

namespace model {
namespace {
/// Address and function of a frame that somebody sent; nothing for what is no frame.
struct Head {
  dlt645::AddressPattern address;
  FrameType type = FrameType::any;
};
std::optional<Head> head_of(core::Bytes bytes) {
  while (!bytes.empty() && bytes.front() == dlt645::lead_in_byte) bytes = bytes.subspan(1);
  if (bytes.size() < dlt645::header_bytes || bytes.front() != dlt645::start_byte) return std::nullopt;
  constexpr std::uint8_t function_bits = 0x1F;
  return Head{dlt645::AddressPattern::from_wire(bytes.data() + 1),
              frame_type_of(static_cast<dlt645::Function>(bytes[8] & function_bits))};
}
}  // namespace

FrameType frame_type_of(dlt645::Function function) {
  switch (function) {
    case dlt645::Function::read:
    case dlt645::Function::read_follow_up:
    case dlt645::Function::read_address:
      return FrameType::read;
    case dlt645::Function::remote_control:
      return FrameType::control;
    case dlt645::Function::security:
      return FrameType::security;
    case dlt645::Function::broadcast_time:
      return FrameType::time;
    default:
      return FrameType::write;
  }
}

void FrameGate::begin(std::size_t fault, const FaultWindow& window,
                      std::optional<dlt645::AddressPattern> address) {
  for (auto& rule : rules_)
    if (rule.fault == fault) {  // begins again, after another event: its count goes on
      rule.is_active = true;
      rule.seen = 0;
      return;
    }
  rules_.push_back({fault, window, address, true, 0, 0});
}

void FrameGate::end(std::size_t fault) {
  for (auto& rule : rules_)
    if (rule.fault == fault) rule.is_active = false;
}

bool FrameGate::is_idle() const {
  return std::none_of(rules_.begin(), rules_.end(), [](const auto& rule) { return rule.is_active; });
}

std::uint64_t FrameGate::struck(std::size_t fault) const {
  for (const auto& rule : rules_)
    if (rule.fault == fault) return rule.struck;
  return 0;
}

bool FrameGate::strikes(Rule& rule) {
  ++rule.seen;
  if (rule.window.nth != 0) return rule.seen == rule.window.nth;
  if (rule.window.every_nth != 0) return rule.seen % rule.window.every_nth == 0;
  const auto index = (static_cast<std::uint64_t>(rule.fault) << 40) + rule.seen;
  return draws_.happens(rule.window.chance, index);
}

FrameFate FrameGate::judge(const FrameOnLine& frame) {
  FrameFate fate;
  const bool is_request = frame.speaker == FrameOnLine::master;
  const auto head = head_of(frame.bytes);
  if (!head) return fate;
  for (auto& rule : rules_) {
    const bool is_about_requests = rule.window.kind == FaultKind::frame_lost;
    if (!rule.is_active || is_about_requests != is_request) continue;
    if (rule.address && !head->address.matches(*rule.address)) continue;
    if (rule.window.frame != FrameType::any && rule.window.frame != head->type) continue;
    if (!strikes(rule)) continue;
    ++rule.struck;
    if (is_about_requests)
      fate.is_lost = true;
    else
      fate.flipped_byte = frame.bytes.size() / 2;
  }
  return fate;
}
}  // namespace model
