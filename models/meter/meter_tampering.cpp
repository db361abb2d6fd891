// The meter under somebody's hands: energy that passes without being seen, registers set back, an open cover.
#include <algorithm>
#include <cstdlib>

#include "core/check.hpp"
#include "models/meter/memory.hpp"
#include "models/meter/meter.hpp"

namespace model {
SeenSegment Meter::seen_segment_at(std::int64_t at_ms) const {
  SeenSegment seen = untouched(load_.segment_at(at_ms));
  for (const auto& tampering : memory_->tamperings) tamper(tampering.how, at_ms, seen);
  return seen;
}

void Meter::take_tampered_segment() {
  const SeenSegment seen = seen_segment_at(at_ms_);
  segment_till_ms_ = seen.passes.till_ms;
  power_mW_ = static_cast<std::int32_t>(seen.passes.power.count());
  reactive_mvar_ = static_cast<std::int32_t>(seen.passes.reactive.count());
  seen_mW_ = static_cast<std::int32_t>(seen.power.count());
  memory_->unmetered_mW = static_cast<std::int32_t>(seen.unmetered.count());
  is_turning_ = metrology_.starts_at(seen.power, seen.reactive);
}

/// What flows back is counted by the reverse register and by no other; what is fed in is told apart in truth.
void Meter::measure_tampered(std::int64_t duration_ms) {
  MeterMemory& memory = *memory_;
  const std::int64_t passed = power_mW_ * duration_ms;
  const std::int64_t seen = seen_mW_ * duration_ms;
  (passed < 0 ? memory.fed_uJ : passed_uJ_) += std::abs(passed);
  passed_uvars_ += reactive_mvar_ * duration_ms;
  memory.missed_uJ += passed - seen;
  memory.withheld_uJ += std::max<std::int64_t>(passed - seen, 0);
  if (is_turning_ && seen > 0) registers_.count(metrology_.measure(core::Microjoules(seen)), rate_);
  if (is_turning_ && seen < 0) {
    const std::int64_t pulse = metrology_.pulse_energy().count();
    memory.reverse_uJ -= seen;
    memory.reverse_pulses += static_cast<std::uint64_t>(memory.reverse_uJ / pulse);
    memory.reverse_uJ %= pulse;
  }
  at_ms_ += duration_ms;
}

/// The relay is open; what was hooked on before it draws on, as long as there are mains.
void Meter::pass_unmetered(std::int64_t until_ms) {
  while (has_supply_ && at_ms_ < until_ms) {
    if (at_ms_ >= segment_till_ms_) take_segment();
    const std::int64_t span_ms = std::min(until_ms, segment_till_ms_) - at_ms_;
    passed_uJ_ += memory_->unmetered_mW * span_ms;
    memory_->missed_uJ += memory_->unmetered_mW * span_ms;
    memory_->withheld_uJ += memory_->unmetered_mW * span_ms;
    at_ms_ += span_ms;
  }
}

void Meter::begin_tampering(std::uint32_t key, const Tampering& tampering, core::Instant at,
                            MeterHappenings& happened) {
  advance(at, happened);
  memory_->tamperings.push_back({key, tampering});
  if (tampering.way == Tampering::Way::phases_swapped) memory_->tamperings.back().how.mains = memory_->mains;
  is_tampered_ = true;
  look_again();
  if (tampering.loses_voltage) watch_voltage();
}

void Meter::end_tampering(std::uint32_t key, core::Instant at, MeterHappenings& happened) {
  advance(at, happened);
  auto& tamperings = memory_->tamperings;
  std::erase_if(tamperings, [&](const TamperedWith& one) { return one.key == key; });
  is_tampered_ = !tamperings.empty();
  memory_->unmetered_mW = 0;
  look_again();
  watch_voltage();
}

core::CentiKilowattHours Meter::roll_back(core::CentiKilowattHours by, core::Instant at,
                                          MeterHappenings& happened) {
  METERTWIN_CHECK(by.count() >= 0, by.count());
  advance(at, happened);
  const auto before = EnergyRegisters::whole_centikWh(registers_.pulses, pulses_per_kWh_);
  auto pulses = std::min(registers_.pulses, static_cast<std::uint64_t>(by.count()) *
                                                static_cast<std::uint64_t>(pulses_per_kWh_) / 100);
  registers_.pulses -= pulses;
  pulses_at_quarter_ = std::min(pulses_at_quarter_, registers_.pulses);
  // Off the present rate first, then off the others, so that rates still add up to the total.
  const std::uint64_t off_present = std::min(pulses, registers_.rate_pulses[rate_]);
  registers_.rate_pulses[rate_] -= off_present;
  pulses -= off_present;
  for (auto& rate : registers_.rate_pulses) {
    const std::uint64_t off = std::min(pulses, rate);
    rate -= off;
    pulses -= off;
  }
  const auto after = EnergyRegisters::whole_centikWh(registers_.pulses, pulses_per_kWh_);
  memory_->missed_uJ += static_cast<std::int64_t>(before - after) * core::microjoules_per_centikWh;
  return core::CentiKilowattHours(static_cast<std::int64_t>(before - after));
}

void Meter::open_cover(core::Instant at, MeterHappenings& happened) {
  advance(at, happened);
  memory_->events.add({.kind = EventKind::cover_opened,
                       .began_civil_s = clock_.civil_s(at),
                       .register_centikWh = shown_centikWh()});
}

void Meter::close_cover(core::Instant at, MeterHappenings& happened) {
  advance(at, happened);
  memory_->events.end_newest(EventKind::cover_opened, clock_.civil_s(at), shown_centikWh());
}

void Meter::put_clock(core::Instant at, std::int64_t civil_ns, MeterHappenings& happened) {
  advance(at, happened);
  set_clock(at, civil_ns, 0, happened);
}

std::optional<CapturedRecharge> Meter::captured_recharge() const {
  if (purse_.purchase_count == 0) return std::nullopt;
  const MeterMemory& memory = *memory_;
  const auto amount = memory.last_purchase.amount;
  return CapturedRecharge{amount > core::Fen(0) ? amount : memory.purchased_total, purse_.purchase_count,
                          memory.customer_number};
}

bool Meter::has_exchanged_phases() const {
  const auto& tamperings = memory_->tamperings;
  return std::any_of(tamperings.begin(), tamperings.end(),
                     [](const auto& t) { return t.how.way == Tampering::Way::phases_swapped; });
}

std::int64_t Meter::missed_uJ() const { return memory_->missed_uJ; }
std::int64_t Meter::withheld_uJ() const { return memory_->withheld_uJ; }
std::int64_t Meter::fed_uJ() const { return memory_->fed_uJ; }

core::Millivolts Meter::voltage() const {
  const auto& tamperings = memory_->tamperings;
  if (std::any_of(tamperings.begin(), tamperings.end(), [](const auto& t) { return t.how.loses_voltage; }))
    return core::Millivolts(0);
  return memory_->mains ? memory_->mains->phase[0].voltage : load_.voltage_at(at_ms_);
}

void Meter::watch_voltage() {
  if (has_supply_) memory_->voltage_events.see(voltage(), plate_->rated_voltage, at_ms_);
}

Meter::Draw Meter::draw_until(core::Instant till) const {
  const std::int64_t till_ms = core::unix_milliseconds(till);
  METERTWIN_CHECK(till_ms >= at_ms_, id_, till_ms, at_ms_);
  Draw draw;
  if (!has_supply_ || (relay_.is_open && !is_tampered_)) return draw;
  for (std::int64_t at_ms = at_ms_; at_ms < till_ms;) {
    const SeenSegment seen = seen_segment_at(at_ms);
    const std::int64_t span_ms = std::min(till_ms, seen.passes.till_ms) - at_ms;
    const auto power = relay_.is_open ? seen.unmetered : seen.passes.power;
    draw.energy += core::Microjoules(power.count() * span_ms);
    if (!relay_.is_open) draw.reactive_uvars += seen.passes.reactive.count() * span_ms;
    at_ms += span_ms;
  }
  return draw;
}
}  // namespace model
