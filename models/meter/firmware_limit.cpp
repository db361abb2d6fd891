// The maker's items of demand-side management, 04800101 to 04800104 (docs/wire/load-limit.md): what they say,
// and what a write of them does. A refused write changes nothing.
#include "models/meter/firmware.hpp"
#include "models/meter/wire_fields.hpp"
#include "protocols/dlt645/load_control.hpp"

namespace model {
namespace {
constexpr auto malformed = dlt645::Refusal::other;
constexpr std::int64_t mW_per_dW = 100;  ///< the wire's unit, 0.0001 kW
}  // namespace

bool Firmware::load_control(Item item, Value& out) const {
  const auto& [limit, call] = memory_.control;
  switch (item.code) {
    case dlt645::item::load_limit.code: {
      if (!limit.is_set()) {
        wire::zeros(out, dlt645::load_limit_bytes);
        return true;
      }
      dlt645::LoadLimitData shown;
      shown.power_dW = limit.power_mW / mW_per_dW;
      shown.delay_s = limit.delay_s;
      shown.pause_s = limit.pause_s;
      shown.trips_max = limit.trips_max;
      shown.from = calendar_of(limit.from_civil_s);
      shown.until = calendar_of(limit.until_civil_s);
      dlt645::put_load_limit(out.grow(dlt645::load_limit_bytes), shown);
      return true;
    }
    case dlt645::item::load_limit_state.code: {
      const Relay& relay = meter_.relay_;
      const bool is_tripped = relay.is_open && relay.open_cause == RelayCause::power_limit;
      unsigned flags = 0;
      if (limit.is_set()) flags |= dlt645::limit_state::set;
      if (limit.is_in_force) flags |= dlt645::limit_state::in_force;
      if (limit.over_since != core::never) flags |= dlt645::limit_state::exceeded;
      if (is_tripped) flags |= dlt645::limit_state::tripped;
      if (is_tripped && relay.is_close_allowed) flags |= dlt645::limit_state::waits_for_button;
      out.push_back(static_cast<std::uint8_t>(flags));
      wire::unsigned_field(out, 1, static_cast<std::uint64_t>(limit.trips));
      return true;
    }
    case dlt645::item::load_call.code: {
      if (!call.is_set()) {
        wire::zeros(out, dlt645::load_call_bytes);
        return true;
      }
      const dlt645::LoadCallData shown{calendar_of(call.from_civil_s), calendar_of(call.till_civil_s),
                                       call.share_percent};
      dlt645::put_load_call(out.grow(dlt645::load_call_bytes), shown);
      return true;
    }
    case dlt645::item::load_call_answer.code:
      out.push_back(static_cast<std::uint8_t>(call.answer));
      return true;
    default:
      return false;
  }
}

Firmware::Refusal Firmware::write_load_control(Item item, core::Bytes value) {
  if (item == dlt645::item::load_limit) return write_load_limit(value);
  if (item == dlt645::item::load_call) return write_load_call(value);
  return Refusal::no_such_data;
}

Firmware::Refusal Firmware::write_load_limit(core::Bytes value) {
  if (dlt645::is_nothing(value, dlt645::load_limit_bytes)) {
    meter_.release_limit(at_, happened_);
    return {};
  }
  const auto wanted = dlt645::parse_load_limit(value);
  if (!wanted) return malformed;
  LoadLimit limit;
  limit.power_mW = wanted->power_dW * mW_per_dW;
  limit.delay_s = wanted->delay_s;
  limit.pause_s = wanted->pause_s;
  limit.trips_max = wanted->trips_max;
  limit.from_civil_s = civil_seconds(wanted->from);
  limit.until_civil_s = civil_seconds(wanted->until);
  const LoadLimit& kept = memory_.control.limit;
  const bool is_known = kept.is_set() && kept.power_mW == limit.power_mW &&
                        kept.from_civil_s == limit.from_civil_s && kept.until_civil_s == limit.until_civil_s;
  if (is_known) return {};  // said twice, set once
  // A limit that is over already, or one on a customer who keeps power.
  if (limit.until_civil_s <= civil_s_ || limit.until_civil_s <= limit.from_civil_s ||
      meter_.relay_.keeps_power)
    return malformed;
  meter_.set_limit(limit, at_, happened_);
  return {};
}

Firmware::Refusal Firmware::write_load_call(core::Bytes value) {
  if (dlt645::is_nothing(value, dlt645::load_call_bytes)) {
    meter_.take_call({}, at_, happened_);
    return {};
  }
  const auto wanted = dlt645::parse_load_call(value);
  if (!wanted) return malformed;
  LoadCall call;
  call.from_civil_s = civil_seconds(wanted->from);
  call.till_civil_s = civil_seconds(wanted->till);
  call.share_percent = wanted->share_percent;
  if (call.from_civil_s >= call.till_civil_s || call.till_civil_s <= civil_s_) return malformed;
  const LoadCall& kept = memory_.control.call;
  const bool is_known = kept.from_civil_s == call.from_civil_s && kept.till_civil_s == call.till_civil_s;
  if (!is_known) meter_.take_call(call, at_, happened_);  // said twice, heard once
  return {};
}
}  // namespace model
