/// A communication manager (通信管理机): Ethernet on one side, an RS-485 pair on the other, bytes handed
/// through.
///
/// It knows no protocol. What comes over the connection is gathered until the stream is still for the packing
/// gap (TCP cuts and joins as it likes), then goes onto the pair in one breath, each burst when the one
/// before is out; what the pair says is packed the same way and goes back. Several masters would talk into
/// each other: a second connection is refused.
///     on the pair = stream still since + gap;  back = last bit + gap + processing (+ a fault's delay)
/// One burst is at most what a frame of the pair may be; longer ones are cut. Bytes beyond its buffer are
/// lost, counted. A speaker that breaks in while a meter answers collides on the pair, as it would.
/// Unit: ns, bytes. Errors: none. Randomness: none. Time: `advance` not later than `next()`; calls in rising
/// order.
#pragma once
#include <deque>
#include <functional>
#include <vector>

#include "models/collector/field_line.hpp"

namespace model {
struct ManagerSetup {
  core::Duration gap = std::chrono::milliseconds(20);  ///< shorter than any meter's turnaround
  core::Duration processing = std::chrono::milliseconds(5);
  std::size_t buffer_bytes = 1'024;  ///< each way
};

/// The far end of its connection.
struct ManagerStream {
  std::function<void(core::Instant at, core::Bytes bytes)> deliver;
  std::function<void(core::Instant at)> hang_up;
};

class TransparentManager {
 public:
  /// The pair is not owned. Range: gap > 0, buffer > 0 (checked).
  TransparentManager(FieldLine& pair, ManagerSetup setup);

  /// A master opens a connection. False: another one has it, or the manager is down.
  bool connect(core::Instant at, ManagerStream stream);
  /// The master has closed it. What is in the buffer still goes out; answers go nowhere.
  void disconnected();
  bool is_connected() const { return static_cast<bool>(stream_.deliver); }
  /// Bytes from the connection.
  void received(core::Instant at, core::Bytes bytes);

  core::Instant next() const;
  /// Everything due at `next()`.
  void advance();

  // What faults do to it
  /// It starts anew: buffers and connection are gone, and it is deaf until then.
  void restart(core::Instant at, core::Instant up_at);
  /// Answers are held back so much longer: a manager that is busy with something else.
  void set_answer_delay(core::Duration delay) { answer_delay_ = delay; }

  std::uint64_t overflow_bytes() const { return overflow_bytes_; }
  std::uint64_t burst_count() const { return bursts_; }

 private:
  struct Answer {
    core::Instant at{};
    std::vector<std::uint8_t> bytes;
  };
  void send(core::Instant at);
  void hear(core::Instant at, core::Bytes bytes);
  void plan_burst(core::Instant at);

  FieldLine& pair_;
  ManagerSetup setup_;
  ManagerStream stream_;
  std::vector<std::uint8_t> to_pair_;
  std::size_t ready_ = 0;  ///< of these, how many the gap has closed off
  core::Instant burst_at_ = core::never, still_at_ = core::never;
  core::Instant pair_free_at_{};  ///< when its own last burst is out
  std::deque<Answer> answers_;    ///< in order of time
  core::Instant up_at_{};         ///< down before that
  core::Duration answer_delay_{};
  std::uint64_t overflow_bytes_ = 0, bursts_ = 0;
};
}  // namespace model
