// Theft, tampering and failing meters, window by window.
#include "models/fault/meter_faults.hpp"

#include <algorithm>

#include "models/area_grid.hpp"

namespace model {
namespace {
using Kind = FaultKind;
constexpr std::int64_t uJ_per_Wh = 3'600'000'000;
constexpr std::uint32_t neighbour_key = 0x8000'0000u;  // the neighbour's half of a feed

bool opens_cover(Kind kind) { return kind == Kind::cover_open || kind == Kind::theft_shunt; }
bool hides_nothing(Kind kind) { return kind == Kind::cover_open || kind == Kind::theft_feed; }
}  // namespace

MeterFaults::MeterFaults(const AreaSetup& setup, std::span<Meter> meters, MeterHappenings& happened)
    : setup_(setup), meters_(meters), happened_(happened), done_(setup.faults.size(), 0) {}

bool MeterFaults::is_mine(FaultKind kind) { return kind >= Kind::theft_bypass && kind <= Kind::dead_phase; }

bool MeterFaults::has_three_phases(MeterId id) const {
  if (!setup_.grid) return false;
  const auto& heads = setup_.grid->heads;
  return std::any_of(heads.begin(), heads.end(), [&](const HeadMeter& head) {
    return head.meter == id - setup_.first_meter && head.phase < 0;
  });
}

Tampering MeterFaults::tampering_of(const FaultWindow& fault) const {
  using Way = Tampering::Way;
  Tampering how{.share_ppm = fault.share_ppm,
                .power = fault.power,
                .from_ms = core::unix_milliseconds(fault.from),
                .till_ms = core::unix_milliseconds(fault.till),
                .seed = setup_.seed,
                .meter = fault.meter};
  switch (fault.kind) {
    case Kind::theft_magnet:
      how.way = Way::magnet;
      break;
    case Kind::theft_reversed:
      how.way = Way::reversed;
      break;
    case Kind::theft_neutral:
      how.loses_voltage = true;
      break;
    case Kind::dead_phase:  // one of three elements, or the only one
      how.loses_voltage = !has_three_phases(fault.meter);
      how.share_ppm = how.loses_voltage ? 1'000'000 : 333'333;
      break;
    case Kind::slow_drift:
      how.way = Way::drift;
      break;
    case Kind::theft_capped:
      how.way = Way::capped;
      break;
    case Kind::theft_wavering:
      how.way = Way::wavering;
      break;
    case Kind::theft_hook:
      how.way = Way::unmetered;
      break;
    default:
      break;
  }
  return how;
}

void MeterFaults::begin(std::size_t number, core::Instant at) {
  const auto& window = fault(number);
  const auto key = static_cast<std::uint32_t>(number);
  auto& mine = meter(window.meter);
  if (opens_cover(window.kind)) mine.open_cover(at, happened_);
  if (hides_nothing(window.kind)) ++done_[number];
  if (window.kind == Kind::cover_open) return;
  if (window.kind == Kind::theft_rollback) {
    mine.roll_back(window.energy, at, happened_);
    return;
  }
  if (window.kind == Kind::theft_feed) {
    auto& neighbour = meter(window.other);
    neighbour.begin_tampering(key | neighbour_key,
                              {.way = Tampering::Way::lent, .share_ppm = window.share_ppm}, at, happened_);
    mine.begin_tampering(
        key, {.way = Tampering::Way::lends, .share_ppm = window.share_ppm, .other = neighbour.load()}, at,
        happened_);
    return;
  }
  mine.begin_tampering(key, tampering_of(window), at, happened_);
}

void MeterFaults::end(std::size_t number, core::Instant at) {
  const auto& window = fault(number);
  const auto key = static_cast<std::uint32_t>(number);
  auto& mine = meter(window.meter);
  if (opens_cover(window.kind)) mine.close_cover(at, happened_);
  mine.end_tampering(key, at, happened_);
  if (window.kind == Kind::theft_feed) meter(window.other).end_tampering(key | neighbour_key, at, happened_);
}

std::uint64_t MeterFaults::struck_so_far(std::size_t number) const {
  const auto& window = fault(number);
  if (hides_nothing(window.kind)) return done_[number];
  const auto missed_uJ = meters_[window.meter - setup_.first_meter].missed_uJ();
  return static_cast<std::uint64_t>(std::max<std::int64_t>(missed_uJ, 0) / uJ_per_Wh);
}
}  // namespace model
