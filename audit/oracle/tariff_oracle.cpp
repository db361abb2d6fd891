#include "audit/oracle/tariff_oracle.hpp"

#include <algorithm>
#include <limits>

#include "audit/oracle/rounding.hpp"
#include "core/check.hpp"

namespace audit {
TariffOracle::TariffOracle(const scenario::Tariff& tariff, const core::Zone& zone)
    : tariff_(tariff), zone_(zone), tiers_(tariff.bounds.size() + 1) {
  METERTWIN_CHECK(!tariff.periods.empty(), tariff.name);
  for (const auto& period : tariff.periods) {
    METERTWIN_CHECK(period.prices.size() == tiers_, tariff.name, period.name, period.prices.size());
    for (const auto price : period.prices) prices_.push_back(price.count());
  }
  for (const auto bound : tariff.bounds) ceilings_.push_back(bound.count());
  ceilings_.push_back(std::numeric_limits<std::int64_t>::max());
}

std::int64_t TariffOracle::price_spread() const {
  const auto [least, most] = std::minmax_element(prices_.begin(), prices_.end());
  return *most - *least;
}

std::size_t TariffOracle::period_at(core::Instant interval_start) const {
  const auto second = zone_.second_of_day(interval_start);
  for (std::size_t period = 0; period < tariff_.periods.size(); ++period)
    for (const auto& slot : tariff_.periods[period].slots)
      if (second >= slot.from_s && second < slot.till_s) return period;
  METERTWIN_CHECK(false, tariff_.name, second);  // the loader refuses a tariff with a hole
  return 0;
}

bool TariffOracle::resets_at(core::Instant at) const {
  const auto civil = zone_.civil(at);
  const bool is_first_of_month = civil.day == 1 && civil.hour == 0 && civil.minute == 0 && civil.second == 0;
  switch (tariff_.resets) {
    case scenario::TierReset::never_tiered:
      return false;
    case scenario::TierReset::monthly:
      return is_first_of_month;
    case scenario::TierReset::yearly:
      break;
  }
  return is_first_of_month && civil.month == 1;
}

std::int64_t TariffOracle::share(std::size_t tier, std::int64_t consumed, std::int64_t energy) const {
  const std::int64_t floor = tier == 0 ? 0 : ceilings_[tier - 1];
  const std::int64_t ceiling = ceilings_[tier];
  return std::clamp(consumed + energy, floor, ceiling) - std::clamp(consumed, floor, ceiling);
}

std::int64_t TariffOracle::amount_fen(std::span<const std::int64_t> energies) const {
  METERTWIN_CHECK(energies.size() == cells(), energies.size(), cells());
  boost::multiprecision::cpp_int sum = 0;  // hundredths of a kWh times ten-thousandths of a yuan
  for (std::size_t cell = 0; cell < energies.size(); ++cell)
    if (energies[cell] != 0) sum += boost::multiprecision::cpp_int(energies[cell]) * prices_[cell];
  return rounded_fen(Rational(sum, 100 * 10'000));
}

std::int64_t rounded_fen(const Rational& amount_CNY) {
  using boost::multiprecision::cpp_int;
  METERTWIN_CHECK(amount_CNY >= 0);
  const Rational lifted = amount_CNY * 100 + Rational(1, 2);
  const cpp_int whole =
      numerator(lifted) / denominator(lifted);  // towards zero is down: nothing here is negative
  return static_cast<std::int64_t>(whole);
}
}  // namespace audit
