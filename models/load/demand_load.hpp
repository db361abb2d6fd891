/// A customer of the load library as a load: dwelling, car, heat pump, roof, shop, workshop, studio, or
/// several of them behind one meter.
///
/// The sum of its parts' days (demand.hpp), minute by minute; equal minutes in a row are one step. Reactive
/// power follows each part's own ratio. Unit: mW, mvar; negative: fed in. Errors: none. Randomness: the
/// parts'. Time: local days of a fixed offset; holidays by date.
#pragma once
#include <memory>
#include <vector>

#include "models/load/demand.hpp"
#include "models/load/load.hpp"

namespace model {
struct DemandPlan {
  std::vector<DemandSetup> parts;
  Climate climate;
  std::shared_ptr<const std::vector<std::int64_t>> holidays;  ///< local days since 1970, rising; or nothing
  std::chrono::seconds utc_offset{8 * 3600};
};
/// `place` as for `Load::from`. Range: at least one part (checked).
Load demand_load(DemandPlan plan, const HomeSeed& place);
}  // namespace model
