#include "head-end/store/reading_store.hpp"

#include <limits>

namespace headend {
namespace {
constexpr BlockKey no_key = std::numeric_limits<BlockKey>::min();
constexpr std::uint64_t readings_a_block = std::uint64_t{block_slots} * block_meters;
// In the long run a commit with 8,192 readings has to write one block and to delete their rows of the
// journal. Blocks that are complete are written a little faster than that, so that a city whose blocks are
// all complete in the same minute writes them evenly until the next are; what has grown too long is written
// four times as fast.
constexpr std::uint64_t pace_in_quarters = 5;
constexpr std::uint64_t catching_up = 4;
constexpr std::size_t blocks_a_commit_min = 4;
constexpr std::uint64_t dropped_a_commit_min = 2'048;
constexpr std::uint64_t dropping = 2;
}  // namespace

ReadingStore::ReadingStore(Database& database, MeterId meters, Limits limits)
    : database_(database),
      meters_(meters),
      limits_(limits),
      stored_(database),
      journal_(database),
      newest_((meters + block_meters - 1) / block_meters) {
  limits_.open_blocks_max = std::max(limits_.open_blocks_max, 2 * newest_.size());
  last_stored_ = stored_.last().value_or(no_key);
  journal_.replay(
      [this](std::int64_t row, Slot slot, MeterId meter, std::uint32_t shown, ReadingSource source) {
        if (meter > meters_)
          throw StoreFailure(database_.file() + ": the journal of readings knows a meter " +
                             std::to_string(meter) + " that the estate has not");
        put(slot, meter, shown, source, row);
      });
  // What the journal told again did not make them complete: they were.
  for (const auto& [key, block] : open_)
    if (is_complete(*block)) complete_.push_back(key);
}

OpenBlock& ReadingStore::open(BlockKey key) {
  if (last_opened_ != nullptr && last_opened_->key == key) return *last_opened_;
  const auto found = open_.find(key);
  if (found != open_.end()) return *(last_opened_ = found->second.get());
  make_room();
  auto fresh = empty_block();
  fresh->key = key;
  if (key <= last_stored_) stored_.with(key, [&](const BlockView& view) { view.unpack_into(*fresh); });
  OpenBlock* const block = fresh.get();
  open_.emplace(key, std::move(fresh));
  OpenBlock*& newest = newest_[group_of_key(key)];
  if (newest == nullptr || newest->key < key) {
    // What is complete waits for its turn; what is written and incomplete has been kept for its newness only.
    if (newest != nullptr && newest->first_unwritten == 0) let_go(newest->key);
    newest_[group_of_key(key)] = block;
  }
  return *(last_opened_ = block);
}

std::unique_ptr<OpenBlock> ReadingStore::empty_block() {
  if (spare_.empty()) return std::make_unique_for_overwrite<OpenBlock>();
  auto block = std::move(spare_.back());
  spare_.pop_back();
  block->clear();
  return block;
}

OpenBlock* ReadingStore::find_open(BlockKey key) {
  const auto found = open_.find(key);
  return found == open_.end() ? nullptr : found->second.get();
}

OpenBlock* ReadingStore::oldest_dirty() {
  while (!dirty_.empty()) {
    OpenBlock* const block = find_open(dirty_.front().key);
    if (block != nullptr && block->first_unwritten == dirty_.front().first_unwritten) return block;
    dirty_.pop_front();
  }
  return nullptr;
}

void ReadingStore::write(OpenBlock& block) {
  database_.begin();
  pack_block(block, packed_);
  stored_.put(block.key, packed_);
  block.first_unwritten = 0;
  last_stored_ = std::max(last_stored_, block.key);
  if (found_key_ == block.key) found_key_ = no_key;
}

void ReadingStore::let_go(BlockKey key) {
  const auto found = open_.find(key);
  OpenBlock* const block = found->second.get();
  if (newest_[group_of_key(key)] == block) newest_[group_of_key(key)] = nullptr;
  if (last_opened_ == block) last_opened_ = nullptr;
  if (spare_.size() < newest_.size()) spare_.push_back(std::move(found->second));
  open_.erase(found);
}

void ReadingStore::let_go_unless_newest(BlockKey key) {
  const OpenBlock* const block = find_open(key);
  if (newest_[group_of_key(key)] != block || is_complete(*block)) let_go(key);
}

void ReadingStore::make_room() {
  while (open_.size() >= limits_.open_blocks_max) {
    OpenBlock* const oldest = oldest_dirty();
    if (oldest != nullptr) write(*oldest);
    let_go(oldest != nullptr ? oldest->key : open_.begin()->first);
  }
}

void ReadingStore::write_complete(std::uint64_t fresh_readings) {
  // When nothing comes there is time for what waits.
  complete_credit_ += (fresh_readings > 0 ? fresh_readings : readings_a_block) * pace_in_quarters;
  constexpr std::uint64_t cost = readings_a_block * 4;
  while (complete_credit_ >= cost && !complete_.empty()) {
    OpenBlock* const block = find_open(complete_.front());
    complete_.pop_front();
    if (block == nullptr || block->first_unwritten == 0) continue;
    write(*block);
    let_go(block->key);
    complete_credit_ -= cost;
  }
  if (complete_.empty()) complete_credit_ = std::min(complete_credit_, cost);
}

void ReadingStore::write_long(std::size_t blocks_max) {
  const auto is_long = [this] {
    const OpenBlock* const oldest = oldest_dirty();
    if (oldest == nullptr) return false;
    // Rows that nobody needs are on their way out already.
    const auto needed_rows = static_cast<std::size_t>(journal_.next_row() - oldest->first_unwritten);
    return journal_.readings() > limits_.journal_readings_max || needed_rows > limits_.journal_rows_max;
  };
  for (std::size_t written = 0; written < blocks_max && is_long(); ++written) {
    OpenBlock* const oldest = oldest_dirty();
    write(*oldest);
    let_go_unless_newest(oldest->key);
  }
}

void ReadingStore::flush() {
  const std::uint64_t fresh = journal_.pending.size();
  if (fresh == 0 && complete_.empty()) return;
  database_.begin();
  if (fresh > 0) journal_.append();
  write_complete(fresh);
  write_long(blocks_a_commit_min + catching_up * fresh / readings_a_block);
  const OpenBlock* const oldest = oldest_dirty();
  const std::int64_t needed_from = oldest == nullptr ? journal_.next_row() : oldest->first_unwritten;
  journal_.drop_before(needed_from, dropped_a_commit_min + dropping * fresh);
}

void ReadingStore::settle() {
  journal_.pending.clear();  // the blocks of this very transaction hold them
  while (OpenBlock* const oldest = oldest_dirty()) {
    write(*oldest);
    let_go_unless_newest(oldest->key);
  }
  complete_.clear();
  if (journal_.rows() == 0) return;
  database_.begin();
  journal_.drop_before(journal_.next_row(), std::numeric_limits<std::uint64_t>::max());
}

std::optional<std::uint32_t> ReadingStore::find(Slot slot, MeterId meter) {
  const BlockKey key = block_key(window_of(slot), group_of(meter));
  const std::uint32_t row = row_in_block(meter);
  if (const OpenBlock* const block = find_open(key)) {
    if (!block->has(row, slot_in_block(slot))) return std::nullopt;
    return block->registers[slot_in_block(slot)][row];
  }
  if (key > last_stored_) return std::nullopt;
  // Who repeats one reading usually repeats its neighbours.
  if (found_key_ != key) {
    if (!stored_.copy(key, found_)) return std::nullopt;
    found_key_ = key;
  }
  return BlockView::of(found_)->find(row, slot_in_block(slot));
}
}  // namespace headend
