/// The injected faults of one area: when each begins and ends, what is wrong at a given moment, and what
/// truth is told.
///
/// Windows may overlap. Each begins and ends with an event; when it ends and did have an effect,
/// "fault-struck" follows with the count of what it hit. Errors: none. Randomness: none. Time: edges in order
/// of (instant, ends before begins, number).
#pragma once
#include <deque>

#include "models/area_setup.hpp"
#include "models/collector/concentrator.hpp"
#include "models/line/rs485/line.hpp"

namespace model {
class AreaFaults {
 public:
  AreaFaults(const AreaSetup& setup, std::span<Meter> meters, MeterHappenings& happened,
             std::deque<Rs485Line>& lines, Concentrator& concentrator, TruthSink& truth);

  core::Instant next() const { return position_ < edges_.size() ? edges_[position_].at : core::never; }
  /// The one edge due at `next()`.
  void advance();

 private:
  struct Edge {
    core::Instant at{};
    std::size_t fault = 0;
    bool is_begin = false;
  };
  void apply(const FaultWindow& fault, core::Instant at, bool is_begin);
  void change_supply(const FaultWindow& fault, core::Instant at, int step);
  void change_deafness(const FaultWindow& fault, int step);
  void change_concentrator(core::Instant at);
  void refresh_noise();
  std::uint64_t struck_so_far(const FaultWindow& fault) const;
  void tell(const FaultWindow& fault, core::Instant at, std::string kind, std::int64_t value = 0);
  template <class Visit>
  void each_meter(const FaultWindow& fault, Visit&& visit);

  const AreaSetup& setup_;
  std::span<Meter> meters_;
  MeterHappenings& happened_;
  std::deque<Rs485Line>& lines_;
  Concentrator& concentrator_;
  TruthSink& truth_;
  std::vector<Edge> edges_;
  std::size_t position_ = 0;
  std::vector<char> is_active_;        ///< by fault
  std::vector<std::uint64_t> struck_;  ///< by fault: count at its beginning
  std::vector<std::uint8_t> outages_,
      deafness_;  ///< by meter: windows that hold it down; empty if there is none
  int concentrator_downs_ = 0;
};
}  // namespace model
