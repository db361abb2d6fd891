// Commands: relay, freeze, broadcast time, address, baud, passwords, clears.
#include <algorithm>

#include "models/meter/firmware.hpp"

namespace model {
using dlt645::Control1C;
using dlt645::Function;
using Kind = MeterHappening::Kind;

namespace {
constexpr int control_level = 4;
constexpr int clear_level = 2;
constexpr std::int64_t broadcast_step_max_s = 300;  // +-5 min, once a day: Q/GDW meters
constexpr int meter_baud = 2400;
}  // namespace

bool Firmware::remote_control(const Frame& frame) {
  const auto request = dlt645::parse_remote_control(frame);
  const auto refuse_command = [&](Refusal reason) {
    meter_.tell(happened_, at_, Kind::command_refused, static_cast<std::int64_t>(reason),
                RelayCause::remote_command, request ? static_cast<std::uint32_t>(request->command) : 0);
    return refuse(Function::remote_control, reason);
  };
  if (!request) return refuse_command(Refusal::other);
  if (!is_allowed(request->password, control_level)) return refuse_command(Refusal::not_authorised);
  if (civil_seconds(request->valid_until) < civil_s_) return refuse_command(Refusal::other);  // expired
  Relay& relay = meter_.relay_;
  relay.operator_code = request->operator_code;
  switch (request->command) {
    case Control1C::trip:
      if (relay.keeps_power) return refuse_command(Refusal::other);
      return trip();
    case Control1C::close_allow:
      meter_.allow_closing(at_, RelayCause::remote_command, happened_);
      break;
    case Control1C::close:
      meter_.close_relay(at_, RelayCause::remote_command, happened_);
      break;
    case Control1C::alarm:
      relay.is_alarming = true;
      break;
    case Control1C::alarm_off:
      relay.is_alarming = false;
      break;
    case Control1C::keep_power:
      meter_.set_keep_power(true, at_, happened_);
      break;
    case Control1C::keep_power_off:
      meter_.set_keep_power(false, at_, happened_);
      break;
    default:
      return refuse_command(Refusal::other);
  }
  meter_.plan_next_step(at_);
  return say_done(Function::remote_control);
}

bool Firmware::trip() {
  Relay& relay = meter_.relay_;
  const std::int64_t delay_min = memory_.trip_delay_min;
  meter_.tell(happened_, at_, Kind::trip_commanded, delay_min, RelayCause::remote_command);
  relay.is_commanded_open = true;
  if (relay.is_open || delay_min == 0) {
    meter_.open_relay(at_, RelayCause::remote_command, happened_);
  } else {
    relay.is_alarming = true;
    relay.pending_cause = RelayCause::remote_command;
    relay.opens_at = std::min(relay.opens_at, at_ + std::chrono::minutes(delay_min));
  }
  meter_.plan_next_step(at_);
  return say_done(Function::remote_control);
}

void Firmware::take_broadcast_time(const Frame& frame) {
  const auto request = dlt645::parse_time(frame);
  if (!request) return;
  const std::int64_t wanted = civil_seconds(request->time);
  const std::int64_t step = wanted - civil_s_;
  const std::int64_t today = civil_s_ / 86'400;
  if (step > broadcast_step_max_s || step < -broadcast_step_max_s || memory_.broadcast_day == today) return;
  memory_.broadcast_day = today;
  meter_.set_clock(at_, wanted * 1'000'000'000, 0, happened_);
}

bool Firmware::freeze(const Frame& frame) {
  const auto request = dlt645::parse_freeze(frame);
  constexpr std::uint8_t any = dlt645::FreezeRequest::any;
  if (!request) return refuse(Function::freeze, Refusal::other);
  if (request->minute == any) {
    memory_.instant.add(meter_.photograph(civil_s_), 3);
    return say_done(Function::freeze);
  }
  const auto is_any_or_below = [](std::uint8_t value, int limit) { return value == any || value < limit; };
  if (request->minute > 59 || !is_any_or_below(request->hour, 24) || !is_any_or_below(request->day, 32) ||
      !is_any_or_below(request->month, 13))
    return refuse(Function::freeze, Refusal::other);
  memory_.scheduled_freeze = {request->month, request->day, request->hour, request->minute};
  meter_.refresh_calendar(civil_s_);
  meter_.plan_next_step(at_);
  return say_done(Function::freeze);
}

bool Firmware::write_address(const Frame& frame) {
  const auto request = dlt645::parse_write_address(frame);
  // Only with the key under the sealed cover: otherwise a frame to everybody would rename the whole line.
  if (!request || request->address.is_broadcast() || civil_s_ >= memory_.programming_till_civil_s)
    return refuse(Function::write_address, request ? Refusal::not_authorised : Refusal::other);
  meter_.address_ = request->address;
  return say_done(Function::write_address);
}

bool Firmware::change_baud(const Frame& frame) {
  const auto request = dlt645::parse_change_baud(frame);
  if (!request || request->baud != meter_baud) return refuse(Function::change_baud, Refusal::baud_fixed);
  dlt645::answer_baud(meter_.address_, request->baud, start_answer());
  return true;
}

bool Firmware::change_password(const Frame& frame) {
  const auto request = dlt645::parse_change_password(frame);
  if (!request) return refuse(Function::change_password, Refusal::other);
  const int level = request->item.di0() - 1;
  const bool is_password = (request->item.code & 0xFFFFFF00u) == 0x04000C00u && level >= 0 && level <= 9;
  if (!is_password) return refuse(Function::change_password, Refusal::no_such_data);
  if (request->new_password.level != core::bcd_byte(static_cast<unsigned>(level)))
    return refuse(Function::change_password, Refusal::other);
  if (!is_allowed(request->old_password, level))
    return refuse(Function::change_password, Refusal::not_authorised);
  memory_.passwords.digits[static_cast<std::size_t>(level)] = request->new_password.digits;
  dlt645::answer_new_password(meter_.address_, request->new_password, start_answer());
  return true;
}

bool Firmware::clear(const Frame& frame) {
  const Function function = frame.control.function();
  const auto request = dlt645::parse_clear(frame);
  if (!request) return refuse(function, Refusal::other);
  if (!is_allowed(request->password, clear_level)) return refuse(function, Refusal::not_authorised);
  EventRecord record{.operator_code = request->operator_code,
                     .began_civil_s = civil_s_,
                     .register_centikWh = meter_.shown_centikWh()};
  if (function == Function::clear_meter) {
    record.kind = EventKind::meter_clear;
    clear_meter();
  } else if (function == Function::clear_demand) {
    record.kind = EventKind::demand_clear;
    record.detail = meter_.demand_dW();
    record.ended_civil_s = std::int64_t{meter_.demand_max_minute_} * 60;
    meter_.demand_max_pulses_ = 0;
    meter_.demand_max_minute_ = 0;
  } else {
    record.kind = EventKind::event_clear;
    record.detail = request->events.code;
    const std::uint32_t item = request->events.code;
    const auto clears = [&](std::uint32_t family) { return item == 0xFFFFFFFFu || item >> 8 == family; };
    if (clears(0x031100)) memory_.events.clear(EventKind::power_down);
    if (clears(0x033000)) memory_.events.clear(EventKind::programming);
    if (clears(0x033004)) memory_.events.clear(EventKind::clock_set);
    if (clears(0x1D0001)) memory_.events.clear(EventKind::trip);
    if (clears(0x1E0001)) memory_.events.clear(EventKind::close);
  }
  memory_.events.add(record);
  return say_done(function);
}

void Firmware::clear_meter() {
  meter_.registers_ = {};
  meter_.pulses_at_quarter_ = 0;
  meter_.demand_max_pulses_ = 0;
  meter_.demand_max_minute_ = 0;
  meter_.load_record_.clear();
  meter_.purse_.charged_centikWh = 0;
  meter_.purse_.ladder_from_centikWh = 0;
  for (auto* list : {&memory_.daily, &memory_.monthly, &memory_.instant, &memory_.timed}) list->kept.clear();
}
}  // namespace model
