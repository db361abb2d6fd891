#include "models/meter/purse.hpp"

#include <initializer_list>

namespace model {
core::MicroYuan Purse::next_alert(core::MicroYuan money, const PurseLimits& limits) {
  core::MicroYuan highest = core::to_microyuan(-limits.overdraft);
  for (const core::Fen limit : {limits.alarm1, limits.alarm2}) {
    const core::MicroYuan at = core::to_microyuan(limit);
    if (at < money && at > highest) highest = at;
  }
  return highest;
}

RechargeOutcome Purse::recharge(core::Fen amount, std::uint32_t count, const PurseLimits& limits) {
  if (count == purchase_count) return RechargeOutcome::repeated;
  if (count != purchase_count + 1) return RechargeOutcome::wrong_count;
  const core::MicroYuan after = money + core::to_microyuan(amount);
  if (limits.hoarding_cap.count() > 0 && after > core::to_microyuan(limits.hoarding_cap))
    return RechargeOutcome::over_hoarding;
  money = after;
  purchase_count = count;
  alert_at = next_alert(money, limits);
  return RechargeOutcome::applied;
}
}  // namespace model
