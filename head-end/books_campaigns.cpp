// Campaigns as time passes: turns of rotating groups, the end, and what it has brought by the readings.
#include <algorithm>

#include "head-end/books_state.hpp"

namespace headend {
namespace {
/// Readings of the last quarter hour come within a round or two; then what is there has to do.
constexpr Duration readings_wait = 90min;
constexpr Duration look_again = 5min;
/// Before the window: the adjustment's hours, and the hour in which somebody may already prepare.
constexpr Duration adjustment_span = 2h, adjustment_gap = 1h;
constexpr int days_back_max = 60;

bool is_rest_day(std::int64_t local_day) {
  const int weekday = core::weekday_of(local_day);
  return weekday == 0 || weekday == 6;
}

/// Which turn of a rotation runs; nothing outside.
std::optional<int> turn_at(const Campaign& campaign, Instant now) {
  if (now < campaign.plan.from || campaign.is_over(now)) return std::nullopt;
  return static_cast<int>((now - campaign.plan.from) / campaign.plan.turn);
}

std::string key_of(const Campaign& campaign, const CampaignCustomer& customer, const char* what) {
  return "campaign " + std::to_string(campaign.id) + " " + what + " " + std::to_string(customer.meter) + " " +
         std::to_string(customer.last_turn);
}
}  // namespace

CampaignBook& Books::campaigns() { return state_->campaigns; }
const CampaignBook& Books::campaigns() const { return state_->campaigns; }

void Books::State::plan_campaigns(Instant now) {
  for (const auto& plan : configuration.campaigns) {
    const auto added = campaigns.add(plan, now);
    // A plan that chooses nobody is no error of the store; whoever told it was told so before.
    METERTWIN_CHECK(added || added.error() == core::Fault::no_data || added.error() == core::Fault::refused,
                    plan.name, campaigns.complaint(plan));
  }
  campaign_duty = campaigns.has_open() ? now : core::never;
}

core::Result<std::int64_t> Books::plan_campaign(const CampaignPlan& plan, Instant now) {
  const auto added = state_->campaigns.add(plan, now);
  if (added) state_->campaign_duty = now;
  return added;
}

core::Result<void> Books::cancel_campaign(std::int64_t id, Instant now) {
  const auto cancelled = state_->campaigns.cancel(id, now);
  if (cancelled) state_->campaign_duty = now;
  return cancelled;
}

void Books::State::advance_campaigns(Instant now) {
  campaign_duty = core::never;
  const auto open = campaigns.open();
  for (const auto id : open) {
    const Campaign& campaign = *campaigns.find(id);
    if (campaign.plan.means == CampaignMeans::rotate) rotate(campaign, now);
    if (campaign.is_over(now)) campaigns.settle(id, now);
    if (campaign.is_over(now) && !campaign.evaluated_at) evaluate_campaign(campaign, now);
    campaign_duty = std::min(campaign_duty, next_of(campaign, now));
  }
}

Instant Books::State::next_of(const Campaign& campaign, Instant now) const {
  if (campaign.is_over(now)) return campaign.evaluated_at ? core::never : now + look_again;
  if (campaign.plan.means != CampaignMeans::rotate) return campaign.ends();
  const auto turn = turn_at(campaign, now);
  if (!turn) return campaign.plan.from;
  return std::min(campaign.plan.from + campaign.plan.turn * (*turn + 1), campaign.ends());
}

/// Whoever's turn is over gets power back; then the next group goes. Written down with the orders, in one
/// transaction.
void Books::State::rotate(const Campaign& campaign, Instant now) {
  const auto turn = turn_at(campaign, now);
  const auto customers = campaign.customers;  // changed below
  for (auto customer : customers)
    if (customer.is_off && (!turn || *turn != customer.last_turn)) end_turn(campaign, customer, now);
  if (!turn) return;
  for (auto customer : customers) {
    const auto account = tracks.of(customer.meter).account;
    const bool is_his = *turn % campaign.plan.groups == customer.group && customer.last_turn < *turn;
    if (!is_his || account == 0 || watch.of(account).supply != Supply::supplied) continue;
    customer.last_turn = *turn;
    const auto order = watch.order(account, CommandKind::trip, key_of(campaign, customer, "trip"), now);
    if (!order) continue;  // keeps power meanwhile
    customer.is_off = true;
    customer.command = *order;
    if (!customer.asked_at) customer.asked_at = now;
    if (customer.outcome == CampaignOutcome::planned) customer.outcome = CampaignOutcome::asked;
    ++customer.attempts;
    campaigns.change(campaign.id, customer);
  }
}

void Books::State::end_turn(const Campaign& campaign, CampaignCustomer customer, Instant now) {
  const auto account = tracks.of(customer.meter).account;
  const auto trip = commands.find(customer.command);
  if (trip && trip->command.state == CommandState::done) {
    customer.outcome = CampaignOutcome::confirmed;
    customer.answered_at = trip->finished_at;
  } else if (trip && trip->command.state == CommandState::failed) {
    customer.outcome = CampaignOutcome::refused;
    customer.detail = trip->detail;
  }
  const auto order = watch.order(account, CommandKind::close, key_of(campaign, customer, "close"), now);
  if (!order) customer.detail = "kept off by his money";
  customer.is_off = false;
  customer.released_at = now;
  campaigns.change(campaign.id, customer);
}

std::vector<std::int64_t> Books::State::like_days_of(const Campaign& campaign) const {
  const auto& zone = configuration.zone;
  const auto day = zone.local_day(campaign.plan.from);
  const bool is_rest = is_rest_day(day);
  std::vector<std::int64_t> days;
  for (std::int64_t back = 1; back <= days_back_max; ++back) {
    const auto other = day - back;
    const Duration shift = zone.start_of_day(day) - zone.start_of_day(other);
    const Instant from = campaign.plan.from - shift, till = campaign.plan.till - shift;
    if (from - adjustment_gap - adjustment_span < configuration.opens) break;
    if (is_rest_day(other) != is_rest) continue;
    const bool is_disturbed =
        std::any_of(campaigns.all().begin(), campaigns.all().end(), [&](const auto& entry) {
          const auto& disturbing = entry.second;
          return entry.first != campaign.id && disturbing.plan.from < till &&
                 disturbing.ends() > from - adjustment_gap - adjustment_span &&
                 disturbing.ends() > disturbing.plan.from;
        });
    if (!is_disturbed) days.push_back(other);
    if (static_cast<int>(days.size()) == campaign.plan.baseline_days) break;
  }
  return days;
}

/// One meter's energies of the window shifted by `shift`; nothing when a reading is missing.
std::optional<CampaignDay> Books::State::campaign_day(const Campaign& campaign, MeterId meter,
                                                      Duration shift) {
  const Instant from = campaign.plan.from - shift, till = campaign.ends() - shift;
  const Instant first = from - adjustment_gap - adjustment_span;
  const auto kept = readings.of_meter(meter, first, till);
  const auto expected = static_cast<std::size_t>((till - first) / 15min) + 1;
  if (kept.size() != expected) return std::nullopt;
  const auto Wh = [&](std::size_t a, std::size_t b) {
    return static_cast<double>((kept[b].shown - kept[a].shown).count()) * 10 *
           configuration.meters[meter - 1].ratio;
  };
  CampaignDay day;
  const auto window_at = static_cast<std::size_t>((from - first) / 15min);
  day.before_Wh = Wh(0, static_cast<std::size_t>(adjustment_span / 15min));
  for (std::size_t i = window_at; i + 1 < kept.size(); ++i) day.window_Wh.push_back(Wh(i, i + 1));
  return day;
}

void Books::State::evaluate_campaign(const Campaign& campaign, Instant now) {
  const bool is_last_chance = now >= campaign.ends() + readings_wait;
  std::vector<MeterId> wanted, counted;
  for (const auto& customer : campaign.customers)
    if (campaign.plan.means != CampaignMeans::call || customer.outcome == CampaignOutcome::accepted)
      wanted.push_back(customer.meter);
  const auto end_of_day = campaign.ends() - campaign.ends().time_since_epoch() % 15min;
  const bool is_whole = campaign.ends() == end_of_day && campaign.ends() > campaign.plan.from;
  const auto days = is_whole ? like_days_of(campaign) : std::vector<std::int64_t>{};
  const auto& zone = configuration.zone;
  const auto start = zone.start_of_day(zone.local_day(campaign.plan.from));
  CampaignDay today;
  std::vector<CampaignDay> like(days.size());
  const auto add = [](CampaignDay& sum, const CampaignDay& one) {
    sum.window_Wh.resize(one.window_Wh.size());
    for (std::size_t q = 0; q < one.window_Wh.size(); ++q) sum.window_Wh[q] += one.window_Wh[q];
    sum.before_Wh += one.before_Wh;
  };
  for (const auto meter : days.size() < 2 ? std::vector<MeterId>{} : wanted) {
    const auto own = campaign_day(campaign, meter, Duration(0));
    std::vector<CampaignDay> others;
    for (const auto day : days)
      if (auto other = campaign_day(campaign, meter, start - zone.start_of_day(day)))
        others.push_back(std::move(*other));
    const bool is_complete = own && others.size() == days.size();
    if (!is_complete && !is_last_chance) return;  // looked at again
    if (!is_complete) continue;
    counted.push_back(meter);
    add(today, *own);
    for (std::size_t d = 0; d < days.size(); ++d) add(like[d], others[d]);
  }
  CampaignMethod method{campaign.plan.baseline_highest, campaign.plan.is_adjusted, 2, counted.size()};
  auto result = evaluate(today, like, method);
  if (result) result->left_out = static_cast<std::int64_t>(wanted.size() - counted.size());
  campaigns.evaluated(campaign.id, result, counted, now);
}
}  // namespace headend
