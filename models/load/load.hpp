/// What a customer draws from the network: active and reactive power as steps on whole seconds.
///
/// A load is a pure function of (seed, home, time): asking twice, late or in another order gives the same
/// answer, so a meter may be left alone for an hour and asked later. The kinds that a city is made of share
/// one small value type without virtual calls; what else draws or feeds (demand.hpp, the head of a network)
/// comes as a `PowerSource`. Unit: mW, mvar, mV. Range: -100..100 kW, negative: fed in; a network's head up
/// to 2 MW. Errors: none. Randomness: addressed by (seed, home). Time: true time.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/ratio.hpp"
#include "core/units.hpp"

namespace model {
/// Power that does not change in [from, till), both in milliseconds since 1970 and multiples of a second.
struct LoadSegment {
  std::int64_t from_ms = 0;
  std::int64_t till_ms = 0;
  core::Milliwatts power{0};
  core::Millivars reactive{0};
};

/// A measured or published day of one customer, repeated every day: step k holds from k x step to (k + 1) x
/// step after local midnight. Shared by everybody who uses it.
struct LoadProfile {
  std::chrono::seconds step{60};
  std::vector<std::int32_t> power_mW;  ///< 24 h / step values
};

/// What a home's draws start from.
struct HomeSeed {
  std::uint64_t seed = 0;   ///< of the scenario
  std::uint32_t home = 0;   ///< the meter's id
  core::Ratio scale{1, 1};  ///< homes smaller than the model's mean
  std::chrono::seconds utc_offset{8 * 3600};
};

/// Power that somebody else works out, in steps.
class PowerSource {
 public:
  virtual ~PowerSource() = default;
  /// The step that holds `at_ms`, as `Load::segment_at`.
  virtual LoadSegment segment_at(std::int64_t at_ms) const = 0;
};

class Load {
 public:
  /// Nobody at home and nothing plugged in.
  Load() = default;
  static Load constant(core::Milliwatts power, core::Ratio power_factor = {95, 100});
  /// A dwelling of 5..12 kWh a day as a rule, with seasons, weekends, an evening peak and appliances
  /// (household.hpp).
  static Load household(const HomeSeed& home);
  /// `profile` x `scale`, at a fixed power factor, in local time of a fixed offset from UTC.
  static Load repeated(std::shared_ptr<const LoadProfile> profile, core::Ratio power_factor,
                       std::chrono::seconds utc_offset = std::chrono::hours(8), core::Ratio scale = {1, 1});
  /// Whatever `source` says; `place` decides the voltage where no network is computed.
  static Load from(std::shared_ptr<const PowerSource> source, const HomeSeed& place);

  /// The step that holds the instant `at_ms` (milliseconds since 1970). Range: 1970 onwards.
  LoadSegment segment_at(std::int64_t at_ms) const;
  /// Supply voltage at the customer's terminals: 220 V nominal with a slow sag and swing of a few per cent.
  core::Millivolts voltage_at(std::int64_t at_ms) const;

 private:
  enum class Kind : std::uint8_t { nothing, constant, household, repeated, source };
  LoadSegment household_segment(std::int64_t at_ms) const;
  LoadSegment repeated_segment(std::int64_t at_ms) const;
  void remember_day(std::int64_t local_day) const;

  std::shared_ptr<const LoadProfile> profile_;
  std::shared_ptr<const PowerSource> source_;
  std::uint64_t seed_ = 0;
  std::int64_t level_ = 0;  ///< constant: mW; household: size x 2^16; repeated: scale x 2^16
  std::uint32_t home_ = 0;
  std::int32_t reactive_q16_ = 0;  ///< tan phi x 2^16
  std::int32_t utc_offset_s_ = 0;
  // A memory, not a state: the same values come without it, once a day they are drawn anew.
  mutable std::int32_t day_ = -1;
  mutable std::int32_t day_level_q16_ = 0;
  mutable std::int8_t day_row_ = 0;
  Kind kind_ = Kind::nothing;
};
}  // namespace model
