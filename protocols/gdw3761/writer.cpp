#include "protocols/gdw3761/writer.hpp"

#include <algorithm>
#include <cstring>

#include "protocols/byte_sum.hpp"

namespace gdw3761 {
namespace {
constexpr std::size_t head_bytes = 6;
constexpr std::size_t auxiliary_bytes_max = password_bytes + event_counter_bytes + time_label_bytes;
constexpr std::uint8_t protocol_bits = 0x02;  // 10b: Q/GDW 376.1
}  // namespace

void FrameWriter::begin(Control control, TerminalAddress address, Afn afn, Sequence sequence) {
  control_ = control;
  afn_ = afn;
  sequence_ = sequence;
  size_ = 0;
  const auto head = grow(head_bytes + user_bytes_min);
  head[6] = control.byte;
  head[7] = static_cast<std::uint8_t>(address.region_code);
  head[8] = static_cast<std::uint8_t>(address.region_code >> 8);
  head[9] = static_cast<std::uint8_t>(address.terminal);
  head[10] = static_cast<std::uint8_t>(address.terminal >> 8);
  head[11] = static_cast<std::uint8_t>(address.master << 1 | (address.is_group ? 1 : 0));
  head[12] = static_cast<std::uint8_t>(afn);
  head[13] = sequence.byte;
}

void FrameWriter::bytes(core::Bytes more) {
  const auto out = grow(more.size());
  std::copy(more.begin(), more.end(), out.begin());
}

void FrameWriter::little_endian(std::uint64_t value, std::size_t width) {
  const auto out = grow(width);
  for (std::size_t i = 0; i < width; ++i) out[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

void FrameWriter::missing(std::size_t width) {
  const auto out = grow(width);
  std::fill(out.begin(), out.end(), missing_byte);
}

void FrameWriter::reserve_more(std::size_t width) {
  METERTWIN_CHECK(size_ + width <= frame_bytes_max, size_, width);
  buffer_.resize(std::min(frame_bytes_max, std::max<std::size_t>(256, 2 * (size_ + width))));
}

std::size_t FrameWriter::room() const {
  const std::size_t used = size_ - head_bytes + auxiliary_bytes_max;
  return used >= user_bytes_max ? 0 : user_bytes_max - used;
}

core::Bytes FrameWriter::finish(const std::optional<TimeLabel>& time_label,
                                std::array<std::uint8_t, 2> event_counters) {
  METERTWIN_CHECK(time_label.has_value() == sequence_.has_time_label(), static_cast<int>(sequence_.byte));
  if (!control_.is_up() && has_password(afn_)) {
    const auto out = grow(password_bytes);
    std::fill(out.begin(), out.end(), std::uint8_t{0});
  }
  if (control_.has_events()) bytes(event_counters);
  if (time_label) {
    const auto out = grow(time_label_bytes);
    out[0] = time_label->frame_counter;
    out[1] = core::bcd_byte(static_cast<unsigned>(time_label->second));
    out[2] = core::bcd_byte(static_cast<unsigned>(time_label->minute));
    out[3] = core::bcd_byte(static_cast<unsigned>(time_label->hour));
    out[4] = core::bcd_byte(static_cast<unsigned>(time_label->day));
    out[5] = static_cast<std::uint8_t>(time_label->delay_min);
  }
  const std::size_t user_bytes = size_ - head_bytes;
  METERTWIN_CHECK(user_bytes <= user_bytes_max, user_bytes);
  const auto length = static_cast<std::uint16_t>(user_bytes << 2 | protocol_bits);
  buffer_[0] = buffer_[5] = start_byte;
  buffer_[1] = buffer_[3] = static_cast<std::uint8_t>(length);
  buffer_[2] = buffer_[4] = static_cast<std::uint8_t>(length >> 8);
  const std::uint8_t sum = framing::byte_sum(core::Bytes(buffer_).subspan(head_bytes, user_bytes));
  byte(sum);
  byte(end_byte);
  return core::Bytes(buffer_).first(size_);
}
}  // namespace gdw3761
