/// Writes the reports of a fleet: which readings a collector's n-th frame holds, and its bytes.
///
/// A frame holds readings of one quarter hour: `readings_per_frame` points at most (59 for a manager), so a
/// quarter takes `parts` frames and
///     frame n = quarter first_quarter + n / parts, points from (n mod parts) x readings_per_frame + 1
/// The same number gives the same readings for ever: nothing is kept to send it again. Bytes as
/// docs/wire/uploads.md has them. One writer serves a whole fleet; its buffers are used again. Errors: none
/// but our own (checked). Randomness: only the registers (estate_plan.hpp). Time: none.
#pragma once
#include <vector>

#include "core/civil.hpp"
#include "protocols/gdw3761/writer.hpp"
#include "stress/fleet/estate_plan.hpp"

namespace stress {
struct FleetOptions {
  std::uint32_t readings_per_frame = 64;  ///< 1..1000; managers send at most 59
  std::uint32_t passed_on_permille = 0;   ///< concentrators that pass on their meters' own 645 answers, one a
                                          ///< frame, 0..1000
  std::uint32_t first_quarter = 0;        ///< where the reports begin, counted from `opens`
};

/// What one frame is about.
struct ReportPart {
  std::uint32_t quarter = 0;
  std::uint32_t first_point = 1;  ///< at the collector, from 1
  std::uint32_t points = 0;
};

/// What an abnormal report tells instead of the truth. Range: below 10^8, never equal to it.
constexpr std::uint32_t falsified(std::uint32_t truth) { return (truth + 50'000'000u) % 100'000'000u; }
inline constexpr std::uint32_t huge_register = 99'999'999;

class ReportWriter {
 public:
  ReportWriter(const EstatePlan& estate, const FleetOptions& options);

  const EstatePlan& estate() const { return estate_; }
  const FleetOptions& options() const { return options_; }
  /// Frames a quarter hour takes.
  std::uint32_t parts_of(const CollectorPlan& collector) const;
  /// Its reports are its meters' own frames.
  bool passes_on(const CollectorPlan& collector) const;
  ReportPart part_of(const CollectorPlan& collector, std::uint32_t frame) const;
  /// The frame that holds the reading of `point` at `quarter`. Range: quarter >= first_quarter.
  std::uint32_t frame_of(const CollectorPlan& collector, std::uint32_t quarter, std::uint32_t point) const {
    const std::uint32_t each = passes_on(collector) ? 1 : options_.readings_per_frame;
    return (quarter - options_.first_quarter) * parts_of(collector) + (point - 1) / each;
  }
  std::size_t bytes() const { return laws_.size() * sizeof(MeterLaw); }
  std::uint32_t truth(std::uint32_t meter, std::uint32_t quarter) const {
    return register_at(estate_.seed, laws_[meter], meter, quarter);
  }

  /// Appends frame `frame`; `tag` is the counter (0..15) or the transaction. Answers how many readings it
  /// holds.
  std::uint32_t put_report(const CollectorPlan& collector, std::uint32_t frame, std::uint16_t tag,
                           std::vector<std::uint8_t>& out);
  /// What values a frame tells.
  enum class Telling { truth, falsified, huge };
  /// Appends a concentrator's curve report of any quarter, also of ones outside the run.
  void put_curve(const CollectorPlan& collector, const ReportPart& part, Instant due, unsigned counter,
                 Telling telling, std::vector<std::uint8_t>& out);
  /// Login or heartbeat of a concentrator; the first transaction of a manager.
  void put_login(const CollectorPlan& collector, std::uint16_t tag, std::vector<std::uint8_t>& out);
  void put_heartbeat(const CollectorPlan& collector, unsigned counter, std::vector<std::uint8_t>& out);

  gdw3761::FrameWriter& frames() { return frames_; }

 private:
  void put_passed_on(const CollectorPlan& collector, const ReportPart& part, unsigned counter,
                     std::vector<std::uint8_t>& out);
  void put_upload(const CollectorPlan& collector, const ReportPart& part, std::uint16_t transaction,
                  std::vector<std::uint8_t>& out);
  const core::CivilTime& civil(Instant due);

  EstatePlan estate_;
  FleetOptions options_;
  core::Zone zone_;
  std::vector<MeterLaw> laws_;  ///< by meter; row 0 is nobody's
  gdw3761::FrameWriter frames_;
  Instant civil_of_ = core::never;
  core::CivilTime civil_;  ///< of `civil_of_`: most frames of a time share one
};

/// The head-end's Modbus windows (docs/wire/uploads.md).
inline constexpr std::uint16_t hello_register = 0x0F00, upload_register = 0x1000;
inline constexpr std::uint8_t manager_unit = 255;
}  // namespace stress
