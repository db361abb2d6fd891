#include "sim/truth/truth_reader.hpp"

#include <cstring>
#include <stdexcept>
#include <vector>

namespace sim {
namespace {
/// Blobs have no alignment of their own.
template <class T>
void unpack(std::span<const std::uint8_t> blob, std::vector<T>& values) {
  values.resize(blob.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), blob.data(), values.size() * sizeof(T));
}
}  // namespace

TruthReader::TruthReader(const std::filesystem::path& file) : database_(file, sqlite::Database::Use::read) {
  if (!run_note("complete"))
    throw std::runtime_error(file.string() + ": the run that wrote it did not finish");
}

std::optional<std::string> TruthReader::run_note(std::string_view key) {
  sqlite::Statement row(database_, "SELECT value FROM run WHERE key = ?");
  row.bind(key);
  if (!row.next()) return std::nullopt;
  return row.text(0);
}

void TruthReader::for_each_sample(const std::function<void(const model::TruthSample&)>& visit) {
  sqlite::Statement rows(
      database_, "SELECT area, due_s, first_meter, shown, passed, money FROM samples ORDER BY sample_key");
  std::vector<std::uint32_t> shown;
  std::vector<std::int64_t> passed;
  std::vector<std::int64_t> money;
  while (rows.next()) {
    unpack(rows.bytes(3), shown);
    unpack(rows.bytes(4), passed);
    unpack(rows.bytes(5), money);
    if (money.empty()) money.assign(shown.size(), 0);
    if (passed.size() != shown.size() || money.size() != shown.size())
      throw std::runtime_error("truth.db: a sample's blobs differ in length");
    visit({.area = static_cast<model::AreaId>(rows.integer(0)),
           .due = core::instant_from_seconds(rows.integer(1)),
           .first_meter = static_cast<model::MeterId>(rows.integer(2)),
           .shown_centikWh = shown,
           .passed_uJ = passed,
           .meter_money_uYuan = money});
  }
}

void TruthReader::visit_events(sqlite::Statement& rows,
                               const std::function<void(const model::TruthEvent&)>& visit) {
  while (rows.next())
    visit({.at = core::Instant(core::Duration(rows.integer(0))),
           .entity = rows.text(1),
           .kind = rows.text(2),
           .value = rows.integer(3),
           .text = rows.text(4)});
}

void TruthReader::for_each_event(const std::function<void(const model::TruthEvent&)>& visit) {
  sqlite::Statement rows(database_,
                         "SELECT at_ns, entity, kind, value, text FROM events ORDER BY entity, seq");
  visit_events(rows, visit);
}

void TruthReader::for_each_event_of(std::string_view kind,
                                    const std::function<void(const model::TruthEvent&)>& visit) {
  sqlite::Statement rows(
      database_,
      "SELECT at_ns, entity, kind, value, text FROM events WHERE kind = ? ORDER BY at_ns, entity, seq");
  rows.bind(kind);
  visit_events(rows, visit);
}
}  // namespace sim
