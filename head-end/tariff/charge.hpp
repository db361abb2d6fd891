/// From rated energy to money: exact until the one rounding of the month.
///
///     part       = energy x price, exactly, in micro-yuan                               [tariff rule 3]
///     bill       = round_half_up(sum of the month's parts)                              [tariff rule 4]
///     charge now = round_half_up(running sum of the month) - charges posted in it       [tariff rule 4]
///
/// so that a month's charges add up to its bill whatever the moments they were posted at.
/// Errors, randomness, time: none.
#pragma once
#include "core/money.hpp"
#include "head-end/configuration.hpp"

namespace headend {
core::MicroYuan part_cost(CentiKilowattHours energy, Price price);
Fen bill_amount(core::MicroYuan month_sum);
Fen charge_due(core::MicroYuan running_sum, Fen posted);

/// The running sum from which on the spendable money (`paid` minus the rounded running sum) is at or below
/// `limit`: the inverse of the rounding above, so that the watch compares one integer per reading.
core::MicroYuan sum_that_reaches(Fen paid, Fen limit);

/// Rule 5: the share of quarter hour `index` (from 0) when `total` is divided over `count` of them, the odd
/// hundredths to the earliest. Range: total >= 0, 0 <= index < count.
CentiKilowattHours even_share(CentiKilowattHours total, std::int64_t count, std::int64_t index);
}  // namespace headend
