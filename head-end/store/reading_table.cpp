#include "head-end/store/reading_table.hpp"

#include <algorithm>

namespace headend {
namespace {
std::string insert_of(std::size_t rows) {
  std::string sql = "INSERT INTO reading(key, register_centikWh, source) VALUES(?,?,?)";
  for (std::size_t row = 1; row < rows; ++row) sql += ",(?,?,?)";
  return sql;
}
}  // namespace

ReadingTable::ReadingTable(Database& database)
    : database_(database),
      many_(database, insert_of(rows_per_statement)),
      one_(database, insert_of(1)),
      find_(database, "SELECT register_centikWh FROM reading WHERE key = ?"),
      scan_(database, "SELECT key, register_centikWh, source FROM reading WHERE key >= ? ORDER BY key"),
      range_(database,
             "SELECT key, register_centikWh, source FROM reading WHERE key BETWEEN ? AND ? ORDER BY key") {
  rows_.reserve(rows_held);
}

void ReadingTable::write(Statement& statement, std::size_t first, std::size_t count) {
  int at = 0;
  for (std::size_t row = first; row < first + count; ++row) {
    statement.bind_integer(++at, rows_[row].key);
    statement.bind_integer(++at, rows_[row].register_centikWh);
    statement.bind_integer(++at, static_cast<std::int64_t>(rows_[row].source));
  }
  statement.run();
}

void ReadingTable::flush() {
  if (rows_.empty()) return;
  database_.begin();
  const auto by_key = [](const Row& a, const Row& b) { return a.key < b.key; };
  if (!std::is_sorted(rows_.begin(), rows_.end(), by_key)) std::sort(rows_.begin(), rows_.end(), by_key);
  std::size_t row = 0;
  for (; row + rows_per_statement <= rows_.size(); row += rows_per_statement)
    write(many_, row, rows_per_statement);
  for (; row < rows_.size(); ++row) write(one_, row, 1);
  rows_.clear();
}

std::optional<std::uint32_t> ReadingTable::find(Slot slot, MeterId meter) {
  flush();
  find_.bind(reading_key(slot, meter));
  if (!find_.next()) return std::nullopt;
  const auto found = static_cast<std::uint32_t>(find_.integer(0));
  find_.reset();
  return found;
}

StoredReading ReadingTable::reading_here() const {
  const std::int64_t key = range_.integer(0);
  return {meter_of_key(key), instant_of(slot_of_key(key)), CentiKilowattHours(range_.integer(1)),
          static_cast<ReadingSource>(range_.integer(2))};
}

std::vector<StoredReading> ReadingTable::of_meter(MeterId meter, Instant from, Instant till) {
  std::vector<StoredReading> found;
  flush();
  for (Slot slot = slot_before(from - 1ns) + 1; instant_of(slot) <= till; ++slot) {
    range_.bind(reading_key(slot, meter), reading_key(slot, meter));
    while (range_.next()) found.push_back(reading_here());
  }
  return found;
}

std::vector<StoredReading> ReadingTable::at(Instant due) {
  std::vector<StoredReading> found;
  const Slot slot = slot_before(due);
  if (instant_of(slot) != due) return found;
  flush();
  range_.bind(reading_key(slot, 0), reading_key(slot + 1, 0) - 1);
  while (range_.next()) found.push_back(reading_here());
  return found;
}
}  // namespace headend
