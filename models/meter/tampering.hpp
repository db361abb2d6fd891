/// What was done to a meter, or what in it has failed: how much of what the customer draws its element sees.
///
/// Each way turns true power into seen power; several at once act one after the other, in the order in which
/// they began.
///     share lost (bypass, shunt, shorted current circuit, stuck register)   seen = (1 - share) P
///     magnet          saturates the current sensor: lost = share x min(1, |S| / (Un Ib))
///     reversed        current leads exchanged: seen = -P, counted by the reverse register
///     drift           lost grows evenly from 0 to share within the window, in steps of an hour
///     capped          seen = min(P, power)
///     wavering        lost is drawn anew each quarter hour, uniform in 0..share
///     unmetered       `power` is drawn before the element: passes, and is never seen
///     lends           a neighbour's sockets hang on this meter: it sees (and passes) share x other as well
///     lent            and the neighbour's own meter misses that share: it neither passes nor is seen there
///     phases swapped  voltage leads B and C of a three-phase meter exchanged, phases 120 degrees apart:
///                     seen = Pa + (Uc/Ub) (-Pb/2 + Qb sqrt(3)/2) + (Ub/Uc) (-Pc/2 - Qc sqrt(3)/2)
///     alternate days  share lost on every second local day, counted from that of `from_ms`
///     by quarter      the share lost is `series`, ppm by quarter hour (nothing lost outside of it)
///     told            seen = `series`, mW by quarter hour, whatever passes (all, outside of it)
/// Unit: mW, parts per million. Range: share 0..10^6 ppm. Errors: none. Randomness: wavering only,
/// Purpose::theft_injection by (seed, meter, quarter hour). Time: milliseconds since 1970.
#pragma once
#include <array>
#include <cstdint>
#include <memory>

#include "models/load/load.hpp"
#include "models/meter/mains.hpp"
#include "models/theft/quarter_series.hpp"

namespace model {
struct Tampering {
  enum class Way : std::uint8_t {
    share_lost,
    magnet,
    reversed,
    drift,
    capped,
    wavering,
    unmetered,
    lends,
    lent,
    phases_swapped,
    alternate_days,
    by_quarter,
    told
  };
  Way way = Way::share_lost;
  bool loses_voltage = false;  ///< the element has no voltage: the meter shows 0 V
  std::int32_t share_ppm = 1'000'000;
  core::Milliwatts power{0};  ///< capped, unmetered
  std::int64_t from_ms = 0;   ///< drift: the window
  std::int64_t till_ms = 0;
  std::uint64_t seed = 0;  ///< wavering
  std::uint32_t meter = 0;
  Load other{};                                   ///< lends
  std::int64_t utc_offset_ms = 0;                 ///< alternate days
  bool is_on_odd_days = false;                    ///< the second day, the fourth ...
  std::shared_ptr<const QuarterSeries> series{};  ///< by quarter, told
  std::shared_ptr<const Mains> mains{};           ///< phases swapped; the meter looks it up itself
};

/// One step of a load at a meter that was tampered with.
struct SeenSegment {
  LoadSegment passes;             ///< really, through the meter or around it
  core::Milliwatts unmetered{0};  ///< of this, what would also pass with the relay open
  core::Milliwatts power{0};      ///< as the element sees it; negative: the other way round
  core::Millivars reactive{0};
};
SeenSegment untouched(const LoadSegment& segment);
/// Of alternate days: is this one of its days?
bool is_on_today(const Tampering& tampering, std::int64_t at_ms);
/// What the elements of a three-phase meter measure when the voltage leads B and C are exchanged.
std::array<Mains::PhaseState, 3> with_b_and_c_exchanged(const Mains& mains);
/// Applies one more way. The step becomes shorter where the tampering changes within it.
void tamper(const Tampering& tampering, std::int64_t at_ms, SeenSegment& seen);
}  // namespace model
