/// A CAN 2.0A data frame as bits: header, data, CRC, and the bits stuffed in between.
///
///     SOF 1 | ID 11 | RTR 1 | IDE 1 | r0 1 | DLC 4 | data 8n | CRC 15   stuffed: after five equal bits an
///     opposite one CRC delimiter 1 | ACK 2 | EOF 7 | pause 3                          not stuffed bits = 47
///     + 8n + stuff bits, stuff bits <= floor((33 + 8n) / 4)                        [ISO 11898-1, 10.4, 10.5]
/// CRC: x^15 + x^14 + x^10 + x^8 + x^7 + x^4 + x^3 + 1, preset 0. Unit: bits. Range: id < 2048, at most 8
/// bytes (checked). Errors: none. Randomness: none. Time: none.
#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "core/bytes.hpp"

namespace model {
struct CanFrame {
  std::uint32_t id = 0;  ///< 11 bits; the lower, the sooner it gets the bus
  core::ByteBuffer<8> data;
};
/// CRC of a row of bits, most significant first.
std::uint16_t can_crc(std::span<const bool> bits);
/// From the start of frame to the end of the pause behind it, with the stuff bits this very content needs.
int can_bits(const CanFrame& frame);
/// The same with the most stuff bits that any content of so many bytes could need.
constexpr int can_bits_max(int data_bytes) { return 47 + 8 * data_bytes + (33 + 8 * data_bytes) / 4; }
}  // namespace model
