#include "head-end/campaign/campaign_book.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace headend {
namespace {
constexpr std::array<std::string_view, 9> outcome_words{
    "planned", "asked", "confirmed", "heard", "accepted", "declined", "silent", "refused", "failed"};
constexpr char separator = ',';

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t from = 0; !text.empty() && from <= text.size();) {
    const auto end = std::min(text.find(separator, from), text.size());
    words.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return words;
}
template <std::size_t count>
std::size_t place_of(const std::array<std::string_view, count>& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) throw StoreFailure("the store holds an unknown word: " + std::string(word));
  return static_cast<std::size_t>(found - words.begin());
}
bool contains_or_empty(const std::vector<std::string>& wanted, const std::string& word) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), word) != wanted.end();
}
std::optional<Instant> instant_here(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Instant(Duration(row.integer(column)));
}
bool is_same(const CampaignPlan& a, const CampaignPlan& b) {
  return a.means == b.means && a.areas == b.areas && a.classes == b.classes && a.tariffs == b.tariffs &&
         a.meters == b.meters && a.from == b.from && a.till == b.till && a.ahead == b.ahead &&
         a.power_W == b.power_W && a.delay == b.delay && a.pause == b.pause && a.trips == b.trips &&
         a.groups == b.groups && a.turn == b.turn && a.share_percent == b.share_percent &&
         a.baseline_days == b.baseline_days && a.baseline_highest == b.baseline_highest &&
         a.is_adjusted == b.is_adjusted;
}

constexpr const char* customer_columns =
    "SELECT campaign, meter, turn_group, outcome, attempts, asked_at_ns, answered_at_ns, released_at_ns, "
    "last_turn, is_off, command, is_counted, detail FROM campaign_customer ORDER BY campaign, meter";
}  // namespace

std::string_view name_of(CampaignOutcome outcome) { return outcome_words[static_cast<std::size_t>(outcome)]; }

