/// Many terminals that share one air without asking each other: random access, and the storm after an outage.
///
///     one slot of W each, n terminals: a given one is alone with (1 - 1/W)^(n-1)
///     slotted ALOHA: S = G e^-G;  pure ALOHA: S = G e^-2G        [Abramson 1970; Roberts 1975], G offered
///     per slot
/// GPRS and LTE ask for a channel in slots (RACH, PRACH); LoRa class A just sends. Unit: slots, ns. Errors:
/// none. Randomness: bearer_access by (entity, draw). Time: none but what is handed in.
#pragma once
#include <span>
#include <vector>

#include "core/instant.hpp"
#include "core/random.hpp"

namespace model {
double slotted_throughput(double offered);
double pure_throughput(double offered);
/// Range: terminals >= 1, slots >= 1.
double alone_in_window(std::uint64_t terminals, std::uint64_t slots);

/// One contention window after the other: every terminal picks a slot, whoever is alone in his succeeds.
class ContentionWindow {
 public:
  ContentionWindow(std::uint64_t seed, std::uint32_t entity, std::uint32_t slots);
  /// Positions (0 .. terminals-1) of those who were alone. Valid until the next call.
  const std::vector<std::uint32_t>& round(std::uint32_t terminals);

 private:
  core::RandomStream draws_;
  std::uint64_t drawn_ = 0;
  std::uint32_t slots_;
  std::vector<std::uint32_t> picked_, count_, alone_;
};

/// How many transmissions of one length overlapped no other. `begins`: rising.
std::size_t undisturbed(std::span<const core::Instant> begins, core::Duration airtime);

/// Pauses between attempts that grow: doubled after each failure up to a limit, and spread, so that those who
/// failed together do not come back together.
///     pause(k) uniform in [1 - spread, 1] x min(first x 2^k, limit)
struct BackOff {
  core::Duration first = std::chrono::seconds(5);
  core::Duration limit = std::chrono::minutes(10);
  core::Ratio spread{1, 2};
  core::Duration pause(int failures, std::uint64_t word) const;
};

/// All terminals of a cell lose their network at once and come back, each at its own drawn instant.
struct StormSetup {
  std::uint32_t terminals = 200;
  core::Duration within = std::chrono::seconds(10);        ///< first attempts, uniform: modems restart alike
  core::Duration slot = std::chrono::microseconds(4'615);  ///< one TDMA frame of GSM
  std::uint32_t channels = 8;                              ///< attempts per second that the cell can grant
  BackOff back_off;
};
struct StormResult {
  std::vector<core::Duration> back_after;  ///< by terminal, from the outage's end
  std::uint64_t attempts = 0, collisions = 0, refusals = 0;
};
/// The whole storm until the last is back. Range: terminals >= 1, channels >= 1 (checked). Pure function of
/// setup, seed and cell.
StormResult storm(const StormSetup& setup, std::uint64_t seed, std::uint32_t cell);
}  // namespace model
