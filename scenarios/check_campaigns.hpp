/// Do the scenario's campaigns make sense? Each has a window within the run, means that suit its kind, and
/// chooses somebody.
///
/// Throws BadScenario with the field's place. Randomness: none.
#pragma once
#include <string_view>
#include <vector>

#include "scenarios/load.hpp"

namespace scenario {
void check_campaigns(const Scenario& scenario, const Places& places);

/// What kind of customer carries this load: "residential", "commercial", "industrial"; a transformer's meter
/// is of none.
std::string_view customer_class_of(LoadKind load);
/// The ids of the meters that a campaign chooses, rising: those that fit its areas, classes, tariffs and
/// names, without protected customers and transformers' meters.
std::vector<std::uint32_t> chosen_by(const CampaignSpec& campaign, const Scenario& scenario);
}  // namespace scenario