CampaignBook::CampaignBook(Database& database, const Configuration& configuration)
    : database_(database),
      configuration_(configuration),
      add_campaign_(
          database,
          "INSERT INTO campaign(id, name, means, areas, classes, tariffs, meters, from_s, till_s, "
          "ahead_s, power_W, delay_s, pause_s, trips, groups, turn_s, share_percent, baseline_days, "
          "baseline_highest, is_adjusted, created_at_ns) "
          "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
      add_customer_(database,
                    "INSERT INTO campaign_customer VALUES(?,?,?,'planned',0,NULL,NULL,NULL,-1,0,0,0,'')"),
      save_customer_(database,
                     "UPDATE campaign_customer SET outcome = ?, attempts = ?, asked_at_ns = ?, "
                     "answered_at_ns = ?, released_at_ns = ?, last_turn = ?, is_off = ?, command = ?, "
                     "is_counted = ?, detail = ? WHERE campaign = ? AND meter = ?"),
      cancel_(database, "UPDATE campaign SET cancelled_at_ns = ? WHERE id = ?"),
      save_result_(
          database,
          "UPDATE campaign SET evaluated_at_ns = ?, baseline_Wh = ?, drawn_Wh = ?, reduction_Wh = ?, "
          "uncertainty_Wh = ?, baseline_peak_W = ?, drawn_peak_W = ?, like_days = ?, customers = ?, "
          "left_out = ? WHERE id = ?") {
  resume();
  resume_customers();
  refresh_open();
}

void CampaignBook::resume() {
  Statement rows(
      database_,
      "SELECT id, name, means, areas, classes, tariffs, meters, from_s, till_s, ahead_s, power_W, "
      "delay_s, pause_s, trips, groups, turn_s, share_percent, baseline_days, baseline_highest, "
      "is_adjusted, created_at_ns, cancelled_at_ns, evaluated_at_ns, baseline_Wh, drawn_Wh, "
      "reduction_Wh, uncertainty_Wh, baseline_peak_W, drawn_peak_W, like_days, customers, left_out "
      "FROM campaign ORDER BY id");
  const auto seconds = [&](int column) { return Duration(std::chrono::seconds(rows.integer(column))); };
  while (rows.next()) {
    Campaign campaign;
    campaign.id = rows.integer(0);
    auto& plan = campaign.plan;
    plan.name = rows.text(1);
    plan.means = static_cast<CampaignMeans>(place_of(campaign_means_words, rows.text(2)));
    plan.areas = split(rows.text(3));
    plan.classes = split(rows.text(4));
    plan.tariffs = split(rows.text(5));
    plan.meters = split(rows.text(6));
    plan.from = core::instant_from_seconds(rows.integer(7));
    plan.till = core::instant_from_seconds(rows.integer(8));
    plan.ahead = seconds(9);
    plan.power_W = rows.integer(10);
    plan.delay = seconds(11);
    plan.pause = seconds(12);
    plan.trips = static_cast<int>(rows.integer(13));
    plan.groups = static_cast<int>(rows.integer(14));
    plan.turn = seconds(15);
    plan.share_percent = static_cast<int>(rows.integer(16));
    plan.baseline_days = static_cast<int>(rows.integer(17));
    plan.baseline_highest = static_cast<int>(rows.integer(18));
    plan.is_adjusted = rows.integer(19) != 0;
    campaign.created_at = Instant(Duration(rows.integer(20)));
    campaign.cancelled_at = instant_here(rows, 21);
    campaign.evaluated_at = instant_here(rows, 22);
    if (!rows.is_null(23))
      campaign.result = CampaignResult{rows.integer(23), rows.integer(24), rows.integer(25),
                                       rows.integer(26), rows.integer(27), rows.integer(28),
                                       rows.integer(29), rows.integer(30), rows.integer(31)};
    campaigns_.emplace(campaign.id, std::move(campaign));
  }
}

void CampaignBook::resume_customers() {
  Statement rows(database_, customer_columns);
  while (rows.next()) {
    CampaignCustomer customer;
    customer.meter = static_cast<MeterId>(rows.integer(1));
    customer.group = static_cast<int>(rows.integer(2));
    customer.outcome = static_cast<CampaignOutcome>(place_of(outcome_words, rows.text(3)));
    customer.attempts = static_cast<int>(rows.integer(4));
    customer.asked_at = instant_here(rows, 5);
    customer.answered_at = instant_here(rows, 6);
    customer.released_at = instant_here(rows, 7);
    customer.last_turn = static_cast<int>(rows.integer(8));
    customer.is_off = rows.integer(9) != 0;
    customer.command = rows.integer(10);
    customer.is_counted = rows.integer(11) != 0;
    customer.detail = rows.text(12);
    campaigns_.at(rows.integer(0)).customers.push_back(std::move(customer));
  }
}

bool CampaignBook::is_chosen(const CampaignPlan& plan, const MeterFile& meter) const {
  if (meter.is_supply || meter.account == 0) return false;
  const auto& account = configuration_.accounts[meter.account - 1];
  if (account.is_protected) return false;
  const auto concentrator =
      std::find_if(configuration_.concentrators.begin(), configuration_.concentrators.end(),
                   [&](const ConcentratorFile& file) { return file.id == meter.concentrator; });
  return contains_or_empty(plan.areas,
                           concentrator == configuration_.concentrators.end() ? "" : concentrator->name) &&
         contains_or_empty(plan.classes, account.customer_class) &&
         contains_or_empty(plan.tariffs, configuration_.tariffs[account.tariff].name) &&
         contains_or_empty(plan.meters, meter.name);
}

std::string CampaignBook::complaint(const CampaignPlan& plan) const {
  if (auto wrong = complaint_of(plan); !wrong.empty()) return wrong;
  const auto unknown = [](const std::vector<std::string>& wanted, const auto& files) -> std::string {
    for (const auto& word : wanted)
      if (std::none_of(files.begin(), files.end(), [&](const auto& file) { return file.name == word; }))
        return word;
    return {};
  };
  if (const auto word = unknown(plan.areas, configuration_.concentrators); !word.empty())
    return "areas: no area is called '" + word + "'";
  if (const auto word = unknown(plan.tariffs, configuration_.tariffs); !word.empty())
    return "tariffs: no tariff is called '" + word + "'";
  if (const auto word = unknown(plan.meters, configuration_.meters); !word.empty())
    return "meters: no meter is called '" + word + "'";
  return {};
}

core::Result<std::int64_t> CampaignBook::add(const CampaignPlan& plan, Instant now) {
  if (!complaint(plan).empty()) return core::Fault::bad_field;
  for (const auto& [id, known] : campaigns_)
    if (known.plan.name == plan.name) {
      if (is_same(known.plan, plan)) return id;
      return core::Fault::refused;
    }
  Campaign campaign;
  campaign.id = campaigns_.empty() ? 1 : campaigns_.rbegin()->first + 1;
  campaign.plan = plan;
  campaign.created_at = now;
  for (const auto& meter : configuration_.meters) {
    if (!is_chosen(plan, meter)) continue;
    CampaignCustomer customer;
    customer.meter = meter.id;
    customer.group = static_cast<int>(campaign.customers.size()) % plan.groups;
    campaign.customers.push_back(std::move(customer));
  }
  if (campaign.customers.empty()) return core::Fault::no_data;
  const auto seconds = [](Duration duration) { return duration / std::chrono::seconds(1); };
  database_.begin();
  add_campaign_
      .bind(campaign.id, plan.name, campaign_means_words[static_cast<std::size_t>(plan.means)],
            joined(plan.areas), joined(plan.classes), joined(plan.tariffs), joined(plan.meters),
            core::unix_seconds(plan.from), core::unix_seconds(plan.till), seconds(plan.ahead), plan.power_W,
            seconds(plan.delay), seconds(plan.pause), plan.trips, plan.groups, seconds(plan.turn),
            plan.share_percent, plan.baseline_days, plan.baseline_highest, plan.is_adjusted, now)
      .run();
  for (const auto& customer : campaign.customers)
    add_customer_.bind(campaign.id, customer.meter, customer.group).run();
  const auto id = campaign.id;
  campaigns_.emplace(id, std::move(campaign));
  refresh_open();
  return id;
}

core::Result<void> CampaignBook::cancel(std::int64_t id, Instant now) {
  const auto found = campaigns_.find(id);
  if (found == campaigns_.end()) return core::Fault::no_data;
  auto& campaign = found->second;
  if (campaign.cancelled_at) return {};
  if (now >= campaign.plan.till) return core::Fault::refused;
  campaign.cancelled_at = now;
  database_.begin();
  cancel_.bind(now, id).run();
  return {};
}

const Campaign* CampaignBook::find(std::int64_t id) const {
  const auto found = campaigns_.find(id);
  return found == campaigns_.end() ? nullptr : &found->second;
}

CampaignCustomer* CampaignBook::customer_of(std::int64_t campaign, MeterId meter) {
  auto& customers = campaigns_.at(campaign).customers;
  const auto found = std::lower_bound(customers.begin(), customers.end(), meter,
                                      [](const CampaignCustomer& a, MeterId b) { return a.meter < b; });
  METERTWIN_CHECK(found != customers.end() && found->meter == meter, campaign, meter);
  return &*found;
}

void CampaignBook::save(std::int64_t campaign, const CampaignCustomer& customer) {
  database_.begin();
  save_customer_
      .bind(outcome_words[static_cast<std::size_t>(customer.outcome)], customer.attempts, customer.asked_at,
            customer.answered_at, customer.released_at, customer.last_turn, customer.is_off, customer.command,
            customer.is_counted, customer.detail, campaign, customer.meter)
      .run();
}

void CampaignBook::change(std::int64_t campaign, const CampaignCustomer& changed) {
  *customer_of(campaign, changed.meter) = changed;
  save(campaign, changed);
  refresh_open();
}

void CampaignBook::sent(const CampaignTask& task, Instant now) {
  auto& customer = *customer_of(task.campaign, task.meter);
  ++customer.attempts;
  if (!customer.asked_at) customer.asked_at = now;
  if (customer.outcome == CampaignOutcome::planned) customer.outcome = CampaignOutcome::asked;
  save(task.campaign, customer);
}

void CampaignBook::answered(const CampaignTask& task, CampaignOutcome outcome, const std::string& detail,
                            Instant now) {
  auto& customer = *customer_of(task.campaign, task.meter);
  customer.outcome = outcome;
  customer.answered_at = now;
  customer.detail = detail;
  save(task.campaign, customer);
  refresh_open();
}

void CampaignBook::released(const CampaignTask& task, const std::string& detail, Instant now) {
  auto& customer = *customer_of(task.campaign, task.meter);
  customer.released_at = now;
  if (!detail.empty()) customer.detail += (customer.detail.empty() ? "" : "; ") + detail;
  save(task.campaign, customer);
  refresh_open();
}

void CampaignBook::settle(std::int64_t id, Instant now) {
  auto& campaign = campaigns_.at(id);
  if (!campaign.is_over(now)) return;
  for (auto& customer : campaign.customers) {
    using enum CampaignOutcome;
    if (customer.outcome != planned && customer.outcome != asked && customer.outcome != heard) continue;
    customer.detail = customer.outcome == planned
                          ? (campaign.cancelled_at ? "cancelled first" : "never reached")
                      : customer.outcome == heard ? "no answer from the customer"
                                                  : "no answer from the meter";
    customer.outcome = failed;
    save(id, customer);
  }
  refresh_open();
}

void CampaignBook::evaluated(std::int64_t id, const std::optional<CampaignResult>& result,
                             const std::vector<MeterId>& counted, Instant now) {
  auto& campaign = campaigns_.at(id);
  campaign.evaluated_at = now;
  campaign.result = result;
  database_.begin();
  using Number = std::optional<std::int64_t>;
  const auto number = [&](std::int64_t CampaignResult::*field) {
    return result ? Number((*result).*field) : Number();
  };
  using R = CampaignResult;
  save_result_
      .bind(now, number(&R::baseline_Wh), number(&R::drawn_Wh), number(&R::reduction_Wh),
            number(&R::uncertainty_Wh), number(&R::baseline_peak_W), number(&R::drawn_peak_W),
            number(&R::like_days), number(&R::customers), number(&R::left_out), id)
      .run();
  for (auto& customer : campaign.customers) {
    if (!std::binary_search(counted.begin(), counted.end(), customer.meter)) continue;
    customer.is_counted = true;
    save(id, customer);
  }
  refresh_open();
}
}  // namespace headend
