#include "head-end/tariff/ladder.hpp"

#include <algorithm>

namespace headend {
TierPart next_tier_part(std::span<const CentiKilowattHours> bounds, CentiKilowattHours used,
                        CentiKilowattHours energy) {
  std::size_t tier = 0;
  while (tier < bounds.size() && used >= bounds[tier]) ++tier;
  if (tier == bounds.size()) return {tier, energy};
  return {tier, std::min(energy, bounds[tier] - used)};
}

bool resets_tiers(Tariff::Reset reset, bool is_month_start, bool is_year_start) {
  switch (reset) {
    case Tariff::Reset::never:
      return false;
    case Tariff::Reset::monthly:
      return is_month_start;
    case Tariff::Reset::yearly:
      return is_year_start;
  }
  return false;
}
}  // namespace headend
