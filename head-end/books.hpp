/// The books: everything the head-end knows and owes, and the rules that change it. No lines, no waiting, no
/// Asio.
///
/// `Books` sits on the store (SQLite). The talking half of the head-end (collect, control, notify, api)
/// brings it readings, answers and sales and asks it what is to be done; each call changes books atomically
/// or not at all. Writes gather in one open transaction until `commit()`; what must be durable before it is
/// acknowledged (sales, commands, postings) is followed by `commit()` before the acknowledgement leaves.
/// Killed at any instant and opened again on the same file, it continues: nothing acknowledged is lost,
/// nothing charged or credited twice. Time comes in with each call; there is no clock here. Randomness: none.
/// A store that cannot be written any more (full disk, broken file) throws `StoreFailure`: the object is then
/// of no more use, and the last commit is what holds. What is in the file is told in
/// head-end/store/schema.md.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/sqlite/failure.hpp"
#include "head-end/configuration.hpp"

namespace headend {
class CampaignBook;
class InspectionBook;
/// The store cannot be opened, read or written; one line that names file and reason.
using StoreFailure = sqlite::Failure;

enum class ReadingSource : std::uint8_t { curve = 0, backfill = 1, opening = 2 };

/// What validation said. `accepted` and `repeated` (same value again) are fine; all others are counted and
/// kept apart.
enum class ReadingVerdict {
  accepted,
  repeated,
  contradicts_stored,
  runs_backwards,
  too_large,
  not_due,
  unknown_meter
};

enum class CommandKind { trip, close, keep_power, release_keep_power, recharge };
enum class CommandState { wanted, sent, done, failed, given_up };

/// Something to be done to a meter. Lives in the store until done; survives crashes; carried out at least
/// once over the wire and exactly once in effect (a relay command is idempotent; a recharge carries its
/// purchase count).
struct Command {
  std::int64_t id = 0;
  MeterId meter = 0;
  CommandKind kind = CommandKind::trip;
  CommandState state = CommandState::wanted;
  Instant wanted_at{};
  int attempts = 0;
  Fen amount{0};  ///< recharge
  std::uint32_t purchase_count =
      0;  ///< recharge: the count this credit makes the meter's (last credited + 1)
  std::string reason;
};

/// A command with what became of it, open or closed.
struct CommandFacts {
  Command command;
  std::optional<Instant> sent_at;      ///< the last time
  std::optional<Instant> finished_at;  ///< done, failed or given up
  std::string detail;                  ///< the meter's answer in words; often empty
};

/// What the meter's answer to a command says.
enum class CommandOutcome {
  done,       ///< done, or found already in effect (relay as wanted; "repeated recharge" with our own count)
  no_answer,  ///< try again later
  refused,    ///< the meter said no: kept with its reason
};

enum class SaleOutcome { booked, repeated, unknown_account, bad_amount, over_hoarding_cap };
struct SaleReceipt {
  SaleOutcome outcome = SaleOutcome::booked;
  std::int64_t sale = 0;  ///< receipt number; 0 when nothing was booked
  Fen amount{0};
  Fen balance{0};  ///< prepaid-head-end: after the sale; others: as last known
};

/// A booked sale, as it was told on the first receipt.
struct SaleFacts {
  std::int64_t sale = 0;
  AccountId account = 0;
  Fen amount{0};
};

/// A text message to a customer; exactly one per level and crossing.
struct Notice {
  std::int64_t id = 0;
  AccountId account = 0;
  enum class Level : std::uint8_t {
    alarm1 = 1,
    alarm2 = 2,
    arrears = 3,
    cut_off = 4,
    restored = 5,
    bill = 6
  } level = Level::alarm1;
  Fen amount{0};
  std::string text;
};

/// A reading as the books keep it.
struct StoredReading {
  MeterId meter = 0;
  Instant due;
  CentiKilowattHours shown{0};
  ReadingSource source = ReadingSource::curve;
};

/// A run of due quarter hours that a meter's readings are missing for.
struct Gap {
  MeterId meter = 0;
  Instant first;  ///< first missing due instant
  int count = 0;  ///< consecutive quarter hours
};

/// A gap that was given up and billed by tariff rule 5.
struct Estimate {
  MeterId meter = 0;
  Instant first, last;  ///< missing due instants, both included
  Instant at;
};

/// A meter whose register shows less than before.
struct RegisterFall {
  MeterId meter = 0;
  Instant first;                           ///< due instant of the first such reading
  CentiKilowattHours shown{0}, before{0};  ///< there, and last before it
  int readings = 0;                        ///< that ran backwards
};

/// Why a run of quarter hours did not come when it was asked for (head-end/collect/miss_notes.hpp).
struct StoredMiss {
  Instant first, last;   ///< missing due instants, both included
  std::string_view why;  ///< as in head-end/store/schema.md
  std::uint32_t asked = 0;
  Instant asked_last;
};

class Books {
 public:
  /// Opens or makes the store, migrates its schema, imports the configuration, and resumes. Throws
  /// std::runtime_error with one clear line when the file cannot be opened or belongs to another schema or
  /// estate.
  Books(const Configuration& configuration, const std::filesystem::path& store, Instant now);
  ~Books();
  Books(const Books&) = delete;
  Books& operator=(const Books&) = delete;

