#include "models/line/can/can_frame.hpp"

#include "core/check.hpp"

namespace model {
namespace {
constexpr std::size_t stuffed_bits_max = 34 + 64;
constexpr int bits_behind_crc = 1 + 2 + 7 + 3;

/// The bits between start of frame and CRC, both included, before stuffing.
struct Bits {
  std::array<bool, stuffed_bits_max> bit{};
  std::size_t count = 0;
  void append(std::uint32_t value, int width) {
    for (int i = width; i-- > 0;) bit[count++] = (value >> i & 1) != 0;
  }
};
}  // namespace

std::uint16_t can_crc(std::span<const bool> bits) {
  std::uint32_t crc = 0;
  for (const bool bit : bits) {
    const bool is_set = ((crc >> 14 & 1) != 0) != bit;
    crc = crc << 1 & 0x7FFF;
    if (is_set) crc ^= 0x4599;
  }
  return static_cast<std::uint16_t>(crc);
}

int can_bits(const CanFrame& frame) {
  METERTWIN_CHECK(frame.id < 2048, frame.id);
  Bits bits;
  bits.append(0, 1);
  bits.append(frame.id, 11);
  bits.append(0, 3);
  bits.append(static_cast<std::uint32_t>(frame.data.size()), 4);
  for (const auto byte : frame.data) bits.append(byte, 8);
  bits.append(can_crc(std::span(bits.bit).first(bits.count)), 15);
  int stuffed = 0, run = 0;
  bool last = true;
  for (std::size_t i = 0; i < bits.count; ++i) {
    run = i > 0 && bits.bit[i] == last ? run + 1 : 1;
    last = bits.bit[i];
    if (run < 5) continue;
    ++stuffed;  // the stuff bit is the first of the next run
    last = !last;
    run = 1;
  }
  return static_cast<int>(bits.count) + stuffed + bits_behind_crc;
}
}  // namespace model
