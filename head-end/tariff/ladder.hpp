/// The ladder (阶梯电价): how consumption fills the tiers.
///
///     tier k holds what is consumed above bounds[k-1] up to and including bounds[k]   [tariff rule 2]
/// Unit: 0.01 kWh. Range: used, energy >= 0; bounds rising. Errors, randomness, time: none.
#pragma once
#include <span>

#include "core/units.hpp"
#include "head-end/configuration.hpp"

namespace headend {
struct TierPart {
  std::size_t tier = 0;
  CentiKilowattHours energy{0};
};

/// The first part of `energy` when `used` has been consumed since the last reset: the tier that takes the
/// next unit, and as much as fits in there. Call again with what is left.
TierPart next_tier_part(std::span<const CentiKilowattHours> bounds, CentiKilowattHours used,
                        CentiKilowattHours energy);

/// Does consumption count from zero again at this local midnight?
bool resets_tiers(Tariff::Reset reset, bool is_month_start, bool is_year_start);
}  // namespace headend
