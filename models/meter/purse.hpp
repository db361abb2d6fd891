/// The money inside a local-prepay meter (本地费控).
///
/// Every full 0.01 kWh of the total register is charged when it completes, at the price of the rate and
/// ladder step in force by the meter's clock: 0.01 kWh x price (1e-4 yuan/kWh) is exactly one micro-yuan a
/// unit, so nothing is rounded; the display (00900200, 00900201) truncates to fen. At the overdraft limit
/// supply ends; below zero is overdraft. A recharge counts only with purchase count = last + 1; an equal
/// count is a repeat. Unit: micro-yuan. Errors: refusals by name. Randomness: none. Time: none.
#pragma once
#include <cstdint>

#include "core/money.hpp"

namespace model {
struct PurseLimits {
  core::Fen alarm1{2000};     ///< 04001001
  core::Fen alarm2{500};      ///< 04001002
  core::Fen overdraft{0};     ///< 04001003
  core::Fen hoarding_cap{0};  ///< 04001004; 0 = no limit
  core::Fen close_allow{0};  ///< 04001005: balance that a recharge must pass before the relay may close again
};
enum class RechargeOutcome { applied, repeated, wrong_count, over_hoarding };

struct Purse {
  core::MicroYuan money{0};                ///< negative = overdraft
  core::MicroYuan alert_at{0};             ///< the next limit downwards whose crossing is an event
  std::uint64_t charged_centikWh = 0;      ///< units of the total register (without rollover) that are paid
  std::uint64_t ladder_from_centikWh = 0;  ///< the total when the ladder last began from zero
  std::uint32_t purchase_count = 0;

  /// The highest limit strictly below `money`; the overdraft limit when even that is passed.
  static core::MicroYuan next_alert(core::MicroYuan money, const PurseLimits& limits);
  /// The counter table: repeat, skip and rollback are refused, and so is a balance above the cap.
  RechargeOutcome recharge(core::Fen amount, std::uint32_t count, const PurseLimits& limits);
  /// What 00900200 and 00900201 show: one of the two is zero. Truncated to fen.
  core::Fen remaining() const {
    return core::Fen(money.count() > 0 ? money.count() / core::microyuan_per_fen : 0);
  }
  core::Fen overdrawn() const {
    return core::Fen(money.count() < 0 ? -money.count() / core::microyuan_per_fen : 0);
  }
};
}  // namespace model
