/// A CAN bus of meters and a collector: whoever is most urgent speaks, errors are repeated, the broken switch
/// off.
///
/// When the bus falls idle the waiting frame with the lowest identifier wins (dominant bits overwrite
/// recessive ones) and nobody loses a bit. A bit error anywhere in a frame is seen by all; an error frame
/// follows (flag 6, at most 12, delimiter 8, pause 3 bits) and the frame is sent again. Each node counts: a
/// transmitter's error +8, a success -1; a receiver's error +1, a success -1. At 128 a node is error-passive
/// and waits 8 bits more before it repeats; above 255 it goes off the bus, until 128 times 11 quiet bits have
/// passed.                        [ISO 11898-1, 10, 12]
///     chance of a frame to be hit = 1 - (1 - p)^bits
/// Unit: ns, bits. Range: node < nodes, a node sends its frames in the order of asking. Errors: none;
/// counted. Randomness: can_bit_errors by (bus, attempt). Time: `submit` and `advance` in rising order.
#pragma once
#include <deque>
#include <optional>
#include <vector>

#include "core/instant.hpp"
#include "core/random.hpp"
#include "models/line/can/can_frame.hpp"

namespace model {
class CanBus {
 public:
  CanBus(std::size_t nodes, int bit_rate, std::uint64_t seed, std::uint32_t bus);

  struct Delivery {
    core::Instant at{};
    std::size_t node = 0;  ///< who sent it
    CanFrame frame;
  };
  enum class NodeState : unsigned char { active, passive, off };

  void set_bit_error(core::Ratio chance) { bit_error_ = chance; }
  /// Chance that a frame of this node is hit by its own broken transmitter.
  void set_faulty(std::size_t node, core::Ratio chance) { nodes_[node].faulty = chance; }

  /// False when the node is off the bus: the frame is not taken.
  bool submit(core::Instant at, std::size_t node, const CanFrame& frame);
  /// When the frame (or error frame) on the bus ends; `core::never` when nobody has anything to say.
  core::Instant next() const { return busy_till_; }
  /// Lets it end. The frame if it arrived.
  std::optional<Delivery> advance();

  NodeState state(std::size_t node, core::Instant at) const;
  int transmit_errors(std::size_t node) const { return nodes_[node].transmit_errors; }
  int receive_errors(std::size_t node) const { return nodes_[node].receive_errors; }
  std::uint64_t attempts() const { return attempts_; }
  std::uint64_t error_frames() const { return error_frames_; }
  std::uint64_t times_off() const { return times_off_; }
  core::Duration bits(std::int64_t count) const { return core::Duration(count * 1'000'000'000 / bit_rate_); }

 private:
  struct Node {
    std::deque<CanFrame> waiting;
    core::Ratio faulty{0, 1};
    int transmit_errors = 0, receive_errors = 0;
    core::Instant off_till{};     ///< not on the bus before
    core::Instant silent_till{};  ///< an error-passive transmitter's pause
  };
  void arbitrate(core::Instant at);
  void note_error(std::size_t transmitter, core::Instant at);
  void note_success(std::size_t transmitter);
  /// The first bit of so many that is hit; nothing if none is.
  std::optional<int> first_bad_bit(int count, const Node& sender);

  core::RandomStream draws_;
  std::uint64_t drawn_ = 0, attempts_ = 0, error_frames_ = 0, times_off_ = 0;
  int bit_rate_;
  core::Ratio bit_error_{0, 1};
  std::vector<Node> nodes_;
  std::size_t speaker_ = 0;
  core::Instant busy_till_ = core::never;
  bool is_hit_ = false, is_waiting_only_ = false;
};
}  // namespace model
