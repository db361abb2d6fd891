// Which step comes next for each customer of a campaign: a function of what is written down and of the time.
#include <algorithm>

#include "head-end/campaign/campaign_book.hpp"

namespace headend {
namespace {
using enum CampaignOutcome;

/// What is to be said to this customer's meter, and from when on.
struct NextStep {
  std::optional<CampaignStep> step;
  Instant due = core::never;
};

bool was_told(const CampaignCustomer& customer) { return customer.asked_at && customer.outcome != refused; }

NextStep next_of_limit(const Campaign& campaign, const CampaignCustomer& customer, Instant now) {
  const auto ends = campaign.ends();
  if (now >= ends) {
    if (!was_told(customer) || customer.released_at) return {};
    return {CampaignStep::release_limit, ends};
  }
  if (customer.outcome == planned || customer.outcome == asked)
    return {CampaignStep::set_limit, campaign.plan.from - campaign.plan.ahead};
  if (customer.outcome == confirmed) return {CampaignStep::release_limit, ends};
  return {};
}

NextStep next_of_call(const Campaign& campaign, const CampaignCustomer& customer, Instant now) {
  if (now >= campaign.plan.till) return {};  // a call is over by itself
  if (campaign.cancelled_at) {
    if (!was_told(customer) || customer.released_at) return {};
    return {CampaignStep::withdraw_call, *campaign.cancelled_at};
  }
  if (customer.outcome == planned || customer.outcome == asked)
    return {CampaignStep::send_call, campaign.plan.from - campaign.plan.ahead};
  if (customer.outcome == heard) return {CampaignStep::read_answer, *customer.answered_at};
  return {};
}

NextStep next_of(const Campaign& campaign, const CampaignCustomer& customer, Instant now) {
  switch (campaign.plan.means) {
    case CampaignMeans::limit:
      return next_of_limit(campaign, customer, now);
    case CampaignMeans::call:
      return next_of_call(campaign, customer, now);
    case CampaignMeans::rotate:
      break;  // relays move by the books' own commands
  }
  return {};
}

bool is_finished(const Campaign& campaign) {
  if (!campaign.evaluated_at) return false;
  return std::none_of(
      campaign.customers.begin(), campaign.customers.end(), [&](const CampaignCustomer& customer) {
        return customer.is_off ||
               (campaign.plan.means == CampaignMeans::limit && was_told(customer) && !customer.released_at);
      });
}
}  // namespace

void CampaignBook::refresh_open() {
  open_.clear();
  for (const auto& [id, campaign] : campaigns_)
    if (!is_finished(campaign)) open_.push_back(id);
}

std::vector<CampaignTask> CampaignBook::tasks_for(ConcentratorId concentrator, Instant now) const {
  std::vector<CampaignTask> tasks;
  for (const auto id : open_) {
    const auto& campaign = campaigns_.at(id);
    for (const auto& customer : campaign.customers) {
      if (configuration_.meters[customer.meter - 1].concentrator != concentrator) continue;
      const auto next = next_of(campaign, customer, now);
      if (next.step && next.due <= now)
        tasks.push_back({id, customer.meter, *next.step, customer.attempts > 0});
    }
  }
  return tasks;
}

Instant CampaignBook::next_task(ConcentratorId concentrator, Instant now) const {
  Instant next_due = core::never;
  for (const auto id : open_) {
    const auto& campaign = campaigns_.at(id);
    for (const auto& customer : campaign.customers) {
      if (configuration_.meters[customer.meter - 1].concentrator != concentrator) continue;
      const auto next = next_of(campaign, customer, now);
      if (!next.step) continue;
      // Whoever is being asked now is to be set free at the end, whatever becomes of it.
      next_due = std::min(next_due, next.due > now          ? next.due
                                    : campaign.ends() > now ? campaign.ends()
                                                            : core::never);
    }
  }
  return next_due;
}
}  // namespace headend
