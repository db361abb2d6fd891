// The loops of curve.hpp, kept out of the reader's way.
#pragma once

namespace gdw3761 {
template <class Visit>
core::Result<void> each_curve_request(const FrameView& frame, Visit&& visit) {
  if (frame.afn != Afn::history_data || frame.control.is_up()) return core::Fault::unexpected_answer;
  core::Bytes rest = frame.units;
  while (!rest.empty()) {
    if (rest.size() < UnitId::width + CurveTime::width) return core::Fault::bad_length;
    const UnitId unit = UnitId::at(rest);
    if (unit.function() != curve_fn) return core::Fault::unexpected_answer;
    const auto time = curve_time_at(rest.subspan(UnitId::width, CurveTime::width));
    if (!time) return core::Fault::bad_field;
    visit(unit, *time);
    rest = rest.subspan(UnitId::width + CurveTime::width);
  }
  return {};
}

template <class Visit>
core::Result<void> each_curve(const FrameView& frame, Visit&& visit) {
  if (frame.afn != Afn::history_data || !frame.control.is_up()) return core::Fault::unexpected_answer;
  core::Bytes rest = frame.units;
  Curve curve;
  while (!rest.empty()) {
    if (rest.size() < UnitId::width) return core::Fault::bad_length;
    const UnitId unit = UnitId::at(rest);
    if (unit.function() != curve_fn || unit.is_every_point()) return core::Fault::unexpected_answer;
    rest = rest.subspan(UnitId::width);
    for (int bit = 0; bit < 8; ++bit) {
      if ((unit.da1 >> bit & 1) == 0) continue;
      if (rest.size() < CurveTime::width) return core::Fault::bad_length;
      const core::Bytes time_bytes = rest.first(CurveTime::width);
      // Most points of a frame share one time: reading it once saves two thirds of the walk.
      if (curve.time_bytes.empty() ||
          !std::equal(time_bytes.begin(), time_bytes.end(), curve.time_bytes.begin())) {
        const auto time = curve_time_at(time_bytes);
        if (!time) return core::Fault::bad_field;
        curve.time = *time;
      }
      curve.time_bytes = time_bytes;
      const std::size_t value_bytes = 4u * curve.time.count;
      if (rest.size() < CurveTime::width + value_bytes) return core::Fault::bad_length;
      curve.point = unit.da2 == 0 ? 0 : (unit.da2 - 1) * 8 + bit + 1;
      curve.values = rest.subspan(CurveTime::width, value_bytes);
      rest = rest.subspan(CurveTime::width + value_bytes);
      visit(static_cast<const Curve&>(curve));
    }
  }
  return {};
}
}  // namespace gdw3761
