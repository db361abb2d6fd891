#include "head-end/campaign/plan.hpp"

#include <algorithm>

namespace headend {
namespace {
using namespace std::chrono_literals;
constexpr core::Duration quarter_hour = 15min;
constexpr std::size_t name_bytes_max = 64;
constexpr core::Duration seconds_on_wire_max = 9999s;

bool is_whole(core::Instant at) { return at.time_since_epoch() % quarter_hour == core::Duration(0); }

std::string complaint_of_means(const CampaignPlan& plan) {
  const auto is_on_wire = [](core::Duration time) {
    return time >= core::Duration(0) && time <= seconds_on_wire_max && time % 1s == core::Duration(0);
  };
  switch (plan.means) {
    case CampaignMeans::limit:
      if (plan.power_W < 1 || plan.power_W > 99'999) return "power: 1 to 99999 W is needed";
      if (!is_on_wire(plan.delay)) return "delay: whole seconds, 0 to 9999, are needed";
      if (!is_on_wire(plan.pause)) return "pause: whole seconds, 0 to 9999, are needed";
      if (plan.trips < 1 || plan.trips > 99) return "trips: 1 to 99 is needed";
      break;
    case CampaignMeans::rotate:
      if (plan.groups < 2 || plan.groups > 96) return "groups: 2 to 96 is needed";
      if (plan.turn < quarter_hour || plan.turn > 4h) return "turn: 15 minutes to 4 hours is needed";
      if (plan.turn % 1min != core::Duration(0)) return "turn: whole minutes are needed";
      if (plan.turn > plan.till - plan.from) return "turn: it is longer than the campaign";
      break;
    case CampaignMeans::call:
      if (plan.share_percent < 1 || plan.share_percent > 99) return "share_percent: 1 to 99 is needed";
      break;
  }
  return {};
}
}  // namespace

std::string complaint_of(const CampaignPlan& plan) {
  const auto is_visible = [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; };
  if (plan.name.empty() || plan.name.size() > name_bytes_max ||
      !std::all_of(plan.name.begin(), plan.name.end(), is_visible))
    return "name: 1 to 64 visible characters without quotes or backslashes are needed";
  if (!is_whole(plan.from)) return "from: a whole quarter hour is needed";
  if (!is_whole(plan.till)) return "till: a whole quarter hour is needed";
  if (plan.till <= plan.from) return "till: it is not after 'from'";
  if (plan.till - plan.from > 24h) return "till: a campaign lasts at most a day";
  if (plan.ahead < core::Duration(0) || plan.ahead > 24h) return "ahead: 0 to 24 hours is needed";
  for (const auto& word : plan.classes)
    if (std::find(customer_class_words.begin(), customer_class_words.end(), word) ==
        customer_class_words.end())
      return "classes: '" + word + "' is not one of residential, commercial, industrial";
  if (plan.baseline_days < 2 || plan.baseline_days > 45) return "baseline_days: 2 to 45 is needed";
  if (plan.baseline_highest < 1 || plan.baseline_highest > plan.baseline_days)
    return "baseline_highest: 1 to 'baseline_days' is needed";
  return complaint_of_means(plan);
}
}  // namespace headend
