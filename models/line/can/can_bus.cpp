#include "models/line/can/can_bus.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/portable_math.hpp"
#include "models/line/statistics/gilbert_elliott.hpp"

namespace model {
namespace {
constexpr int passive_from = 128, off_from = 256;
constexpr int error_flag_bits = 6 + 6, delimiter_bits = 8, pause_bits = 3, suspend_bits = 8;
constexpr std::int64_t recovery_bits = 128 * 11;
}  // namespace

CanBus::CanBus(std::size_t nodes, int bit_rate, std::uint64_t seed, std::uint32_t bus)
    : draws_(seed, bus, core::Purpose::can_bit_errors), bit_rate_(bit_rate), nodes_(nodes) {
  METERTWIN_CHECK(nodes > 0 && bit_rate > 0, nodes, bit_rate);
}

CanBus::NodeState CanBus::state(std::size_t node, core::Instant at) const {
  const auto& own = nodes_[node];
  if (at < own.off_till) return NodeState::off;
  return std::max(own.transmit_errors, own.receive_errors) >= passive_from ? NodeState::passive
                                                                           : NodeState::active;
}

bool CanBus::submit(core::Instant at, std::size_t node, const CanFrame& frame) {
  METERTWIN_CHECK(node < nodes_.size() && frame.id < 2048, node, frame.id);
  if (state(node, at) == NodeState::off) return false;
  nodes_[node].waiting.push_back(frame);
  if (busy_till_ == core::never || is_waiting_only_) arbitrate(at);
  return true;
}

void CanBus::arbitrate(core::Instant at) {
  is_waiting_only_ = false;
  std::optional<std::size_t> winner;
  auto earliest = core::never;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const auto& node = nodes_[i];
    if (node.waiting.empty() || at < node.off_till) continue;
    if (at < node.silent_till) {
      earliest = std::min(earliest, node.silent_till);
      continue;
    }
    if (!winner || node.waiting.front().id < nodes_[*winner].waiting.front().id) winner = i;
  }
  busy_till_ = earliest;
  is_waiting_only_ = !winner && earliest != core::never;
  if (!winner) return;
  speaker_ = *winner;
  ++attempts_;
  const auto& sender = nodes_[speaker_];
  const int length = can_bits(sender.waiting.front());
  const auto bad = first_bad_bit(length, sender);
  is_hit_ = bad.has_value();
  const int spoken = bad ? *bad + 1 + error_flag_bits + delimiter_bits + pause_bits : length;
  busy_till_ = at + bits(spoken);
}

std::optional<int> CanBus::first_bad_bit(int count, const Node& sender) {
  if (!sender.faulty.is_zero() && is_hit(sender.faulty, draws_.word(drawn_++)))
    return static_cast<int>(draws_.below(static_cast<std::uint64_t>(count - pause_bits), drawn_++));
  if (bit_error_.is_zero()) return std::nullopt;
  const double p = as_number(bit_error_);
  if (p >= 1) return 0;
  const double good =
      core::portable_math::log(unit_interval(draws_.word(drawn_++))) / core::portable_math::log(1 - p);
  return good < count ? std::optional(static_cast<int>(good)) : std::nullopt;
}

std::optional<CanBus::Delivery> CanBus::advance() {
  METERTWIN_CHECK(busy_till_ != core::never);
  const auto at = busy_till_;
  if (is_waiting_only_) {
    arbitrate(at);
    return std::nullopt;
  }
  std::optional<Delivery> delivered;
  if (is_hit_) {
    ++error_frames_;
    note_error(speaker_, at);
  } else {
    delivered = Delivery{at, speaker_, nodes_[speaker_].waiting.front()};
    nodes_[speaker_].waiting.pop_front();
    note_success(speaker_);
  }
  arbitrate(at);
  return delivered;
}

void CanBus::note_error(std::size_t transmitter, core::Instant at) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (i == transmitter || at < nodes_[i].off_till) continue;
    nodes_[i].receive_errors = std::min(nodes_[i].receive_errors + 1, 255);
  }
  auto& own = nodes_[transmitter];
  own.transmit_errors += 8;
  if (own.transmit_errors >= off_from) {
    ++times_off_;
    own.waiting.clear();  // its controller is reset
    own.transmit_errors = own.receive_errors = 0;
    own.off_till = at + bits(recovery_bits);
  } else if (own.transmit_errors >= passive_from) {
    own.silent_till = at + bits(suspend_bits);
  }
}

void CanBus::note_success(std::size_t transmitter) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    auto& errors = i == transmitter ? nodes_[i].transmit_errors : nodes_[i].receive_errors;
    errors = std::max(errors - 1, 0);
  }
}
}  // namespace model
