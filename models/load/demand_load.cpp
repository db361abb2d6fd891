// Days of the load library, asked for by the millisecond.
#include "models/load/demand_load.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"

namespace model {
namespace {
constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t day_s = 86'400;

class DemandSource final : public PowerSource {
 public:
  explicit DemandSource(DemandPlan plan) : plan_(std::move(plan)) { METERTWIN_CHECK(!plan_.parts.empty()); }

  LoadSegment segment_at(std::int64_t at_ms) const override {
    const std::int64_t local_ms = at_ms + plan_.utc_offset.count() * 1000;
    const std::int64_t day = local_ms / (day_s * 1000);
    if (day != day_) remember(day);
    const auto minute = static_cast<std::size_t>(local_ms / minute_ms % minutes_a_day);
    std::size_t from = minute, till = minute + 1;
    const auto is_same = [&](std::size_t other) {
      return power_mW_[other] == power_mW_[minute] && reactive_mvar_[other] == reactive_mvar_[minute];
    };
    while (from > 0 && is_same(from - 1)) --from;
    while (till < minutes_a_day && is_same(till)) ++till;
    const std::int64_t midnight_ms = (day * day_s - plan_.utc_offset.count()) * 1000;
    return {midnight_ms + static_cast<std::int64_t>(from) * minute_ms,
            midnight_ms + static_cast<std::int64_t>(till) * minute_ms, core::Milliwatts(power_mW_[minute]),
            core::Millivars(reactive_mvar_[minute])};
  }

 private:
  void remember(std::int64_t day) const {
    const bool is_holiday =
        plan_.holidays != nullptr && std::binary_search(plan_.holidays->begin(), plan_.holidays->end(), day);
    power_mW_.fill(0);
    reactive_mvar_.fill(0);
    for (const auto& part : plan_.parts) {
      const DemandDay drawn = demand_of_day(part, plan_.climate, day, is_holiday);
      const double ratio = reactive_ratio(part.kind);
      for (std::size_t m = 0; m < drawn.size(); ++m) {
        power_mW_[m] += drawn[m];
        reactive_mvar_[m] += static_cast<std::int32_t>(std::lround(drawn[m] * ratio));
      }
    }
    day_ = day;
  }

  DemandPlan plan_;
  // A memory, not a state: the same values come without it.
  mutable std::int64_t day_ = -1;
  mutable DemandDay power_mW_{}, reactive_mvar_{};
};
}  // namespace

Load demand_load(DemandPlan plan, const HomeSeed& place) {
  return Load::from(std::make_shared<const DemandSource>(std::move(plan)), place);
}
}  // namespace model
