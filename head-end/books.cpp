#include "head-end/books.hpp"

#include <algorithm>
#include <limits>

#include "head-end/books_state.hpp"

namespace headend {
namespace {
/// Rows of closed days written with each commit: two milliseconds or so.
constexpr std::size_t rating_rows_per_commit = 512;

/// Opens, migrates and imports before any statement of the other parts is prepared.
EstateIs make_ready(StoreDatabase& database, const Configuration& configuration,
                    const std::filesystem::path& store) {
  migrate(database, store);
  return import_estate(database, configuration, store);
}
}  // namespace

Books::State::State(const Configuration& told, const std::filesystem::path& store, Instant now)
    : configuration(told),
      database(store, told.durability),
      estate_is(make_ready(database, configuration, store)),
      calendar(configuration.zone),
      readings(database, static_cast<MeterId>(configuration.meters.size())),
      journal(database),
      ledger(database),
      commands(database, configuration),
      notices(database),
      inspections(database),
      campaigns(database, configuration),
      rating(configuration, database, ledger),
      meter_accounts(configuration, database, ledger, commands, journal),
      tracks(configuration),
      watch(configuration, database, rating, meter_accounts, commands, notices, journal),
      archive_is_set(configuration.concentrators.size() + 1),
      add_estimate(database, "INSERT INTO estimate(meter, first_due_s, last_due_s, at_ns) VALUES(?,?,?,?)"),
      add_freeze(database, "INSERT OR IGNORE INTO daily_freeze VALUES(?,?,?,?,?,?,?)"),
      find_freeze(database, "SELECT 1 FROM daily_freeze WHERE key = ?"),
      set_archive(database, "UPDATE concentrator SET archive_set_at_ns = ? WHERE id = ?"),
      find_sale(database, "SELECT id, amount_fen, balance_fen FROM sale WHERE idempotency_key = ?"),
      find_sale_facts(database, "SELECT id, account, amount_fen FROM sale WHERE idempotency_key = ?"),
      add_sale(database, "INSERT INTO sale VALUES(?,?,?,?,?,?,?,?)"),
      drop_misses(database, "DELETE FROM miss_note WHERE meter = ?"),
      add_miss(database, "INSERT INTO miss_note VALUES(?,?,?,?,?,?)"),
      last_sale(database.integer("SELECT coalesce(max(id), 0) FROM sale")) {
  for (const auto& account : configuration.accounts) accounts_by_number.push_back(account.id);
  std::sort(accounts_by_number.begin(), accounts_by_number.end(), [this](AccountId a, AccountId b) {
    return configuration.accounts[a - 1].number < configuration.accounts[b - 1].number;
  });
  if (estate_is == EstateIs::new_in_store) {
    watch.protect_at_start(now);
    plan_campaigns(now);
    commit_and_publish();
  } else {
    resume(now);
    plan_campaigns(now);
  }
}

void Books::State::commit_and_publish() {
  rating.save_some(rating_rows_per_commit);
  readings.flush();
  journal.flush();
  database.commit();
  commands.publish();
  notices.publish();
}

Books::Books(const Configuration& configuration, const std::filesystem::path& store, Instant now)
    : state_(std::make_unique<State>(configuration, store, now)) {}

Books::~Books() = default;

void Books::commit() { state_->commit_and_publish(); }

void Books::close() {
  state_->rating.save_some(std::numeric_limits<std::size_t>::max());
  state_->readings.settle();
  state_->commit_and_publish();
}

const Configuration& Books::configuration() const { return state_->configuration; }

void Books::advance(Instant now) {
  auto& state = *state_;
  for (const auto meter : state.tracks.out_of_patience(now)) state.give_up_gap(meter, now);
  // Looking at one account never makes another cross a limit.
  for (const auto account : state.to_look_at) state.watch.look_at(account, now);
  state.to_look_at.clear();
  state.watch.look_at_due(now);
  if (state.campaign_duty <= now) state.advance_campaigns(now);
}

Instant Books::next_duty() const {
  if (!state_->to_look_at.empty()) return Instant{};
  return std::min({state_->watch.next_duty(), state_->tracks.next_duty(), state_->campaign_duty});
}

InspectionBook& Books::inspections() { return state_->inspections; }

const InspectionBook& Books::inspections() const { return state_->inspections; }

void Books::note_login(ConcentratorId concentrator, Instant now) {
  state_->journal.concentrator_event(concentrator, "login", now);
}

void Books::note_logout(ConcentratorId concentrator, Instant now) {
  state_->journal.concentrator_event(concentrator, "logout", now);
}

bool Books::archive_is_set(ConcentratorId concentrator) const {
  return state_->archive_is_set.at(concentrator);
}

void Books::note_archive_set(ConcentratorId concentrator, Instant now) {
  auto& state = *state_;
  state.archive_is_set.at(concentrator) = true;
  state.database.begin();
  state.set_archive.bind(now, concentrator).run();
  state.journal.concentrator_event(concentrator, "archive_set", now);
}
}  // namespace headend
