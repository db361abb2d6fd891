#include "models/line/carrier/network.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/portable_math.hpp"

namespace model::carrier {
namespace {
constexpr std::size_t typical_bytes = 24, neighbours_max = 24;
constexpr std::uint8_t misses_tolerated = 2, failures_tolerated = 2;
constexpr int carrier_sense_waits = 8;
constexpr std::size_t window_growth_max = 32;

double uniform_at(const core::RandomStream& stream, std::uint64_t index) {
  return (static_cast<double>(stream.word(index) >> 11) + 0.5) * 0x1p-53;
}
}  // namespace

Network::Network(const NetworkSetup& setup, Channel& channel, std::uint64_t seed, std::uint32_t area)
    : setup_(setup),
      channel_(channel),
      contention_(seed, area, core::Purpose::carrier_contention),
      foreign_(seed, area, core::Purpose::carrier_network),
      nodes_(channel.size()) {
  METERTWIN_CHECK(setup.hop_tries >= 1 && setup.hop_tries <= 10 && setup.contention_slots >= 1,
                  setup.hop_tries);
  METERTWIN_CHECK(setup.foreign_share >= 0 && setup.foreign_share <= 0.9, setup.foreign_share);
  nodes_[0].route_chance = 1;
  find_neighbours();
}

int Network::levels_max() const {
  const int relays = setup_.relay_levels < 0 ? channel_.band().relay_levels : setup_.relay_levels;
  return relays + 1;  // a route over r relays has r + 1 hops
}

/// Both ways, a frame each: what a read needs.
double Network::link_chance(std::uint32_t one, std::uint32_t other) const {
  return channel_.mean_chance(one, other, typical_bytes) * channel_.mean_chance(other, one, typical_bytes);
}

void Network::find_neighbours() {
  for (std::uint32_t node = 1; node < nodes_.size(); ++node) {
    std::vector<std::pair<double, std::uint32_t>> heard;
    for (std::uint32_t other = 0; other < nodes_.size(); ++other)
      if (other != node)
        if (const double chance = link_chance(node, other); chance >= setup_.neighbour_chance)
          heard.emplace_back(-chance, other);
    std::sort(heard.begin(), heard.end());
    // The concentrator is never crowded out: a direct route costs half the time of the next best.
    for (const auto& [chance, other] : heard)
      if (nodes_[node].neighbours.size() < neighbours_max || other == 0)
        nodes_[node].neighbours.push_back(other);
  }
}

bool Network::is_below(std::uint32_t node, std::uint32_t ancestor) const {
  for (std::size_t steps = 0; node != 0 && steps <= nodes_.size(); ++steps) {
    if (node == ancestor) return true;
    node = nodes_[node].parent;
  }
  return false;
}

/// Of the joined neighbours the one with the best route; one hop more must be worth its time.
bool Network::choose_parent(std::uint32_t node, Present present) {
  double best = 0;
  auto& self = nodes_[node];
  std::uint32_t chosen = 0;
  for (const auto other : self.neighbours) {
    const auto& there = nodes_[other];
    const bool has_joined = other == 0 || (there.level > 0 && there.is_powered);
    if (!has_joined || there.level + 1 > levels_max() || is_below(other, node)) continue;
    if (present == Present::must_go && other == self.parent) continue;
    const double chance = there.route_chance * link_chance(node, other);
    if (chance <= best) continue;
    best = chance;
    chosen = other;
  }
  if (best == 0) return false;
  self.parent = chosen;
  self.level = static_cast<std::uint8_t>(nodes_[chosen].level + 1);
  self.route_chance = best;
  self.misses = 0;
  return true;
}

/// Powered modules that have not joined and hear the beacon of some joined neighbour.
std::vector<std::uint32_t> Network::hearing(core::Instant at) {
  std::vector<std::uint32_t> heard;
  for (std::uint32_t node = 1; node < nodes_.size(); ++node) {
    auto& self = nodes_[node];
    if (!self.is_powered || self.level > 0 || at < self.joins_after) continue;
    for (const auto other : self.neighbours) {
      if (other != 0 && (nodes_[other].level == 0 || !nodes_[other].is_powered)) continue;
      if (channel_.send(other, node, at, typical_bytes, frames_++) != LossCause::none) continue;
      heard.push_back(node);
      break;
    }
  }
  return heard;
}

/// One beacon and a contention window of `slots`.
Network::JoinRound Network::join_round(core::Instant at, std::size_t slots) {
  const auto heard = hearing(at);
  JoinRound round;
  round.callers = heard.size();
  std::vector<std::size_t> choices, taken(slots, 0);
  for (std::size_t i = 0; i < heard.size(); ++i) {
    choices.push_back(contention_.below(slots, contentions_++));
    ++taken[choices.back()];
  }
  for (std::size_t i = 0; i < heard.size(); ++i) {
    if (taken[choices[i]] == 1)
      choose_parent(heard[i], Present::may_stay);
    else
      ++round.collided;
  }
  join_collisions_ += round.collided;
  return round;
}

/// The beacon doubles the window when most of it was destroyed and halves it when most of it stayed empty.
core::Instant Network::register_modules(core::Instant at) {
  has_begun_ = true;
  const auto slots_min = static_cast<std::size_t>(setup_.contention_slots);
  auto slots = slots_min;
  int idle_rounds = 0;
  for (int number = 0; number < setup_.join_rounds && idle_rounds < 3; ++number) {
    const auto round = join_round(at, slots);
    at += setup_.slot * static_cast<std::int64_t>(slots + 1);
    idle_rounds = round.callers == 0 ? idle_rounds + 1 : 0;
    if (2 * round.collided > round.callers)
      slots = std::min(2 * slots, window_growth_max * slots_min);
    else if (2 * round.callers < slots)
      slots = std::max(slots / 2, slots_min);
  }
  for (auto& node : nodes_)
    if (node.level == 0) node.joins_after = at + setup_.rejoin_after;
  return at;
}

/// Modules that came back, or did not get through, try again by themselves between exchanges.
void Network::join_those_who_wait(core::Instant at) {
  for (std::uint32_t node = 1; node < nodes_.size(); ++node) {
    auto& self = nodes_[node];
    if (self.level > 0 || !self.is_powered || at < self.joins_after) continue;
    self.joins_after = at + setup_.rejoin_after;
    for (const auto other : self.neighbours) {
      if (other != 0 && nodes_[other].level == 0) continue;
      if (channel_.send(other, node, at, typical_bytes, frames_++) != LossCause::none) continue;
      if (choose_parent(node, Present::may_stay)) relevel_below(node);
      break;
    }
  }
}

std::size_t Network::registered_count() const {
  return static_cast<std::size_t>(
      std::count_if(nodes_.begin(), nodes_.end(), [](const Node& node) { return node.level > 0; }));
}

void Network::set_powered(std::uint32_t node, bool is_powered, core::Instant at) {
  METERTWIN_CHECK(node > 0 && node < nodes_.size(), node);
  auto& self = nodes_[node];
  if (self.is_powered == is_powered) return;
  self.is_powered = is_powered;
  self.misses = 0;
  if (!is_powered) return;
  self.level = 0;  // what it knew is gone; its children find it again as soon as it has joined
  self.joins_after = at;
}

std::vector<std::uint32_t> Network::route_to(std::uint32_t node) const {
  std::vector<std::uint32_t> route;
  for (auto at = node; at != 0; at = nodes_[at].parent) {
    route.push_back(at);
    METERTWIN_CHECK(route.size() <= nodes_.size(), node);
  }
  route.push_back(0);
  std::reverse(route.begin(), route.end());
  return route;
}

/// Why a frame cannot even set out.
LossCause Network::obstacle(std::uint32_t node) const {
  if (!nodes_[node].is_powered) return LossCause::module_off;
  if (nodes_[node].level > 0) return LossCause::none;
  bool is_far = false;
  for (const auto other : nodes_[node].neighbours) {
    if (other == 0 || (nodes_[other].level > 0 && nodes_[other].level < levels_max()))
      return LossCause::not_registered;  // it could, but has not yet
    is_far |= nodes_[other].level >= levels_max();
  }
  return is_far ? LossCause::out_of_levels : LossCause::not_registered;
}

Delivery Network::lost(core::Instant at, LossCause cause, std::uint32_t node) {
  ++losses_[static_cast<std::size_t>(cause)];
  Delivery delivery;
  delivery.cause = cause;
  delivery.ends = at;
  delivery.lost_at = node;
  return delivery;
}

Delivery Network::send_down(core::Instant at, std::uint32_t node, std::size_t bytes) {
  METERTWIN_CHECK(node > 0 && node < nodes_.size(), node);
  if (!has_begun_) at = register_modules(at);
  join_those_who_wait(at);
  const auto cause = obstacle(node);
  const auto time_lost = channel_.duration_of(bytes + setup_.overhead_bytes);
  if (cause != LossCause::none && cause != LossCause::module_off) return lost(at + time_lost, cause, node);
  if (nodes_[node].level == 0) return lost(at + time_lost, cause, node);
  return travel(at, route_to(node), bytes);
}

Delivery Network::send_up(core::Instant at, std::uint32_t node, std::size_t bytes) {
  METERTWIN_CHECK(node > 0 && node < nodes_.size(), node);
  const auto cause = obstacle(node);
  if (cause != LossCause::none) return lost(at, cause, node);
  auto route = route_to(node);
  std::reverse(route.begin(), route.end());
  return travel(at, route, bytes);
}

/// Each level repeats what it heard, once and once more; nobody acknowledges.
core::Instant Network::broadcast(core::Instant at, std::size_t bytes, std::vector<bool>& has_heard) {
  constexpr int repetitions = 2;
  if (!has_begun_) at = register_modules(at);
  const auto size = bytes + setup_.overhead_bytes;
  const auto turn = channel_.duration_of(size) + setup_.hop_turnaround;
  has_heard.assign(nodes_.size(), false);
  has_heard[0] = true;
  for (int level = 1; level <= levels_max(); ++level) {
    bool is_anybody_there = false;
    for (std::uint32_t node = 1; node < nodes_.size(); ++node) {
      const auto& self = nodes_[node];
      if (self.level != level || !self.is_powered) continue;
      is_anybody_there = true;
      for (int i = 0; i < repetitions && has_heard[self.parent] && !has_heard[node]; ++i)
        has_heard[node] = channel_.send(self.parent, node, at + turn * i, size, frames_++) == LossCause::none;
    }
    if (!is_anybody_there) break;
    at += turn * repetitions;
  }
  return at;
}

Delivery Network::travel(core::Instant at, const std::vector<std::uint32_t>& route, std::size_t bytes) {
  Delivery delivery;
  delivery.ends = at;
  for (std::size_t i = 0; i + 1 < route.size(); ++i) {
    const auto hop = cross(delivery.ends, route[i], route[i + 1], bytes);
    delivery.ends = hop.ends;
    delivery.tries = static_cast<std::uint16_t>(delivery.tries + hop.tries);
    ++delivery.hops;
    learn(route[i], route[i + 1], hop.cause == LossCause::none);
    if (hop.cause == LossCause::none) continue;
    const bool is_last = i + 2 == route.size();
    const auto cause = hop.cause == LossCause::module_off && !is_last ? LossCause::relay_off : hop.cause;
    ++losses_[static_cast<std::size_t>(cause)];
    delivery.cause = cause;
    delivery.lost_at = route[i + 1];
    note_exchange(std::max(route.front(), route.back()), Outcome::failed);
    return delivery;
  }
  note_exchange(std::max(route.front(), route.back()), Outcome::arrived);
  return delivery;
}

/// A module that cannot be reached twice in a row is given another way, wherever the old one breaks.
void Network::note_exchange(std::uint32_t node, Outcome outcome) {
  auto& self = nodes_[node];
  if (outcome == Outcome::arrived) {
    self.failures = 0;
  } else if (++self.failures >= failures_tolerated && self.is_powered && self.level > 0) {
    self.failures = 0;
    change_parent(node);
  }
}

/// One hop with its repetitions. An acknowledgement that is lost costs a repetition, which the receiver
/// drops.
Network::Hop Network::cross(core::Instant at, std::uint32_t from, std::uint32_t to, std::size_t bytes) {
  const auto size = bytes + setup_.overhead_bytes;
  Hop hop{LossCause::none, at, 0};
  bool has_arrived = false;
  core::Instant arrived{};
  for (int attempt = 0; attempt < setup_.hop_tries; ++attempt) {
    ++hop.tries;
    auto begins = hop.ends;
    auto cause = others_speak(begins, size);
    const bool is_there = to == 0 || (nodes_[to].is_powered && nodes_[to].level > 0);
    if (cause == LossCause::none && !is_there) cause = LossCause::module_off;
    if (cause == LossCause::none) cause = channel_.send(from, to, begins, size, frames_++);
    hop.ends = begins + channel_.duration_of(size) + setup_.hop_turnaround;
    if (cause == LossCause::none && !has_arrived) {
      has_arrived = true;
      arrived = begins + channel_.duration_of(size);
    }
    if (!has_arrived) hop.cause = cause;
    if (setup_.hop_tries == 1) break;  // nobody waits for an acknowledgement that changes nothing
    const auto answers = hop.ends;
    hop.ends += channel_.duration_of(setup_.acknowledge_bytes) + setup_.hop_turnaround;
    if (cause == LossCause::none &&
        channel_.send(to, from, answers, setup_.acknowledge_bytes, frames_++) == LossCause::none)
      break;
  }
  if (has_arrived) hop.cause = LossCause::none;
  if (has_arrived && setup_.hop_tries == 1) hop.ends = arrived;
  return hop;
}

/// Carrier sense: waits for a gap; `at` moves on. A foreign frame that is not heard destroys ours.
LossCause Network::others_speak(core::Instant& at, std::size_t bytes) {
  if (setup_.foreign_share <= 0) return LossCause::none;
  const auto duration = channel_.duration_of(bytes);
  for (int wait = 0; wait < carrier_sense_waits; ++wait) {
    const double u = uniform_at(foreign_, foreigns_++);
    if (u >= setup_.foreign_share) return LossCause::none;
    if (u < setup_.foreign_share * setup_.hidden_share) return LossCause::collision;
    const auto slots =
        1 + contention_.below(static_cast<std::uint64_t>(setup_.contention_slots), contentions_++);
    at += duration * static_cast<std::int64_t>(slots) / setup_.contention_slots;
  }
  return LossCause::channel_busy;
}

/// The lower of the two keeps count of its parent link.
void Network::learn(std::uint32_t one, std::uint32_t other, bool has_worked) {
  const auto child = nodes_[one].parent == other && one != 0 ? one : other;
  auto& self = nodes_[child];
  if (has_worked) {
    self.misses = 0;
  } else if (++self.misses >= misses_tolerated && self.is_powered) {
    change_parent(child);
  }
}

void Network::change_parent(std::uint32_t node) {
  if (!choose_parent(node, Present::must_go)) {
    nodes_[node].misses = 0;
    return;
  }
  ++reroutes_;
  relevel_below(node);
}

/// Levels of those who hang on `node`; whoever would hang too deep has to join anew.
void Network::relevel_below(std::uint32_t node) {
  std::vector<std::uint32_t> open{node};
  while (!open.empty()) {
    const auto above = open.back();
    open.pop_back();
    for (std::uint32_t child = 1; child < nodes_.size(); ++child) {
      auto& self = nodes_[child];
      if (self.level == 0 || self.parent != above || child == above) continue;
      const bool is_cut_off = nodes_[above].level == 0 || nodes_[above].level >= levels_max();
      self.level = is_cut_off ? std::uint8_t{0} : static_cast<std::uint8_t>(nodes_[above].level + 1);
      self.route_chance = nodes_[above].route_chance * link_chance(child, above);
      open.push_back(child);
    }
  }
}
}  // namespace model::carrier