  // -- readings
  // ------------------------------------------------------------------------------------------------------
  /// One register at one due instant. Hot path: no allocation. Rates consumption as soon as it is contiguous.
  ReadingVerdict accept_reading(MeterId meter, Instant due, CentiKilowattHours shown, ReadingSource source,
                                Instant now);
  /// The meter's frozen registers of a local midnight: total and four rates; checked against the curve, kept
  /// beside it.
  void accept_daily_freeze(MeterId meter, Instant midnight,
                           std::span<const CentiKilowattHours> total_and_rates, Instant now);
  /// prepaid_meter: what the meter says it holds (remaining minus overdraft) and its purchase count; posts
  /// consumption.
  void accept_meter_balance(MeterId meter, Fen remaining_minus_overdraft, std::uint32_t purchase_count,
                            Instant asked_at, Instant now);
  void accept_relay_state(MeterId meter, bool is_open, Instant now);
  /// By the head-end's word or as last seen at the meter: no energy is to be expected. False for a meter
  /// without an account.
  bool is_cut_off(MeterId meter) const;
  /// The collector could not get this reading now. The meter's back-off starts at `every`, doubles with each
  /// later attempt that fails up to `back_off_max` (several misses before it is over count once), and ends
  /// with a reading.
  void note_missing(MeterId meter, Instant due, Instant now);
  /// Quarter hours in [horizon, latest_due] that are missing and whose meter is not in back-off, oldest first
  /// per meter, as runs of at most `run_max`; at most one gap a meter. Quarter hours that were already noted
  /// missing come last.
  std::vector<Gap> gaps_of(ConcentratorId concentrator, Instant latest_due, int run_max, Instant now) const;
  /// All that is missing of a meter up to `latest_due`, in back-off or not, however old, but for what was
  /// given up and billed by estimate; rising.
  std::vector<Gap> missing_of(MeterId meter, Instant latest_due) const;
  /// Is anything missing by that reckoning? A look into memory.
  bool has_missing(MeterId meter, Instant latest_due) const;
  /// Gaps that were given up, by meter and time; of one meter, or of all (0).
  std::vector<Estimate> estimates_of(MeterId meter) const;
  /// Replaces all that is kept of this meter.
  void keep_misses(MeterId meter, std::span<const StoredMiss> misses);
  /// All that is kept, by meter and time.
  void each_miss(const std::function<void(MeterId, const StoredMiss&)>& tell) const;
  /// Meters of which at least two readings that came from `since` on ran backwards, and nothing better came
  /// in their place; by meter.
  std::vector<RegisterFall> falls_since(Instant since) const;
  /// The due instant of the newest reading; nothing before the first.
  std::optional<Instant> latest_reading(MeterId meter) const;
  /// Until when this meter's gaps are not asked for; nothing when they are asked for in every round.
  std::optional<Instant> backs_off_until(MeterId meter, Instant now) const;
  /// The gaps of this concentrator's meters may be asked for again at once.
  void end_back_offs(ConcentratorId concentrator, Instant now);
  /// Due reading already stored?
  bool has_reading(MeterId meter, Instant due) const;
  /// The readings of one meter with from <= due <= till, by due instant. One meter's month takes well below a
  /// millisecond. Includes what is accepted but not yet committed.
  std::vector<StoredReading> readings_of(MeterId meter, Instant from, Instant till) const;
  /// The readings of all meters at one due instant, by meter.
  std::vector<StoredReading> readings_at(Instant due) const;
  /// Meters of the concentrator whose daily freeze / in-meter balance of this midnight is still wanted.
  std::vector<MeterId> freezes_wanted(ConcentratorId concentrator, Instant midnight) const;
  std::vector<MeterId> balances_wanted(ConcentratorId concentrator, Instant midnight) const;

