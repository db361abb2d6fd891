/// The injected faults of one area: when each begins and ends, what is wrong at a given moment, and what
/// truth is told.
///
/// Windows may overlap. Each begins and ends with an event; when it ends and did have an effect,
/// "fault-struck" stands before the end with the count of what it hit. A fault that waits for an event begins
/// anew after each such event within its window, unless it is on already. Errors: none. Randomness: none.
/// Time: edges in order of (instant, ends before begins, number).
#pragma once
#include <deque>

#include "models/area_grid.hpp"
#include "models/collector/carrier_field.hpp"
#include "models/collector/concentrator.hpp"
#include "models/fault/collector_faults.hpp"
#include "models/fault/line_faults.hpp"
#include "models/fault/meter_faults.hpp"
#include "models/line/rs485/line.hpp"

namespace model {
/// What of an area can be hurt.
struct FaultedParts {
  std::span<Meter> meters;
  MeterHappenings& happened;
  std::deque<Rs485Line>& lines;
  Concentrator& concentrator;
  CarrierField* carrier = nullptr;  ///< nullptr: pairs of RS-485 only
  AreaGrid* grid = nullptr;         ///< nullptr: no network is computed
};

class AreaFaults final : public MainsHolder {
 public:
  AreaFaults(const AreaSetup& setup, FaultedParts parts, TruthSink& truth);

  core::Instant next() const {
    const auto edge = position_ < edges_.size() ? edges_[position_].at : core::never;
    return std::min({edge, collector_.next(), meter_faults_.next()});
  }
  /// The one thing due at `next()`.
  void advance();

  /// Does a fault wait for events, so that the area must be told of them at their instants?
  static bool waits(const AreaSetup& setup);
  /// An inspector at a meter of the area: names what he sees of thefts and failures that are on, separated by
  /// commas, or "nothing", and puts an end to them; truth is told "inspected". Range: at >= the last edge.
  std::string inspect(MeterId meter, core::Instant at);

  /// Truth has been told this; instants not earlier than the last edge.
  void noticed(const TruthEvent& event);
  // The network no longer reaches somebody, or does again: one more reason to be without mains, or one less.
  void hold_meters(std::span<const Change> changes, core::Instant at) override;
  void hold_concentrator(bool is_dead, core::Instant at) override;

 private:
  struct Edge {
    core::Instant at{};
    std::size_t fault = 0;
    bool is_begin = false;
  };
  static bool is_before(const Edge& a, const Edge& b);
  void plan(Edge edge);
  void pass(Edge edge);
  void end_for_good(std::size_t number, core::Instant at);
  void apply(std::size_t number, core::Instant at, bool is_begin);
  void change_supply(const FaultWindow& fault, core::Instant at, int step);
  void hold_supply(std::size_t meter, core::Instant at, int step);
  void change_deafness(const FaultWindow& fault, core::Instant at, int step);
  void refresh_carrier(core::Instant at);
  void note_living(std::size_t meter, core::Instant at);
  std::uint64_t struck_so_far(std::size_t number) const;
  void tell(const FaultWindow& fault, core::Instant at, std::string_view kind, std::int64_t value = 0);
  template <class Visit>
  void each_meter(const FaultWindow& fault, Visit&& visit);

  const AreaSetup& setup_;
  FaultedParts parts_;
  TruthSink& truth_;
  CollectorFaults collector_;
  LineFaults line_faults_;
  MeterFaults meter_faults_;
  std::vector<Edge> edges_;  ///< in order; those before `position_` are done
  std::size_t position_ = 0;
  std::vector<char> is_active_;                ///< by fault
  std::vector<std::uint64_t> struck_;          ///< by fault: count at its beginning
  std::vector<std::uint64_t> supplies_taken_;  ///< by fault
  std::vector<char> is_over_;                  ///< by fault: an inspector has put an end to it
  std::vector<std::uint8_t> outages_,
      deafness_;  ///< by meter: reasons that hold it down; empty where there can be none
};

/// Passes everything on, and lets the area's faults see events as they are told.
class EventWatch final : public TruthSink {
 public:
  explicit EventWatch(TruthSink& next) : next_(next) {}
  void wire(AreaFaults& faults) { faults_ = &faults; }
  void sample(const TruthSample& sample) override { next_.sample(sample); }
  void event(const TruthEvent& event) override {
    next_.event(event);
    if (faults_ != nullptr) faults_->noticed(event);
  }

 private:
  TruthSink& next_;
  AreaFaults* faults_ = nullptr;
};
}  // namespace model
