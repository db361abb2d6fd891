/// How the town's two stores are written: the layouts of sim/truth/schema.sql and head-end/store/schema.md.
#pragma once
#include <cstdint>

#include "core/sqlite/database.hpp"
#include "tests/audit/town.hpp"

namespace town {
inline constexpr std::int64_t opening_fen = 200;            ///< M0002 and M0003 at the start
inline constexpr std::int64_t protected_opening_fen = 100;  ///< M0004
inline constexpr std::int64_t later_fen = 600;              ///< M0002 and M0003 when they pay again

/// M0003: when his purse was empty, when he paid, when the meter was credited and closed.
struct PurseStory {
  Instant opened_at, paid_at, applied_at;
};

using Units = std::int64_t (*)(std::size_t customer, std::int64_t index);
Record live_by_purse(const Town& town, PurseStory& story, Units usual_units);
void write_truth(const Town& town, const PurseStory& purse);
void write_books(const Town& town, const PurseStory& purse);
/// Packs the plain rows of `reading`, which only the tests know and damage, into the journal that audit
/// reads: runs of one, last reading first.
void tell_readings(sqlite::Database& books);

inline constexpr const char* drop_ledger_triggers =
    "DROP TRIGGER entry_stays; DROP TRIGGER entry_remains; DROP TRIGGER posting_stays; DROP TRIGGER "
    "posting_remains;";
inline constexpr const char* ledger_triggers =
    "CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'no'); END;"
    "CREATE TRIGGER entry_remains BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'no'); END;"
    "CREATE TRIGGER posting_stays BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'no'); END;"
    "CREATE TRIGGER posting_remains BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'no'); END;";
}  // namespace town
