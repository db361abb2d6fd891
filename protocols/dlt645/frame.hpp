/// One DL/T 645-2007 frame, as it travels between a meter and whoever asks it.
///
///     [FE ...] 68 A0..A5 68 C L DATA CS 16                                       [DL/T 645-2007, link layer]
/// The address is plain BCD, lowest pair first; only DATA bytes travel with 33H added; CS sums from the first
/// 68 to the last DATA byte. A `Frame` here always holds plain data: encode adds 33H, decode takes it off.
/// Errors: Fault values. Randomness: none. Time: none. No allocation.
#pragma once
#include <cstring>
#include <string>

#include "core/address.hpp"
#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocols/bcd.hpp"
#include "protocols/stream_framer.hpp"

namespace dlt645 {
inline constexpr std::uint8_t start_byte = 0x68;
inline constexpr std::uint8_t end_byte = 0x16;
inline constexpr std::uint8_t lead_in_byte = 0xFE;
inline constexpr std::uint8_t data_offset = 0x33;
inline constexpr std::size_t header_bytes = 10;     ///< 68 A0..A5 68 C L
inline constexpr std::size_t data_bytes_max = 200;  ///< L <= 200
inline constexpr std::size_t frame_bytes_max = header_bytes + data_bytes_max + 2;
inline constexpr std::size_t lead_in_bytes_usual = 4;  ///< what a master sends to wake receivers

/// The address field: a meter's address, perhaps with AA in its high bytes as wildcards (缩位寻址, reading
/// only).
class AddressPattern {
 public:
  static constexpr std::size_t width = 6;
  constexpr AddressPattern() = default;
  constexpr AddressPattern(
      core::MeterAddress address)  // NOLINT(google-explicit-constructor): every address is a pattern
      : code_(bcd_code(address.digits())) {}
  /// AA AA AA AA AA AA: whoever is alone on the line (used to read or write an unknown address).
  static constexpr AddressPattern any() { return from_code(0xAAAAAAAAAAAAull); }
  static constexpr AddressPattern broadcast() { return from_code(0x999999999999ull); }
  /// Only the low `2 x bytes` digits are given, the rest is wildcards.
  static constexpr AddressPattern shortened(core::MeterAddress address, int bytes) {
    const std::uint64_t kept = bytes >= 6 ? ~0ull >> 16 : (1ull << (8 * bytes)) - 1;
    return from_code((bcd_code(address.digits()) & kept) | (0xAAAAAAAAAAAAull & ~kept));
  }
  static AddressPattern from_wire(const std::uint8_t* six_bytes) {
    std::uint32_t low;
    std::uint16_t high;
    std::memcpy(&low, six_bytes, 4);
    std::memcpy(&high, six_bytes + 4, 2);
    return from_code(std::uint64_t{high} << 32 | low);
  }
  void to_wire(std::uint8_t* six_bytes) const { std::memcpy(six_bytes, &code_, width); }

  constexpr bool is_broadcast() const { return code_ == 0x999999999999ull; }
  constexpr bool is_any() const { return code_ == 0xAAAAAAAAAAAAull; }
  /// True of a meter that must take this frame as meant for it; broadcast matches nobody here (ask
  /// `is_broadcast`).
  constexpr bool matches(core::MeterAddress address) const { return matches(AddressPattern(address)); }
  constexpr bool matches(AddressPattern own) const {
    if (code_ == own.code_) return true;
    for (int i = 0; i < 6; ++i) {
      const auto byte = static_cast<std::uint8_t>(code_ >> (8 * i));
      if (byte != 0xAA && byte != static_cast<std::uint8_t>(own.code_ >> (8 * i))) return false;
    }
    return true;
  }
  /// The meter it names; nothing when it has wildcards or is not BCD.
  std::optional<core::MeterAddress> address() const {
    const auto low = framing::number_of_8_digits(static_cast<std::uint32_t>(code_));
    const auto high = framing::number_of_8_digits(static_cast<std::uint32_t>(code_ >> 32));
    if (!low || !high) return std::nullopt;
    return core::MeterAddress(std::uint64_t{*high} * 100'000'000 + *low);
  }
  /// The twelve nibbles as a number in base 16: 0x201000000012 for meter 201000000012.
  constexpr std::uint64_t code() const { return code_; }
  constexpr auto operator<=>(const AddressPattern&) const = default;

