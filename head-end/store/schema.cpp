#include "head-end/store/schema.hpp"

#include "head-end/store/rows_to_blocks.hpp"

namespace headend {
namespace {
constexpr const char* version_1 = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE concentrator(id INTEGER PRIMARY KEY, name TEXT NOT NULL, region INTEGER NOT NULL,
  address INTEGER NOT NULL, archive_set_at_ns INTEGER);
CREATE TABLE meter(id INTEGER PRIMARY KEY, name TEXT NOT NULL, address TEXT NOT NULL,
  concentrator INTEGER NOT NULL, point INTEGER NOT NULL, port INTEGER NOT NULL, account INTEGER NOT NULL,
  interval_energy_max_centikWh INTEGER NOT NULL);
CREATE TABLE tariff(id INTEGER PRIMARY KEY, name TEXT NOT NULL, resets TEXT NOT NULL, bounds TEXT NOT NULL);
CREATE TABLE tariff_period(tariff INTEGER NOT NULL, period INTEGER NOT NULL, name TEXT NOT NULL,
  slots TEXT NOT NULL, prices TEXT NOT NULL, PRIMARY KEY(tariff, period)) WITHOUT ROWID;
CREATE TABLE account(id INTEGER PRIMARY KEY, number TEXT NOT NULL, payment TEXT NOT NULL,
  tariff INTEGER NOT NULL, meter INTEGER NOT NULL, is_protected INTEGER NOT NULL, alarm1_fen INTEGER NOT NULL,
  alarm2_fen INTEGER NOT NULL, overdraft_fen INTEGER NOT NULL, hoarding_cap_fen INTEGER NOT NULL);

CREATE TABLE reading(key INTEGER PRIMARY KEY, register_centikWh INTEGER NOT NULL, source INTEGER NOT NULL);
CREATE TABLE rejected_reading(id INTEGER PRIMARY KEY, meter INTEGER NOT NULL, due_s INTEGER NOT NULL,
  register_centikWh INTEGER NOT NULL, verdict TEXT NOT NULL, source INTEGER NOT NULL,
  at_ns INTEGER NOT NULL);
CREATE TABLE daily_freeze(key INTEGER PRIMARY KEY, total_centikWh INTEGER NOT NULL, rate1_centikWh INTEGER,
  rate2_centikWh INTEGER, rate3_centikWh INTEGER, rate4_centikWh INTEGER, at_ns INTEGER NOT NULL);
CREATE TABLE meter_balance(meter INTEGER NOT NULL, asked_at_ns INTEGER NOT NULL, balance_fen INTEGER NOT NULL,
  purchase_count INTEGER NOT NULL, PRIMARY KEY(meter, asked_at_ns)) WITHOUT ROWID;

CREATE TABLE entry(id INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, kind TEXT NOT NULL,
  account INTEGER NOT NULL, reference INTEGER NOT NULL, UNIQUE(kind, account, reference));
CREATE TABLE posting(entry INTEGER NOT NULL, line INTEGER NOT NULL, ledger TEXT NOT NULL,
  account INTEGER NOT NULL, amount_fen INTEGER NOT NULL CHECK(amount_fen <> 0),
  PRIMARY KEY(entry, line)) WITHOUT ROWID;
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries never change'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry
  BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
CREATE TRIGGER posting_stays BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'postings never change'); END;
CREATE TRIGGER posting_remains BEFORE DELETE ON posting
  BEGIN SELECT RAISE(ABORT, 'postings are never deleted'); END;

CREATE TABLE sale(id INTEGER PRIMARY KEY, idempotency_key TEXT NOT NULL UNIQUE, account INTEGER NOT NULL,
  amount_fen INTEGER NOT NULL, at_ns INTEGER NOT NULL, entry INTEGER NOT NULL, command INTEGER,
  balance_fen INTEGER NOT NULL);
CREATE TABLE bill(account INTEGER NOT NULL, month INTEGER NOT NULL, from_s INTEGER NOT NULL,
  till_s INTEGER NOT NULL, from_register_centikWh INTEGER NOT NULL, till_register_centikWh INTEGER NOT NULL,
  energy_centikWh INTEGER NOT NULL, amount_fen INTEGER NOT NULL, is_estimated INTEGER NOT NULL,
  issued_at_ns INTEGER NOT NULL, PRIMARY KEY(account, month)) WITHOUT ROWID;
CREATE TABLE bill_line(account INTEGER NOT NULL, month INTEGER NOT NULL, tier INTEGER NOT NULL,
  period INTEGER NOT NULL, energy_centikWh INTEGER NOT NULL, price INTEGER NOT NULL,
  amount_microyuan INTEGER NOT NULL, estimated_centikWh INTEGER NOT NULL, PRIMARY KEY(account, month, tier,
  period)) WITHOUT ROWID;

CREATE TABLE command(id INTEGER PRIMARY KEY, meter INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
  wanted_at_ns INTEGER NOT NULL, sent_at_ns INTEGER, finished_at_ns INTEGER, attempts INTEGER NOT NULL,
  amount_fen INTEGER NOT NULL, purchase_count INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
  idempotency_key TEXT UNIQUE);
CREATE INDEX command_open ON command(id) WHERE finished_at_ns IS NULL;
CREATE UNIQUE INDEX command_purchase ON command(meter,
  purchase_count) WHERE kind = 'recharge' AND state = 'done';
CREATE TABLE notice(id INTEGER PRIMARY KEY, account INTEGER NOT NULL, level INTEGER NOT NULL,
  amount_fen INTEGER NOT NULL, text TEXT NOT NULL, at_ns INTEGER NOT NULL, sent_at_ns INTEGER);
CREATE INDEX notice_pending ON notice(id) WHERE sent_at_ns IS NULL;
CREATE TABLE account_state(account INTEGER PRIMARY KEY, levels_told INTEGER NOT NULL, supply TEXT NOT NULL,
  since_ns INTEGER NOT NULL, is_kept INTEGER NOT NULL, relay_is_open INTEGER, relay_seen_at_ns INTEGER);
CREATE TABLE rating_state(account INTEGER PRIMARY KEY, rated_till_s INTEGER NOT NULL,
  register_centikWh INTEGER NOT NULL, month_from_s INTEGER NOT NULL,
  month_from_register_centikWh INTEGER NOT NULL, tier_energy_centikWh INTEGER NOT NULL,
  posted_fen INTEGER NOT NULL, energies BLOB NOT NULL);
CREATE TABLE concentrator_event(id INTEGER PRIMARY KEY, concentrator INTEGER NOT NULL, kind TEXT NOT NULL,
  at_ns INTEGER NOT NULL);
)sql";

