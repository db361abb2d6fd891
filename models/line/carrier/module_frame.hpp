/// Q/GDW 1376.2: what a concentrator and its carrier module say to each other over a serial line.
///
///     68 L L | C | R x 6 | [A: source 6, relays 6 each, target 6] | AFN | DT1 DT2 | data | CS 16
/// L counts the whole frame (unlike 1376.1), CS sums from C to the byte before it (unlike DL/T 645). The
/// address field stands where bit 2 of the first information byte says that a module is meant; how many
/// relays it names is in that byte's high nibble. Fn = 8 DT2 + the number of DT1's set bit + 1. Errors:
/// decode answers core::Fault, of the first thing that is wrong. Randomness: none. Time: none.
#pragma once
#include <array>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace model::carrier {
using ModuleAddress = std::array<std::uint8_t, 6>;  ///< low byte first

struct ModuleFrame {
  std::uint8_t control = 0x43;  ///< down, from the starter, high-speed/narrow-band coded in bits 0..5
  std::array<std::uint8_t, 6> information{};  ///< R
  ModuleAddress source{}, target{};           ///< only where `has_addresses`
  std::vector<ModuleAddress> relays;          ///< at most 15
  std::uint8_t afn = 0;
  unsigned fn = 1;  ///< 1..2040
  std::vector<std::uint8_t> data;
  bool has_addresses() const { return (information[0] & 0x04) != 0; }
};

inline constexpr std::uint8_t module_afn_confirm = 0x00, module_afn_initialise = 0x01,
                              module_afn_query = 0x03, module_afn_control = 0x05,
                              module_afn_route_query = 0x10, module_afn_route_set = 0x11,
                              module_afn_route_control = 0x12, module_afn_route_forward = 0x13,
                              module_afn_route_request = 0x14;

std::vector<std::uint8_t> encode(const ModuleFrame& frame);
/// Takes exactly one frame: `bytes` must end with it.
core::Result<ModuleFrame> decode_module_frame(core::Bytes bytes);

/// AFN 13 F1, "monitor a slave node": hand this frame to that meter. Data: protocol (02 = DL/T 645-2007),
/// delay flag, number of slaves behind the node and their addresses, length, frame.
struct ModuleForward {
  std::uint8_t protocol = 2;
  std::uint8_t delay_flag = 0;
  std::vector<ModuleAddress> slaves;
  std::vector<std::uint8_t> frame;  ///< at most 255 bytes
};
std::vector<std::uint8_t> encode_forward_data(const ModuleForward& forward);
core::Result<ModuleForward> decode_forward_data(core::Bytes data);
}  // namespace model::carrier
