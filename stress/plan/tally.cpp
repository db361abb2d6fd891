#include "stress/plan/tally.hpp"

#include <algorithm>

namespace stress {
void Tally::begin(const StagePlan& stage, Instant from) {
  record_ = {};
  record_.name = stage.name;
  record_.kind = stage.kind;
  record_.from = from;
  record_.till = from + stage.lasts();
  record_.offered_per_s = stage.mean_rate();
  is_running_ = true;
  open_offers_ = 0;
  second_ = {};
  second_ns_.clear();
}

void Tally::sent(const InFlight& entry) {
  ++in_flight_;
  if (!is_of_stage(entry)) return;
  ++open_offers_;
  ++record_.frames.intended;
  ++record_.frames.sent;
  record_.readings.intended += entry.readings;
  record_.readings.sent += entry.readings;
  second_.intended += entry.readings;
}

void Tally::held_back(std::uint32_t readings) {
  if (!is_running_) return;
  ++record_.frames.intended;
  ++record_.frames.held_back;
  record_.readings.intended += readings;
  record_.readings.held_back += readings;
  second_.intended += readings;
}

void Tally::confirmed(const InFlight& entry, Instant now) {
  --in_flight_;
  acknowledged_ever_ += entry.readings;
  second_.acknowledged += entry.readings;
  const std::int64_t took_ns = (now - entry.intended).count();
  second_ns_.add(took_ns);
  if (!is_of_stage(entry)) return;
  --open_offers_;
  ++record_.frames.acknowledged;
  record_.readings.acknowledged += entry.readings;
  record_.acknowledge_ns.add(took_ns);
}

void Tally::refused(const InFlight& entry, const char* why) {
  --in_flight_;
  second_.refused += entry.readings;
  if (!is_of_stage(entry)) return;
  --open_offers_;
  ++record_.frames.refused;
  record_.readings.refused += entry.readings;
  ++record_.errors[why];
}

void Tally::unanswered(const InFlight& entry, const char* why) {
  --in_flight_;
  if (!is_of_stage(entry)) return;
  --open_offers_;
  ++record_.frames.unanswered;
  record_.readings.unanswered += entry.readings;
  ++record_.errors[why];
}

void Tally::slipped(Duration slip) {
  if (!is_running_) return;
  record_.slip_ns.add(slip.count());
  second_.slip_max_ns = std::max<std::int64_t>(second_.slip_max_ns, slip.count());
}

void Tally::error(const std::string& kind) {
  if (is_running_) ++record_.errors[kind];
}

void Tally::close_second(Instant now) {
  second_.till = now;
  second_.in_flight_frames = in_flight_;
  second_.confirmed_frames = second_ns_.count();
  second_.p50_ns = second_ns_.quantile(0.5);
  second_.p99_ns = second_ns_.quantile(0.99);
  second_.max_ns = second_ns_.max();
  if (is_running_) record_.seconds.push_back(second_);
  second_ = {};
  second_ns_.clear();
}

StageRecord Tally::end(Instant now) {
  close_second(now);
  if (open_offers_ > 0) {
    // What is still in flight: its answer may come yet, but for this stage it came too late.
    record_.frames.unanswered += open_offers_;
    record_.readings.unanswered =
        record_.readings.sent - record_.readings.acknowledged - record_.readings.refused;
    record_.errors["unanswered within the grace"] += open_offers_;
  }
  open_offers_ = 0;
  is_running_ = false;
  return std::move(record_);
}
}  // namespace stress
