/// The readings, where they rest: one row per (meter, due instant), keyed so that a quarter hour is one
/// stretch of the file.
///
///     key = slot << 24 | meter,   slot = due / 900 s
/// Rows gather in memory and go out many per statement, sorted by key: concentrators deliver the same quarter
/// hour at different moments, and appending at the end of a B-tree is what SQLite does best.
#pragma once
#include <optional>
#include <vector>

#include "head-end/books.hpp"
#include "head-end/store/database.hpp"

namespace headend {
inline constexpr std::int64_t slot_s = 900;  ///< a quarter hour
using Slot = std::int32_t;                   ///< quarter hours since 1970: good for 61,000 years

constexpr std::int64_t reading_key(Slot slot, MeterId meter) { return std::int64_t{slot} << 24 | meter; }
constexpr Slot slot_of_key(std::int64_t key) { return static_cast<Slot>(key >> 24); }
constexpr MeterId meter_of_key(std::int64_t key) { return static_cast<MeterId>(key & 0xFFFFFF); }
constexpr Instant instant_of(Slot slot) { return core::instant_from_seconds(slot * slot_s); }
/// The quarter hour that begins at or before `at`.
constexpr Slot slot_before(Instant at) {
  return static_cast<Slot>(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count() / slot_s);
}

class ReadingTable {
 public:
  explicit ReadingTable(Database& database);

  struct Row {
    std::int64_t key;
    std::uint32_t register_centikWh;
    ReadingSource source;
  };
  /// The caller has made sure that there is no row with this key.
  void add(const Row& row) {
    if (rows_.size() == rows_held) flush();
    rows_.push_back(row);
  }
  /// Writes what is held into the open transaction.
  void flush();
  std::optional<std::uint32_t> find(Slot slot, MeterId meter);
  std::vector<StoredReading> of_meter(MeterId meter, Instant from, Instant till);
  std::vector<StoredReading> at(Instant due);
  /// Calls `visit(row)` for the rows with key >= `from`, in order of keys.
  template <class Visit>
  void each_from(std::int64_t from, Visit&& visit) {
    flush();
    scan_.bind(from);
    while (scan_.next()) {
      visit(Row{scan_.integer(0), static_cast<std::uint32_t>(scan_.integer(1)),
                static_cast<ReadingSource>(scan_.integer(2))});
    }
  }

 private:
  static constexpr std::size_t rows_held = 16'384;
  static constexpr std::size_t rows_per_statement = 32;
  void write(Statement& statement, std::size_t first, std::size_t count);

  StoredReading reading_here() const;

  Database& database_;
  Statement many_, one_, find_, scan_, range_;
  std::vector<Row> rows_;
};
}  // namespace headend
