// What the meter does by its own clock: quarter-hour records, rates, freezes, settlements, changes of tariff
// sets.
#include <algorithm>

#include "models/meter/memory.hpp"
#include "models/meter/meter.hpp"

namespace model {
namespace {
constexpr std::int64_t quarter_s = 900;
constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t far_future_s = std::int64_t{1} << 40;
/// Midnights that a meter makes up for after an outage (补冻结).
constexpr std::int64_t missed_days_max = 7;

/// Next second after `civil_s` that fits month, day, hour, minute, each a number or 99 = any.
std::int64_t next_scheduled(const std::array<std::uint8_t, 4>& when, std::int64_t civil_s) {
  const auto [month, day, hour, minute] = when;
  if (hour == 255) return far_future_s;
  if (hour == 99) {  // hourly at a minute
    const std::int64_t this_hour = civil_s / 3600 * 3600 + minute * 60;
    return this_hour > civil_s ? this_hour : this_hour + 3600;
  }
  for (std::int64_t d = civil_s / day_s; d < civil_s / day_s + 367 * 4; ++d) {
    const core::CivilTime date = core::civil_from_days(d);
    if ((month != 99 && date.month != month) || (day != 99 && date.day != day)) continue;
    const std::int64_t at = d * day_s + hour * 3600 + minute * 60;
    if (at > civil_s) return at;
  }
  return far_future_s;
}
}  // namespace

std::int32_t Meter::billing_month(std::int64_t civil_s) const {
  // The last billing instant not after `civil_s` lies in this month or in the one before.
  return month_of_civil(civil_s - (memory_->billing_day - 1) * day_s - memory_->billing_hour * 3600);
}

void Meter::refresh_calendar(std::int64_t civil_s) {
  rate_ = static_cast<std::uint8_t>(tariff_->rate_at(civil_s, active_));
  calendar_event_s_ = tariff_->next_change(civil_s, active_);
  for (const std::int64_t change : tariff_->change_at_civil_s)
    if (change > civil_s) calendar_event_s_ = std::min(calendar_event_s_, change);
  calendar_event_s_ = std::min(calendar_event_s_, next_scheduled(memory_->scheduled_freeze, civil_s));
}

void Meter::plan_next_step(core::Instant at) {
  const std::int64_t civil_s = clock_.civil_s(at);
  next_civil_s_ = std::min((civil_s / quarter_s + 1) * quarter_s, std::max(calendar_event_s_, civil_s + 1));
  next_step_ = std::min({clock_.when(next_civil_s_ * 1'000'000'000), relay_.opens_at, control_next_});
}

void Meter::keep_clock() {
  const std::int64_t civil_s = next_civil_s_;
  if (civil_s % quarter_s == 0) begin_quarter(civil_s);
  if (civil_s < calendar_event_s_) return;
  if (has_supply_ && next_scheduled(memory_->scheduled_freeze, civil_s - 1) == civil_s)
    memory_->timed.add(photograph(civil_s), 12);
  change_sets(civil_s);
  refresh_calendar(civil_s);
}

void Meter::begin_quarter(std::int64_t civil_s) {
  if (has_supply_) {
    load_record_.record(civil_s / quarter_s, shown_centikWh());
    const auto pulses = static_cast<std::uint32_t>(registers_.pulses - pulses_at_quarter_);
    if (pulses > demand_max_pulses_) {
      demand_max_pulses_ = pulses;
      demand_max_minute_ = static_cast<std::uint32_t>(civil_s / 60);
    }
  }
  pulses_at_quarter_ = registers_.pulses;
  if (civil_s % 3600 == 0) begin_hour(civil_s);
}

void Meter::begin_hour(std::int64_t civil_s) {
  if (!has_supply_) return;  // made up for when supply is back
  if (civil_s % day_s == 0) memory_->daily.add(photograph(civil_s), memory_->daily_limit);
  if (civil_s % day_s == 0 || civil_s % day_s == memory_->billing_hour * 3600) settle(civil_s);
}

void Meter::settle(std::int64_t civil_s) {
  MeterMemory& memory = *memory_;
  const std::int32_t billed = billing_month(civil_s);
  if (billed > memory.settled_month) {
    memory.monthly.add(photograph(civil_s), 12);
    demand_max_pulses_ = 0;
    demand_max_minute_ = 0;
  }
  memory.settled_month = billed;
  const std::int32_t month = month_of_civil(civil_s);
  const bool is_new_month = month > memory.ladder_month;
  const bool is_new_year = month / 12 > memory.ladder_month / 12;
  memory.ladder_month = month;
  if ((tariff_->ladder_reset == LadderReset::monthly && is_new_month) ||
      (tariff_->ladder_reset == LadderReset::yearly && is_new_year))
    purse_.ladder_from_centikWh = purse_.charged_centikWh;
}

void Meter::change_sets(std::int64_t civil_s) {
  const auto is_due = [&](std::size_t kind) {
    const std::int64_t change = tariff_->change_at_civil_s[kind];
    return change > sets_changed_s_ && change <= civil_s;
  };
  if (is_due(0)) active_.seasons ^= 1;
  if (is_due(1)) active_.day_tables ^= 1;
  if (is_due(2)) active_.rate_prices ^= 1;
  if (is_due(3)) active_.ladder ^= 1;
  sets_changed_s_ = std::max(sets_changed_s_, civil_s);
}

void Meter::make_up_for_outage(std::int64_t civil_s) {
  const std::int64_t today = civil_s / day_s;
  const std::int64_t first = std::max(memory_->lost_civil_s / day_s + 1, today - missed_days_max + 1);
  for (std::int64_t day = first; day <= today; ++day)
    memory_->daily.add(photograph(day * day_s), memory_->daily_limit);
  settle(civil_s);
}

void Meter::set_clock(core::Instant at, std::int64_t civil_ns, std::uint32_t operator_code,
                      MeterHappenings& happened) {
  const std::int64_t before_ns = clock_.civil_ns(at);
  const std::int64_t before_s = clock_.civil_s(at);
  const std::int64_t civil_s = MeterClock::floor_div(civil_ns, 1'000'000'000);
  clock_.set(at, civil_ns);
  memory_->events.add({.kind = EventKind::clock_set,
                       .operator_code = operator_code,
                       .began_civil_s = before_s,
                       .ended_civil_s = civil_s,
                       .register_centikWh = shown_centikWh()});
  tell(happened, at, MeterHappening::Kind::clock_set, (civil_ns - before_ns) / 1'000'000);
  // A small step forward over a quarter hour: its record and freeze are taken now rather than lost.
  const std::int64_t quarter = civil_s / quarter_s * quarter_s;
  if (civil_s - before_s <= quarter_s && quarter > before_s) begin_quarter(quarter);
  if (has_supply_ && civil_s - before_s > quarter_s) settle(civil_s);
  change_sets(civil_s);
  refresh_calendar(civil_s);
  plan_next_step(at);
}

std::uint32_t Meter::demand_dW() const {
  // One quarter hour's pulses as a mean power: pulses x 4 / pulses_per_kWh kW, in 0.0001 kW.
  return static_cast<std::uint32_t>(std::uint64_t{demand_max_pulses_} * 40'000 /
                                    static_cast<std::uint64_t>(pulses_per_kWh_));
}

Freeze Meter::photograph(std::int64_t civil_s) const {
  return {.civil_minute = static_cast<std::uint32_t>(civil_s / 60),
          .forward = shown_registers(),
          .power_mW = is_supplied() ? power_mW_ : 0,
          .demand_dW = demand_dW(),
          .demand_minute = demand_max_minute_};
}
}  // namespace model
