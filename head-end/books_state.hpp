/// The parts of the books and how they hang together; private to books*.cpp.
#pragma once
#include "head-end/account/meter_money.hpp"
#include "head-end/account/rating.hpp"
#include "head-end/campaign/campaign_book.hpp"
#include "head-end/store/estate.hpp"
#include "head-end/store/inspection_book.hpp"
#include "head-end/store/journal.hpp"
#include "head-end/store/notice_table.hpp"
#include "head-end/store/reading_store.hpp"
#include "head-end/store/schema.hpp"
#include "head-end/validate/register_track.hpp"
#include "head-end/watch/notice_text.hpp"
#include "head-end/watch/watch.hpp"

namespace headend {
struct Books::State {
  State(const Configuration& told, const std::filesystem::path& store, Instant now);

  /// Hot: moves the rated end of `meter` to the reading at `slot`, which follows it directly.
  void rate_next(MeterId meter, Slot slot, std::uint32_t register_shown, bool is_estimated, Instant now);
  /// The opening reading: nothing to rate yet.
  void open_meter(MeterId meter, Slot slot, std::uint32_t register_shown);
  /// A reading that is stored: rates it and what waits behind it, or lets it wait.
  void take_reading(MeterId meter, Slot slot, std::uint32_t register_shown, Instant now);
  /// Rates what waits directly behind the rated end.
  void catch_up(MeterId meter, Instant now);
  /// Gives up the gap behind the rated end for good: writes that down and bridges it.
  void give_up_gap(MeterId meter, Instant now);
  /// Rates over the gap behind the rated end by tariff rule 5. Range: something waits behind it.
  void bridge_gap(MeterId meter, Instant now);
  ReadingVerdict judge_late(MeterId meter, Slot slot, CentiKilowattHours shown);
  /// The earliest quarter hour whose reading a restart or the open month may ask for.
  Slot needed_from(MeterId meter) const;
  /// Commits the store and shows the talk what became durable.
  void commit_and_publish();

  void resume(Instant now);
  void resume_readings(Instant now);
  void resume_reading(MeterId meter, Slot slot, std::uint32_t register_shown, Instant now);
  void resume_estimates(MeterId meter, Instant now);

  // Campaigns (books_campaigns.cpp)
  void plan_campaigns(Instant now);
  void advance_campaigns(Instant now);
  /// When this campaign next wants the books' attention.
  Instant next_of(const Campaign& campaign, Instant now) const;
  void rotate(const Campaign& campaign, Instant now);
  void end_turn(const Campaign& campaign, CampaignCustomer customer, Instant now);
  /// Local days before it that are like its own, the nearest first.
  std::vector<std::int64_t> like_days_of(const Campaign& campaign) const;
  std::optional<CampaignDay> campaign_day(const Campaign& campaign, MeterId meter, Duration shift);
  void evaluate_campaign(const Campaign& campaign, Instant now);

  std::optional<AccountId> find_account(const std::string& number) const;
  Fen balance(AccountId account) const;
  void finish_done(const Command& command, AccountId account, const std::string& detail, Instant now);

  Configuration configuration;
  StoreDatabase database;
  EstateIs estate_is;
  Calendar calendar;
  ReadingStore readings;
  Journal journal;
  Ledger ledger;
  CommandTable commands;
  NoticeTable notices;
  InspectionBook inspections;
  CampaignBook campaigns;
  Instant campaign_duty = core::never;
  Rating rating;
  MeterAccounts meter_accounts;
  RegisterTracks tracks;
  Watch watch;
  std::vector<AccountId> accounts_by_number;  // sorted by their numbers
  std::vector<bool> archive_is_set;           // by concentrator
  std::vector<AccountId> to_look_at;          // crossed a limit while being rated
  std::map<MeterId, std::vector<Slot>>
      known_estimates;  // during resume: first missing slots that were given up, rising
  Statement add_estimate, add_freeze, find_freeze, set_archive, find_sale, find_sale_facts, add_sale,
      drop_misses, add_miss;
  std::int64_t last_sale = 0;
};
}  // namespace headend
