/// The estate of a stress run, as a few numbers: who exists, what everybody is called and what every register
/// shows.
///
/// The generator's fleet and the head-end's customer file are both made from the same `EstatePlan`, so they
/// agree without a file between them:
///     meters 1 .. meters, "M000001", address 330100000000 + meter, account of the same number "A000001";
///     collectors 1 .. collectors(): first concentrators, then communication managers, each with the next
///     meters in order: `meters_per_concentrator`, or 59 behind a manager; points count from 1.
/// Pure: everything is a function of the plan. Errors: none. Randomness: Purpose::fleet_meter and
/// Purpose::fleet_jitter, addressed by (seed, meter, quarter). Time: quarters counted from `opens`.
#pragma once
#include <string>

#include "core/address.hpp"
#include "core/instant.hpp"
#include "core/random.hpp"

namespace stress {
using core::Duration;
using core::Instant;
using namespace std::chrono_literals;

inline constexpr Duration quarter_hour = 15min;
inline constexpr std::uint32_t meters_per_manager = 59;

/// One concentrator or manager and the meters behind it.
struct CollectorPlan {
  std::uint32_t id = 0;  ///< from 1: the ConcentratorId of the customer file
  bool is_manager = false;
  std::uint16_t region = 0;       ///< A1, 0..9999
  std::uint16_t number = 0;       ///< A2, 1..65535
  std::uint32_t first_meter = 0;  ///< its point 1; the following points are the following meters
  std::uint32_t meters = 0;
};

struct EstatePlan {
  std::uint32_t meters = 100'000;
  std::uint32_t meters_per_concentrator = 100;  ///< 1..2040
  std::uint32_t manager_permille = 0;           ///< share of meters that stand behind managers, 0..1000
  std::uint64_t seed = 1;
  Instant opens;  ///< a quarter hour; quarter 0. Long enough ago that no quarter sent lies in the future
  std::uint16_t region = 3301;

  std::uint32_t meters_behind_managers() const;
  std::uint32_t concentrators() const;
  std::uint32_t managers() const;
  std::uint32_t collectors() const { return concentrators() + managers(); }
  /// Range: position 0 .. collectors() - 1; its id is position + 1.
  CollectorPlan collector(std::uint32_t position) const;
  /// Position of the collector that `meter` is read by. Range: meter 1 .. meters.
  std::uint32_t collector_of(std::uint32_t meter) const;
  /// Measuring point at its collector, from 1.
  std::uint16_t point_of(std::uint32_t meter) const;
  static core::MeterAddress address_of(std::uint32_t meter) {
    return core::MeterAddress(330'100'000'000ull + meter);
  }
  static std::string meter_name(std::uint32_t meter);                 ///< "M000042"
  static std::string account_number(std::uint32_t meter);             ///< "A000042"
  static std::string collector_name(const CollectorPlan& collector);  ///< "C00017", managers "G00017"
  Instant due(std::uint32_t quarter) const { return opens + quarter * quarter_hour; }
};

/// How one meter's register grows.
struct MeterLaw {
  std::uint32_t base = 0;  ///< 0.01 kWh at quarter 0, without jitter; below 10^6
  std::uint32_t mean = 0;  ///< 0.01 kWh a quarter hour, 5..60
};
MeterLaw law_of(std::uint64_t seed, std::uint32_t meter);

/// What the register of `meter` shows at `quarter` (from `opens`): the truth that stored readings are held
/// against.
///     shown = base + mean x quarter + jitter(quarter), jitter uniform in 0 .. mean
/// so that each quarter hour adds 0 .. 2 x mean (at most 120, below any plausibility bound of a household).
/// Unit: 0.01 kWh. Range: below 10^8 for quarter < 1,600,000 (45 years).
inline std::uint32_t register_at(std::uint64_t seed, MeterLaw law, std::uint32_t meter,
                                 std::uint32_t quarter) {
  const core::RandomStream draws(seed, meter, core::Purpose::fleet_jitter);
  const std::uint64_t uniform = draws.block(quarter)[0];
  const auto jitter = static_cast<std::uint32_t>(uniform * (law.mean + 1) >> 32);
  return law.base + law.mean * quarter + jitter;
}
inline std::uint32_t register_at(std::uint64_t seed, std::uint32_t meter, std::uint32_t quarter) {
  return register_at(seed, law_of(seed, meter), meter, quarter);
}
}  // namespace stress
