/// One direction of a TCP connection over GPRS: ordered bytes that come late, but all come.
///
/// A write leaves when the line is free and arrives after its transmission time and a latency; a lost segment
/// comes one or more retransmissions later and holds up what follows.
///     arrives = max(previous arrival, leaves + bits / throughput + latency + k x retransmission)
/// Unit: ns. Errors: none. Randomness: Purpose::uplink_delay and uplink_loss by (area, number of the write).
/// Time: instants handed in, rising.
#pragma once
#include <vector>

#include "core/bytes.hpp"
#include "core/random.hpp"
#include "models/area_setup.hpp"

namespace model {
class ByteStream {
 public:
  enum class Direction : std::uint32_t { up = 0, down = 1 };
  ByteStream(const UplinkSetup& setup, std::uint64_t seed, AreaId area, Direction direction);

  /// `free_from`: nothing can leave earlier (the end of an outage).
  void write(core::Instant at, core::Instant free_from, core::Bytes bytes);
  core::Instant next() const { return segments_.empty() ? core::never : segments_.front().arrives; }
  core::Instant last_arrival() const {
    return segments_.empty() ? core::Instant{} : segments_.back().arrives;
  }
  /// What arrives at `next()`. Valid until the next call.
  core::Bytes take();
  /// Nothing arrives before `till`. Answers how many segments that held up.
  std::size_t hold_until(core::Instant till);
  /// The connection is gone, and what was under way with it.
  void clear();

 private:
  struct Segment {
    core::Instant arrives{};
    std::size_t bytes = 0;
  };
  core::Duration delay(std::size_t bytes);

  const UplinkSetup& setup_;
  core::RandomStream latency_, loss_;
  std::uint64_t writes_ = 0, chances_ = 0;
  core::Instant free_at_{};  ///< when the transmitter has sent everything before
  core::Instant last_arrival_{};
  std::vector<Segment> segments_;    ///< few: one a message
  std::vector<std::uint8_t> bytes_;  ///< of all segments, one behind the other
  std::vector<std::uint8_t> taken_;
};
}  // namespace model
