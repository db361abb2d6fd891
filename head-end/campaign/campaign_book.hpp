/// The part of the books that keeps campaigns: what was planned, who was chosen, what became of each, what it
/// brought.
///
/// Everything goes into the books' open transaction and is durable with their next commit. A step is written
/// down as `asked` before it leaves for the meter, so after a crash at any instant whoever may have been
/// limited is known: he is asked what he has, and set free at the end. For each customer the next step is a
/// function of what is written down and of the time; there is no other state.
///     limit:  planned -> asked -> confirmed | refused | failed;  whoever was asked is released at the end
///     call:   planned -> asked -> heard -> accepted | declined | silent;  failed without an answer
///     rotate: planned -> asked (his first turn) -> confirmed (his relay followed) | failed
/// Errors: `StoreFailure`. Randomness: none. Time: told.
#pragma once
#include <map>
#include <optional>
#include <vector>

#include "core/result.hpp"
#include "head-end/campaign/evaluation.hpp"
#include "head-end/campaign/plan.hpp"
#include "head-end/store/store_database.hpp"

namespace headend {
enum class CampaignOutcome { planned, asked, confirmed, heard, accepted, declined, silent, refused, failed };
std::string_view name_of(CampaignOutcome outcome);

struct CampaignCustomer {
  MeterId meter = 0;
  int group = 0;  ///< rotate
  CampaignOutcome outcome = CampaignOutcome::planned;
  int attempts = 0;                    ///< exchanges begun
  std::optional<Instant> asked_at;     ///< the first time
  std::optional<Instant> answered_at;  ///< confirmed, heard, refused ...
  std::optional<Instant> released_at;  ///< known to be free again
  int last_turn = -1;                  ///< rotate: the last one in which he was to be off
  bool is_off = false;                 ///< rotate: a trip was ordered and no closing yet
  std::int64_t command = 0;            ///< rotate: that trip
  bool is_counted = false;             ///< his readings are in the result
  std::string detail;
};

struct Campaign {
  std::int64_t id = 0;
  CampaignPlan plan;
  Instant created_at{};
  std::optional<Instant> cancelled_at, evaluated_at;
  std::optional<CampaignResult> result;     ///< nothing: too little to go by
  std::vector<CampaignCustomer> customers;  ///< by meter

  /// When its hold on customers ends.
  Instant ends() const { return cancelled_at ? std::min(*cancelled_at, plan.till) : plan.till; }
  bool is_over(Instant now) const { return now >= ends(); }
};

/// What is to be said to one meter now.
enum class CampaignStep { set_limit, release_limit, send_call, read_answer, withdraw_call };
struct CampaignTask {
  std::int64_t campaign = 0;
  MeterId meter = 0;
  CampaignStep step = CampaignStep::set_limit;
  bool may_have_reached = false;  ///< it was said before, and no answer came
};

class CampaignBook {
 public:
  /// Takes up what is in the store. `configuration` must outlive it.
  CampaignBook(Database& database, const Configuration& configuration);

  /// The new campaign's number; the same plan again answers with the first one's. Faults: bad_field (the plan
  /// is no plan: `complaint`), refused (another campaign has this name), no_data (nobody is chosen).
  core::Result<std::int64_t> add(const CampaignPlan& plan, Instant now);
  /// Why `add` would say no, in words; empty if it would not.
  std::string complaint(const CampaignPlan& plan) const;
  /// Ends it now; what was told to meters is taken back. Faults: no_data, refused (over already). Twice is
  /// well.
  core::Result<void> cancel(std::int64_t id, Instant now);
  const std::map<std::int64_t, Campaign>& all() const { return campaigns_; }
  const Campaign* find(std::int64_t id) const;

  // -- for those who talk with meters
  bool has_open() const { return !open_.empty(); }
  std::vector<CampaignTask> tasks_for(ConcentratorId concentrator, Instant now) const;
  /// When there will be something to say to its meters that is not due yet; `core::never` for nothing.
  Instant next_task(ConcentratorId concentrator, Instant now) const;
  /// It is about to leave. Followed by a commit.
  void sent(const CampaignTask& task, Instant now);
  void answered(const CampaignTask& task, CampaignOutcome outcome, const std::string& detail, Instant now);
  void released(const CampaignTask& task, const std::string& detail, Instant now);

  // -- for the books
  /// Open campaigns by number: not evaluated, or somebody is still to be set free.
  const std::vector<std::int64_t>& open() const { return open_; }
  /// Writes a customer's changed row down.
  void change(std::int64_t campaign, const CampaignCustomer& changed);
  /// After its end: whoever was never reached has failed.
  void settle(std::int64_t campaign, Instant now);
  void evaluated(std::int64_t campaign, const std::optional<CampaignResult>& result,
                 const std::vector<MeterId>& counted, Instant now);

 private:
  bool is_chosen(const CampaignPlan& plan, const MeterFile& meter) const;
  void resume();
  void resume_customers();
  void save(std::int64_t campaign, const CampaignCustomer& customer);
  void refresh_open();
  CampaignCustomer* customer_of(std::int64_t campaign, MeterId meter);

  Database& database_;
  const Configuration& configuration_;
  Statement add_campaign_, add_customer_, save_customer_, cancel_, save_result_;
  std::map<std::int64_t, Campaign> campaigns_;
  std::vector<std::int64_t> open_;
};
}  // namespace headend
