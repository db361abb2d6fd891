/// Readings out of a pushed frame into the books, value by value, without allocation (docs/wire/uploads.md).
///
/// `Report` reads what concentrators push (Q/GDW 1376.1: curves of AFN 0D F101, or a meter's own DL/T 645
/// answer passed on by AFN 10), `Upload` what communication managers write (Modbus-TCP). A value is booked
/// under the point (or the address) and the time that the frame itself names. Errors: the frame is not what
/// it should be; what stood before the fault may have been booked, and is recognised when it comes again.
/// Time: the due instant is the frame's, in the head-end's zone. Randomness: none.
#pragma once
#include <array>
#include <optional>

#include "head-end/collect/desk.hpp"
#include "head-end/collect/ingest_statistics.hpp"
#include "protocols/gdw3761/curve.hpp"
#include "protocols/modbus/tcp.hpp"

namespace headend {
class Report {
 public:
  Report(Desk& desk, IngestStatistics& statistics) : desk_(desk), statistics_(statistics) {}
  core::Result<void> take(const ConcentratorArea& area, const gdw3761::FrameView& frame);

 private:
  core::Result<void> take_curves(const ConcentratorArea& area, const gdw3761::FrameView& frame);
  core::Result<void> take_passed_on(const ConcentratorArea& area, const gdw3761::FrameView& frame);
  /// Nothing for a time that is on no calendar.
  std::optional<Instant> due_of(const core::CivilTime& civil);

  Desk& desk_;
  IngestStatistics& statistics_;
  // Nearly all values of a second share one due instant: the calendar is asked once.
  std::optional<core::CivilTime> last_civil_;
  std::optional<Instant> last_due_;
};

/// The manager's windows of registers.
inline constexpr std::uint16_t identity_window = 0x0F00, upload_window = 0x1000;
inline constexpr std::size_t upload_head_registers = 4;
inline constexpr std::uint32_t upload_missing = 0xFFFF'FFFF;

class Upload {
 public:
  Upload(Desk& desk, IngestStatistics& statistics) : desk_(desk), statistics_(statistics) {}
  /// Range: `upload` is a write into `upload_window`.
  modbus::tcp::Exception take(const ConcentratorArea& area, const modbus::tcp::WriteRequest& upload);

 private:
  Desk& desk_;
  IngestStatistics& statistics_;
  std::optional<std::array<std::uint16_t, 3>> last_time_;
  Instant last_due_{};  ///< when there is a `last_time_`
};
}  // namespace headend
