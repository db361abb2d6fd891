/// AFN 0D F101: the curve of the forward active total register, the frame that carries a utility's readings.
///
/// Request: unit, then Td_c = A.15 start, density, count. Answer: unit, and for each of its points Td_c and
/// `count` values of A.11 (XXXXXX.XX kWh, four bytes); EE EE EE EE where the concentrator has none. Up to
/// eight points in a unit. Hot both ways: the concentrator writes through CurveWriter, the head-end walks
/// with `each_curve`. No allocation.
#pragma once
#include "core/units.hpp"
#include "protocols/bcd.hpp"
#include "protocols/gdw3761/writer.hpp"

namespace gdw3761 {
inline constexpr int curve_fn = 101;
inline constexpr std::uint8_t density_15min = 1, density_30min = 2, density_60min = 3, density_5min = 254,
                              density_1min = 255;
/// Minutes between values; 0 = unknown density.
constexpr int density_minutes(std::uint8_t density) {
  switch (density) {
    case density_15min:
      return 15;
    case density_30min:
      return 30;
    case density_60min:
      return 60;
    case density_5min:
      return 5;
    case density_1min:
      return 1;
    default:
      return 0;
  }
}
/// Td_c, seven bytes.
struct CurveTime {
  static constexpr std::size_t width = 7;
  core::CivilTime start;
  std::uint8_t density = density_15min;
  std::uint8_t count = 1;
};
void put_curve_time(std::span<std::uint8_t> out, const CurveTime& time);
std::optional<CurveTime> curve_time_at(core::Bytes seven_bytes);

/// A request for several groups of points, one unit each: begin, `curve_request_unit` for each, finish.
void begin_curve_request(FrameWriter& writer, TerminalAddress to, unsigned counter);
void curve_request_unit(FrameWriter& writer, UnitId unit, const CurveTime& time);
/// `visit(UnitId, const CurveTime&)` for each unit of a request. Errors: unexpected_answer, bad_length,
/// bad_field.
template <class Visit>
core::Result<void> each_curve_request(const FrameView& frame, Visit&& visit);

/// Writes answers: begin(); group(); then for each of its points point() and count x value() or missing().
class CurveWriter {
 public:
  explicit CurveWriter(FrameWriter& writer) : writer_(writer) {}
  void begin(TerminalAddress from, unsigned counter, bool has_events = false);
  /// Points 8 x group + 1 + bit.
  void group(int group, std::uint8_t mask) { writer_.unit(UnitId::of_group(group, mask, curve_fn)); }
  /// The same time for every point: make it once with `put_curve_time`.
  void point(core::Bytes seven_bytes) { writer_.bytes(seven_bytes); }
  void value(core::CentiKilowattHours energy) {
    framing::put_bcd_4_bytes(writer_.grow(4), static_cast<std::uint32_t>(energy.count() % 100'000'000));
  }
  void missing() { writer_.missing(4); }
  /// What a group of `points` with `count` values each takes, to be held against `writer.room()`.
  static constexpr std::size_t group_bytes(int points, int count) {
    return UnitId::width +
           static_cast<std::size_t>(points) * (CurveTime::width + 4u * static_cast<std::size_t>(count));
  }
  FrameWriter& writer() { return writer_; }

 private:
  FrameWriter& writer_;
};

/// One point's values in an answer.
struct Curve {
  int point = 0;
  core::Bytes time_bytes;  ///< the seven bytes of Td_c as sent, cheap to compare
  CurveTime time;
  core::Bytes values;  ///< time.count x 4 bytes
  /// Nothing where missing or not a number.
  std::optional<core::CentiKilowattHours> value(std::size_t i) const {
    const auto number = framing::number_at_4_bytes(values.subspan(4 * i, 4));
    if (!number) return std::nullopt;
    return core::CentiKilowattHours(std::int64_t{*number});
  }
};
/// `visit(const Curve&)` for each point of an answer, in the order sent. Errors: as `each_curve_request`;
/// what was visited before an error stays visited.
template <class Visit>
core::Result<void> each_curve(const FrameView& frame, Visit&& visit);
}  // namespace gdw3761

#include "protocols/gdw3761/curve_walk.ipp"
