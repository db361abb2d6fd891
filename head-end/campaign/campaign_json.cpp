#include "head-end/campaign/campaign_json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <set>

#include "head-end/api/http_parameters.hpp"
#include "head-end/api/json_fields.hpp"

namespace headend {
namespace {
constexpr std::size_t text_bytes_max = 64;
constexpr std::size_t list_length_max = 10'000;
const std::set<std::string_view> known_fields{
    "name",   "means",         "areas",         "classes",          "tariffs",          "meters", "from",
    "till",   "ahead_s",       "power_W",       "delay_s",          "pause_s",          "trips",  "groups",
    "turn_s", "share_percent", "baseline_days", "baseline_highest", "baseline_adjusted"};

/// Takes a plan's fields; what is absent keeps its default.
class PlanFields {
 public:
  PlanFields(const json::object& object, const core::Zone& zone)
      : object_(object), fields_(object), zone_(zone) {}

  CampaignPlan plan() {
    CampaignPlan plan;
    for (const auto& entry : object_)
      if (!known_fields.contains(std::string_view(entry.key().data(), entry.key().size())))
        fields_.complain(std::string_view(entry.key().data(), entry.key().size()).substr(0, text_bytes_max),
                         "no such field");
    plan.name = fields_.text("name", text_bytes_max);
    const auto means = fields_.text("means", text_bytes_max);
    const auto found = std::find(campaign_means_words.begin(), campaign_means_words.end(), means);
    if (found == campaign_means_words.end())
      fields_.complain("means", "limit, rotate or call is needed");
    else
      plan.means = static_cast<CampaignMeans>(found - campaign_means_words.begin());
    words("areas", plan.areas);
    words("classes", plan.classes);
    words("tariffs", plan.tariffs);
    words("meters", plan.meters);
    plan.from = instant("from");
    plan.till = instant("till");
    seconds("ahead_s", plan.ahead);
    if (fields_.has("power_W")) plan.power_W = fields_.integer("power_W");
    seconds("delay_s", plan.delay);
    seconds("pause_s", plan.pause);
    number("trips", plan.trips);
    number("groups", plan.groups);
    seconds("turn_s", plan.turn);
    number("share_percent", plan.share_percent);
    number("baseline_days", plan.baseline_days);
    number("baseline_highest", plan.baseline_highest);
    if (const auto* adjusted = object_.if_contains("baseline_adjusted")) {
      if (adjusted->is_bool())
        plan.is_adjusted = adjusted->get_bool();
      else
        fields_.complain("baseline_adjusted", "true or false is needed");
    }
    return plan;
  }
  const std::string& complaint() const { return fields_.complaint(); }

 private:
  void number(std::string_view name, int& value) {
    constexpr std::int64_t most = 1'000'000;
    if (fields_.has(name)) value = static_cast<int>(std::clamp(fields_.integer(name), -most, most));
  }
  void seconds(std::string_view name, Duration& value) {
    constexpr std::int64_t most_s = 366 * 86'400;
    if (fields_.has(name)) value = std::chrono::seconds(std::clamp(fields_.integer(name), -most_s, most_s));
  }
  Instant instant(std::string_view name) {
    const auto text = fields_.text(name, text_bytes_max);
    const auto at = instant_parameter(text, zone_);
    if (!at) fields_.complain(name, "an instant such as 2026-07-10T18:00:00+08:00 is needed");
    return at.value_or(Instant{});
  }
  void words(std::string_view name, std::vector<std::string>& list) {
    const auto* field = object_.if_contains(name);
    if (field == nullptr) return;
    const auto* items = field->if_array();
    const bool is_list =
        items != nullptr && items->size() <= list_length_max &&
        std::all_of(items->begin(), items->end(), [](const json::value& item) {
          const auto* text = item.if_string();
          return text != nullptr && text->size() <= text_bytes_max && text->find(',') == json::string::npos;
        });
    if (!is_list) return fields_.complain(name, "a list of texts without commas is needed");
    for (const auto& item : *items) list.emplace_back(item.get_string().data(), item.get_string().size());
  }

  const json::object& object_;
  JsonFields fields_;
  const core::Zone& zone_;
};

json::array array_of(const std::vector<std::string>& words) {
  json::array list;
  for (const auto& word : words) list.emplace_back(word);
  return list;
}
std::int64_t seconds_of(Duration duration) { return duration / std::chrono::seconds(1); }
}  // namespace

CampaignPlan campaign_plan_from(const json::object& object, const core::Zone& zone, std::string& complaint) {
  PlanFields fields(object, zone);
  auto plan = fields.plan();
  complaint = fields.complaint().empty() ? complaint_of(plan) : fields.complaint();
  return plan;
}

json::object plan_row(const CampaignPlan& plan, const core::Zone& zone) {
  const auto means = campaign_means_words[static_cast<std::size_t>(plan.means)];
  json::object row;
  row["name"] = plan.name;
  row["means"] = json::string_view(means.data(), means.size());
  row["areas"] = array_of(plan.areas);
  row["classes"] = array_of(plan.classes);
  row["tariffs"] = array_of(plan.tariffs);
  row["meters"] = array_of(plan.meters);
  row["from"] = core::to_iso8601(plan.from, zone);
  row["till"] = core::to_iso8601(plan.till, zone);
  row["ahead_s"] = seconds_of(plan.ahead);
  if (plan.means == CampaignMeans::limit) {
    row["power_W"] = plan.power_W;
    row["delay_s"] = seconds_of(plan.delay);
    row["pause_s"] = seconds_of(plan.pause);
    row["trips"] = plan.trips;
  } else if (plan.means == CampaignMeans::rotate) {
    row["groups"] = plan.groups;
    row["turn_s"] = seconds_of(plan.turn);
  } else {
    row["share_percent"] = plan.share_percent;
  }
  row["baseline_days"] = plan.baseline_days;
  row["baseline_highest"] = plan.baseline_highest;
  row["baseline_adjusted"] = plan.is_adjusted;
  return row;
}

json::object outcome_counts(const Campaign& campaign) {
  json::object counts;
  for (int place = 0; place <= static_cast<int>(CampaignOutcome::failed); ++place) {
    const auto outcome = static_cast<CampaignOutcome>(place);
    const auto count =
        std::count_if(campaign.customers.begin(), campaign.customers.end(),
                      [&](const CampaignCustomer& customer) { return customer.outcome == outcome; });
    const auto word = name_of(outcome);
    if (count > 0) counts[json::string_view(word.data(), word.size())] = count;
  }
  return counts;
}

json::value result_row(const Campaign& campaign) {
  if (!campaign.result) return nullptr;
  const auto& result = *campaign.result;
  json::object row;
  row["baseline_Wh"] = result.baseline_Wh;
  row["drawn_Wh"] = result.drawn_Wh;
  row["reduction_Wh"] = result.reduction_Wh;
  row["uncertainty_Wh"] = result.uncertainty_Wh;
  row["baseline_peak_W"] = result.baseline_peak_W;
  row["drawn_peak_W"] = result.drawn_peak_W;
  row["like_days"] = result.like_days;
  row["customers"] = result.customers;
  row["left_out"] = result.left_out;
  return row;
}
}  // namespace headend
