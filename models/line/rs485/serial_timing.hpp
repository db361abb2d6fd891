/// How long characters, frames and whole exchanges last on a serial line.
///
///     character = (start + data + parity + stop) bits / baud          8E1: 11 bits, 8N1: 10
///     exchange  = request + turnaround + answer
/// DL/T 645-2007 lets a meter wait 20..500 ms (turnaround) and at most 500 ms between two bytes. Modbus RTU
/// parts frames by silences of 3.5 characters (t3.5) and breaks one at 1.5 (t1.5), counted in 11-bit
/// characters; above 19,200 baud they are fixed at 1,750 and 750 us [Modbus over Serial Line 1.02,
/// section 2.5.1.1]. Unit: ns, rounded down once per span. Errors: none. Randomness: none. Time: none.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/instant.hpp"

namespace model {
enum class Parity : unsigned char { none, even, odd };

/// What surrounds the data bits of one character.
struct CharacterFormat {
  int data_bits = 8;  ///< 7 or 8
  Parity parity = Parity::even;
  int stop_bits = 1;  ///< 1 or 2

  constexpr int bits() const { return 1 + data_bits + (parity == Parity::none ? 0 : 1) + stop_bits; }
  constexpr bool operator==(const CharacterFormat&) const = default;
};
/// "8E1", "8N1", "7O2" ... Nothing if it is none.
std::optional<CharacterFormat> parse_character_format(std::string_view text);
std::string to_string(CharacterFormat format);

struct SerialTiming {
  int baud = 2400;  ///< > 0
  CharacterFormat format;

  constexpr core::Duration bits(std::int64_t count) const {
    return core::Duration(count * 1'000'000'000 / baud);
  }
  constexpr core::Duration characters(std::size_t count) const {
    return bits(static_cast<std::int64_t>(count) * format.bits());
  }
  constexpr core::Duration exchange(std::size_t request_bytes, std::size_t answer_bytes,
                                    core::Duration turnaround) const {
    return characters(request_bytes) + turnaround + characters(answer_bytes);
  }
  /// The silence that ends a Modbus RTU frame.
  constexpr core::Duration modbus_t35() const {
    return baud > 19'200 ? core::Duration(std::chrono::microseconds(1'750))
                         : core::Duration(std::int64_t{77} * 1'000'000'000 / (2 * std::int64_t{baud}));
  }
  /// The silence within a Modbus RTU frame that spoils it.
  constexpr core::Duration modbus_t15() const {
    return baud > 19'200 ? core::Duration(std::chrono::microseconds(750))
                         : core::Duration(std::int64_t{33} * 1'000'000'000 / (2 * std::int64_t{baud}));
  }
  /// A Modbus RTU exchange with the silence before its request and the one that ends its answer.
  constexpr core::Duration modbus_exchange(std::size_t request_bytes, std::size_t answer_bytes,
                                           core::Duration turnaround) const {
    return modbus_t35() + exchange(request_bytes, answer_bytes, turnaround) + modbus_t35();
  }
};

/// Frames of a plain register reading, lead-in included, as they stand on the line.
namespace frame_bytes {
inline constexpr std::size_t dlt645_read_request = 4 + 16;   ///< 4 FE + 68 A*6 68 11 04 DI*4 CS 16
inline constexpr std::size_t dlt645_energy_answer = 4 + 20;  ///< and four bytes of data
inline constexpr std::size_t modbus_read_request = 8;
constexpr std::size_t modbus_read_answer(std::size_t registers) { return 5 + 2 * registers; }
}  // namespace frame_bytes
/// The window in which a DL/T 645-2007 meter must begin to answer.
inline constexpr core::Duration dlt645_turnaround_min = std::chrono::milliseconds(20);
inline constexpr core::Duration dlt645_turnaround_max = std::chrono::milliseconds(500);
}  // namespace model
