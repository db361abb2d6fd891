#include "head-end/tariff/charge.hpp"

namespace headend {
core::MicroYuan part_cost(CentiKilowattHours energy, Price price) { return energy * price; }

Fen bill_amount(core::MicroYuan month_sum) { return core::round_half_up(month_sum); }

Fen charge_due(core::MicroYuan running_sum, Fen posted) { return bill_amount(running_sum) - posted; }

core::MicroYuan sum_that_reaches(Fen paid, Fen limit) {
  // round_half_up(sum) >= paid - limit  <=>  sum >= (paid - limit) fen less half a fen, for sums >= 0.
  return core::to_microyuan(paid - limit) - core::MicroYuan(core::microyuan_per_fen / 2);
}

CentiKilowattHours even_share(CentiKilowattHours total, std::int64_t count, std::int64_t index) {
  return CentiKilowattHours(total.count() / count + (index < total.count() % count ? 1 : 0));
}
}  // namespace headend
