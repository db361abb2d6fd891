// The relay moves: at once, after a delay, by the button; never while keep-power is on.
#include "models/meter/memory.hpp"
#include "models/meter/meter.hpp"

namespace model {
using Kind = MeterHappening::Kind;

void Meter::open_relay(core::Instant at, RelayCause cause, MeterHappenings& happened) {
  relay_.opens_at = core::never;
  relay_.is_commanded_open = true;
  relay_.is_alarming = false;
  relay_.is_close_allowed = false;
  relay_.open_cause = cause;
  if (relay_.is_open) return;
  relay_.is_open = true;
  memory_->events.add({.kind = EventKind::trip,
                       .operator_code = cause == RelayCause::remote_command ? relay_.operator_code : 0,
                       .began_civil_s = clock_.civil_s(at),
                       .register_centikWh = shown_centikWh()});
  tell(happened, at, Kind::relay_opened, shown_centikWh(), cause);
}

void Meter::close_relay(core::Instant at, RelayCause cause, MeterHappenings& happened) {
  relay_.opens_at = core::never;
  relay_.is_commanded_open = false;
  relay_.is_alarming = false;
  relay_.is_close_allowed = false;
  relay_.open_cause = RelayCause::none;
  if (!relay_.is_open) return;
  relay_.is_open = false;
  memory_->events.add({.kind = EventKind::close,
                       .operator_code = cause == RelayCause::remote_command ? relay_.operator_code : 0,
                       .began_civil_s = clock_.civil_s(at),
                       .register_centikWh = shown_centikWh()});
  tell(happened, at, Kind::relay_closed, shown_centikWh(), cause);
  tell_withheld(at, happened);
}

void Meter::allow_closing(core::Instant at, RelayCause cause, MeterHappenings& happened) {
  relay_.opens_at = core::never;
  relay_.is_commanded_open = false;
  relay_.is_alarming = false;
  if (!relay_.is_open || relay_.is_close_allowed) return;
  relay_.is_close_allowed = true;
  tell(happened, at, Kind::close_allowed, 0, cause);
}

void Meter::finish_trip_delay(core::Instant at, MeterHappenings& happened) {
  relay_.opens_at = core::never;
  if (!relay_.keeps_power) open_relay(at, relay_.pending_cause, happened);
}

void Meter::set_keep_power(bool on, core::Instant at, MeterHappenings& happened) {
  if (relay_.keeps_power == on) return;
  relay_.keeps_power = on;
  tell(happened, at, on ? Kind::keep_power_on : Kind::keep_power_off);
  if (!on) return;  // releasing changes no state
  // A running delay is cancelled; an open relay may be closed at the button.
  const bool was_tripping = relay_.opens_at != core::never;
  relay_.opens_at = core::never;
  if (was_tripping || !relay_.is_open) {
    relay_.is_commanded_open = false;
    relay_.is_alarming = false;
  }
  allow_closing(at, RelayCause::keep_power, happened);
}

void Meter::press_button(core::Instant at, MeterHappenings& happened) {
  advance(at, happened);
  if (has_supply_ && relay_.is_open && relay_.is_close_allowed) close_relay(at, RelayCause::button, happened);
}
}  // namespace model
