/// A demand-side campaign as somebody plans it (有序用电): who, when, by which means.
///
/// Three means. `limit`: each chosen meter gets a limit on power, told ahead, that ends with the window, by
/// itself too. `rotate`: the chosen customers in equal groups, one group without supply at a time, turn by
/// turn, so nobody is off twice before everybody was once. `call`: chosen customers are asked through their
/// meters to use less, and say yes or no. Priority customers (保电) and the supplier's own meters are never
/// chosen, however the plan reads. Unit: W, whole quarter hours. Errors: `complaint_of`. Randomness: none.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.hpp"

namespace headend {
enum class CampaignMeans { limit, rotate, call };
inline constexpr std::array<std::string_view, 3> campaign_means_words{"limit", "rotate", "call"};

/// What customers are, for the choice of a campaign.
inline constexpr std::array<std::string_view, 3> customer_class_words{"residential", "commercial",
                                                                      "industrial"};

struct CampaignPlan {
  std::string name;  ///< unique; 1..64 visible ASCII characters
  CampaignMeans means = CampaignMeans::limit;
  std::vector<std::string> areas;                   ///< names of concentrators; none = the whole estate
  std::vector<std::string> classes;                 ///< of `customer_class_words`; none = all
  std::vector<std::string> tariffs;                 ///< names; none = all
  std::vector<std::string> meters;                  ///< names; none = all that fit the rest
  core::Instant from{}, till{};                     ///< whole quarter hours
  core::Duration ahead = std::chrono::minutes(30);  ///< limits and calls go out so long before `from`
  // limit
  std::int64_t power_W = 0;                        ///< 1..99999
  core::Duration delay = std::chrono::minutes(1);  ///< above it so long: the relay opens
  core::Duration pause = std::chrono::minutes(3);  ///< it closes by itself after so long
  int trips = 3;                                   ///< after so many it waits for the button
  // rotate
  int groups = 4;
  core::Duration turn = std::chrono::minutes(30);  ///< a group is off at most so long at a time
  // call
  int share_percent = 50;
  // What there would have been without it (evaluation.hpp)
  int baseline_days = 10;
  int baseline_highest = 10;
  bool is_adjusted = true;
};

/// What is wrong with it in one clause, the field's name first; empty = nothing. Names of areas, tariffs and
/// meters are looked up by who knows the estate.
std::string complaint_of(const CampaignPlan& plan);
}  // namespace headend
