#include "audit/evidence/packed_readings.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>
#include <string>

namespace audit {
namespace {
constexpr std::int64_t window_slots = 32;
constexpr std::int64_t group_meters = 256;
constexpr std::int64_t meter_end = 1 << 24;

[[noreturn]] void refuse(const char* what, std::int64_t number) {
  throw std::runtime_error("books.db: " + std::string(what) + " " + std::to_string(number) +
                           " of the readings is not as schema.md says");
}

/// Numbers of one, two or four bytes, lowest byte first, from the front of a blob; beyond its end `is_short`.
class Fields {
 public:
  explicit Fields(core::Bytes blob) : blob_(blob) {}
  std::uint32_t take(std::size_t width) {
    if (blob_.size() - at_ < width) {
      is_short = true;
      return 0;
    }
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value |= std::uint32_t{blob_[at_ + i]} << (8 * i);
    at_ += width;
    return value;
  }
  /// Seven bits a byte, the lowest first, the eighth bit says that more follow.
  std::uint64_t take_number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 70 && !is_short; shift += 7) {
      const std::uint32_t byte = take(1);
      if (shift < 64) value |= std::uint64_t{byte & 127} << shift;
      if (byte < 128) return value;
    }
    is_short = true;
    return 0;
  }
  /// 0, -1, 1, -2, 2 ... from 0, 1, 2, 3, 4 ...
  std::int64_t take_difference() {
    const std::uint64_t value = take_number();
    const auto half = static_cast<std::int64_t>(value / 2);
    return value % 2 == 0 ? half : -half - 1;
  }
  core::Bytes rest() const { return blob_.subspan(at_); }
  std::size_t left() const { return blob_.size() - at_; }

  bool is_short = false;

 private:
  core::Bytes blob_;
  std::size_t at_ = 0;
};

struct Run {
  std::int64_t slot = 0;
  std::int64_t meter = 0;
  std::int64_t count = 0;
  bool is_along_time = false;
  std::uint8_t source = 0;

  bool is_sensible(std::size_t readings_left) const {
    constexpr std::int64_t far = std::int64_t{1} << 40;
    return count >= 1 && static_cast<std::uint64_t>(count) <= readings_left && slot > -far && slot < far &&
           meter >= 1 && meter + (is_along_time ? 1 : count) <= meter_end;
  }
};

/// One row of the journal. False: not as schema.md says.
bool read_journal_row(core::Bytes packed, std::vector<PackedReading>& readings) {
  Fields fields(packed);
  if (fields.take(1) != 1) return false;
  const std::uint64_t run_count = fields.take_number();
  std::vector<Run> runs;
  Run run;
  for (std::uint64_t i = 0; i < run_count; ++i) {
    const std::int64_t slot_step = fields.take_difference();
    const std::int64_t meter_step = fields.take_difference();
    const std::uint64_t head = fields.take_number();
    constexpr std::int64_t far = std::int64_t{1} << 40;
    if (fields.is_short || slot_step > far || slot_step < -far || meter_step > far || meter_step < -far)
      return false;
    const std::int64_t next_meter = i == 0 ? 0 : run.meter + (run.is_along_time ? 1 : run.count);
    run = {run.slot + slot_step, next_meter + meter_step, static_cast<std::int64_t>(head / 16),
           head / 8 % 2 == 1, static_cast<std::uint8_t>(head % 8)};
    if (!run.is_sensible(packed.size() / 4)) return false;
    runs.push_back(run);
  }
  for (const auto& stretch : runs)
    for (std::int64_t i = 0; i < stretch.count && !fields.is_short; ++i)
      readings.push_back({stretch.slot + (stretch.is_along_time ? i : 0),
                          stretch.meter + (stretch.is_along_time ? 0 : i), fields.take(4), stretch.source});
  return !fields.is_short && fields.left() == 0;
}

constexpr auto by_time_and_meter = [](const PackedReading& a, const PackedReading& b) {
  return a.slot != b.slot ? a.slot < b.slot : a.meter < b.meter;
};
constexpr bool is_same_place(const PackedReading& a, const PackedReading& b) {
  return a.slot == b.slot && a.meter == b.meter;
}

