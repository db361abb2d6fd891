#include "audit/blame/rated_series.hpp"

#include <algorithm>
#include <utility>

#include "audit/oracle/rounding.hpp"
#include "core/units.hpp"

namespace audit {
namespace {
/// Cells in microjoules times prices in 1e-4 CNY/kWh, exactly, rounded once.
std::int64_t amount_fen(const TariffOracle& oracle, const std::vector<std::int64_t>& cells_uJ) {
  boost::multiprecision::cpp_int sum = 0;
  for (std::size_t cell = 0; cell < cells_uJ.size(); ++cell)
    sum += boost::multiprecision::cpp_int(cells_uJ[cell]) * oracle.price(cell);
  const boost::multiprecision::cpp_int one = core::microjoules_per_kWh;
  return rounded_fen(Rational(sum, one * 10'000));
}
}  // namespace

void RatedSeries::add(const QuarterHour& quarter, std::int64_t energy_uJ) {
  if (quarter.resets) {
    // A reset on the first of a month stands at the month's first quarter hour.
    if (month_.energy_uJ == 0) month_.consumed_before_uJ = 0;
    consumed_uJ_ = 0;
  }
  const auto energy = std::max<std::int64_t>(energy_uJ, 0);
  std::int64_t below_uJ = 0;
  for (std::size_t tier = 0; tier < oracle_->tiers(); ++tier) {
    const bool is_last = tier + 1 == oracle_->tiers();
    const auto above_uJ = is_last ? std::max(consumed_uJ_ + energy, below_uJ)
                                  : oracle_->ceiling(tier) * core::microjoules_per_centikWh;
    month_.cells_uJ[oracle_->cell(quarter.period, tier)] +=
        std::clamp(consumed_uJ_ + energy, below_uJ, above_uJ) - std::clamp(consumed_uJ_, below_uJ, above_uJ);
    below_uJ = above_uJ;
  }
  consumed_uJ_ += energy;
  month_.energy_uJ += energy;
}

RatedMonth RatedSeries::close_month() {
  month_.amount_fen = amount_fen(*oracle_, month_.cells_uJ);
  auto closed = std::move(month_);
  begin_month();
  return closed;
}

void RatedSeries::begin_month() {
  month_ = {.energy_uJ = 0,
            .consumed_before_uJ = consumed_uJ_,
            .amount_fen = 0,
            .cells_uJ = std::vector<std::int64_t>(oracle_->cells())};
}
}  // namespace audit
