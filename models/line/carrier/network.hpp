/// The network that carrier modules make of themselves: who has joined, over whom frames travel, what gets
/// lost.
///
/// One concentrator (node 0) is master. Modules join in rounds: those that have joined repeat the beacon,
/// those that hear it answer in one of W contention slots; two in a slot destroy each other, P(alone) = (1 -
/// 1/W)^(n-1). A newcomer's parent is, of the joined nodes that it heard, the one over which a read is most
/// likely to succeed (product of link chances both ways), within the band's relay levels. A frame climbs down
/// the tree of parents hop by hop; each hop is tried up to `hop_tries` times, after which the exchange is
/// lost at that hop, with the cause of the last try. Each node keeps a neighbour table, and a running
/// estimate of its parent link; where that fails twice in a row, it takes the next best neighbour as parent
/// (never one below itself: no loops).
/// Carrier sense: other modules (a neighbouring area on the same mains) speak `foreign_share` of the time; a
/// sender that hears them waits, one that does not (`hidden_share`) collides.
/// Unit: ns, bytes. Errors: a Delivery names its cause. Randomness: Purpose::carrier_network and
/// carrier_contention by (area, number of the draw). Time: exchanges in rising order of `at`.
#pragma once
#include <array>
#include <vector>

#include "models/line/carrier/channel.hpp"

namespace model::carrier {
struct NetworkSetup {
  int relay_levels = -1;           ///< -1: the band's; 0: no relays at all
  int hop_tries = 3;               ///< 1..10, sendings per hop
  std::size_t overhead_bytes = 8;  ///< what the network adds to each frame
  std::size_t acknowledge_bytes = 4;
  core::Duration hop_turnaround = std::chrono::milliseconds(10);
  int contention_slots = 32;  ///< W; the window doubles, up to 32 W, while most callers collide
  core::Duration slot = std::chrono::milliseconds(100);
  int join_rounds = 60;  ///< after which a module that has not joined waits for `rejoin_after`
  core::Duration rejoin_after = std::chrono::minutes(10);
  double neighbour_chance = 0.3;  ///< links worse than this are not neighbours
  double foreign_share = 0;       ///< of time that others speak, 0..0.9
  double hidden_share = 0.2;      ///< of their frames that a sender here does not hear
};

/// What became of one frame on its way between the concentrator and a module.
struct Delivery {
  LossCause cause = LossCause::none;
  core::Instant ends{};       ///< last bit at its destination, or where it was given up
  std::uint32_t lost_at = 0;  ///< node that did not get it through
  std::uint8_t hops = 0;      ///< travelled
  std::uint16_t tries = 0;
  bool has_arrived() const { return cause == LossCause::none; }
};

class Network {
 public:
  /// `channel` outlives the network. `area` and `seed` address its draws.
  Network(const NetworkSetup& setup, Channel& channel, std::uint64_t seed, std::uint32_t area);

  /// Lets all powered modules join, from `at`. Answers when the last round is over.
  core::Instant register_modules(core::Instant at);
  /// From the concentrator to `node`, or back. `bytes` is the meter protocol's frame.
  Delivery send_down(core::Instant at, std::uint32_t node, std::size_t bytes);
  Delivery send_up(core::Instant at, std::uint32_t node, std::size_t bytes);

  /// To all, level by level, unacknowledged: marks by node who heard it. Answers when it is over.
  core::Instant broadcast(core::Instant at, std::size_t bytes, std::vector<bool>& has_heard);

  /// A module without supply neither answers nor relays; when it returns it has to join again.
  void set_powered(std::uint32_t node, bool is_powered, core::Instant at);
  bool is_powered(std::uint32_t node) const { return nodes_[node].is_powered; }
  bool is_registered(std::uint32_t node) const { return nodes_[node].level > 0; }
  /// Hops from the concentrator; 0 = the concentrator or not registered.
  int level_of(std::uint32_t node) const { return nodes_[node].level; }
  std::uint32_t parent_of(std::uint32_t node) const { return nodes_[node].parent; }
  std::size_t size() const { return nodes_.size(); }
  std::size_t registered_count() const;
  std::uint64_t losses(LossCause cause) const { return losses_[static_cast<std::size_t>(cause)]; }
  std::uint64_t reroutes() const { return reroutes_; }
  std::uint64_t join_collisions() const { return join_collisions_; }
  /// Nodes that `node` may have as parents, best first by static quality.
  const std::vector<std::uint32_t>& neighbours_of(std::uint32_t node) const {
    return nodes_[node].neighbours;
  }

 private:
  struct Node {
    std::uint32_t parent = 0;
    std::uint8_t level = 0;     ///< 0 = not joined (or the concentrator)
    std::uint8_t misses = 0;    ///< of the parent link in a row
    std::uint8_t failures = 0;  ///< of whole ways to it in a row
    bool is_powered = true;
    core::Instant joins_after{};  ///< no attempt before
    double route_chance = 0;      ///< of one read over the whole route, as it was when it joined
    std::vector<std::uint32_t> neighbours;
  };
  struct JoinRound {
    std::size_t callers = 0, collided = 0;
  };
  enum class Outcome : std::uint8_t { arrived, failed };
  enum class Present : std::uint8_t { may_stay, must_go };
  struct Hop {
    LossCause cause;
    core::Instant ends;
    std::uint16_t tries;
  };
  int levels_max() const;
  void find_neighbours();
  double link_chance(std::uint32_t one, std::uint32_t other) const;
  bool choose_parent(std::uint32_t node, Present present);
  void note_exchange(std::uint32_t node, Outcome outcome);
  bool is_below(std::uint32_t node, std::uint32_t ancestor) const;
  std::vector<std::uint32_t> hearing(core::Instant at);
  JoinRound join_round(core::Instant at, std::size_t slots);
  void join_those_who_wait(core::Instant at);
  std::vector<std::uint32_t> route_to(std::uint32_t node) const;
  LossCause obstacle(std::uint32_t node) const;
  Delivery travel(core::Instant at, const std::vector<std::uint32_t>& route, std::size_t bytes);
  Hop cross(core::Instant at, std::uint32_t from, std::uint32_t to, std::size_t bytes);
  LossCause others_speak(core::Instant& at, std::size_t bytes);
  void learn(std::uint32_t one, std::uint32_t other, bool has_worked);
  void change_parent(std::uint32_t node);
  void relevel_below(std::uint32_t node);
  Delivery lost(core::Instant at, LossCause cause, std::uint32_t node);

  NetworkSetup setup_;
  Channel& channel_;
  core::RandomStream contention_, foreign_;
  std::uint64_t frames_ = 0, contentions_ = 0, foreigns_ = 0;
  std::vector<Node> nodes_;
  std::array<std::uint64_t, static_cast<std::size_t>(LossCause::kinds)> losses_{};
  std::uint64_t reroutes_ = 0, join_collisions_ = 0;
  bool has_begun_ = false;
};
}  // namespace model::carrier