  // -- the passing of time
  // -------------------------------------------------------------------------------------------
  /// Closes days and months whose readings are in (or given up), posts charges, issues bills, warns, decides
  /// cut-off and restoring. Cheap when nothing is due. Call after each batch of readings and whenever
  /// `next_duty()` has come.
  void advance(Instant now);
  /// When `advance` has something to do next: `core::never`, or an instant that may already have passed.
  Instant next_duty() const;

  // -- commands
  // ------------------------------------------------------------------------------------------------------
  /// Open commands for meters of this concentrator, oldest first; at most one per meter at a time. A command
  /// shows up here with the `commit()` that makes its reason (a sale, an order) durable, never before: no
  /// restoring before credit. A newer relay command supersedes an older open one of the same meter
  /// (`given_up`); an answer to that is still taken.
  std::vector<Command> commands_for(ConcentratorId concentrator) const;
  /// For whom commits have shown new commands since the last call; may name one twice.
  std::vector<ConcentratorId> concentrators_with_new_commands();
  void command_sent(std::int64_t command, Instant now);
  void command_finished(std::int64_t command, CommandOutcome outcome, const std::string& detail, Instant now);

  // -- business
  // ------------------------------------------------------------------------------------------------------
  /// A customer's payment. `key` makes it idempotent: the same key again answers `repeated` with the first
  /// receipt.
  SaleReceipt sell(const std::string& key, const std::string& account_number, Fen amount, Instant now);
  /// Spendable money as the books know it: posted balance minus rated but unposted consumption.
  core::Result<Fen> balance_of(const std::string& account_number) const;
  /// An operator's order (trip, close, keep_power, release_keep_power; not recharge); idempotent by `key`.
  /// The command's number. Faults: no_data (no such account), refused (a trip of a customer with keep-power,
  /// a close while his money keeps him cut off).
  core::Result<std::int64_t> order_switch(const std::string& key, const std::string& account_number,
                                          CommandKind kind, Instant now);
  /// What was booked or ordered, also long ago and closed. Faults: no_data. Includes what is not yet
  /// committed.
  core::Result<SaleFacts> sale_of_key(const std::string& key) const;
  core::Result<CommandFacts> command_of_key(const std::string& key) const;
  core::Result<CommandFacts> command(std::int64_t id) const;
  /// Known and neither done, failed nor given up. Cheap: a look into memory.
  bool is_command_open(std::int64_t id) const;
  /// Notices not yet handed over, oldest first; they too show up with the `commit()` that makes them durable.
  std::vector<Notice> notices_pending() const;
  void notice_sent(std::int64_t notice, Instant now);

  // -- campaigns (books_campaigns.cpp)
  /// Faults as `CampaignBook::add`.
  core::Result<std::int64_t> plan_campaign(const CampaignPlan& plan, Instant now);
  /// Faults as `CampaignBook::cancel`.
  core::Result<void> cancel_campaign(std::int64_t id, Instant now);
  CampaignBook& campaigns();
  const CampaignBook& campaigns() const;

  // -- inspections
  // -----------------------------------------------------------------------------------------------------
  /// Nights judged, suspicions, work orders, conditions of meters. What is changed there is part of the open
  /// transaction.
  InspectionBook& inspections();
  const InspectionBook& inspections() const;

  // -- concentrators
  // -------------------------------------------------------------------------------------------------
  void note_login(ConcentratorId concentrator, Instant now);
  void note_logout(ConcentratorId concentrator, Instant now);
  /// All comings (true) and goings of concentrators in the store, in order.
  void each_coming(const std::function<void(ConcentratorId, bool is_login, Instant at)>& tell) const;
  bool archive_is_set(ConcentratorId concentrator) const;
  void note_archive_set(ConcentratorId concentrator, Instant now);

  // -- durability
  // ----------------------------------------------------------------------------------------------------
  void commit();
  /// Commits, packs every reading into its block and empties the journal of readings: the file is then as
  /// small as it gets and the next start replays nothing. For an orderly end; what is destroyed without it
  /// ends as by a power cut.
  void close();
  /// Moves readings that are due before `before` out of the store into the archive `file` (made if missing),
  /// as whole blocks, but for those that an open month or a restart still needs. Commits. Crash-safe: copied
  /// and synced before deleted, so a crash leaves them here, or in both, never nowhere; doing it again goes
  /// on. Such readings are then answered by `ReadingArchive` (head-end/store/reading_archive.hpp), no longer
  /// by this object; told again, they are rejected as `not_due`. Returns how many blocks were moved.
  std::size_t archive_readings(Instant before, const std::filesystem::path& file);
  const Configuration& configuration() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};
}  // namespace headend