// Version 2: gaps that were given up are kept, so that a restart rates them as before; what did not fit is
// written down.
constexpr const char* version_2 = R"sql(
CREATE TABLE estimate(meter INTEGER NOT NULL, first_due_s INTEGER NOT NULL, last_due_s INTEGER NOT NULL,
  at_ns INTEGER NOT NULL, PRIMARY KEY(meter, first_due_s)) WITHOUT ROWID;
CREATE TABLE anomaly(id INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, meter INTEGER NOT NULL,
  kind TEXT NOT NULL, detail TEXT NOT NULL);
)sql";

// Version 3: readings lie in a journal and in packed blocks; what was there as rows is packed by
// `rows_to_blocks`.
constexpr const char* version_3 = R"sql(
CREATE TABLE reading_journal(id INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE reading_block(key INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE rejected_excess(day INTEGER PRIMARY KEY, readings INTEGER NOT NULL);
)sql";

// Version 4: what inspectors work with (inspection_book.hpp), registers of energy fed into the network, and
// why readings are missing.
constexpr const char* version_4 = R"sql(
CREATE TABLE work_order(id INTEGER PRIMARY KEY, area INTEGER NOT NULL, meter INTEGER NOT NULL,
  kind TEXT NOT NULL, reason TEXT NOT NULL, evidence TEXT NOT NULL, opened_at_ns INTEGER NOT NULL,
  closed_at_ns INTEGER, finding TEXT);
CREATE UNIQUE INDEX work_order_open ON work_order(area, meter) WHERE closed_at_ns IS NULL;
CREATE TABLE watched_night(area INTEGER NOT NULL, day INTEGER NOT NULL, verdict TEXT NOT NULL,
  figures TEXT NOT NULL, suspicion TEXT, PRIMARY KEY(area, day)) WITHOUT ROWID;
CREATE TABLE meter_condition(meter INTEGER NOT NULL, quantity TEXT NOT NULL, asked_at_ns INTEGER NOT NULL,
  value INTEGER NOT NULL, PRIMARY KEY(meter, quantity, asked_at_ns)) WITHOUT ROWID;
CREATE TABLE reverse_reading(key INTEGER PRIMARY KEY, register_centikWh INTEGER NOT NULL,
  at_ns INTEGER NOT NULL);
CREATE TABLE miss_note(meter INTEGER NOT NULL, first_due_s INTEGER NOT NULL, last_due_s INTEGER NOT NULL,
  why TEXT NOT NULL, asked INTEGER NOT NULL, asked_at_ns INTEGER NOT NULL,
  PRIMARY KEY(meter, first_due_s)) WITHOUT ROWID;
)sql";

