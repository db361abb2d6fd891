// What the meter measures just now, and what it remembers of events.
#include <cmath>

#include "core/portable_math.hpp"
#include "models/meter/firmware.hpp"
#include "models/meter/wire_fields.hpp"

namespace model {
namespace {
constexpr int all = dlt645::item::block;

/// Voltage, current and powers at one instant, coherent: S^2 = P^2 + Q^2, I = S / U.
struct Present {
  std::int64_t voltage_mV, power_mW, reactive_mvar, apparent_mVA, current_mA;
  std::int64_t factor_permille() const { return apparent_mVA == 0 ? 1000 : power_mW * 1000 / apparent_mVA; }
  /// acos of the power factor in 0.1 degree, by halving.
  std::int64_t angle_ddeg() const {
    const double factor = static_cast<double>(factor_permille()) / 1000.0;
    int low = 0, high = 900;
    while (low < high) {
      const int middle = (low + high) / 2;
      const double radians = middle * (3.14159265358979323846 / 1800.0);
      core::portable_math::cos(radians) <= factor ? high = middle : low = middle + 1;
    }
    return low;
  }
};
Present present_of(core::Millivolts voltage, core::Milliwatts power, core::Millivars reactive) {
  Present now{voltage.count(), power.count(), reactive.count(), 0, 0};
  const double p = static_cast<double>(now.power_mW), q = static_cast<double>(now.reactive_mvar);
  now.apparent_mVA = static_cast<std::int64_t>(std::sqrt(p * p + q * q));
  now.current_mA = now.voltage_mV == 0 ? 0 : now.apparent_mVA * 1000 / now.voltage_mV;
  if (now.power_mW < 0) now.current_mA = -now.current_mA;
  return now;
}
}  // namespace

/// What the whole meter measures: the sum of its phases, at the voltage of the first.
Firmware::Measured Firmware::measured() const {
  if (!meter_.is_supplied()) return {meter_.voltage(), core::Milliwatts(0), core::Millivars(0)};
  const SeenSegment seen = meter_.seen_segment_at(meter_.at_ms_);
  return {meter_.voltage(), seen.power, seen.reactive};
}

/// Phase 1..3; nothing for a phase that the meter has not.
std::optional<Firmware::Measured> Firmware::measured_on(int phase) const {
  const Mains* mains = memory_.mains.get();
  if (mains == nullptr || mains->phases == 1) return phase == 1 ? std::optional(measured()) : std::nullopt;
  const auto phases = meter_.has_exchanged_phases() ? with_b_and_c_exchanged(*mains) : mains->phase;
  const auto& state = phases[static_cast<std::size_t>(phase - 1)];
  if (!meter_.has_supply_) return Measured{core::Millivolts(0), core::Milliwatts(0), core::Millivars(0)};
  return Measured{state.voltage, state.power, state.reactive};
}

double Firmware::days_in_service() const {
  return static_cast<double>(meter_.at_ms_ - memory_.in_service_ms) / 86'400'000.0;
}

bool Firmware::variable(Item item, Value& out) const {
  if (item.di2() != 0x80) return phase_values(item, out);
  const Measured all_phases = measured();
  const Present now = present_of(all_phases.voltage, all_phases.power, all_phases.reactive);
  switch (item.code) {
    case 0x02800001:
      wire::signed_field(out, 3, now.current_mA);
      return true;
    case 0x02800002:
      wire::unsigned_field(out, 2, 5000);
      return true;  // 50.00 Hz
    case 0x02800003:
    case 0x02800004:
      wire::signed_field(out, 3, now.power_mW / 100);
      return true;
    case 0x02800005:
      wire::signed_field(out, 3, now.reactive_mvar / 100);
      return true;
    case 0x02800006:
      wire::signed_field(out, 3, now.apparent_mVA / 100);
      return true;
    case 0x02800007:
      wire::signed_field(out, 2, 250);
      return true;  // 25.0 degrees Celsius in the cabinet
    case 0x02800008:
      wire::unsigned_field(out, 2,
                           static_cast<std::uint64_t>(battery_mV(memory_.battery, days_in_service()) / 10));
      return true;  // clock battery, 0.01 V
    case 0x02800009:
      wire::unsigned_field(out, 2, 600);
      return true;  // read-out battery 6.00 V
    case 0x0280000A:
      wire::unsigned_field(out, 4, 0);
      return true;  // battery has not been needed for the display
    case 0x0280000B: {
      std::uint64_t run = 0;
      const auto used = meter_.purse_.charged_centikWh - meter_.purse_.ladder_from_centikWh;
      const auto price = meter_.price_of_unit(used, run) -
                         meter_.tariff_->rate_prices[meter_.active_.rate_prices][meter_.rate_];
      wire::unsigned_field(out, 4, static_cast<std::uint64_t>(price.count()));
      return true;
    }
    default:
      return false;
  }
}

bool Firmware::phase_values(Item item, Value& out) const {
  const int quantity = item.di2(), phase = item.di1();
  if (quantity < 0x01 || quantity > 0x0B) return false;
  const bool is_harmonic = quantity >= 0x0A;
  if (is_harmonic ? (item.di0() < 1 || item.di0() > 21) : item.di0() != 0) return false;
  const bool has_total = quantity >= 0x03 && quantity <= 0x06;
  const auto put = [&](int of_phase) { put_phase_value(quantity, of_phase, out); };
  if (phase == all) {
    for (int each = has_total ? 0 : 1; each <= 3; ++each) put(each);
    return true;
  }
  if (phase > 3 || (phase == 0 && !has_total)) return false;
  put(phase);
  return true;
}

/// `of_phase` 0 is the sum of the phases.
void Firmware::put_phase_value(int quantity, int of_phase, Value& out) const {
  const auto measured_there = of_phase == 0 ? std::optional(measured()) : measured_on(of_phase);
  const bool is_three_bytes = quantity >= 0x02 && quantity <= 0x05;
  if (!measured_there) return wire::absent(out, is_three_bytes ? 3 : 2);
  const Present now = present_of(measured_there->voltage, measured_there->power, measured_there->reactive);
  switch (quantity) {
    case 0x01:
      return wire::unsigned_field(out, 2, static_cast<std::uint64_t>(now.voltage_mV / 100));
    case 0x02:
      return wire::signed_field(out, 3, now.current_mA);
    case 0x03:
      return wire::signed_field(out, 3, now.power_mW / 100);
    case 0x04:
      return wire::signed_field(out, 3, now.reactive_mvar / 100);
    case 0x05:
      return wire::signed_field(out, 3, now.apparent_mVA / 100);
    case 0x06:
      return wire::signed_field(out, 2, now.factor_permille());
    case 0x07:
      return wire::signed_field(out, 2, now.angle_ddeg());
    default:
      return wire::signed_field(out, 2, 0);  // distortion and harmonics: an ideal sine
  }
}

bool Firmware::event(Item item, Value& out) const {
  const int nth = item.di0();
  if (item.di3() == 0x1D || item.di3() == 0x1E) {
    const EventKind kind = item.di3() == 0x1D ? EventKind::trip : EventKind::close;
    if (item.di2() != 0 || item.di1() > 1) return false;
    if (item.di1() == 1) return event_record(kind, static_cast<std::size_t>(nth), out);
    if (nth != 1) return false;
    wire::unsigned_field(out, 3, memory_.events.count(kind));
    return true;
  }
  const int group = item.di2(), kind = item.di1();
  if ((group >= 0x01 && group <= 0x06) && kind == 0 && nth == 0) {
    // Loss, under- and over-voltage, phase break: counts and minutes of three phases; total loss, auxiliary
    // loss: one. What is counted of a meter of three phases is its first.
    const bool is_counted = group <= 0x03;
    if (is_counted) {
      const auto counter =
          memory_.voltage_events.counter(static_cast<VoltageEvents::Event>(group - 0x01), meter_.at_ms_);
      wire::unsigned_field(out, 3, counter.times % 1'000'000);
      wire::unsigned_field(out, 3, static_cast<std::uint64_t>(counter.lasted_ms / 60'000) % 1'000'000);
    }
    wire::zeros(out, group <= 0x04 ? (is_counted ? 12 : 18) : 6);
    return true;
  }
  if (group == 0x32 || group == 0x33) return purchase_record(item, out);
  const auto count_or_record = [&](EventKind of) {
    if (nth > 0) return event_record(of, static_cast<std::size_t>(nth), out);
    wire::unsigned_field(out, 3, memory_.events.count(of));
    return true;
  };
  if (group == 0x11 && kind == 0) return count_or_record(EventKind::power_down);
  if (group != 0x30) return false;
  switch (kind) {
    case 0x00:
      return count_or_record(EventKind::programming);
    case 0x01:
      return count_or_record(EventKind::meter_clear);
    case 0x02:
      return count_or_record(EventKind::demand_clear);
    case 0x03:
      return count_or_record(EventKind::event_clear);
    case 0x04:
      return count_or_record(EventKind::clock_set);
    case 0x0D:
      return count_or_record(EventKind::cover_opened);
    default:
      return false;
  }
}

bool Firmware::event_record(EventKind kind, std::size_t nth, Value& out) const {
  if (nth < 1 || nth > events_kept_per_kind) return false;
  const EventRecord* found = memory_.events.nth_last(kind, nth);
  const EventRecord record = found ? *found : EventRecord{.kind = kind};
  if (kind == EventKind::clock_set) {
    out.append_little_endian(record.operator_code, 4);
    wire::second_time(out, record.began_civil_s);
    wire::second_time(out, record.ended_civil_s);
    return true;
  }
  wire::second_time(out, record.began_civil_s);
  if (kind == EventKind::power_down) {
    wire::second_time(out, record.ended_civil_s);
    return true;
  }
  if (kind == EventKind::cover_opened) {  // end, then six energies before it was opened and six after
    wire::second_time(out, record.ended_civil_s);
    for (const std::uint32_t shown : {record.register_centikWh, record.detail}) {
      wire::unsigned_field(out, 4, shown);
      wire::zeros(out, 4 * 5);
    }
    return true;
  }
  out.append_little_endian(record.operator_code, 4);
  switch (kind) {
    case EventKind::programming:
      out.append_little_endian(record.detail, 4);
      wire::absent(out, 4 * 9);
      break;
    case EventKind::event_clear:
      out.append_little_endian(record.detail, 4);
      break;
    case EventKind::demand_clear:
      wire::unsigned_field(out, 3, record.detail);
      wire::minute_time(out, static_cast<std::uint32_t>(record.ended_civil_s / 60));
      wire::zeros(out, 8 * 23);
      break;
    case EventKind::meter_clear:
      wire::unsigned_field(out, 4, record.register_centikWh);
      wire::zeros(out, 4 * 23);
      break;
    default:  // trip, close: forward, reverse and the four quadrants' energies
      wire::unsigned_field(out, 4, record.register_centikWh);
      wire::zeros(out, 4 * 5);
      break;
  }
  return true;
}

bool Firmware::purchase_record(Item item, Value& out) const {
  const LastPurchase& last = memory_.last_purchase;
  if (item.di0() != 1) return false;
  const bool is_money = item.di2() == 0x33;
  switch (item.di1()) {
    case 1:
      wire::minute_time(out, last.civil_minute);
      return true;
    case 2:
      wire::unsigned_field(out, 2, meter_.purse_.purchase_count);
      return true;
    case 3:
      wire::unsigned_field(out, 4, is_money ? static_cast<std::uint64_t>(last.amount.count()) : 0);
      return true;
    case 4:
      wire::signed_field(out, 4, is_money ? last.before.count() : 0);
      return true;
    case 5:
      wire::signed_field(out, 4, is_money ? last.after.count() : 0);
      return true;
    case 6:
      wire::unsigned_field(out, 4,
                           is_money ? static_cast<std::uint64_t>(memory_.purchased_total.count()) : 0);
      return true;
    default:
      return false;
  }
}
}  // namespace model
