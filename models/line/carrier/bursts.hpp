/// When impulses come in bursts: a two-state process in continuous time, asked about stretches of time.
///
/// Sojourns are exponential, drawn in order (index = number of the sojourn) under Purpose::carrier_channel,
/// so the process is the same whoever asks, and what. Questions come in nearly rising order: the last 64
/// sojourns are remembered, older ones count as quiet. Unit: ns. Errors: none. Time: rising, but for that.
#pragma once
#include <deque>

#include "core/random.hpp"
#include "models/line/carrier/surroundings.hpp"

namespace model::carrier {
class BurstProcess {
 public:
  BurstProcess(const Bursts& bursts, std::uint64_t seed, std::uint32_t entity, core::Instant starts);
  /// Share of [from, till) that is noisy, 0..1. Range: from < till.
  double noisy_share(core::Instant from, core::Instant till);

 private:
  struct Burst {
    core::Instant from, till;
  };
  void draw_until(core::Instant till);
  core::Duration exponential(core::Duration mean);

  Bursts setup_;
  core::RandomStream random_;
  std::uint64_t draws_ = 0;
  core::Instant known_till_;
  std::deque<Burst> recent_;
};
}  // namespace model::carrier
