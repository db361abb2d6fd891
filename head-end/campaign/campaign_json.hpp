/// Campaigns as the API tells and takes them (docs/wire/http-api.md).
///
/// Untrusted fields in; the first complaint names the field that was asked for. Errors: complaints. Time: a
/// zone where an instant leaves out its offset. Randomness: none.
#pragma once
#include <boost/json/object.hpp>

#include "core/civil.hpp"
#include "head-end/campaign/campaign_book.hpp"

namespace headend {
/// A plan from `object`, or what is wrong with it in `complaint`: unknown fields are wrong, too. What only
/// the estate knows (names) is not looked at.
CampaignPlan campaign_plan_from(const boost::json::object& object, const core::Zone& zone,
                                std::string& complaint);
boost::json::object plan_row(const CampaignPlan& plan, const core::Zone& zone);
/// How many customers are in which outcome: "confirmed": 17 ...
boost::json::object outcome_counts(const Campaign& campaign);
boost::json::value result_row(const Campaign& campaign);
}  // namespace headend
