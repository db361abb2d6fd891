// What injected faults do to a concentrator: its memory, its clock, its schedule, its uplink.
#include "models/collector/concentrator.hpp"

namespace model {
namespace {
constexpr std::int64_t seconds_per_quarter = 900;
constexpr int event_fn = 1;  // AFN 0E F1: important events
}  // namespace

std::size_t Concentrator::lose_readings_since(core::Instant since) {
  const auto first = MeterClock::floor_div(clock_.civil_s(since), seconds_per_quarter) + 1;
  return store_.lose(first, store_.last_quarter() + 1);
}

void Concentrator::step_clock(core::Instant at, core::Duration step) {
  put_clock(at, clock_.civil_ns(at) + step.count());
  if (is_on_) plan_pass(at);
  if (is_on_) plan_broadcast(at);
  if (is_on_) plan_duty(at);
}

void Concentrator::correct_clock(core::Instant at) {
  const auto right_ns = (at.time_since_epoch() + core::Duration(setup_.zone.offset_at(at))).count();
  step_clock(at, core::Duration(right_ns - clock_.civil_ns(at)));
}

/// Quarter hours that lie more than one ahead of the new time have not come yet: whatever the wrong clock
/// made of them (opened, asked for, given up) is void. A step of seconds leaves them alone.
void Concentrator::put_clock(core::Instant at, std::int64_t civil_ns) {
  clock_.set(at, civil_ns);
  const auto quarter = MeterClock::floor_div(clock_.civil_s(at), seconds_per_quarter);
  if (quarter >= store_.last_quarter() - 1) return;
  store_.rewind(quarter);
  store_.doubt_what_was_given_up();  // perhaps only because it lay ahead of the meters' time
  for (auto& poller : pollers_) poller.abandon_pass();
}

void Concentrator::set_drift(core::Instant at, std::int64_t drift_ppb) {
  clock_ = MeterClock(at, clock_.civil_ns(at), drift_ppb);
  if (is_on_) plan_pass(at);
}

void Concentrator::change_schedule(core::Instant at, core::Duration read_after) {
  read_after_ = read_after;
  if (is_on_) plan_pass(at);
}

std::size_t Concentrator::report_events(core::Instant at, int count) {
  if (link_ != Link::logged_in) return 0;
  for (int i = 0; i < count; ++i) {
    writer_.begin(gdw3761::control::report, own_address(0), gdw3761::Afn::event_data,
                  gdw3761::Sequence::single(static_cast<unsigned>(i) & 15));
    writer_.unit(gdw3761::UnitId::of(0, event_fn));
    uplink_.send(at, writer_.finish());
  }
  return static_cast<std::size_t>(count);
}
}  // namespace model