 private:
  static constexpr AddressPattern from_code(std::uint64_t code) {
    AddressPattern pattern;
    pattern.code_ = code;
    return pattern;
  }
  static constexpr std::uint64_t bcd_code(std::uint64_t digits) {
    const auto low = static_cast<std::uint32_t>(digits % 100'000'000),
               high = static_cast<std::uint32_t>(digits / 100'000'000);
    return framing::bcd_of_8_digits(low) | std::uint64_t{framing::bcd_of_8_digits(high % 10'000)} << 32;
  }
  std::uint64_t code_ = 0;
};
/// Twelve hexadecimal digits, highest first: "201000000012", "AAAAAAAAAAAA".
std::string to_string(AddressPattern pattern);

/// What is asked or answered: the low five bits of the control byte.
enum class Function : std::uint8_t {
  reserved = 0x00,
  security = 0x03,        ///< authentication and prepayment (安全认证)
  broadcast_time = 0x08,  ///< no answer
  read = 0x11,
  read_follow_up = 0x12,
  read_address = 0x13,
  write = 0x14,
  write_address = 0x15,
  freeze = 0x16,
  change_baud = 0x17,
  change_password = 0x18,
  clear_demand = 0x19,
  clear_meter = 0x1A,
  clear_events = 0x1B,
  remote_control = 0x1C,   ///< trip, close, alarm, keep power
  terminal_output = 0x1D,  ///< what the multi-function terminal puts out
};
/// "read", "remote control", ...; "unknown" otherwise.
std::string_view name_of(Function function);

/// The control byte: D7 from the meter, D6 refused, D5 more follows, D4..D0 function.
struct Control {
  std::uint8_t byte = 0;
  static constexpr Control request(Function f) { return {static_cast<std::uint8_t>(f)}; }
  static constexpr Control answer(Function f, bool more_follows = false) {
    return {static_cast<std::uint8_t>(static_cast<std::uint8_t>(f) | (more_follows ? 0xA0 : 0x80))};
  }
  static constexpr Control refusal(Function f) {
    return {static_cast<std::uint8_t>(static_cast<std::uint8_t>(f) | 0xC0)};
  }
  constexpr bool is_from_meter() const { return (byte & 0x80) != 0; }
  constexpr bool is_abnormal() const { return (byte & 0x40) != 0; }
  constexpr bool has_follow_up() const { return (byte & 0x20) != 0; }
  constexpr Function function() const { return static_cast<Function>(byte & 0x1F); }
  constexpr bool operator==(const Control&) const = default;
};

/// Plain data (33H taken off).
using Data = core::ByteBuffer<data_bytes_max>;
/// Room for a longest frame with its lead-in.
using Wire = core::ByteBuffer<frame_bytes_max + 12>;

struct Frame {
  AddressPattern address;
  Control control;
  Data data;
};

/// How the stream framer recognises a frame.
struct FrameRule {
  static constexpr std::uint8_t start_byte = dlt645::start_byte;
  static constexpr std::size_t frame_bytes_max = dlt645::frame_bytes_max;
  static framing::Judgement judge(core::Bytes from_start_byte);
};

/// Appends one frame to `out`, with `lead_in` bytes FE before it. Range: data at most 200 bytes (checked),
/// out has room.
void encode(AddressPattern address, Control control, core::Bytes data, Wire& out, std::size_t lead_in = 0);
inline void encode(const Frame& frame, Wire& out, std::size_t lead_in = 0) {
  encode(frame.address, frame.control, frame.data, out, lead_in);
}
/// Reads the frame at the front of `wire`, after any number of FE. Answers how many bytes it took, lead-in
/// included; what follows is not looked at. Errors: incomplete, bad_start, bad_length (L > 200),
/// bad_checksum, bad_end.
core::Result<std::size_t> decode(core::Bytes wire, Frame& out);
}  // namespace dlt645
