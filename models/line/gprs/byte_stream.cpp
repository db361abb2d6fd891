#include "models/line/gprs/byte_stream.hpp"

namespace model {
namespace {
constexpr std::size_t segment_bytes_max = 1400;  // a usual maximum segment size behind GPRS headers
constexpr int losses_in_a_row_max = 6;           // beyond, TCP would rather be called an outage
}  // namespace

ByteStream::ByteStream(const UplinkSetup& setup, std::uint64_t seed, AreaId area, Direction direction)
    : setup_(setup),
      latency_(seed, area * 2 + static_cast<std::uint32_t>(direction), core::Purpose::uplink_delay),
      loss_(seed, area * 2 + static_cast<std::uint32_t>(direction), core::Purpose::uplink_loss) {}

core::Duration ByteStream::delay(std::size_t bytes) {
  auto delay =
      core::Duration(latency_.between(setup_.latency_min.count(), setup_.latency_max.count(), writes_++));
  for (std::size_t sent = 0; sent < bytes; sent += segment_bytes_max) {
    int losses = 0;
    while (losses < losses_in_a_row_max && loss_.happens(setup_.loss, chances_++)) ++losses;
    delay += losses * setup_.retransmission;
  }
  return delay;
}

void ByteStream::write(core::Instant at, core::Instant free_from, core::Bytes bytes) {
  if (bytes.empty()) return;
  const auto leaves = std::max({at, free_at_, free_from});
  const core::Duration transmission(static_cast<std::int64_t>(bytes.size()) * 8 * 1'000'000'000 /
                                    setup_.throughput_bps);
  free_at_ = leaves + transmission;
  last_arrival_ = std::max(last_arrival_, free_at_ + delay(bytes.size()));
  segments_.push_back({last_arrival_, bytes.size()});
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

core::Bytes ByteStream::take() {
  const auto end = bytes_.begin() + static_cast<std::ptrdiff_t>(segments_.front().bytes);
  taken_.assign(bytes_.begin(), end);
  bytes_.erase(bytes_.begin(), end);
  segments_.erase(segments_.begin());
  return taken_;
}

std::size_t ByteStream::hold_until(core::Instant till) {
  std::size_t held = 0;
  for (auto& segment : segments_) {
    if (segment.arrives >= till) break;
    segment.arrives = till;
    ++held;
  }
  if (held > 0) last_arrival_ = std::max(last_arrival_, till);
  return held;
}

void ByteStream::clear() {
  segments_.clear();
  bytes_.clear();
  free_at_ = last_arrival_ = core::Instant{};
}
}  // namespace model
