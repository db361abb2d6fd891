// A limit on power and a call to use less, at work in the meter (load_limit.hpp).
#include <algorithm>
#include <utility>

#include "models/load/responsive_load.hpp"
#include "models/meter/memory.hpp"
#include "models/meter/meter.hpp"

namespace model {
using Kind = MeterHappening::Kind;

namespace {
constexpr std::int64_t microjoules_per_mWh = 3'600'000;
constexpr std::int64_t mW_per_W = 1000;
}  // namespace

void Meter::set_limit(const LoadLimit& limit, core::Instant at, MeterHappenings& happened) {
  LoadLimit& kept = memory_->control.limit;
  // A newer limit that is in force at once takes over what the older one has done; any other begins anew.
  const bool takes_over = kept.is_in_force && clock_.civil_s(at) >= limit.from_civil_s;
  if (takes_over) {
    const LoadLimit before = kept;
    kept = limit;
    kept.trips = before.trips;
    kept.closes_at = before.closes_at;
    end_limit_reaction(at, happened);
  } else {
    release_limit(at, happened);
    kept = limit;
  }
  keep_control(at, happened);
  plan_next_step(at);
}

void Meter::begin_limit(core::Instant at, MeterHappenings& happened) {
  LoadLimit& limit = memory_->control.limit;
  limit.is_in_force = true;
  tell(happened, at, Kind::limit_set, limit.power_mW / mW_per_W);
  if (!memory_->customer) return;
  memory_->customer->limited(core::unix_milliseconds(at), core::Milliwatts(limit.power_mW));
  look_again();
}

void Meter::end_limit_reaction(core::Instant at, MeterHappenings& happened) {
  if (!memory_->customer) return;
  const auto shed = memory_->customer->limit_ended(core::unix_milliseconds(at));
  tell(happened, at, Kind::load_shed, shed.count() / microjoules_per_mWh);
  look_again();
}

void Meter::release_limit(core::Instant at, MeterHappenings& happened) {
  LoadLimit& limit = memory_->control.limit;
  if (!limit.is_set()) return;
  const LoadLimit before = std::exchange(limit, {});
  if (before.is_in_force) {
    tell(happened, at, Kind::limit_released, before.trips);
    end_limit_reaction(at, happened);
  }
  if (relay_.is_open && relay_.open_cause == RelayCause::power_limit)
    close_relay(at, RelayCause::limit_released, happened);
  keep_control(at, happened);
  plan_next_step(at);
}

void Meter::take_call(const LoadCall& call, core::Instant at, MeterHappenings& happened) {
  LoadCall& kept = memory_->control.call;
  if (kept.is_set() && kept.ends_at != core::never) end_call(at, happened);
  kept = call;
  if (call.is_set()) {
    tell(happened, at, Kind::call_heard, call.share_percent);
    if (memory_->customer) {
      const auto from_ms = core::unix_milliseconds(clock_.when(call.from_civil_s * 1'000'000'000));
      kept.answers_at = at + core::Duration(memory_->customer->thinks_for(from_ms));
    } else {
      kept.answer = CallAnswer::nobody;
    }
  }
  keep_control(at, happened);
  plan_next_step(at);
}

void Meter::end_call(core::Instant at, MeterHappenings& happened) {
  const auto shed = memory_->customer->call_ended(core::unix_milliseconds(at));
  memory_->control.call.ends_at = core::never;
  tell(happened, at, Kind::load_shed, shed.count() / microjoules_per_mWh);
  look_again();
}

void Meter::keep_control(core::Instant at, MeterHappenings& happened) {
  control_next_ = core::never;
  if (memory_->control.limit.is_set()) keep_limit(at, happened);
  if (memory_->control.call.is_set()) keep_call(at, happened);
}

void Meter::keep_call(core::Instant at, MeterHappenings& happened) {
  LoadCall& call = memory_->control.call;
  if (call.answers_at <= at) {
    call.answers_at = core::never;
    const auto from = std::max(at, clock_.when(call.from_civil_s * 1'000'000'000));
    const auto till = clock_.when(call.till_civil_s * 1'000'000'000);
    const bool is_yes =
        from < till &&
        memory_->customer->follows(core::unix_milliseconds(clock_.when(call.from_civil_s * 1'000'000'000)));
    call.answer = is_yes ? CallAnswer::yes : CallAnswer::no;
    tell(happened, at, Kind::call_answered, is_yes ? 1 : 0);
    if (is_yes) {
      memory_->customer->called(core::unix_milliseconds(from), core::unix_milliseconds(till));
      call.ends_at = till;
      look_again();
    }
  }
  if (call.ends_at <= at) end_call(at, happened);
  control_next_ = std::min({control_next_, call.answers_at, call.ends_at});
}

void Meter::keep_limit(core::Instant at, MeterHappenings& happened) {
  LoadLimit& limit = memory_->control.limit;
  if (clock_.civil_s(at) >= limit.until_civil_s || relay_.keeps_power) return release_limit(at, happened);
  if (!limit.is_in_force) {
    if (clock_.civil_s(at) < limit.from_civil_s) {
      // The clock may be set meanwhile: looked at again from time to time.
      control_next_ =
          std::min({control_next_, at + limit_look_again, clock_.when(limit.from_civil_s * 1'000'000'000)});
      return;
    }
    begin_limit(at, happened);
  }
  const bool is_tripped = relay_.is_open && relay_.open_cause == RelayCause::power_limit;
  // Closed by somebody else, or opened for another reason: the count of trips begins again.
  if (!is_tripped && limit.closes_at != core::never) limit.closes_at = core::never;
  if (is_tripped && has_supply_ && limit.closes_at <= at) {
    limit.closes_at = core::never;
    close_relay(at, RelayCause::power_limit, happened);
  }
  core::Instant next = std::min({at + limit_look_again, limit.closes_at > at ? limit.closes_at : core::never,
                                 clock_.when(limit.until_civil_s * 1'000'000'000)});
  if (is_supplied()) {
    const std::int64_t at_ms = core::unix_milliseconds(at);
    const SeenSegment seen = is_tampered_ ? seen_segment_at(at_ms) : untouched(load_.segment_at(at_ms));
    if (seen.power.count() <= limit.power_mW) {
      limit.over_since = core::never;
    } else if (limit.over_since == core::never) {
      limit.over_since = at;
    }
    if (limit.over_since != core::never) {
      const auto opens_at = limit.over_since + std::chrono::seconds(limit.delay_s);
      if (opens_at <= at)
        trip_at_limit(at, happened);
      else
        next = std::min(next, opens_at);
    }
    if (limit.closes_at != core::never) next = std::min(next, limit.closes_at);
    const auto steps_in_ms = std::clamp<std::int64_t>(seen.passes.till_ms - at_ms, 1,
                                                      limit_look_again / std::chrono::milliseconds(1));
    next = std::min(next, at + std::chrono::milliseconds(steps_in_ms));
  } else {
    limit.over_since = core::never;
  }
  control_next_ = std::min(control_next_, next);
}

void Meter::trip_at_limit(core::Instant at, MeterHappenings& happened) {
  LoadLimit& limit = memory_->control.limit;
  limit.over_since = core::never;
  open_relay(at, RelayCause::power_limit, happened);
  if (memory_->customer) {
    memory_->customer->tripped(core::unix_milliseconds(at));
    look_again();
  }
  if (++limit.trips >= limit.trips_max) {
    limit.trips = 0;
    allow_closing(at, RelayCause::power_limit, happened);
  } else {
    limit.closes_at = at + std::chrono::seconds(limit.pause_s);
  }
}

/// The relay is open and mains are there: what the customer would have drawn.
void Meter::withhold(std::int64_t until_ms) {
  for (std::int64_t at_ms = at_ms_; at_ms < until_ms;) {
    const LoadSegment wanted = load_.segment_at(at_ms);
    const std::int64_t span_ms = std::min(until_ms, wanted.till_ms) - at_ms;
    memory_->unsupplied_uJ += std::max<std::int64_t>(wanted.power.count(), 0) * span_ms;
    at_ms += span_ms;
  }
}

void Meter::tell_withheld(core::Instant at, MeterHappenings& happened) {
  if (memory_->customer)
    tell(happened, at, Kind::load_withheld, std::exchange(memory_->unsupplied_uJ, 0) / microjoules_per_mWh);
}
}  // namespace model