// Version 5: campaigns, who was chosen, what became of it.
constexpr const char* version_5 = R"sql(
CREATE TABLE campaign(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, means TEXT NOT NULL,
  areas TEXT NOT NULL, classes TEXT NOT NULL, tariffs TEXT NOT NULL, meters TEXT NOT NULL,
  from_s INTEGER NOT NULL, till_s INTEGER NOT NULL, ahead_s INTEGER NOT NULL, power_W INTEGER NOT NULL,
  delay_s INTEGER NOT NULL, pause_s INTEGER NOT NULL, trips INTEGER NOT NULL, groups INTEGER NOT NULL,
  turn_s INTEGER NOT NULL, share_percent INTEGER NOT NULL, baseline_days INTEGER NOT NULL,
  baseline_highest INTEGER NOT NULL, is_adjusted INTEGER NOT NULL, created_at_ns INTEGER NOT NULL,
  cancelled_at_ns INTEGER, evaluated_at_ns INTEGER, baseline_Wh INTEGER, drawn_Wh INTEGER,
  reduction_Wh INTEGER, uncertainty_Wh INTEGER, baseline_peak_W INTEGER, drawn_peak_W INTEGER,
  like_days INTEGER, customers INTEGER, left_out INTEGER);
CREATE TABLE campaign_customer(campaign INTEGER NOT NULL, meter INTEGER NOT NULL, turn_group INTEGER NOT NULL,
  outcome TEXT NOT NULL, attempts INTEGER NOT NULL, asked_at_ns INTEGER, answered_at_ns INTEGER,
  released_at_ns INTEGER, last_turn INTEGER NOT NULL, is_off INTEGER NOT NULL, command INTEGER NOT NULL,
  is_counted INTEGER NOT NULL, detail TEXT NOT NULL, PRIMARY KEY(campaign, meter)) WITHOUT ROWID;
)sql";
}  // namespace

const char* schema_step(std::int64_t version) {
  METERTWIN_CHECK(version >= 1 && version <= store_version, version);
  constexpr const char* steps[] = {version_1, version_2, version_3, version_4, version_5};
  return steps[version - 1];
}

void migrate(StoreDatabase& database, const std::filesystem::path& file) {
  const std::int64_t owner = database.integer("PRAGMA application_id");
  std::int64_t version = database.integer("PRAGMA user_version");
  const bool is_new =
      owner == 0 && version == 0 && database.integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (!is_new && owner != store_application_id) {
    throw StoreFailure(file.string() + ": not a metertwin store but a database of another program");
  }
  if (version > store_version) {
    throw StoreFailure(file.string() + ": store version " + std::to_string(version) +
                       " is newer than this program's " + std::to_string(store_version));
  }
  database.use_write_ahead_log();
  while (version < store_version) {
    ++version;
    database.begin();
    database.execute(schema_step(version));
    if (version == 3) rows_to_blocks(database);
    if (version == 1)
      database.execute(("PRAGMA application_id=" + std::to_string(store_application_id)).c_str());
    database.execute(("PRAGMA user_version=" + std::to_string(version)).c_str());
    database.commit();
  }
}
}  // namespace headend
