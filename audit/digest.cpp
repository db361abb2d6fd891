#include "audit/digest.hpp"

#include <string_view>

#include "audit/digester.hpp"

namespace audit {
namespace {
// Larger numbers than any estate has: not worth a row of their own in an array.
constexpr std::int64_t limit = std::int64_t{1} << 24;

/// One statement a kind of row. Column 0 is the entity's number; every other column is folded as text. Rows
/// of one entity come in an order that its own history makes; numbers that other entities' history moves
/// along (entry, sale, command, notice ids) are left out.
constexpr const char* area_rows[] = {"SELECT area, name, first_meter, meters FROM areas ORDER BY area"};
constexpr const char* meter_truth_rows[] = {
    "SELECT meter, name, address, area, line, account, payment, tariff, load, is_protected, accuracy_class, "
    "error_ppm,"
    " clock_drift_ppb FROM meters ORDER BY meter"};
constexpr const char* meter_rows[] = {
    "SELECT id, name, address, concentrator, point, port, account FROM meter ORDER BY id",
    "SELECT meter, due_s, register_centikWh, verdict, source, at_ns FROM rejected_reading ORDER BY id",
    "SELECT meter, first_due_s, last_due_s, at_ns FROM estimate ORDER BY meter, first_due_s",
    "SELECT key & 16777215, key >> 24, total_centikWh, rate1_centikWh, rate2_centikWh, rate3_centikWh, "
    "rate4_centikWh, at_ns"
    " FROM daily_freeze ORDER BY key",
    "SELECT meter, asked_at_ns, balance_fen, purchase_count FROM meter_balance ORDER BY meter, asked_at_ns",
    "SELECT meter, kind, state, wanted_at_ns, sent_at_ns, finished_at_ns, attempts, amount_fen, "
    "purchase_count"
    " FROM command ORDER BY id",
    "SELECT meter, at_ns, kind FROM anomaly ORDER BY id",
    "SELECT meter, quantity, asked_at_ns, value FROM meter_condition ORDER BY meter, quantity, asked_at_ns",
    "SELECT key & 16777215, key >> 24, register_centikWh FROM reverse_reading ORDER BY key"};
constexpr const char* account_rows[] = {
    "SELECT id, number, payment, tariff, meter, is_protected FROM account ORDER BY id",
    "SELECT account, idempotency_key, amount_fen, at_ns, balance_fen FROM sale ORDER BY id",
    "SELECT e.account, e.at_ns, e.kind, iif(e.kind IN ('sale', 'credit'), 0, e.reference), p.ledger, "
    "p.amount_fen"
    " FROM entry e JOIN posting p ON p.entry = e.id ORDER BY e.id, p.line",
    "SELECT account, month, from_s, till_s, from_register_centikWh, till_register_centikWh, energy_centikWh, "
    "amount_fen,"
    " is_estimated, issued_at_ns FROM bill ORDER BY account, month",
    "SELECT account, month, tier, period, energy_centikWh, price, amount_microyuan, estimated_centikWh FROM "
    "bill_line"
    " ORDER BY account, month, tier, period",
    "SELECT account, level, amount_fen, text, at_ns, sent_at_ns FROM notice ORDER BY id",
    "SELECT account, levels_told, supply, since_ns, is_kept, relay_is_open FROM account_state ORDER BY "
    "account"};
constexpr const char* concentrator_rows[] = {
    "SELECT id, name, region, address, archive_set_at_ns FROM concentrator ORDER BY id",
    "SELECT concentrator, kind, at_ns FROM concentrator_event ORDER BY id",
    "SELECT area, meter, kind, opened_at_ns, closed_at_ns, finding FROM work_order ORDER BY id"};

/// How many columns a SELECT of this file names: the commas outside of parentheses before its FROM, and one.
constexpr int columns_of(std::string_view sql) {
  int depth = 0, columns = 1;
  for (const char c : sql.substr(0, sql.find(" FROM "))) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    columns += depth == 0 && c == ',' ? 1 : 0;
  }
  return columns;
}

core::Digest& grown(std::vector<core::Digest>& entities, std::size_t index) {
  if (index >= entities.size()) entities.resize(index + 1);
  return entities[index];
}

/// Names by number, as a store has them; an entity that it does not name gets its number.
class Names {
 public:
  Names(sqlite::Database& store, const char* sql) {
    sqlite::Statement rows(store, sql);
    while (rows.next()) names_.emplace(rows.integer(0), rows.text(1));
  }
  std::string of(std::int64_t id) const {
    const auto found = names_.find(id);
    return found == names_.end() ? "number " + std::to_string(id) : found->second;
  }

