#include "models/collector/carrier_field.hpp"

#include <algorithm>

namespace model {
namespace {
constexpr std::uint32_t nobody = UINT32_MAX;

carrier::ChannelSetup channel_setup(const AreaSetup& setup) {
  carrier::ChannelSetup channel;
  channel.band = setup.carrier->band;
  channel.seed = setup.seed;
  channel.area = setup.id;
  channel.utc_offset = setup.zone.offset_at(setup.starts);
  channel.starts = setup.starts;
  return channel;
}
}  // namespace

CarrierField::CarrierField(const AreaSetup& setup, std::vector<std::unique_ptr<FieldLine>> pairs,
                           std::span<Meter> meters)
    : channel_(channel_setup(setup), *setup.carrier->feeder, setup.carrier->places),
      network_(setup.carrier->network, channel_, setup.seed, setup.id),
      pairs_(std::move(pairs)),
      meters_(meters),
      node_of_meter_(meters.size(), nobody) {
  METERTWIN_CHECK(pairs_.size() + 1 == channel_.size(), pairs_.size(), channel_.size());
  for (std::size_t pair = 0; pair < pairs_.size(); ++pair)
    for (const auto meter : setup.lines[setup.carrier->first_line + pair].meters) {
      node_of_meter_[meter] = static_cast<std::uint32_t>(pair) + 1;
      node_of_code_[dlt645::AddressPattern(meters[meter].address()).code()] = node_of_meter_[meter];
    }
}

/// Addresses hardly ever change; one that is not known is looked for among what the meters go by now.
std::uint32_t CarrierField::node_of(dlt645::AddressPattern address) const {
  const auto found = node_of_code_.find(address.code());
  if (found != node_of_code_.end()) return found->second;
  for (std::size_t i = 0; i < meters_.size(); ++i)
    if (address.matches(meters_[i].address())) return node_of_meter_[i];
  return nobody;
}

core::Instant CarrierField::transmit(core::Instant at, core::Bytes bytes) {
  if (ready_at_ == core::never) ready_at_ = network_.register_modules(at);
  dlt645::Frame frame;
  patience_ = core::Duration(0);
  const bool is_ready = at >= ready_at_;  // modules are joining: nothing gets through
  if (!is_ready || !dlt645::decode(bytes, frame).has_value()) return at + duration_of(bytes.size());
  if (frame.address.is_broadcast()) {
    std::vector<bool> has_heard;
    const auto over = network_.broadcast(at, bytes.size(), has_heard);
    for (std::uint32_t node = 1; node < has_heard.size(); ++node)
      if (has_heard[node]) arrive(over, node, true, bytes);
    return over;
  }
  const auto node = node_of(frame.address);
  if (node == nobody) return at + duration_of(bytes.size());
  const auto delivery = network_.send_down(at, node, bytes.size());
  const auto over = std::max(delivery.ends, at);
  patience_ = 2 * (over - at);  // the answer takes the same way, and is longer
  if (delivery.has_arrived()) arrive(over, node, true, bytes);
  return over;
}

void CarrierField::arrive(core::Instant at, std::uint32_t node, bool is_request, core::Bytes bytes) {
  const auto where =
      std::upper_bound(travelling_.begin(), travelling_.end(), at,
                       [](core::Instant instant, const Travelling& t) { return instant < t.at; });
  auto& travelling = *travelling_.insert(where, Travelling{});
  travelling.at = at;
  travelling.node = node;
  travelling.is_request = is_request;
  travelling.bytes.append(bytes);
}

void CarrierField::hush_master() {
  travelling_.clear();
  for (const auto node : active_) pair_of(node).hush_master();
}

core::Instant CarrierField::next() const {
  auto next = travelling_.empty() ? core::never : travelling_.front().at;
  for (const auto node : active_) next = std::min(next, pairs_[node - 1]->next());
  return next;
}

core::Instant CarrierField::busy_until(core::Instant at) const {
  auto until = at;
  for (const auto& travelling : travelling_)
    if (!travelling.is_request) until = std::max(until, travelling.at);
  return until;
}

core::Bytes CarrierField::advance() {
  const auto at = next();
  if (!travelling_.empty() && travelling_.front().at == at) {
    const auto arrived = travelling_.front();
    travelling_.erase(travelling_.begin());
    if (!arrived.is_request) {
      heard_ = arrived.bytes;
      return heard_;
    }
    pair_of(arrived.node).transmit(at, arrived.bytes);
    if (std::find(active_.begin(), active_.end(), arrived.node) == active_.end())
      active_.push_back(arrived.node);
    return {};
  }
  const auto speaking = std::find_if(active_.begin(), active_.end(),
                                     [&](std::uint32_t node) { return pair_of(node).next() == at; });
  METERTWIN_CHECK(speaking != active_.end());
  const auto node = *speaking;
  const auto answer = pair_of(node).advance();
  if (!answer.empty()) {
    const auto delivery = network_.send_up(at, node, answer.size());
    if (delivery.has_arrived()) arrive(std::max(delivery.ends, at), node, false, answer);
  }
  if (pair_of(node).next() == core::never) active_.erase(speaking);
  return {};
}

void CarrierField::set_powered(std::size_t pair, bool is_powered, core::Instant at) {
  const auto node = static_cast<std::uint32_t>(pair) + 1;
  if (network_.is_powered(node) != is_powered) network_.set_powered(node, is_powered, at);
}
}  // namespace model
