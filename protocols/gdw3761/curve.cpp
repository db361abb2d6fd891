#include "protocols/gdw3761/curve.hpp"

namespace gdw3761 {
void put_curve_time(std::span<std::uint8_t> out, const CurveTime& time) {
  put_minute_time(out, time.start);
  out[5] = time.density;
  out[6] = time.count;
}

std::optional<CurveTime> curve_time_at(core::Bytes bytes) {
  if (bytes.size() < CurveTime::width) return std::nullopt;
  const auto start = minute_time_at(bytes.first(minute_time_bytes));
  if (!start) return std::nullopt;
  return CurveTime{*start, bytes[5], bytes[6]};
}

void begin_curve_request(FrameWriter& writer, TerminalAddress to, unsigned counter) {
  writer.begin(control::request_class2, to, Afn::history_data, Sequence::single(counter));
}

void curve_request_unit(FrameWriter& writer, UnitId unit, const CurveTime& time) {
  writer.unit(unit);
  put_curve_time(writer.grow(CurveTime::width), time);
}

void CurveWriter::begin(TerminalAddress from, unsigned counter, bool has_events) {
  const Control up{static_cast<std::uint8_t>(control::answer_data.byte | (has_events ? 0x20 : 0x00))};
  writer_.begin(up, from, Afn::history_data, Sequence::single(counter));
}
}  // namespace gdw3761
