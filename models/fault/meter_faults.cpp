// Theft, tampering and failing meters, window by window.
#include "models/fault/meter_faults.hpp"

#include <algorithm>
#include <array>

#include "core/check.hpp"
#include "models/area_grid.hpp"
#include "models/theft/false_report.hpp"
#include "protocols/dlt645/security.hpp"

namespace model {
namespace {
using Kind = FaultKind;
using Way = Tampering::Way;
constexpr std::int64_t uJ_per_Wh = 3'600'000'000;
constexpr std::uint32_t neighbour_key = 0x8000'0000u;  // the neighbour's half of a feed or of a collusion

bool opens_cover(Kind kind) { return kind == Kind::cover_open || kind == Kind::theft_shunt; }
bool counts_at_once(Kind kind) {
  return kind == Kind::cover_open || kind == Kind::theft_feed || kind == Kind::meter_clock_shift ||
         kind == Kind::recharge_replay;
}
bool needs_neighbour(Kind kind) { return kind == Kind::theft_feed || kind == Kind::theft_collusion; }

std::shared_ptr<const QuarterSeries> false_series(const AreaSetup& setup, const FaultWindow& fault,
                                                  const Load& drawn, const Load& lesser) {
  const auto attack = theft::attack_of(fault.attack);
  METERTWIN_CHECK(attack.has_value(), fault.attack);
  const theft::FalseReport report{.attack = *attack,
                                  .drawn = drawn,
                                  .lesser = lesser,
                                  .from = fault.from,
                                  .till = fault.till,
                                  .utc_offset = setup.zone.offset_at(setup.starts)};
  const core::RandomStream draws(setup.seed, fault.meter, core::Purpose::theft_attack);
  return std::make_shared<const QuarterSeries>(theft::false_report(report, draws));
}
}  // namespace

MeterFaults::MeterFaults(const AreaSetup& setup, std::span<Meter> meters, MeterHappenings& happened,
                         TruthSink& truth)
    : setup_(setup),
      meters_(meters),
      happened_(happened),
      truth_(truth),
      adaptive_(setup, meters, happened, truth),
      done_(setup.faults.size(), 0),
      missed_uJ_(setup.faults.size(), 0),
      began_(setup.faults.size(), setup.starts) {}

bool MeterFaults::is_mine(FaultKind kind) {
  return (kind >= Kind::theft_bypass && kind <= Kind::dead_phase) ||
         (kind >= Kind::phase_swap && kind <= Kind::theft_adaptive);
}

bool MeterFaults::has_three_phases(MeterId id) const {
  if (!setup_.grid) return false;
  const auto& heads = setup_.grid->heads;
  return std::any_of(heads.begin(), heads.end(), [&](const HeadMeter& head) {
    return head.meter == id - setup_.first_meter && head.phase < 0;
  });
}

Tampering MeterFaults::tampering_of(const FaultWindow& fault) const {
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
    case Kind::phase_swap:
      how.way = Way::phases_swapped;
      break;
    case Kind::theft_false_data:
      how.way = Way::told;
      how.series = false_series(setup_, fault, meter(fault.meter).load(),
                                fault.other != 0 ? meter(fault.other).load() : Load());
      break;
    default:
      break;
  }
  return how;
}

/// Two meters at once: a neighbour on somebody's sockets, or two thieves by turns.
void MeterFaults::begin_pair(std::uint32_t key, const FaultWindow& window, core::Instant at) {
  auto& mine = meter(window.meter);
  auto& neighbour = meter(window.other);
  Tampering own{.share_ppm = window.share_ppm}, other{.share_ppm = window.share_ppm};
  if (window.kind == Kind::theft_feed) {
    other.way = Way::lent;
    own.way = Way::lends;
    own.other = neighbour.load();
  } else {
    own.way = other.way = Way::alternate_days;
    own.from_ms = other.from_ms = core::unix_milliseconds(at);
    own.utc_offset_ms = other.utc_offset_ms = setup_.zone.offset_at(setup_.starts).count() * 1000;
    other.is_on_odd_days = true;
  }
  neighbour.begin_tampering(key | neighbour_key, other, at, happened_);
  mine.begin_tampering(key, own, at, happened_);
}

