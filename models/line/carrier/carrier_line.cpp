#include "models/line/carrier/carrier_line.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace model::carrier {
namespace {
constexpr std::uint8_t start_byte = 0x68, broadcast_byte = 0x99;
constexpr std::size_t header_bytes = 10;  // 68, address, 68, control, length
constexpr std::int64_t bits_per_character = 11, ns_per_s = 1'000'000'000;

/// Where a DL/T 645 frame begins in `bytes`, behind its lead-in; `bytes.size()` if there is none.
std::size_t frame_start(core::Bytes bytes) {
  for (std::size_t i = 0; i + header_bytes <= bytes.size(); ++i)
    if (bytes[i] == start_byte && bytes[i + 7] == start_byte) return i;
  return bytes.size();
}
}  // namespace

CarrierLine::CarrierLine(CarrierLineSetup setup, const Feeder& feeder, CarrierHosts hosts)
    : setup_(std::move(setup)),
      hosts_(std::move(hosts)),
      channel_(setup_.channel, feeder, setup_.places),
      network_(setup_.network, channel_, setup_.channel.seed, setup_.channel.area) {
  METERTWIN_CHECK(setup_.turnaround_min <= setup_.turnaround_max && hosts_.answer);
  for (const auto& station : setup_.stations)
    METERTWIN_CHECK(station.node > 0 && station.node < setup_.places.size(), station.node);
  quiet_from_ = setup_.channel.starts;
}

core::Duration CarrierLine::rs485_time(const CarrierStation& station, std::size_t bytes) const {
  if (station.rs485_baud <= 0) return core::Duration(0);
  return core::Duration(static_cast<std::int64_t>(bytes) * bits_per_character * ns_per_s /
                        station.rs485_baud);
}

void CarrierLine::push(Event event) {
  const auto where =
      std::upper_bound(events_.begin(), events_.end(), event.till,
                       [](core::Instant till, const Event& other) { return till < other.till; });
  events_.insert(where, std::move(event));
}

void CarrierLine::tell_lost(std::size_t station, core::Instant at, const Delivery& delivery) {
  if (hosts_.lost) hosts_.lost(setup_.stations[station].meter, at, delivery);
}

core::Instant CarrierLine::transmit(core::Instant at, core::Bytes bytes) {
  const auto begins = std::max(at, quiet_from_);
  const auto start = frame_start(bytes);
  Event request{begins, begins + channel_.duration_of(bytes.size()), true, true, 0, {}};
  if (start < bytes.size()) {
    const auto address = bytes.subspan(start + 1, 6);
    if (std::all_of(address.begin(), address.end(), [](auto byte) { return byte == broadcast_byte; })) {
      hear_broadcast(begins, bytes, start);
      return quiet_from_;
    }
    for (std::size_t i = 0; i < setup_.stations.size(); ++i) {
      const auto& station = setup_.stations[i];
      if (!std::equal(address.begin(), address.end(), station.address.begin())) continue;
      const auto delivery = network_.send_down(begins, station.node, bytes.size() - start);
      request.station = i;
      request.till = delivery.ends;
      request.is_lost = !delivery.has_arrived();
      if (request.is_lost) {
        tell_lost(i, delivery.ends, delivery);
      } else {
        request.till += rs485_time(station, bytes.size() - start);
        request.bytes.assign(bytes.begin() + static_cast<std::ptrdiff_t>(start), bytes.end());
      }
      break;
    }
  }
  quiet_from_ = request.till;
  push(std::move(request));
  return quiet_from_;
}

/// Heard by all at once, when the last level has repeated it.
void CarrierLine::hear_broadcast(core::Instant at, core::Bytes bytes, std::size_t frame_at) {
  std::vector<bool> has_heard;
  const auto frame = bytes.subspan(frame_at);
  const auto ends = network_.broadcast(at, frame.size(), has_heard);
  std::vector<std::uint8_t> ignored;
  for (const auto& station : setup_.stations)
    if (has_heard[station.node]) hosts_.answer(station.meter, ends, frame, ignored);
  quiet_from_ = std::max(ends, at + channel_.duration_of(frame.size()));
  push({at, quiet_from_, true, true, 0, {}});
}

void CarrierLine::hush_master() { events_.clear(); }

core::Instant CarrierLine::busy_until(core::Instant at) const {
  auto until = at;
  for (const auto& event : events_)
    if (event.from < at) until = std::max(until, event.till);
  return until;
}

core::Bytes CarrierLine::advance() {
  METERTWIN_CHECK(!events_.empty());
  auto event = std::move(events_.front());
  events_.pop_front();
  if (event.is_lost) return {};
  if (event.is_request) {
    hear_request(event);
    return {};
  }
  heard_ = std::move(event.bytes);
  return heard_;
}

void CarrierLine::hear_request(const Event& request) {
  std::vector<std::uint8_t> answer;
  const auto& station = setup_.stations[request.station];
  if (hosts_.answer(station.meter, request.till, request.bytes, answer) && !answer.empty())
    answer_back(request, std::move(answer));
}

void CarrierLine::answer_back(const Event& request, std::vector<std::uint8_t> answer) {
  const auto& station = setup_.stations[request.station];
  const core::RandomStream turnaround(setup_.channel.seed, station.meter, core::Purpose::meter_turnaround);
  const auto waits = turnaround.between(setup_.turnaround_min.count(), setup_.turnaround_max.count(),
                                        static_cast<std::uint64_t>(core::unix_nanoseconds(request.till)));
  const auto from = request.till + core::Duration(waits);
  const auto delivery =
      network_.send_up(from + rs485_time(station, answer.size()), station.node, answer.size());
  Event event{from, delivery.ends, false, !delivery.has_arrived(), request.station, {}};
  if (delivery.has_arrived())
    event.bytes = std::move(answer);
  else
    tell_lost(request.station, delivery.ends, delivery);
  quiet_from_ = std::max(quiet_from_, event.till);
  push(std::move(event));
}

void CarrierLine::set_deaf(std::uint32_t meter, bool is_deaf, core::Instant at) {
  for (const auto& station : setup_.stations)
    if (station.meter == meter) network_.set_powered(station.node, !is_deaf, at);
}

void CarrierLine::set_address(std::uint32_t meter, const std::array<std::uint8_t, 6>& address) {
  for (auto& station : setup_.stations)
    if (station.meter == meter) station.address = address;
}
}  // namespace model::carrier
