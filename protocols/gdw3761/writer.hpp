/// Writes a frame of any size into one reusable buffer: begin, data units, finish.
///
/// The buffer belongs to the writer and is used again by the next `begin`; once it has grown to the largest
/// frame nothing is allocated. More user data than 16383 bytes is our bug (checked): ask `room()` first.
#pragma once
#include <vector>

#include "protocols/gdw3761/formats.hpp"
#include "protocols/gdw3761/frame.hpp"
#include "protocols/gdw3761/points.hpp"

namespace gdw3761 {
class FrameWriter {
 public:
  void begin(Control control, TerminalAddress address, Afn afn, Sequence sequence);
  void unit(UnitId id) {
    const auto out = grow(UnitId::width);
    out[0] = id.da1, out[1] = id.da2, out[2] = id.dt1, out[3] = id.dt2;
  }
  void byte(std::uint8_t value) { grow(1)[0] = value; }
  void bytes(core::Bytes more);
  void little_endian(std::uint64_t value, std::size_t width);
  void number(NumberFormat format, std::int64_t value) { put_number(format, grow(format.bytes), value); }
  /// `width` bytes EE.
  void missing(std::size_t width);
  /// The next `width` bytes, for the caller to fill at once.
  std::span<std::uint8_t> grow(std::size_t width) {
    if (size_ + width > buffer_.size()) [[unlikely]]
      reserve_more(width);
    size_ += width;
    return std::span<std::uint8_t>(buffer_.data() + size_ - width, width);
  }
  /// Bytes that still fit into this frame, with room kept for AUX.
  std::size_t room() const;
  /// Appends what AUX must hold (PW, sixteen zeros, downwards where the AFN has one; EC where ACD
  /// says so; Tp if given), sums and ends the
  /// frame. `time_label` must agree with the sequence byte (checked). The bytes are valid until the next
  /// `begin`.
  core::Bytes finish(const std::optional<TimeLabel>& time_label = std::nullopt,
                     std::array<std::uint8_t, 2> event_counters = {0, 0});

 private:
  void reserve_more(std::size_t width);
  std::vector<std::uint8_t> buffer_;  ///< its size is what has been reserved; `size_` bytes are in use
  std::size_t size_ = 0;
  Control control_;
  Afn afn_ = Afn::confirm;
  Sequence sequence_;
};
}  // namespace gdw3761
