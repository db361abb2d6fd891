#include "head-end/account/purchase.hpp"

namespace headend {
SaleOutcome judge_sale(Fen amount, Fen held, Fen cap) {
  if (amount.count() <= 0 || amount > sale_amount_max) return SaleOutcome::bad_amount;
  if (cap.count() > 0 && held + amount > cap) return SaleOutcome::over_hoarding_cap;
  return SaleOutcome::booked;
}

std::uint32_t next_purchase_count(std::uint32_t last_credited, std::uint32_t open) {
  return last_credited + open + 1;
}

CountMeaning judge_count(std::uint32_t told, std::uint32_t last_credited, std::uint32_t ours) {
  if (told <= last_credited) return CountMeaning::not_yet;
  return told == ours ? CountMeaning::credited : CountMeaning::ahead;
}
}  // namespace headend
