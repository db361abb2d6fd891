// The purse at work: charging each full 0.01 kWh, alarms, the end of the money, and what a recharge sets
// free.
#include <algorithm>

#include "core/check.hpp"
#include "models/meter/memory.hpp"
#include "models/meter/meter.hpp"

namespace model {
using Kind = MeterHappening::Kind;

core::Price Meter::price_of_unit(std::uint64_t used_in_ladder, std::uint64_t& units_at_this_price) const {
  const Ladder& ladder = tariff_->ladder[active_.ladder];
  int step = 0;
  units_at_this_price = UINT64_MAX;
  for (; step + 1 < ladder.steps; ++step) {
    const auto bound = static_cast<std::uint64_t>(ladder.bounds[static_cast<std::size_t>(step)].count());
    if (used_in_ladder < bound) {
      units_at_this_price = bound - used_in_ladder;
      break;
    }
  }
  return tariff_->price(rate_, step, active_);
}

std::int64_t Meter::milliseconds_until_alert(std::int64_t limit_ms) const {
  if (seen_mW_ <= 0) return limit_ms;
  // How many units until the balance is at the next limit or below?
  std::int64_t left = (purse_.money - purse_.alert_at).count();
  std::uint64_t units = 0;
  while (left > 0) {
    std::uint64_t run = 0;
    const core::Price price =
        price_of_unit(purse_.charged_centikWh + units - purse_.ladder_from_centikWh, run);
    if (price.count() <= 0) {
      if (run == UINT64_MAX) return limit_ms;  // free of charge for ever
      units += run;
      continue;
    }
    const auto needed = static_cast<std::uint64_t>((left + price.count() - 1) / price.count());
    const std::uint64_t taken = std::min(needed, run);
    units += taken;
    left -= static_cast<std::int64_t>(taken) * price.count();
    if (units > 100'000'000) return limit_ms;  // more than the register holds: not in this span
  }
  const auto per_kWh = static_cast<std::uint64_t>(pulses_per_kWh_);
  const std::uint64_t pulses_then =
      ((purse_.charged_centikWh + std::max<std::uint64_t>(units, 1)) * per_kWh + 99) / 100;
  const std::int64_t energy = metrology_.energy_until(pulses_then - registers_.pulses).count();
  return std::min(limit_ms, (energy + seen_mW_ - 1) / seen_mW_);
}

void Meter::charge_completed_units() {
  const std::uint64_t complete = EnergyRegisters::whole_centikWh(registers_.pulses, pulses_per_kWh_);
  while (purse_.charged_centikWh < complete) {
    std::uint64_t run = 0;
    const core::Price price = price_of_unit(purse_.charged_centikWh - purse_.ladder_from_centikWh, run);
    const std::uint64_t units = std::min(run, complete - purse_.charged_centikWh);
    purse_.money -= core::CentiKilowattHours(static_cast<std::int64_t>(units)) * price;
    purse_.charged_centikWh += units;
  }
}

void Meter::alert(MeterHappenings& happened) {
  const PurseLimits& limits = memory_->limits;
  const core::Instant at = now();
  const core::MicroYuan reached = purse_.alert_at;
  const auto passes = [&](core::Fen limit) {
    return purse_.money <= core::to_microyuan(limit) && core::to_microyuan(limit) <= reached;
  };
  if (passes(limits.alarm1)) tell(happened, at, Kind::alarm1_reached, purse_.money.count());
  if (passes(limits.alarm2)) {
    tell(happened, at, Kind::alarm2_reached, purse_.money.count());
    if (memory_->trips_at_alarm2 && !relay_.keeps_power) {
      open_relay(at, RelayCause::alarm2, happened);
      allow_closing(at, RelayCause::alarm2, happened);
    }
  }
  if (passes(-limits.overdraft)) tell(happened, at, Kind::money_exhausted, purse_.money.count());
  if (purse_.money > core::to_microyuan(-limits.overdraft)) {
    purse_.alert_at = Purse::next_alert(purse_.money, limits);
    return;
  }
  if (!relay_.keeps_power) open_relay(at, RelayCause::arrears, happened);
  // Should the relay close again all the same (keep-power, a remote command), the next unit is looked at.
  purse_.alert_at = purse_.money - core::MicroYuan(1);
}

void Meter::after_recharge(core::Instant at, MeterHappenings& happened) {
  const bool was_for_money =
      relay_.open_cause == RelayCause::arrears || relay_.open_cause == RelayCause::alarm2;
  if (!relay_.is_open || !was_for_money || purse_.money <= core::to_microyuan(memory_->limits.close_allow))
    return;
  if (memory_->closes_by_itself) {
    close_relay(at, RelayCause::recharge, happened);
  } else {
    allow_closing(at, RelayCause::recharge, happened);
  }
}
}  // namespace model
