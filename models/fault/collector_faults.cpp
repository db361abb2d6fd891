#include "models/fault/collector_faults.hpp"

namespace model {
namespace {
using Kind = FaultKind;
constexpr std::int64_t seconds_per_day = 86'400;
constexpr std::uint32_t cell_slots = 32;  // random access slots that a cell offers together; assumed
}  // namespace

CollectorFaults::CollectorFaults(const AreaSetup& setup, Concentrator& concentrator)
    : setup_(setup),
      concentrator_(concentrator),
      is_active_(setup.faults.size(), 0),
      struck_(setup.faults.size(), 0) {}

bool CollectorFaults::is_mine(FaultKind kind) {
  switch (kind) {
    case Kind::uplink_outage:
    case Kind::concentrator_restart:
    case Kind::collector_power_loss:
    case Kind::firmware_restart:
    case Kind::stale_cache:
    case Kind::store_overflow:
    case Kind::clock_step:
    case Kind::clock_drift:
    case Kind::schedule_change:
    case Kind::event_storm:
    case Kind::uplink_drop:
    case Kind::nat_timeout:
    case Kind::cell_crowded:
      return true;
    default:
      return false;
  }
}

const FaultWindow* CollectorFaults::active(FaultKind kind) const {
  for (std::size_t i = setup_.faults.size(); i-- > 0;)
    if (is_active_[i] != 0 && fault(i).kind == kind) return &fault(i);
  return nullptr;
}

void CollectorFaults::begin(std::size_t number, core::Instant at) {
  const auto& window = fault(number);
  is_active_[number] = 1;
  switch (window.kind) {
    case Kind::uplink_outage:
      return concentrator_.uplink().begin_outage(at, window.when.empty() ? window.till : at + window.lasts);
    case Kind::collector_power_loss:
      ++struck_[number];
      return mains_lost(at);
    case Kind::stale_cache:
    case Kind::firmware_restart:
    case Kind::concentrator_restart:
      struck_[number] +=
          window.kind == Kind::stale_cache ? concentrator_.lose_readings_since(at - window.age) : 1;
      return hold_down(at, 1);
    case Kind::clock_step:
      ++struck_[number];
      return concentrator_.step_clock(at, window.step);
    case Kind::event_storm:
      struck_[number] += concentrator_.report_events(at, window.count);
      return;
    case Kind::uplink_drop:
      struck_[number] += concentrator_.uplink().is_connected() ? 1 : 0;
      return concentrator_.uplink().drop_session(at);
    case Kind::nat_timeout:
      return concentrator_.uplink().forget_connection();
    case Kind::clock_drift:
      ++struck_[number];
      return refresh_setting(window.kind, at);
    default:
      return refresh_setting(window.kind, at);
  }
}

void CollectorFaults::end(std::size_t number, core::Instant at) {
  const auto& window = fault(number);
  is_active_[number] = 0;
  switch (window.kind) {
    case Kind::collector_power_loss:
      return mains_restored(at);
    case Kind::firmware_restart:
      concentrator_.distrust_clock();
      return hold_down(at, -1);
    case Kind::concentrator_restart:
    case Kind::stale_cache:
      return hold_down(at, -1);
    case Kind::clock_step:
      return concentrator_.correct_clock(at);
    case Kind::store_overflow:
    case Kind::clock_drift:
    case Kind::schedule_change:
    case Kind::cell_crowded:
      return refresh_setting(window.kind, at);
    default:
      return;
  }
}

void CollectorFaults::refresh_setting(FaultKind kind, core::Instant at) {
  const auto* window = active(kind);
  switch (kind) {
    case Kind::cell_crowded:
      if (auto* session = concentrator_.uplink().session())
        session->set_contention(window == nullptr ? 0 : static_cast<std::uint32_t>(window->count),
                                cell_slots);
      return;
    case Kind::store_overflow:
      return concentrator_.limit_store(window == nullptr ? 0 : window->count);
    case Kind::clock_drift:
      return concentrator_.set_drift(
          at,
          concentrator_.usual_drift_ppb() + (window == nullptr ? 0 : window->step.count() / seconds_per_day));
    case Kind::schedule_change:
      return concentrator_.change_schedule(
          at, window == nullptr ? setup_.concentrator.read_after : window->delay);
    default:
      return;
  }
}

void CollectorFaults::mains_lost(core::Instant at) {
  if (++mains_reasons_ > 1) return;
  ups_empty_at_ = at + setup_.concentrator.ups;
  if (ups_empty_at_ == at) advance();
}

void CollectorFaults::mains_restored(core::Instant at) {
  if (--mains_reasons_ > 0) return;
  ups_empty_at_ = core::never;
  is_ups_empty_ = false;
  settle(at);
}

void CollectorFaults::advance() {
  const auto at = ups_empty_at_;
  ups_empty_at_ = core::never;
  is_ups_empty_ = true;
  settle(at);
}

void CollectorFaults::hold_down(core::Instant at, int step) {
  forced_reasons_ += step;
  settle(at);
}

void CollectorFaults::settle(core::Instant at) {
  if (forced_reasons_ > 0 || is_ups_empty_)
    concentrator_.power_off(at);
  else
    concentrator_.power_on(at);
}

std::uint64_t CollectorFaults::struck_so_far(std::size_t number) const {
  switch (fault(number).kind) {
    case Kind::uplink_outage:
      return concentrator_.uplink().struck_count();
    case Kind::nat_timeout:
    case Kind::cell_crowded: {
      const auto* session = concentrator_.uplink().session();
      if (session == nullptr) return 0;
      return fault(number).kind == Kind::nat_timeout ? session->counts().forgotten
                                                     : session->counts().contentions_lost;
    }
    case Kind::store_overflow:
      return concentrator_.store().pushed_out();
    case Kind::schedule_change:
      return concentrator_.pass_count();
    default:
      return struck_[number];
  }
}
}  // namespace model
