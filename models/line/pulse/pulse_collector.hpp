/// A pulse collector: counts the closings of a contact for electricity, water or gas, and is fooled by them.
///
/// The meter turns; its contact closes once per pulse for `width`, chatters when it closes, is missed now and
/// then, and long cables catch spikes. The collector takes a closing for a pulse when it lasts as long as its
/// filter:
///     counted per pulse = (1 - missed) [width >= filter] + chatters P(chatter >= filter) + spikes P(spike >=
///     filter) P(x >= filter) = max(0, 1 - filter / longest), lengths being uniform in (0, longest)
/// so a filter longer than the chatter and shorter than the pulse counts right. What is shown:
///     reading = initial + counted / pulses per unit
/// Widths: 80 ms is usual for electricity, at least 30 ms [IEC 62053-31, 30 ms <= t_on]; reed contacts of
/// water and gas meters close for a fraction of a turn; chatter of a few ms [makers' data]. Unit: pulses, ms.
/// Errors: none; truth is counted beside. Randomness: pulse_contact by (contact, pulse). Time: none: pulses
/// come as they come.
#pragma once
#include <cstdint>

#include "core/random.hpp"

namespace model {
enum class Medium : unsigned char { electricity, water, gas };

struct PulseContact {
  Medium medium = Medium::electricity;
  int pulses_per_unit = 1'200;  ///< a kWh, a cubic metre
  double width_ms = 80;
  double chatter_ms_max = 4;  ///< a bounce is shorter
  int chatters = 2;           ///< bounces per closing
  core::Ratio missed{0, 1};   ///< closings that do not come about
  core::Ratio spike{0, 1};    ///< per pulse, a spike on the cable
  double spike_ms_max = 2;

  static PulseContact electricity() { return {}; }
  static PulseContact water() { return {Medium::water, 100, 250, 8, 3, {1, 10'000}, {0, 1}, 2}; }
  static PulseContact gas() { return {Medium::gas, 100, 200, 5, 2, {1, 10'000}, {0, 1}, 2}; }
};

class PulseCollector {
 public:
  PulseCollector(const PulseContact& contact, double filter_ms, std::int64_t initial_units,
                 std::uint64_t seed, std::uint32_t entity);

  /// The meter has made so many pulses more.
  void turn(std::uint64_t pulses);
  /// Power is gone for so many of them: the meter turns on, nobody counts.
  void turn_unseen(std::uint64_t pulses) { true_pulses_ += pulses; }

  std::uint64_t true_pulses() const { return true_pulses_; }
  std::uint64_t counted() const { return counted_; }
  std::uint64_t missed() const { return missed_; }
  std::uint64_t bounced() const { return bounced_; }  ///< chatters taken for pulses
  std::uint64_t spikes() const { return spikes_; }    ///< spikes taken for pulses
  /// Whole thousandths of a unit, initial value included, rounded down.
  std::int64_t shown_milli_units() const;
  std::int64_t true_milli_units() const;

 private:
  std::int64_t milli_units(std::uint64_t pulses) const;
  PulseContact contact_;
  double filter_ms_;
  std::int64_t initial_units_;
  core::RandomStream draws_;
  std::uint64_t true_pulses_ = 0, counted_ = 0, missed_ = 0, bounced_ = 0, spikes_ = 0, drawn_ = 0;
};
}  // namespace model
