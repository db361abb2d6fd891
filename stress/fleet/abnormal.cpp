#include "stress/fleet/abnormal.hpp"

#include <algorithm>
#include <numeric>

#include "core/check.hpp"
#include "protocols/dlt645/requests.hpp"
#include "protocols/modbus/tcp.hpp"

namespace stress {
namespace {
constexpr std::array<std::string_view, abnormal_kinds> names{
    "bad_checksum", "truncated",          "oversized",  "wrong_address", "replay",         "time_travel",
    "huge_value",   "protocol_confusion", "slow_loris", "half_open",     "reconnect_storm"};
constexpr std::size_t checksum_from_end = 2;
constexpr std::size_t oversized_bytes = 20'000;  // more than the longest frame
constexpr std::uint8_t filler = 0x55;            // no start byte, no end byte
/// 2099-01-01T00:00Z: two-digit years reach no further, and no run comes near it.
constexpr Instant far_ahead = core::instant_from_seconds(4'070'908'800);
constexpr std::uint32_t points_that_lie = 4;

core::RandomStream draws_of(std::uint64_t seed) { return {seed, 0, core::Purpose::fleet_abnormal}; }

/// Each event has four draws.
std::uint64_t draw_below(std::uint64_t seed, std::uint64_t event, unsigned which, std::uint64_t bound) {
  const auto words = draws_of(seed).block(event);
  return std::uint64_t{words[which]} * bound >> 32;
}

void put_oversized(std::vector<std::uint8_t>& out) {
  constexpr std::uint16_t length = gdw3761::user_bytes_max << 2 | 2;
  const std::uint8_t low = length & 0xFF, high = length >> 8;
  out.insert(out.end(), {gdw3761::start_byte, low, high, low, high, gdw3761::start_byte});
  out.insert(out.end(), oversized_bytes, filler);
}

void put_confusion(std::uint64_t which, const CollectorPlan& collector, std::vector<std::uint8_t>& out) {
  if (which == 0) {
    dlt645::Wire wire;
    const auto item = dlt645::item::forward_active;
    dlt645::encode(EstatePlan::address_of(collector.first_meter), dlt645::ReadRequest{item, {}, {}}, wire, 4);
    out.insert(out.end(), wire.begin(), wire.end());
  } else if (which == 1) {
    modbus::tcp::Adu adu;
    const std::array<std::uint16_t, 2> who{collector.region, collector.number};
    modbus::tcp::put_write(7, manager_unit, hello_register, who, adu);
    out.insert(out.end(), adu.begin(), adu.end());
  } else {
    constexpr std::string_view text = "GET /health HTTP/1.1\r\nHost: head-end\r\n\r\n";
    out.insert(out.end(), text.begin(), text.end());
  }
}

void put_time_travel(ReportWriter& writer, const CollectorPlan& collector, const ReportPart& usual,
                     unsigned counter, bool is_ahead, std::vector<std::uint8_t>& out) {
  const ReportPart part{usual.quarter, 1, std::min(points_that_lie, collector.meters)};
  const EstatePlan& estate = writer.estate();
  const Instant due = is_ahead ? far_ahead + quarter_hour * (usual.quarter % 1000)
                               : estate.opens - quarter_hour * (1 + usual.quarter % 1000);
  writer.put_curve(collector, part, due, counter, ReportWriter::Telling::falsified, out);
}
}  // namespace

std::string_view name_of(AbnormalKind kind) { return names[static_cast<std::size_t>(kind)]; }

std::optional<AbnormalKind> abnormal_kind_of(std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<AbnormalKind>(found - names.begin());
}

std::optional<AbnormalKind> draw_kind(const AbnormalWeights& weights, std::uint64_t seed,
                                      std::uint64_t event) {
  const auto sum = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  if (sum == 0) return std::nullopt;
  std::uint64_t left = draw_below(seed, event, 1, sum);
  for (std::size_t kind = 0; kind < abnormal_kinds; ++kind) {
    if (left < weights[kind]) return static_cast<AbnormalKind>(kind);
    left -= weights[kind];
  }
  return std::nullopt;
}

bool draw_is_abnormal(std::uint32_t permille, std::uint64_t seed, std::uint64_t event) {
  return permille > 0 && draw_below(seed, event, 0, 1000) < permille;
}

void put_abnormal(AbnormalKind kind, ReportWriter& writer, const CollectorPlan& collector,
                  std::uint32_t frame, unsigned counter, std::uint64_t event,
                  std::vector<std::uint8_t>& out) {
  METERTWIN_CHECK(is_in_band(kind) && !collector.is_manager, static_cast<int>(kind));
  const std::uint64_t seed = writer.estate().seed;
  const ReportPart part = writer.part_of(collector, frame);
  const Instant due = writer.estate().due(part.quarter);
  const std::size_t begin = out.size();
  using Telling = ReportWriter::Telling;
  switch (kind) {
    case AbnormalKind::bad_checksum:
      writer.put_curve(collector, part, due, counter, Telling::falsified, out);
      ++out[out.size() - checksum_from_end];
      break;
    case AbnormalKind::truncated: {
      writer.put_curve(collector, part, due, counter, Telling::falsified, out);
      const std::size_t whole = out.size() - begin;
      out.resize(begin + 1 + draw_below(seed, event, 2, whole - 1));
      break;
    }
    case AbnormalKind::oversized:
      put_oversized(out);
      break;
    case AbnormalKind::wrong_address: {
      CollectorPlan other = collector;
      other.region = static_cast<std::uint16_t>((collector.region + 1) % 10'000);
      writer.put_curve(other, part, due, counter, Telling::falsified, out);
      break;
    }
    case AbnormalKind::replay:
      writer.put_report(collector, frame, static_cast<std::uint16_t>(counter), out);
      break;
    case AbnormalKind::time_travel:
      put_time_travel(writer, collector, part, counter, draw_below(seed, event, 2, 2) == 0, out);
      break;
    case AbnormalKind::huge_value: {
      const ReportPart few{part.quarter, part.first_point, std::min(points_that_lie, part.points)};
      writer.put_curve(collector, few, due, counter, Telling::huge, out);
      break;
    }
    default:
      put_confusion(draw_below(seed, event, 2, 3), collector, out);
      break;
  }
}
}  // namespace stress
