/// One Q/GDW 1376.1 frame: what a concentrator and its head-end say to each other.
///
///     68 L L 68 | C A1 A1 A2 A2 A3 AFN SEQ  data units  AUX | CS 16                  [Q/GDW 1376.1,
///     transport frame]
/// L's low two bits are the protocol (10b), the rest counts the user data between the second 68 and CS; CS
/// sums the user data. AUX: downwards PW 16 (set, control, reset, forward ...), upwards EC 2 (when ACD says
/// events wait); Tp 6 both ways when SEQ says so. A `FrameView` looks into the bytes it was decoded from.
/// Errors: Fault values. Randomness: none. Time: none. No allocation.
#pragma once
#include <array>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocols/stream_framer.hpp"

namespace gdw3761 {
inline constexpr std::uint8_t start_byte = 0x68;
inline constexpr std::uint8_t end_byte = 0x16;
inline constexpr std::size_t user_bytes_min = 8;  ///< C A1 A2 A3 AFN SEQ
inline constexpr std::size_t user_bytes_max = 16383;
inline constexpr std::size_t frame_bytes_max = 6 + user_bytes_max + 2;
inline constexpr std::size_t password_bytes = 16, event_counter_bytes = 2, time_label_bytes = 6;

/// Application function code: what kind of thing a frame is about.
enum class Afn : std::uint8_t {
  confirm = 0x00,
  reset = 0x01,
  link = 0x02,
  relay = 0x03,
  set = 0x04,
  control = 0x05,
  authenticate = 0x06,
  cascade = 0x08,
  report_request = 0x09,
  query = 0x0A,
  task = 0x0B,
  current_data = 0x0C,
  history_data = 0x0D,
  event_data = 0x0E,
  file = 0x0F,
  forward = 0x10,
};
std::string_view name_of(Afn afn);
/// What Fn of an AFN is about, in English; empty if this codec has no name for it.
std::string_view name_of(Afn afn, int fn);

/// A1 A2 A3: region (four BCD digits), terminal (binary), group flag and master station (MSA).
struct TerminalAddress {
  std::uint16_t region_code = 0;  ///< BCD as a number in base 16: 0x0171 for region 0171
  std::uint16_t terminal = 0;     ///< 1..65535; 65535 with `is_group` is broadcast
  std::uint8_t master = 0;        ///< 0..127; an answer repeats the request's
  bool is_group = false;
  constexpr auto operator<=>(const TerminalAddress&) const = default;
};
/// `region`: 0..9999 as a plain number.
constexpr TerminalAddress terminal_address(unsigned region, std::uint16_t terminal, std::uint8_t master = 0) {
  return {static_cast<std::uint16_t>(core::bcd_byte(region / 100 % 100) << 8 | core::bcd_byte(region % 100)),
          terminal, master, false};
}
/// Region as a plain number. Range: digits that are not decimal count as they stand.
constexpr unsigned region_of(TerminalAddress address) {
  return core::bcd_value(static_cast<std::uint8_t>(address.region_code >> 8)) * 100 +
         core::bcd_value(static_cast<std::uint8_t>(address.region_code));
}

/// The control byte. Down: DIR 0, PRM, FCB, FCV, function. Up: DIR 1, PRM, ACD, -, function.
struct Control {
  std::uint8_t byte = 0;
  constexpr bool is_up() const { return (byte & 0x80) != 0; }
  constexpr bool is_initiator() const { return (byte & 0x40) != 0; }  ///< PRM: its sender began the exchange
  constexpr bool has_events() const { return is_up() && (byte & 0x20) != 0; }  ///< ACD: EC follows in AUX
  constexpr std::uint8_t function() const { return byte & 0x0F; }
  constexpr bool operator==(const Control&) const = default;
};
namespace control {
inline constexpr Control reset{0x41}, request_class1{0x4A}, request_class2{0x4B}, send_no_answer{0x44};
inline constexpr Control answer_data{0x88}, answer_confirm{0x80},
    answer_nothing{0x89};                                          ///< from the terminal
inline constexpr Control login{0xC9};                              ///< also heartbeat and logout
inline constexpr Control confirm_down{0x0B}, confirm_plain{0x00};  ///< from the head-end
inline constexpr Control report{0xC4};
}  // namespace control

/// The sequence byte: TpV, FIR, FIN, CON, and a counter of 16.
struct Sequence {
  std::uint8_t byte = 0x60;
  static constexpr Sequence single(unsigned counter, bool must_confirm = false) {
    return {static_cast<std::uint8_t>((must_confirm ? 0x70u : 0x60u) | (counter & 15u))};
  }
  constexpr bool has_time_label() const { return (byte & 0x80) != 0; }
  constexpr bool is_first() const { return (byte & 0x40) != 0; }
  constexpr bool is_final() const { return (byte & 0x20) != 0; }
  constexpr bool must_confirm() const { return (byte & 0x10) != 0; }
  constexpr unsigned counter() const { return byte & 0x0Fu; }
  constexpr bool operator==(const Sequence&) const = default;
};

/// Tp: when a request was started and how long it may still be answered.
struct TimeLabel {
  std::uint8_t frame_counter = 0;  ///< PFC
  int second = 0, minute = 0, hour = 0, day = 1;
  int delay_min = 0;  ///< allowed transfer delay; 0 = not judged
};

struct FrameView {
  Control control;
  TerminalAddress address;
  Afn afn = Afn::confirm;
  Sequence sequence;
  core::Bytes units;                                          ///< data units, AUX taken off
  core::Bytes password;                                       ///< 16 bytes, or empty
  std::optional<std::array<std::uint8_t, 2>> event_counters;  ///< EC1 important, EC2 ordinary
  std::optional<TimeLabel> time_label;
  core::Bytes raw;  ///< the whole frame
};

struct FrameRule {
  static constexpr std::uint8_t start_byte = gdw3761::start_byte;
  static constexpr std::size_t frame_bytes_max = gdw3761::frame_bytes_max;
  static framing::Judgement judge(core::Bytes from_start_byte);
};
/// The frame at the front of `bytes`. Errors: incomplete, bad_start, bad_length, bad_checksum, bad_end.
core::Result<FrameView> decode(core::Bytes bytes);
/// True where a downward frame of this AFN carries PW.
constexpr bool has_password(Afn afn) {
  return afn == Afn::reset || afn == Afn::set || afn == Afn::control || afn == Afn::authenticate ||
         afn == Afn::file || afn == Afn::forward;
}

/// Frames out of a TCP stream. See protocols/stream_framer.hpp for what is promised.
class Framer {
 public:
  void feed(core::Bytes bytes) { stream_.feed(bytes); }
  /// The next good frame; nothing when more bytes are needed. Its spans are valid until the next call.
  std::optional<FrameView> take() {
    const auto raw = stream_.take();
    if (raw.empty()) return std::nullopt;
    return *decode(raw);
  }
  /// `visit(const FrameView&)` for each good frame that `bytes` completes.
  template <class Visit>
  void feed(core::Bytes bytes, Visit&& visit) {
    stream_.feed(bytes, [&](core::Bytes raw) { visit(static_cast<const FrameView&>(*decode(raw))); });
  }
  void silence() { stream_.silence(); }
  bool is_empty() const { return stream_.is_empty(); }
  const framing::FramingStatistics& statistics() const { return stream_.statistics(); }

 private:
  framing::StreamFramer<FrameRule> stream_;
};
}  // namespace gdw3761
