/// The readings: durable with the next commit, packed once their block is full, found by meter and by
/// instant.
///
/// A reading goes into an open block in memory and into the journal of the next commit. Blocks that are
/// complete are packed and written a few at each commit, so that none takes long; so are the oldest of those
/// that stay incomplete, as soon as the journal has grown to its limit. Rows of the journal are deleted when
/// no open block needs them any more. An open block holds everything its key has, on disk too: whoever asks
/// gets it from the open block, else from the block at rest. Memory: 34 kB an open block, at most
/// `open_blocks_max` of them. Errors: `StoreFailure`. Randomness: none. Time: slots only.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "head-end/store/reading_journal.hpp"
#include "head-end/store/stored_blocks.hpp"

namespace headend {
class ReadingStore {
 public:
  struct Limits {
    std::uint64_t journal_readings_max = 8'000'000;
    std::size_t journal_rows_max = 4'096;
    std::size_t open_blocks_max = 8'192;  ///< raised to two for every 256 meters
  };
  /// Takes up the journal that a crash has left. Range: meters 1..meters.
  ReadingStore(Database& database, MeterId meters, Limits limits);
  ReadingStore(Database& database, MeterId meters) : ReadingStore(database, meters, Limits()) {}

  /// The caller has made sure that there is no other reading of this meter and instant.
  void add(Slot slot, MeterId meter, std::uint32_t register_shown, ReadingSource source) {
    journal_.pending.add(slot, meter, register_shown, source);
    put(slot, meter, register_shown, source, journal_.next_row());
  }
  /// Writes what came since the last time into the transaction that is to be committed.
  void flush();
  /// Writes everything into blocks and empties the journal, in the transaction that is to be committed.
  void settle();

  std::optional<std::uint32_t> find(Slot slot, MeterId meter);
  std::vector<StoredReading> of_meter(MeterId meter, Instant from, Instant till);
  std::vector<StoredReading> at(Instant due);
  /// Calls `visit(slot, meter, register)` for all readings from `from` on, in the order (slot, meter).
  void each_from(Slot from,
                 const std::function<void(Slot slot, MeterId meter, std::uint32_t register_shown)>& visit);

  /// Forgets a block at rest that the archive has. Range: settled, and nothing of it is open.
  void erase(BlockKey key);

  std::uint64_t journal_readings() const { return journal_.readings(); }
  std::size_t journal_rows() const { return journal_.rows(); }
  std::size_t open_blocks() const { return open_.size(); }

 private:
  using OpenBlocks = std::map<BlockKey, std::unique_ptr<OpenBlock>>;
  struct Dirty {
    BlockKey key;
    std::int64_t first_unwritten;
  };

  void put(Slot slot, MeterId meter, std::uint32_t register_shown, ReadingSource source, std::int64_t row) {
    OpenBlock* block = newest_[group_of(meter)];
    if (block == nullptr || window_of_key(block->key) != window_of(slot)) [[unlikely]]
      block = &open(block_key(window_of(slot), group_of(meter)));
    if (block->first_unwritten == 0) [[unlikely]] {
      block->first_unwritten = row;
      dirty_.push_back({block->key, row});
    }
    const std::uint32_t before = block->present_count;
    block->put(row_in_block(meter), slot_in_block(slot), register_shown, source);
    if (block->present_count != before && is_complete(*block)) [[unlikely]]
      complete_.push_back(block->key);
  }
  bool is_complete(const OpenBlock& block) const {
    return block.present_count == rows_of_group(group_of_key(block.key)) * block_slots;
  }
  std::uint32_t rows_of_group(std::uint32_t group) const {
    return std::min(block_meters, meters_ - group * block_meters);
  }
  OpenBlock& open(BlockKey key);
  std::unique_ptr<OpenBlock> empty_block();
  OpenBlock* find_open(BlockKey key);
  /// The oldest block that has something unwritten; null when there is none.
  OpenBlock* oldest_dirty();
  void write(OpenBlock& block);
  void write_complete(std::uint64_t fresh_readings);
  void write_long(std::size_t blocks_max);
  void let_go(BlockKey key);
  void let_go_unless_newest(BlockKey key);
  void make_room();
  /// The first key at or after `from` that has a block, open or at rest.
  std::optional<BlockKey> next_key(BlockKey from);
  void visit_window(std::int32_t window, Slot from,
                    const std::function<void(Slot, MeterId, std::uint32_t)>& visit);

  Database& database_;
  MeterId meters_;
  Limits limits_;
  StoredBlocks stored_;
  ReadingJournal journal_;
  OpenBlocks open_;
  /// Blocks that were let go, for the next window: a city opens and closes hundreds in the same minute, and
  /// the heap should not breathe with them. At most one a group.
  std::vector<std::unique_ptr<OpenBlock>> spare_;
  std::vector<OpenBlock*> newest_;  // by group: the open block of the latest window, or null
  OpenBlock* last_opened_ = nullptr;
  std::deque<Dirty> dirty_;            // in the order of their first unwritten rows; some are written by now
  std::deque<BlockKey> complete_;      // to be written; some are by now
  std::uint64_t complete_credit_ = 0;  // quarters of readings: how much of them may be written now
  BlockKey last_stored_ = std::numeric_limits<BlockKey>::min();
  std::vector<std::uint8_t> packed_;
  BlockKey found_key_ = std::numeric_limits<BlockKey>::min();  // `found_` is a copy of this block at rest
  std::vector<std::uint8_t> found_;
};
}  // namespace headend
