#include "head-end/collect/estate.hpp"

#include <algorithm>
#include <tuple>

#include "core/check.hpp"

namespace headend {
namespace {
auto address_of(const ConcentratorArea& area) { return std::tuple(area.file->region, area.file->address); }
}  // namespace

MeterId ConcentratorArea::meter_with(core::MeterAddress address) const {
  const auto found =
      std::lower_bound(by_address.begin(), by_address.end(), address,
                       [](const auto& entry, core::MeterAddress key) { return entry.first < key; });
  return found != by_address.end() && found->first == address ? found->second : 0;
}

Estate::Estate(const Configuration& configuration) : configuration_(configuration) {
  for (const auto& file : configuration.concentrators) areas_.push_back({&file, {}, {}, {}});
  std::vector<std::size_t> position_of;  // by concentrator id
  for (std::size_t i = 0; i < areas_.size(); ++i) {
    const ConcentratorId id = areas_[i].file->id;
    if (id >= position_of.size()) position_of.resize(id + 1, areas_.size());
    position_of[id] = i;
    concentrators_.resize(position_of.size(), nullptr);
    concentrators_[id] = areas_[i].file;
  }
  for (const auto& meter : configuration.meters) {
    METERTWIN_CHECK(
        meter.concentrator < position_of.size() && position_of[meter.concentrator] < areas_.size(), meter.id);
    auto& area = areas_[position_of[meter.concentrator]];
    area.meters.push_back(&meter);
    if (meter.point >= area.meter_at_point.size()) area.meter_at_point.resize(meter.point + 1u, 0);
    METERTWIN_CHECK(meter.point > 0 && area.meter_at_point[meter.point] == 0, meter.id, meter.point);
    area.meter_at_point[meter.point] = meter.id;
    area.by_address.emplace_back(meter.address, meter.id);
  }
  for (auto& area : areas_) {
    std::sort(area.meters.begin(), area.meters.end(),
              [](const auto* a, const auto* b) { return a->point < b->point; });
    std::sort(area.by_address.begin(), area.by_address.end());
  }
  std::sort(areas_.begin(), areas_.end(),
            [](const auto& a, const auto& b) { return address_of(a) < address_of(b); });
  for (const auto& account : configuration.accounts)
    account_numbers_.emplace_back(account.number, account.meter == 0 ? 0 : meter(account.meter).concentrator);
  std::sort(account_numbers_.begin(), account_numbers_.end());
}

const ConcentratorArea* Estate::find(std::uint16_t region, std::uint16_t address) const {
  const auto wanted = std::tuple(region, address);
  const auto found =
      std::lower_bound(areas_.begin(), areas_.end(), wanted,
                       [](const auto& area, const auto& key) { return address_of(area) < key; });
  return found != areas_.end() && address_of(*found) == wanted ? &*found : nullptr;
}

ConcentratorId Estate::concentrator_of(std::string_view account_number) const {
  const auto found =
      std::lower_bound(account_numbers_.begin(), account_numbers_.end(), account_number,
                       [](const auto& entry, std::string_view key) { return entry.first < key; });
  return found != account_numbers_.end() && found->first == account_number ? found->second : 0;
}
}  // namespace headend
