/// Thieves who watch the inspectors (models/theft/adaptive_thief.hpp), at work on the meters of an area.
///
/// Such a thief plans week by week, from the beginning of his window on: which share of each quarter hour
/// passes around the meter. At each week's end he learns whether an inspector came to this meter, and truth
/// is told "thief-adapted" with the share that he means to take from now on (ppm) and his way ("steady",
/// "night", "drift", "random", "lies low", "gave up"). What an inspector finds he takes off; then the thief
/// has nothing on until the week is over. Errors: none. Randomness: Purpose::adaptive_thief by (seed, meter,
/// quarter hour of the window). Time: weeks of 7 x 24 h; nights by the area's offset at the run's beginning.
#pragma once
#include <map>
#include <span>
#include <vector>

#include "models/area_setup.hpp"
#include "models/meter/meter.hpp"
#include "models/theft/adaptive_thief.hpp"

namespace model {
class AdaptiveFaults {
 public:
  AdaptiveFaults(const AreaSetup& setup, std::span<Meter> meters, MeterHappenings& happened,
                 TruthSink& truth);

  /// The next end of a week; `core::never` if nobody is at work.
  core::Instant next() const;
  /// That one thing.
  void advance();
  /// Range: fault `number` of the setup is of kind theft_adaptive.
  void begin(std::size_t number, core::Instant at);
  void end(std::size_t number, core::Instant at);
  /// Is something on at `at` that an inspector would see?
  bool is_taking(std::size_t number, core::Instant at) const;
  /// An inspector was here, and took off what he found.
  void visited(std::size_t number, core::Instant at);

 private:
  struct AtWork {
    theft::AdaptiveThief thief;
    std::int64_t first_quarter = 0;  ///< of the window
    core::Instant week_ends{};
    std::shared_ptr<const QuarterSeries> plan;
    bool was_visited = false;
    bool is_taken_off = false;
  };
  Meter& meter(std::size_t number) { return meters_[setup_.faults[number].meter - setup_.first_meter]; }
  void begin_week(std::size_t number, core::Instant at);
  std::shared_ptr<const QuarterSeries> plan_of(const AtWork& work, core::Instant from) const;

  const AreaSetup& setup_;
  std::span<Meter> meters_;
  MeterHappenings& happened_;
  TruthSink& truth_;
  std::map<std::size_t, AtWork> at_work_;  ///< by fault
};
}  // namespace model