/// Increases of `width` bits, one after another from bit `at` of the stream.
std::uint32_t take_bits(core::Bytes stream, std::uint64_t& at, std::uint32_t width) {
  if (width == 0) return 0;
  const std::size_t byte = at / 8;
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 5; ++i) word |= std::uint64_t{stream[byte + i]} << (8 * i);
  word >>= at % 8;
  at += width;
  return static_cast<std::uint32_t>(word & ((std::uint64_t{1} << width) - 1));
}
}  // namespace

void PackedReadings::unpack(core::Bytes packed, std::int64_t first_meter, Block& block) {
  const std::int64_t name = first_meter;
  Fields fields(packed);
  const std::uint32_t format = fields.take(1);
  const std::uint32_t presence = fields.take(1);
  const std::uint32_t rows = fields.take(2);
  const std::uint32_t exceptions = fields.take(2);
  block.first_meter = first_meter;
  block.common_source = static_cast<std::uint8_t>(fields.take(1));
  fields.take(1);
  if (fields.is_short || format != 1 || presence > 2 || rows < 1 || rows > group_meters)
    refuse("the block from meter", name);
  std::vector<std::uint32_t> widths(rows), bases(rows);
  for (auto& width : widths) width = fields.take(1);
  for (auto& base : bases) base = fields.take(4);
  const std::uint32_t common = presence == 1 ? fields.take(4) : 0xFFFF'FFFF;
  block.present.assign(rows, common);
  if (presence == 2)
    for (auto& mask : block.present) mask = fields.take(4);
  block.sources.clear();
  if (exceptions > 0) block.sources.assign(rows * window_slots, block.common_source);
  for (std::uint32_t i = 0; i < exceptions; ++i) {
    const std::uint32_t entry = fields.take(2);
    const std::uint32_t position = entry % 8192;
    if (position >= block.sources.size()) refuse("the block from meter", name);
    const std::uint32_t row = position / window_slots;
    block.sources[position % window_slots * rows + row] = static_cast<std::uint8_t>(entry / 8192);
  }
  std::uint64_t bits = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const int count = std::popcount(block.present[row]);
    bits += count == 0 ? 0 : std::uint64_t{widths[row]} * static_cast<std::uint64_t>(count - 1);
    if (widths[row] > 32) refuse("the block from meter", name);
  }
  if (fields.is_short || fields.left() != (bits + 7) / 8 + 8) refuse("the block from meter", name);
  const core::Bytes stream = fields.rest();
  block.registers.resize(rows * window_slots);
  std::uint64_t at = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    std::uint32_t shown = bases[row];
    bool is_first = true;
    for (std::uint32_t slot = 0; slot < window_slots; ++slot) {
      if ((block.present[row] >> slot & 1) == 0) continue;
      if (!is_first) shown += take_bits(stream, at, widths[row]);
      is_first = false;
      block.registers[slot * rows + row] = shown;
    }
  }
}

PackedReadings::PackedReadings(sqlite::Database& store)
    : rows_(store, "SELECT key, packed FROM reading_block ORDER BY key") {
  read_journal(store);
  step_blocks();
}

void PackedReadings::read_journal(sqlite::Database& store) {
  sqlite::Statement rows(store, "SELECT id, packed FROM reading_journal ORDER BY id");
  while (rows.next())
    if (!read_journal_row(rows.bytes(1), journal_)) refuse("row", rows.integer(0));
  std::stable_sort(journal_.begin(), journal_.end(), by_time_and_meter);
  const auto last = std::unique(journal_.begin(), journal_.end(), is_same_place);
  doubled_ = static_cast<std::uint64_t>(journal_.end() - last);
  journal_.erase(last, journal_.end());
}

void PackedReadings::step_blocks() {
  is_row_ = rows_.next();
  if (is_row_) row_key_ = rows_.integer(0);
}

