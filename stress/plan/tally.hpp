/// The counts of the running stage, and of what reaches over from the one before.
///
/// Offers of earlier stages (their intended time lies before the stage's) and frames sent while draining
/// count in no stage any more, but their answers show in the seconds. Sums hold at the end of a stage:
/// intended = sent + held_back and sent = acknowledged + refused + unanswered.
#pragma once
#include <string>

#include "stress/fleet/delivery.hpp"
#include "stress/plan/stage_plan.hpp"

namespace stress {
class Tally {
 public:
  void begin(const StagePlan& stage, Instant from);
  bool is_of_stage(const InFlight& entry) const { return is_running_ && entry.intended >= record_.from; }

  void sent(const InFlight& entry);
  void held_back(std::uint32_t readings);
  void confirmed(const InFlight& entry, Instant now);
  /// `why` is counted among the errors.
  void refused(const InFlight& entry, const char* why);
  /// The connection ended, or the answer was passed over: `why` is counted among the errors.
  void unanswered(const InFlight& entry, const char* why);
  void slipped(Duration slip);
  void error(const std::string& kind);

  /// Reports of this stage that are neither confirmed nor refused nor given up.
  std::uint64_t open_offers() const { return open_offers_; }
  std::uint64_t in_flight() const { return in_flight_; }
  std::uint64_t acknowledged_ever() const { return acknowledged_ever_; }
  bool is_running() const { return is_running_; }
  StageRecord& record() { return record_; }
  void close_second(Instant now);
  StageRecord end(Instant now);

 private:
  StageRecord record_;
  bool is_running_ = false;
  std::uint64_t open_offers_ = 0, in_flight_ = 0, acknowledged_ever_ = 0;
  TrafficSecond second_;
  core::Histogram second_ns_;
};
}  // namespace stress
