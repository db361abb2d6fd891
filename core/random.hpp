/// Addressed randomness: a draw depends on (seed, entity, purpose, index), never on who asked first.
///
/// The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC11), a keyed bijection of a counter. key = seed; counter = (index low, index high, entity, purpose).
/// Adding a meter, a draw or a worker never changes another draw. Distributions are ours (std's differ
/// between libraries).
#pragma once
#include <array>
#include <cstdint>

#include "core/ratio.hpp"
#include "core/wide_integer.hpp"

namespace core {
using Philox4x32Counter = std::array<std::uint32_t, 4>;
using Philox4x32Key = std::array<std::uint32_t, 2>;

/// Ten rounds of Philox4x32. Verified against the known answers published with Random123 (tests/core).
constexpr Philox4x32Counter philox4x32_10(Philox4x32Counter c, Philox4x32Key k) {
  for (int round = 0; round < 10; ++round) {
    if (round > 0) {
      k[0] += 0x9E3779B9u;
      k[1] += 0xBB67AE85u;
    }
    const std::uint64_t product0 = std::uint64_t{0xD2511F53u} * c[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57u} * c[2];
    c = {static_cast<std::uint32_t>(product1 >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(product1),
         static_cast<std::uint32_t>(product0 >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(product0)};
  }
  return c;
}

/// Why a draw is made. Numbers are part of every scenario's digest: never reuse or renumber one, only append.
enum class Purpose : std::uint32_t {
  household_size = 1,
  household_load = 2,
  household_power_factor = 3,
  meter_error = 4,
  meter_clock_drift = 5,
  meter_turnaround = 6,
  line_bit_errors = 7,
  uplink_delay = 8,
  uplink_loss = 9,
  uplink_reconnect = 10,
  counter_payment = 11,
  crash_instant = 12,
  supply_voltage = 13,
  collect_spread = 14,
  customer_button = 15,
  fleet_meter = 16,
  fleet_jitter = 17,
  fleet_abnormal = 18,
  fleet_api = 19,
  line_bursts = 40,         ///< sojourns of burst noise on a pair
  station_bit_errors = 41,  ///< of one station's place on the pair
  line_troubles = 42,       ///< whether an injected trouble of a pair strikes
  bearer_access = 43,       ///< attach, activation, random access
  bearer_life = 44,         ///< drops and changes of address while connected
  short_message = 45,
  can_bit_errors = 46,
  pulse_contact = 47,       ///< bounce, missed and extra pulses
  human_reading = 48,       ///< slips of a reader's eye and hand
  receiver_threshold = 49,  ///< of one RS-485 receiver, a fixed property of the part
  theft_attack = 70,        ///< what an attack function draws
  theft_population = 71,    ///< made-up households
  theft_areas = 72,         ///< who lives in a trial area, and who of them steals
  theft_injection = 73,     ///< physical ways of stealing and of failing
  carrier_signal = 50,
  carrier_channel = 51,
  carrier_network = 52,
  carrier_contention = 53,
  fault_schedule = 60,   ///< when a fault that comes by chance begins
  frame_faults = 61,     ///< whether an injected fault takes this frame
  demand_traits = 80,    ///< what kind of home, shop or car an entity is
  demand_day = 81,       ///< what its day brings
  weather_day = 82,      ///< temperature and clouds
  demand_response = 90,  ///< whether a customer follows a call or a limit, and how long he thinks
  adaptive_thief = 83,   ///< what a thief who watches the inspectors takes of each quarter hour
  inspection = 84,       ///< when an inspector sets out
  test = 1000,
};

/// A row of draws for one entity and purpose under one seed. Copyable; holds no position: the caller names
/// the index.
class RandomStream {
 public:
  constexpr RandomStream(std::uint64_t seed, std::uint32_t entity, Purpose purpose)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        entity_(entity),
        purpose_(static_cast<std::uint32_t>(purpose)) {}

  /// Four independent uniform 32-bit words for `index`.
  constexpr std::array<std::uint32_t, 4> block(std::uint64_t index) const {
    return philox4x32_10(
        {static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), entity_, purpose_},
        key_);
  }
  constexpr std::uint64_t word(std::uint64_t index) const {
    const auto b = block(index);
    return std::uint64_t{b[0]} << 32 | b[1];
  }
  /// Uniform in [0, bound), bound > 0, by multiply-high of 64 bits: bias below bound / 2^64.
  constexpr std::uint64_t below(std::uint64_t bound, std::uint64_t index) const {
    return static_cast<std::uint64_t>((static_cast<uint128_t>(word(index)) * bound) >> 64);
  }
  /// Uniform in [low, high], both included.
  constexpr std::int64_t between(std::int64_t low, std::int64_t high, std::uint64_t index) const {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1, index));
  }
  /// True with probability `chance`.
  constexpr bool happens(Ratio chance, std::uint64_t index) const {
    return below(chance.denominator, index) < chance.numerator;
  }

 private:
  Philox4x32Key key_;
  std::uint32_t entity_;
  std::uint32_t purpose_;
};

/// Standard normal quantile of a uniform 32-bit word, times 2^16, rounded to an integer.
/// Piecewise-linear table of 1,024 cells built from `portable_math`; equal on every machine. Tails are cut at
/// |z| = 3.3.
std::int32_t normal_q16(std::uint32_t uniform);
/// e^(q / 2^16) times 2^16, for q in [-8 x 2^16, 8 x 2^16]: with `normal_q16` it makes log-normal factors.
std::int64_t exp_q16(std::int64_t q16);
}  // namespace core
