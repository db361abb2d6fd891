/// The journal of readings: one row of the store for each commit, with all that was accepted since the one
/// before.
///
/// It makes readings durable at once and in the order of their coming, whatever that order is; blocks follow
/// later. Readings lie in runs (one quarter hour of rising meters, or one meter over rising quarter hours),
/// registers as plain 32-bit numbers. What every byte means: head-end/store/schema.md. Unit: 0.01 kWh.
/// Errors: `StoreFailure` for a row that is none of ours. Randomness: none. Time: slots only.
#pragma once
#include <deque>
#include <functional>
#include <vector>

#include "head-end/books.hpp"
#include "head-end/store/slot.hpp"
#include "head-end/store/store_database.hpp"

namespace headend {
/// Readings that came since the last commit.
class PendingReadings {
 public:
  void add(Slot slot, MeterId meter, std::uint32_t register_shown, ReadingSource source) {
    registers_.push_back(register_shown);
    if (!runs_.empty()) [[likely]] {
      Run& run = runs_.back();
      if (run.source == source) {
        if (run.slot == slot && run.meter + run.count == meter && !run.is_along_time) {
          ++run.count;
          return;
        }
        if (run.meter == meter && run.slot + static_cast<Slot>(run.count) == slot &&
            (run.is_along_time || run.count == 1)) {
          run.is_along_time = true;
          ++run.count;
          return;
        }
      }
    }
    runs_.push_back({slot, meter, 1, source, false});
  }
  std::size_t size() const { return registers_.size(); }
  void clear() {
    runs_.clear();
    registers_.clear();
  }
  /// Replaces `packed` by the blob of a journal's row.
  void pack(std::vector<std::uint8_t>& packed) const;

 private:
  struct Run {
    Slot slot;
    MeterId meter;
    std::uint32_t count;
    ReadingSource source;
    bool is_along_time;  ///< one meter, rising quarter hours; else one quarter hour, rising meters
  };
  std::vector<Run> runs_;
  std::vector<std::uint32_t> registers_;
};

using VisitReading =
    std::function<void(Slot slot, MeterId meter, std::uint32_t register_shown, ReadingSource source)>;

/// Visits the readings of a journal's row; false when the bytes are none (some may have been visited then).
bool unpack_journal_row(core::Bytes packed, const VisitReading& visit);

class ReadingJournal {
 public:
  explicit ReadingJournal(Database& database);

  PendingReadings pending;

  /// The number of the row that the pending readings will be in.
  std::int64_t next_row() const { return next_row_; }
  /// Visits all readings of all rows in the order of their commits; call once, before anything is appended.
  void replay(
      const std::function<void(std::int64_t row, Slot, MeterId, std::uint32_t, ReadingSource)>& visit);
  /// Writes the pending readings into the open transaction as one row. Range: at least one is pending.
  void append();
  /// Deletes rows before `row`, oldest first, at least one, then as long as they hold no more than
  /// `readings_max` together.
  void drop_before(std::int64_t row, std::uint64_t readings_max);
  std::uint64_t readings() const { return readings_; }
  std::size_t rows() const { return rows_.size(); }

 private:
  struct Row {
    std::int64_t id;
    std::uint64_t readings;
  };
  Database& database_;
  Statement append_, drop_;
  std::deque<Row> rows_;
  std::uint64_t readings_ = 0;
  std::int64_t next_row_ = 1;
  std::vector<std::uint8_t> packed_;
};
}  // namespace headend
