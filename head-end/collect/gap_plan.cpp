#include "head-end/collect/gap_plan.hpp"

#include <algorithm>
#include <tuple>

namespace headend {
namespace {
PointGroup place_of(MeterId meter, const Estate& estate) {
  const int point = estate.meter(meter).point;
  return {(point - 1) / 8, static_cast<std::uint8_t>(1 << ((point - 1) % 8))};
}
}  // namespace

std::vector<GapUnit> plan_of(const std::vector<Gap>& gaps, const Estate& estate) {
  std::vector<GapUnit> units;
  for (const auto& gap : gaps) units.push_back({place_of(gap.meter, estate), gap.first, gap.count});
  std::sort(units.begin(), units.end(), [](const GapUnit& a, const GapUnit& b) {
    return std::tie(a.first, a.count, a.group, a.mask) < std::tie(b.first, b.count, b.group, b.mask);
  });
  std::vector<GapUnit> plan;
  for (const auto& unit : units) {
    const bool joins = !plan.empty() && plan.back().first == unit.first && plan.back().count == unit.count &&
                       plan.back().group == unit.group;
    if (joins)
      plan.back().mask |= unit.mask;
    else
      plan.push_back(unit);
  }
  return plan;
}

std::vector<PointGroup> groups_of(const std::vector<MeterId>& meters, const Estate& estate) {
  std::vector<PointGroup> groups;
  for (const auto meter : meters) {
    const auto place = place_of(meter, estate);
    const auto found =
        std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.group == place.group; });
    if (found != groups.end())
      found->mask |= place.mask;
    else
      groups.push_back(place);
  }
  std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.group < b.group; });
  return groups;
}
}  // namespace headend