 private:
  std::map<std::int64_t, std::string> names_;
};
}  // namespace

Digester::Digester(std::size_t meters) : meters_(meters) {}

void Digester::visit(const Due& due) {
  const auto slot = static_cast<std::uint64_t>(due.slot);
  for (std::size_t position = 0; position < due.stored.size(); ++position) {
    auto& digest = meters_[position];
    if (due.now.exists) {
      digest.add(slot << 32 | due.now.shown[position]);
      digest.add(due.now.passed_uJ[position]);
      digest.add(due.now.money_uYuan[position]);
    }
    if (due.stored[position] != no_register)
      digest.add(slot << 40 | std::uint64_t{due.source[position]} << 32 | due.stored[position]);
  }
  for (const auto& stranger : due.strangers) {
    auto& digest = others_["meter " + std::to_string(stranger.meter)];
    digest.add(stranger.slot);
    digest.add(stranger.register_centikWh);
  }
}

void Digester::fold(sqlite::Database& store, const char* sql, std::vector<core::Digest>& entities,
                    std::int64_t first_id) {
  sqlite::Statement rows(store, sql);
  const int columns = columns_of(sql);
  while (rows.next()) {
    const auto index = rows.integer(0) - first_id;
    auto& digest = index >= 0 && index < limit ? grown(entities, static_cast<std::size_t>(index))
                                               : others_["number " + std::to_string(rows.integer(0))];
    for (int column = 1; column < columns; ++column) {
      if (rows.is_null(column)) {
        digest.add(std::uint64_t{0x6E'6F'6E'65});  // nothing is neither zero nor an empty text
      } else {
        digest.add(rows.text_view(column));
      }
    }
  }
}

void Digester::fold_events(sqlite::Database& truth) {
  sqlite::Statement rows(truth, "SELECT entity, at_ns, kind, value, text FROM events ORDER BY entity, seq");
  while (rows.next()) {
    const auto entity = rows.text_view(0);
    auto found = others_.find(entity);
    if (found == others_.end()) found = others_.emplace(std::string(entity), core::Digest()).first;
    found->second.add(rows.integer(1));
    found->second.add(rows.text_view(2));
    found->second.add(rows.integer(3));
    found->second.add(rows.text_view(4));
  }
}

RunDigest Digester::finish(sqlite::Database& truth, sqlite::Database& books) {
  for (const auto* sql : area_rows) fold(truth, sql, areas_, 0);
  for (const auto* sql : meter_truth_rows) fold(truth, sql, meters_, 1);
  for (const auto* sql : meter_rows) fold(books, sql, meters_, 1);
  for (const auto* sql : account_rows) fold(books, sql, accounts_, 1);
  for (const auto* sql : concentrator_rows) fold(books, sql, concentrators_, 1);
  fold_events(truth);

  RunDigest digest;
  core::Digest total;
  const auto tell = [&](std::string entity, const core::Digest& own) {
    total.add(std::string_view(entity));
    total.add(own.value());
    digest.entities.push_back({std::move(entity), own.hex()});
  };
  const auto tell_all = [&](const std::vector<core::Digest>& entities, const std::string& prefix,
                            const Names& names, std::int64_t first_id) {
    for (std::size_t i = 0; i < entities.size(); ++i)
      tell(prefix + names.of(static_cast<std::int64_t>(i) + first_id), entities[i]);
  };
  tell_all(areas_, "area ", Names(truth, "SELECT area, name FROM areas ORDER BY area"), 0);
  tell_all(concentrators_, "books of concentrator ",
           Names(books, "SELECT id, name FROM concentrator ORDER BY id"), 1);
  tell_all(meters_, "", Names(truth, "SELECT meter, name FROM meters ORDER BY meter"), 1);
  tell_all(accounts_, "books of ", Names(books, "SELECT id, number FROM account ORDER BY id"), 1);
  for (const auto& [entity, own] : others_) tell("events of " + entity, own);
  digest.total = total.hex();
  return digest;
}

RunDigest digest_run(const std::filesystem::path& truth_db, const std::filesystem::path& books_db) {
  sqlite::Database truth(truth_db, sqlite::Database::Use::read);
  sqlite::Database books(books_db, sqlite::Database::Use::read);
  sqlite::Statement count(truth, "SELECT max(meter) FROM meters");
  const auto meters = count.next() ? count.integer(0) : 0;
  Digester digester(static_cast<std::size_t>(meters));
  DueVisitor* const visitors[] = {&digester};
  scan({static_cast<std::size_t>(meters), core::Zone()}, truth, books, visitors);
  return digester.finish(truth, books);
}
}  // namespace audit
