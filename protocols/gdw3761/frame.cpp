#include "protocols/gdw3761/frame.hpp"

#include "protocols/byte_sum.hpp"

namespace gdw3761 {
namespace {
constexpr std::size_t head_bytes = 6;  // 68 L L 68

int pair(std::uint8_t byte) { return static_cast<int>(core::bcd_value(byte)); }

TimeLabel time_label_at(core::Bytes six_bytes) {
  return TimeLabel{six_bytes[0],       pair(six_bytes[1]), pair(six_bytes[2]),
                   pair(six_bytes[3]), pair(six_bytes[4]), six_bytes[5]};
}

/// Takes AUX off the end of the units. A frame too short for the AUX that its flags promise is taken as it
/// stands: some terminals set flags and send nothing.
void take_auxiliary(FrameView& view) {
  core::Bytes& units = view.units;
  const auto take = [&](std::size_t width) {
    const core::Bytes part = units.last(width);
    units = units.first(units.size() - width);
    return part;
  };
  if (view.sequence.has_time_label() && units.size() >= time_label_bytes) {
    view.time_label = time_label_at(take(time_label_bytes));
  }
  if (view.control.has_events() && units.size() >= event_counter_bytes) {
    const core::Bytes counters = take(event_counter_bytes);
    view.event_counters = std::array<std::uint8_t, 2>{counters[0], counters[1]};
  }
  if (!view.control.is_up() && has_password(view.afn) && units.size() >= password_bytes) {
    view.password = take(password_bytes);
  }
}
}  // namespace

framing::Judgement FrameRule::judge(core::Bytes bytes) {
  using framing::Judgement;
  if (bytes.size() < head_bytes) {
    // Length fields that already differ cannot become a frame, however many bytes come.
    if (bytes.size() >= 5 && (bytes[1] != bytes[3] || bytes[2] != bytes[4]))
      return Judgement::bad(core::Fault::bad_start);
    return Judgement::unfinished(head_bytes);
  }
  if (bytes[5] != start_byte || bytes[1] != bytes[3] || bytes[2] != bytes[4]) {
    return Judgement::bad(core::Fault::bad_start);
  }
  const std::size_t user_bytes = static_cast<std::size_t>(bytes[1] | bytes[2] << 8) >> 2;
  if (user_bytes < user_bytes_min) return Judgement::bad(core::Fault::bad_length);
  const std::size_t total = head_bytes + user_bytes + 2;
  if (bytes.size() < total) return Judgement::unfinished(total);
  if (bytes[total - 1] != end_byte) return Judgement::bad(core::Fault::bad_end);
  if (framing::byte_sum(bytes.subspan(head_bytes, user_bytes)) != bytes[total - 2]) {
    return Judgement::bad(core::Fault::bad_checksum);
  }
  return Judgement::good(total);
}

core::Result<FrameView> decode(core::Bytes bytes) {
  if (bytes.empty()) return core::Fault::incomplete;
  if (bytes[0] != start_byte) return core::Fault::bad_start;
  const auto judgement = FrameRule::judge(bytes);
  if (judgement.kind == framing::Judgement::Kind::unfinished) return core::Fault::incomplete;
  if (judgement.kind == framing::Judgement::Kind::bad) return judgement.fault;
  FrameView view;
  view.raw = bytes.first(judgement.length);
  const core::Bytes user = view.raw.subspan(head_bytes, judgement.length - head_bytes - 2);
  view.control.byte = user[0];
  view.address.region_code = static_cast<std::uint16_t>(user[1] | user[2] << 8);
  view.address.terminal = static_cast<std::uint16_t>(user[3] | user[4] << 8);
  view.address.is_group = (user[5] & 1) != 0;
  view.address.master = user[5] >> 1;
  view.afn = static_cast<Afn>(user[6]);
  view.sequence.byte = user[7];
  view.units = user.subspan(user_bytes_min);
  take_auxiliary(view);
  return view;
}
}  // namespace gdw3761
