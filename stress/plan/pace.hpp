/// When each frame of a stage is due and whose turn it is.
///
/// The reading number n of a step of rate r is due at
///     step's start + n / r
/// and a frame when its first reading is: exact in whole nanoseconds, without drift. Turns go round the
/// collectors so that each sends a whole quarter hour in a lap, its frames as far apart as they can be.
/// Pure. Range: rates below 2^32 a second. Errors, randomness: none.
#pragma once
#include <vector>

#include "stress/fleet/report_writer.hpp"
#include "stress/plan/stage_plan.hpp"

namespace stress {
class Pace {
 public:
  Pace() = default;
  Pace(std::vector<RateStep> rates, Instant from);
  /// When the next reading is due; `core::never` behind the last.
  Instant next() const { return next_; }
  void advance(std::uint32_t readings);

 private:
  void settle();
  std::vector<RateStep> rates_;
  std::size_t step_ = 0;
  Instant step_from_, next_ = core::never;
  std::uint64_t done_in_step_ = 0;
};

class Turns {
 public:
  struct Turn {
    std::uint32_t collector = 0;
    std::uint32_t readings = 0;
  };
  Turns(const ReportWriter& writer, const std::vector<CollectorPlan>& collectors);
  Turn take() {
    const Turn turn = lap_[at_];
    at_ = at_ + 1 == lap_.size() ? 0 : at_ + 1;
    return turn;
  }
  std::size_t bytes() const { return lap_.size() * sizeof(Turn); }

 private:
  std::vector<Turn> lap_;
  std::size_t at_ = 0;
};
}  // namespace stress
