#include "head-end/store/reading_journal.hpp"

#include <cstring>
#include <limits>

namespace headend {
namespace {
constexpr std::uint8_t journal_format = 1;
constexpr MeterId meter_end = 1u << 24;
constexpr std::size_t number_size_max = 10;

void put_number(std::vector<std::uint8_t>& to, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) to.push_back(static_cast<std::uint8_t>(value | 0x80));
  to.push_back(static_cast<std::uint8_t>(value));
}

constexpr std::uint64_t zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}
/// `from` and a difference; wraps around for what nobody can have meant.
constexpr std::int64_t moved(std::int64_t from, std::uint64_t zigzag_step) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) +
                                   ((zigzag_step >> 1) ^ (0 - (zigzag_step & 1))));
}

/// Takes numbers from the front of a blob; after an end that comes too soon everything is zero and `is_whole`
/// false.
class NumberReader {
 public:
  explicit NumberReader(core::Bytes from) : from_(from) {}
  std::uint64_t take() {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < number_size_max && at_ < from_.size(); ++i) {
      const std::uint8_t byte = from_[at_++];
      value |= std::uint64_t{byte & 0x7Fu} << (7 * i);
      if (byte < 0x80) return value;
    }
    is_whole_ = false;
    return 0;
  }
  core::Bytes rest() const { return from_.subspan(at_); }
  bool is_whole() const { return is_whole_; }

 private:
  core::Bytes from_;
  std::size_t at_ = 0;
  bool is_whole_ = true;
};

struct UnpackedRun {
  std::int64_t slot;
  std::int64_t meter;
  std::uint64_t count;
  ReadingSource source;
  bool is_along_time;
};

bool is_possible(const UnpackedRun& run, std::uint64_t registers_max) {
  constexpr std::int64_t slot_end = std::numeric_limits<Slot>::max();
  if (run.count < 1 || run.count > registers_max) return false;
  const auto last = static_cast<std::int64_t>(run.count) - 1;
  if (run.meter < 1 || run.meter >= meter_end - (run.is_along_time ? 0 : last)) return false;
  return run.slot >= -slot_end && run.slot <= slot_end - (run.is_along_time ? last : 0);
}

/// The runs of a row, in order; empty when they cannot be.
std::vector<UnpackedRun> take_runs(NumberReader& numbers, std::size_t size) {
  std::vector<UnpackedRun> runs;
  const std::uint64_t run_count = numbers.take();
  std::int64_t slot = 0;
  std::int64_t meter = 0;
  std::uint64_t readings = 0;
  for (std::uint64_t i = 0; i < run_count; ++i) {
    slot = moved(slot, numbers.take());
    meter = moved(meter, numbers.take());
    const std::uint64_t head = numbers.take();
    const UnpackedRun run{slot, meter, head >> 4, static_cast<ReadingSource>(head & 7), (head & 8) != 0};
    if (!numbers.is_whole() || !is_possible(run, size / 4 - readings)) return {};
    readings += run.count;
    meter += run.is_along_time ? 1 : static_cast<std::int64_t>(run.count);
    runs.push_back(run);
  }
  if (numbers.rest().size() != readings * 4) runs.clear();
  return runs;
}
}  // namespace

void PendingReadings::pack(std::vector<std::uint8_t>& packed) const {
  packed.clear();
  packed.push_back(journal_format);
  put_number(packed, runs_.size());
  Slot slot = 0;
  std::int64_t meter = 0;
  for (const auto& run : runs_) {
    put_number(packed, zigzag(std::int64_t{run.slot} - slot));
    put_number(packed, zigzag(run.meter - meter));
    put_number(packed, std::uint64_t{run.count} << 4 | (run.is_along_time ? 8u : 0u) |
                           static_cast<std::uint64_t>(run.source));
    slot = run.slot;
    meter = run.meter + std::int64_t{run.is_along_time ? 1 : run.count};
  }
  const std::size_t before = packed.size();
  packed.resize(before + registers_.size() * 4);
  std::memcpy(packed.data() + before, registers_.data(), registers_.size() * 4);
}

bool unpack_journal_row(core::Bytes packed, const VisitReading& visit) {
  if (packed.empty() || packed[0] != journal_format) return false;
  NumberReader numbers(packed.subspan(1));
  const auto runs = take_runs(numbers, packed.size());
  if (runs.empty()) return false;
  const std::uint8_t* shown = numbers.rest().data();
  for (const auto& run : runs) {
    for (std::uint64_t i = 0; i < run.count; ++i, shown += 4) {
      std::uint32_t register_shown;
      std::memcpy(&register_shown, shown, 4);
      const auto step = static_cast<std::int64_t>(i);
      visit(static_cast<Slot>(run.slot + (run.is_along_time ? step : 0)),
            static_cast<MeterId>(run.meter + (run.is_along_time ? 0 : step)), register_shown, run.source);
    }
  }
  return true;
}

ReadingJournal::ReadingJournal(Database& database)
    : database_(database),
      append_(database, "INSERT INTO reading_journal(id, packed) VALUES(?,?)"),
      drop_(database, "DELETE FROM reading_journal WHERE id <= ?") {}

void ReadingJournal::replay(
    const std::function<void(std::int64_t, Slot, MeterId, std::uint32_t, ReadingSource)>& visit) {
  Statement stored(database_, "SELECT id, packed FROM reading_journal ORDER BY id");
  while (stored.next()) {
    Row row{stored.integer(0), 0};
    const bool is_ours = unpack_journal_row(
        stored.bytes(1), [&](Slot slot, MeterId meter, std::uint32_t shown, ReadingSource source) {
          ++row.readings;
          visit(row.id, slot, meter, shown, source);
        });
    if (!is_ours) {
      throw StoreFailure(database_.file() + ": row " + std::to_string(row.id) +
                         " of the journal of readings is broken");
    }
    next_row_ = row.id + 1;
    readings_ += row.readings;
    rows_.push_back(row);
  }
}

void ReadingJournal::append() {
  pending.pack(packed_);
  append_.bind(next_row_);
  append_.bind_blob_in_place(2, packed_);
  append_.run();
  rows_.push_back({next_row_, pending.size()});
  readings_ += pending.size();
  pending.clear();
  ++next_row_;
}

void ReadingJournal::drop_before(std::int64_t row, std::uint64_t readings_max) {
  std::int64_t last = 0;
  std::uint64_t dropped = 0;
  while (!rows_.empty() && rows_.front().id < row &&
         (last == 0 || dropped + rows_.front().readings <= readings_max)) {
    last = rows_.front().id;
    dropped += rows_.front().readings;
    rows_.pop_front();
  }
  if (last == 0) return;
  readings_ -= dropped;
  drop_.bind(last).run();
}
}  // namespace headend
