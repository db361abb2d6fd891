/// The customer file, arranged for the questions that frames ask: whose address is this, which meter is that
/// point.
///
/// Built once from the configuration; flat arrays; nothing changes afterwards. Randomness: none. Time: none.
#pragma once
#include <string_view>
#include <utility>
#include <vector>

#include "head-end/configuration.hpp"

namespace headend {
/// One concentrator and the meters behind it.
struct ConcentratorArea {
  const ConcentratorFile* file = nullptr;
  std::vector<const MeterFile*> meters;  ///< by rising point
  std::vector<MeterId> meter_at_point;   ///< by point; 0 = no meter there. Points count from 1

  std::vector<std::pair<core::MeterAddress, MeterId>> by_address;  ///< rising

  /// 0 when no meter of this concentrator has the address.
  MeterId meter_with(core::MeterAddress address) const;
  MeterId meter_at(std::size_t point) const {
    return point < meter_at_point.size() ? meter_at_point[point] : 0;
  }
};

class Estate {
 public:
  /// `configuration` must outlive the estate.
  explicit Estate(const Configuration& configuration);

  std::size_t concentrator_count() const { return areas_.size(); }
  /// Nothing when no concentrator has this address.
  const ConcentratorArea* find(std::uint16_t region, std::uint16_t address) const;
  /// Range: id of a configured meter.
  const MeterFile& meter(MeterId id) const { return configuration_.meters[id - 1]; }
  /// Range: id of a configured concentrator.
  const ConcentratorFile& concentrator(ConcentratorId id) const { return *concentrators_[id]; }
  const AccountFile& account(AccountId id) const { return configuration_.accounts[id - 1]; }
  /// Behind which concentrator the account's meter is; 0 for an unknown number.
  ConcentratorId concentrator_of(std::string_view account_number) const;
  const Configuration& configuration() const { return configuration_; }

 private:
  const Configuration& configuration_;
  std::vector<ConcentratorArea> areas_;                                       ///< by (region, address)
  std::vector<const ConcentratorFile*> concentrators_;                        ///< by id
  std::vector<std::pair<std::string_view, ConcentratorId>> account_numbers_;  ///< by number
};
}  // namespace headend
