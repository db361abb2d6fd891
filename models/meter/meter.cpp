#include "models/meter/meter.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "models/meter/firmware.hpp"
#include "models/meter/memory.hpp"

namespace model {
using Kind = MeterHappening::Kind;

namespace {
std::uint16_t records_kept(int days) { return static_cast<std::uint16_t>(std::max(1, days) * 96 + 1); }
}  // namespace

Meter::Meter(const MeterSetup& setup)
    : at_ms_(core::unix_milliseconds(setup.starts)),
      segment_till_ms_(at_ms_),
      metrology_(*setup.plate, setup.error),
      load_(setup.load),
      clock_(setup.starts, core::unix_nanoseconds(setup.starts) + core::Duration(setup.utc_offset).count(),
             setup.clock_drift_ppb),
      load_record_(records_kept(setup.load_record_days)),
      pulses_per_kWh_(setup.plate->pulses_per_kWh),
      id_(setup.id),
      has_purse_(setup.has_purse),
      address_(setup.address),
      plate_(setup.plate),
      tariff_(setup.tariff),
      memory_(std::make_unique<MeterMemory>()) {
  METERTWIN_CHECK(tariff_ != nullptr && setup.load_record_days <= 600, id_, setup.load_record_days);
  const std::int64_t civil_s = clock_.civil_s(setup.starts);
  sets_changed_s_ = civil_s;
  refresh_calendar(civil_s);
  const auto opening = static_cast<std::uint64_t>(setup.opening_register.count());
  registers_.count((opening * static_cast<std::uint64_t>(pulses_per_kWh_) + 99) / 100, rate_);
  pulses_at_quarter_ = registers_.pulses;
  purse_.charged_centikWh = purse_.ladder_from_centikWh = opening;
  purse_.money = setup.opening_balance;
  purse_.alert_at = Purse::next_alert(purse_.money, setup.limits);
  purse_.purchase_count = setup.purchase_count;
  relay_.keeps_power = setup.is_protected;

  MeterMemory& memory = *memory_;
  memory.limits = setup.limits;
  memory.customer_number = setup.customer_number;
  memory.learns_customer = setup.customer_number == 0;
  memory.meter_number = setup.address.digits();
  memory.purchased_total = core::Fen(setup.opening_balance.count() / core::microyuan_per_fen);
  memory.has_account = setup.has_purse;
  memory.closes_by_itself = setup.closes_by_itself;
  memory.trips_at_alarm2 = setup.trips_at_alarm2;
  memory.daily_limit = static_cast<std::uint16_t>(setup.daily_freezes);
  memory.mains = setup.mains;
  memory.battery = setup.battery;
  memory.in_service_ms = at_ms_;
  memory.customer = setup.customer;
  memory.trip_delay_min = static_cast<std::uint16_t>(setup.trip_delay_minutes);
  memory.settled_month = billing_month(civil_s);
  memory.ladder_month = month_of_civil(civil_s);
  // Put into service on a quarter hour: the opening register is its first record.
  if (clock_.civil_ns(setup.starts) % 900'000'000'000 == 0) begin_quarter(civil_s);
  plan_next_step(setup.starts);
}
Meter::~Meter() = default;
Meter::Meter(Meter&&) noexcept = default;
Meter& Meter::operator=(Meter&&) noexcept = default;

void Meter::take_segment() {
  if (is_tampered_) return take_tampered_segment();
  const LoadSegment segment = load_.segment_at(at_ms_);
  segment_till_ms_ = segment.till_ms;
  power_mW_ = seen_mW_ = static_cast<std::int32_t>(segment.power.count());
  reactive_mvar_ = static_cast<std::int32_t>(segment.reactive.count());
  is_turning_ = metrology_.starts_at(segment.power, segment.reactive);
}

void Meter::measure(std::int64_t duration_ms) {
  if (is_tampered_ || power_mW_ < 0) return measure_tampered(duration_ms);
  const std::int64_t energy = power_mW_ * duration_ms;
  passed_uJ_ += energy;
  passed_uvars_ += reactive_mvar_ * duration_ms;
  if (is_turning_) registers_.count(metrology_.measure(core::Microjoules(energy)), rate_);
  at_ms_ += duration_ms;
}

void Meter::pass_until(core::Instant until) {
  const std::int64_t until_ms = core::unix_milliseconds(until);
  METERTWIN_CHECK(until_ms >= at_ms_, id_, until_ms, at_ms_);
  if (!is_supplied()) {
    if (memory_->customer && has_supply_) withhold(until_ms);
    if (is_tampered_) pass_unmetered(until_ms);
    at_ms_ = until_ms;
    return;
  }
  while (at_ms_ < until_ms) {
    if (at_ms_ >= segment_till_ms_) take_segment();
    measure(std::min(until_ms, segment_till_ms_) - at_ms_);
  }
}

void Meter::pass_and_charge_until(core::Instant until, MeterHappenings& happened) {
  const std::int64_t until_ms = core::unix_milliseconds(until);
  METERTWIN_CHECK(until_ms >= at_ms_, id_, until_ms, at_ms_);
  while (at_ms_ < until_ms && is_supplied()) {
    if (at_ms_ >= segment_till_ms_) take_segment();
    const std::int64_t span_ms = std::min(until_ms, segment_till_ms_) - at_ms_;
    measure(is_turning_ ? milliseconds_until_alert(span_ms) : span_ms);
    charge_completed_units();
    if (purse_.money <= purse_.alert_at) alert(happened);
  }
  if (memory_->customer && has_supply_ && relay_.is_open) withhold(until_ms);
  if (is_tampered_) pass_unmetered(until_ms);
  at_ms_ = until_ms;
}

void Meter::advance_in_steps(core::Instant now, MeterHappenings& happened) {
  for (;;) {
    const core::Instant stop = std::min(now, next_step_);
    if (has_purse_) {
      pass_and_charge_until(stop, happened);
    } else {
      pass_until(stop);
    }
    if (now < next_step_) return;
    if (relay_.opens_at <= stop) finish_trip_delay(stop, happened);
    if (clock_.civil_ns(stop) >= next_civil_s_ * 1'000'000'000) keep_clock();
    // After the clock: a limit that ends with a quarter hour plans the next step anew.
    if (control_next_ <= stop) keep_control(stop, happened);
    plan_next_step(stop);
  }
}

void Meter::set_supply(Supply supply, core::Instant at, MeterHappenings& happened) {
  advance(at, happened);
  const bool is_back = supply == Supply::restored;
  if (is_back == has_supply_) return;
  const std::int64_t civil_s = clock_.civil_s(at);
  if (is_back) {
    has_supply_ = true;
    memory_->events.end_newest(EventKind::power_down, civil_s);
    make_up_for_outage(civil_s);
    plan_next_step(at);
    tell(happened, at, Kind::supply_restored);
  } else {
    memory_->events.add(
        {.kind = EventKind::power_down, .began_civil_s = civil_s, .register_centikWh = shown_centikWh()});
    memory_->lost_civil_s = civil_s;
    has_supply_ = false;
    tell(happened, at, Kind::supply_lost);
  }
}

void Meter::press_programming_key(core::Instant at, MeterHappenings& happened) {
  advance(at, happened);
  memory_->programming_till_civil_s = clock_.civil_s(at) + 4 * 3600;
}

bool Meter::answer(const dlt645::Frame& heard, core::Instant at, dlt645::Wire& answer,
                   MeterHappenings& happened) {
  advance(at, happened);
  return has_supply_ && Firmware(*this, at, answer, happened).hear(heard);
}

bool Meter::answer(core::Bytes heard, core::Instant at, dlt645::Wire& answer, MeterHappenings& happened) {
  advance(at, happened);
  if (!has_supply_) return false;
  dlt645::Frame frame;
  // The usual case first: FE bytes and one good frame. Otherwise look for one that begins later in the noise.
  for (std::size_t from = 0; from < heard.size(); ++from) {
    if (from > 0 && heard[from] != dlt645::start_byte) continue;
    if (dlt645::decode(heard.subspan(from), frame)) return Firmware(*this, at, answer, happened).hear(frame);
  }
  return false;
}

void Meter::tell(MeterHappenings& happened, core::Instant at, Kind kind, std::int64_t value, RelayCause cause,
                 std::uint32_t detail) const {
  happened.push_back(
      {.at = at, .value = value, .meter = id_, .detail = detail, .kind = kind, .cause = cause});
}

std::size_t Meter::memory_bytes() const { return sizeof(Meter) + load_record_.bytes() + memory_->bytes(); }
}  // namespace model
