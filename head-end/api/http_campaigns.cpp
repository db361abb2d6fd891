// GET /campaigns, GET /campaigns/{id}, POST /campaigns and POST /campaigns/{id}/cancel: demand-side
// management.
#include <boost/json/array.hpp>
#include <utility>

#include "head-end/api/http_api.hpp"
#include "head-end/api/http_parameters.hpp"
#include "head-end/campaign/campaign_json.hpp"

namespace headend {
namespace {
constexpr PageRule campaigns_page{100, 1'000};
constexpr PageRule customers_page{1'000, 10'000};

HttpReply unknown_campaign() { return problem_reply(404, "unknown-campaign", "no campaign has this number"); }

const char* state_of(const Campaign& campaign, Instant now) {
  if (campaign.cancelled_at) return "cancelled";
  if (now < campaign.plan.from) return "planned";
  if (now < campaign.plan.till) return "running";
  return campaign.evaluated_at ? "evaluated" : "over";
}
}  // namespace

json::object HttpApi::campaign_row(const Campaign& campaign) const {
  json::object row;
  row["campaign"] = campaign.id;
  row["href"] = "/campaigns/" + std::to_string(campaign.id);
  row["state"] = state_of(campaign, desk_.now());
  row["plan"] = plan_row(campaign.plan, desk_.configuration().zone);
  row["created_at"] = iso(campaign.created_at);
  row["cancelled_at"] = iso_or_null(campaign.cancelled_at);
  row["evaluated_at"] = iso_or_null(campaign.evaluated_at);
  row["customers"] = campaign.customers.size();
  row["outcomes"] = outcome_counts(campaign);
  row["result"] = result_row(campaign);
  return row;
}

HttpReply HttpApi::tell_campaigns(const HttpRequest& request) const {
  const auto page = page_of(request, campaigns_page);
  if (const auto* refusal = std::get_if<HttpReply>(&page)) return *refusal;
  const auto& all = std::as_const(desk_.books).campaigns().all();
  const auto [first, last] = std::get<Page>(page).within(all.size());
  json::array rows;
  std::size_t place = 0;
  for (const auto& [id, campaign] : all) {
    if (place >= first && place < last) rows.push_back(campaign_row(campaign));
    ++place;
  }
  json::object told;
  told["now"] = iso(desk_.now());
  told["total"] = all.size();
  told["offset"] = first;
  told["count"] = last - first;
  if (last < all.size()) told["next_offset"] = last;
  told["campaigns"] = std::move(rows);
  HttpReply reply = json_reply(200, told);
  reply.tells_of_books = true;
  return reply;
}

HttpReply HttpApi::tell_campaign(const HttpRequest& request) const {
  const auto id = number_in(request.segments[1]);
  const auto* campaign = id ? std::as_const(desk_.books).campaigns().find(*id) : nullptr;
  if (campaign == nullptr) return unknown_campaign();
  const auto page = page_of(request, customers_page);
  if (const auto* refusal = std::get_if<HttpReply>(&page)) return *refusal;
  const auto [first, last] = std::get<Page>(page).within(campaign->customers.size());
  json::array rows;
  for (std::size_t i = first; i < last; ++i) {
    const auto& customer = campaign->customers[i];
    const auto word = name_of(customer.outcome);
    json::object row;
    row["meter"] = desk_.estate.meter(customer.meter).name;
    row["outcome"] = json::string_view(word.data(), word.size());
    row["attempts"] = customer.attempts;
    row["asked_at"] = iso_or_null(customer.asked_at);
    row["answered_at"] = iso_or_null(customer.answered_at);
    row["released_at"] = iso_or_null(customer.released_at);
    if (campaign->plan.means == CampaignMeans::rotate) row["group"] = customer.group;
    row["is_counted"] = customer.is_counted;
    row["detail"] = customer.detail;
    rows.push_back(std::move(row));
  }
  json::object told = campaign_row(*campaign);
  told["offset"] = first;
  told["count"] = last - first;
  if (last < campaign->customers.size()) told["next_offset"] = last;
  told["rows"] = std::move(rows);
  HttpReply reply = json_reply(200, told);
  reply.tells_of_books = true;
  return reply;
}

HttpReply HttpApi::plan_campaign(const HttpRequest& request) {
  auto object = object_of(request);
  if (auto* refusal = std::get_if<HttpReply>(&object)) return std::move(*refusal);
  std::string complaint;
  const auto plan = campaign_plan_from(std::get<json::object>(object), desk_.configuration().zone, complaint);
  if (complaint.empty()) complaint = desk_.books.campaigns().complaint(plan);
  const auto before = desk_.books.campaigns().all().size();
  if (complaint.empty() && plan.till <= desk_.now()) complaint = "till: it has passed";
  if (!complaint.empty()) return problem_reply(422, "bad-field", complaint);
  const auto id = desk_.books.plan_campaign(plan, desk_.now());
  if (!id && id.error() == core::Fault::no_data)
    return problem_reply(422, "nobody-chosen", "no customer fits this campaign who is not protected");
  if (!id) return problem_reply(422, "name-reused", "another campaign has this name");
  tell_all_concentrators();
  HttpReply reply = json_reply(desk_.books.campaigns().all().size() > before ? 201 : 200,
                               campaign_row(*desk_.books.campaigns().find(*id)));
  reply.location = "/campaigns/" + std::to_string(*id);
  reply.tells_of_books = true;
  return reply;
}

HttpReply HttpApi::cancel_campaign(const HttpRequest& request) {
  const auto id = number_in(request.segments[1]);
  if (!id || desk_.books.campaigns().find(*id) == nullptr) return unknown_campaign();
  if (!desk_.books.cancel_campaign(*id, desk_.now()))
    return problem_reply(422, "over", "this campaign is over already");
  tell_all_concentrators();
  HttpReply reply = json_reply(200, campaign_row(*desk_.books.campaigns().find(*id)));
  reply.tells_of_books = true;
  return reply;
}

/// Turns change by the books' duty, steps by the attendants: both look again with the next commit.
void HttpApi::tell_all_concentrators() {
  for (const auto& file : desk_.configuration().concentrators) desk_.touch(file.id);
}
}  // namespace headend