bool PackedReadings::enter_window() {
  constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();
  const std::int64_t of_blocks = is_row_ ? row_key_ >> 16 : none;
  const std::int64_t of_journal = journal_at_ < journal_.size() ? journal_[journal_at_].slot >> 5 : none;
  window_ = std::min(of_blocks, of_journal);
  if (window_ == none) return false;
  block_count_ = 0;
  for (; is_row_ && row_key_ >> 16 == window_; step_blocks()) {
    if (block_count_ == window_blocks_.size()) window_blocks_.emplace_back();
    unpack(rows_.bytes(1), (row_key_ & 0xFFFF) * group_meters + 1, window_blocks_[block_count_++]);
  }
  slot_in_window_ = 0;
  return true;
}

bool PackedReadings::prepare_slot() {
  at_ = 0;
  ready_.clear();
  while (ready_.empty()) {
    if (!has_window_ || slot_in_window_ == window_slots) {
      has_window_ = enter_window();
      if (!has_window_) return false;
    }
    gather_blocks(slot_in_window_);
    merge_journal(window_ * window_slots + slot_in_window_);
    ++slot_in_window_;
  }
  return true;
}

void PackedReadings::gather_blocks(std::int64_t slot) {
  const auto s = static_cast<std::size_t>(slot);
  for (std::size_t b = 0; b < block_count_; ++b) {
    const Block& block = window_blocks_[b];
    const std::size_t rows = block.present.size();
    for (std::size_t row = 0; row < rows; ++row) {
      if ((block.present[row] >> s & 1) == 0) continue;
      ready_.push_back({window_ * window_slots + slot, block.first_meter + static_cast<std::int64_t>(row),
                        block.registers[s * rows + row],
                        block.sources.empty() ? block.common_source : block.sources[s * rows + row]});
    }
  }
}

void PackedReadings::merge_journal(std::int64_t slot) {
  if (journal_at_ == journal_.size() || journal_[journal_at_].slot != slot) return;
  merged_.clear();
  std::size_t i = 0;
  for (; journal_at_ < journal_.size() && journal_[journal_at_].slot == slot; ++journal_at_) {
    const PackedReading& reading = journal_[journal_at_];
    while (i < ready_.size() && ready_[i].meter < reading.meter) merged_.push_back(ready_[i++]);
    if (i < ready_.size() && ready_[i].meter == reading.meter) {
      disagreeing_ += ready_[i].register_centikWh != reading.register_centikWh ? 1 : 0;
      ++i;
    }
    merged_.push_back(reading);
  }
  merged_.insert(merged_.end(), ready_.begin() + static_cast<std::ptrdiff_t>(i), ready_.end());
  ready_.swap(merged_);
}

std::optional<PackedReading> find_packed(sqlite::Database& store, std::int64_t slot, std::int64_t meter) {
  std::vector<PackedReading> journal;
  sqlite::Statement rows(store, "SELECT id, packed FROM reading_journal ORDER BY id");
  while (rows.next()) {
    journal.clear();
    if (!read_journal_row(rows.bytes(1), journal)) refuse("row", rows.integer(0));
    for (const auto& reading : journal)
      if (reading.slot == slot && reading.meter == meter) return reading;
  }
  if (meter < 1 || meter >= meter_end) return std::nullopt;
  sqlite::Statement one(store, "SELECT packed FROM reading_block WHERE key = ?");
  one.bind((slot >> 5) << 16 | (meter - 1) / group_meters);
  if (!one.next()) return std::nullopt;
  PackedReadings::Block block;
  PackedReadings::unpack(one.bytes(0), meter - (meter - 1) % group_meters, block);
  const auto row = static_cast<std::size_t>((meter - 1) % group_meters);
  const auto s = static_cast<std::size_t>(slot & (window_slots - 1));
  const std::size_t row_count = block.present.size();
  if (row >= row_count || (block.present[row] >> s & 1) == 0) return std::nullopt;
  return PackedReading{slot, meter, block.registers[s * row_count + row],
                       block.sources.empty() ? block.common_source : block.sources[s * row_count + row]};
}
}  // namespace audit
