/// The rules of selling: hoarding cap (囤积限额) and purchase count (购电次数).
///
/// A meter takes a recharge only when its count is the meter's own plus one, and answers "repeated" when it
/// is equal: the count is what makes a credit happen exactly once over a line that loses answers (DL/T
/// 645-2007 data id 070102FF). Unit: fen. Errors, randomness, time: none.
#pragma once
#include "head-end/books.hpp"

namespace headend {
inline constexpr Fen sale_amount_max{
    99'999'999};  ///< 999,999.99 CNY: eight digits, DL/T 645-2007 format XXXXXX.XX

/// `held`: what the customer already has, in transit included; `cap` 0: no cap. Reaching the cap exactly is
/// allowed.
SaleOutcome judge_sale(Fen amount, Fen held, Fen cap);

/// The count that the next recharge makes the meter's. `open`: recharges sold but not yet credited, before
/// this one.
std::uint32_t next_purchase_count(std::uint32_t last_credited, std::uint32_t open);

/// What a count told by the meter means for an open recharge with count `ours`.
enum class CountMeaning { not_yet, credited, ahead };
CountMeaning judge_count(std::uint32_t told, std::uint32_t last_credited, std::uint32_t ours);
}  // namespace headend