void MeterFaults::begin(std::size_t number, core::Instant at) {
  const auto& window = fault(number);
  const auto key = static_cast<std::uint32_t>(number);
  auto& mine = meter(window.meter);
  if (opens_cover(window.kind)) mine.open_cover(at, happened_);
  mine.advance(at, happened_);
  missed_uJ_[number] = mine.missed_uJ();
  began_[number] = at;
  switch (window.kind) {
    case Kind::cover_open:
      ++done_[number];
      return;
    case Kind::theft_rollback:
      mine.roll_back(window.energy, at, happened_);
      return;
    case Kind::theft_feed:
      ++done_[number];
      return begin_pair(key, window, at);
    case Kind::theft_collusion:
      return begin_pair(key, window, at);
    case Kind::theft_adaptive:
      return adaptive_.begin(number, at);
    case Kind::meter_clock_shift:
      return shift_clock(number, at);
    case Kind::recharge_replay:
      return replay_recharge(number, at);
    default:
      mine.begin_tampering(key, tampering_of(window), at, happened_);
  }
}

void MeterFaults::end(std::size_t number, core::Instant at) {
  const auto& window = fault(number);
  const auto key = static_cast<std::uint32_t>(number);
  auto& mine = meter(window.meter);
  if (opens_cover(window.kind)) mine.close_cover(at, happened_);
  if (window.kind == Kind::theft_adaptive) return adaptive_.end(number, at);
  if (window.kind == Kind::meter_clock_shift) return right_clock(window, at);
  mine.end_tampering(key, at, happened_);
  if (needs_neighbour(window.kind)) meter(window.other).end_tampering(key | neighbour_key, at, happened_);
  if (adds_energy(window.kind)) tell_hidden(number, at);
}

/// What is withheld now and told at another time cancels; this is what remains hidden.
void MeterFaults::tell_hidden(std::size_t number, core::Instant at) {
  const auto& window = fault(number);
  const auto hidden_uJ = meter(window.meter).missed_uJ() - missed_uJ_[number];
  truth_.event({at, setup_.meter_names[window.meter - setup_.first_meter], "energy-hidden",
                hidden_uJ / uJ_per_Wh, "injected: " + std::string(fault_entry(window.kind).name)});
}

void MeterFaults::shift_clock(std::size_t number, core::Instant at) {
  auto& mine = meter(fault(number).meter);
  mine.put_clock(at, mine.clock().civil_ns(at) + fault(number).step.count(), happened_);
  ++done_[number];
}

void MeterFaults::right_clock(const FaultWindow& window, core::Instant at) {
  const core::Duration offset = setup_.zone.offset_at(at);
  meter(window.meter).put_clock(at, core::unix_nanoseconds(at) + offset.count(), happened_);
}

/// Played at the meter's own terminals: `count` times as it was captured, and once with a count left out.
void MeterFaults::replay_recharge(std::size_t number, core::Instant at) {
  auto& mine = meter(fault(number).meter);
  const auto captured = mine.captured_recharge();
  if (!captured) return;
  dlt645::PurchaseRequest request;
  request.amount = captured->amount;
  request.customer = captured->customer_number;
  for (int i = 0; i <= fault(number).count; ++i) {
    request.purchase_count = captured->purchase_count + (i == fault(number).count ? 2u : 0u);
    dlt645::Wire wire, answer;
    dlt645::encode(mine.address(), request, wire);
    dlt645::Frame frame;
    if (mine.answer(wire, at, answer, happened_) && dlt645::decode(answer, frame) &&
        dlt645::security_refusal_of(frame))
      ++done_[number];
  }
}

std::uint64_t MeterFaults::struck_so_far(std::size_t number) const {
  const auto& window = fault(number);
  if (counts_at_once(window.kind)) return done_[number];
  auto missed_uJ =
      adds_energy(window.kind) ? meter(window.meter).withheld_uJ() : meter(window.meter).missed_uJ();
  if (hides_at_other(window.kind)) missed_uJ += meter(window.other).missed_uJ();
  return static_cast<std::uint64_t>(std::max<std::int64_t>(missed_uJ, 0) / uJ_per_Wh);
}

bool MeterFaults::is_visible(std::size_t number, MeterId at_meter, core::Instant at) const {
  const auto& window = fault(number);
  if (window.kind == Kind::theft_adaptive) return adaptive_.is_taking(number, at);
  if (window.kind == Kind::theft_collusion) {
    const Tampering turns{.way = Way::alternate_days,
                          .from_ms = core::unix_milliseconds(began_[number]),
                          .utc_offset_ms = setup_.zone.offset_at(setup_.starts).count() * 1000,
                          .is_on_odd_days = at_meter == window.other};
    return is_on_today(turns, core::unix_milliseconds(at));
  }
  return window.kind != Kind::theft_rollback && window.kind != Kind::recharge_replay;
}

bool MeterFaults::ends_when_found(std::size_t number) const {
  return fault(number).kind != Kind::theft_adaptive;
}

void MeterFaults::visited(std::size_t number, core::Instant at) {
  if (fault(number).kind == Kind::theft_adaptive) adaptive_.visited(number, at);
}
}  // namespace model
