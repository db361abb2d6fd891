/// The readings in books.db, unpacked by the text of head-end/store/schema.md alone.
///
/// Journal and blocks are put together again as one stream of readings in the order (due instant, meter),
/// each reading once. Shares no code with the head-end that wrote them. Slots are quarter hours since 1970.
/// Memory: the journal (16 bytes a reading, some millions at most) and the blocks of one window of time.
/// Errors: std::runtime_error with one line for a store that is not of this layout. The store is only read.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/sqlite/database.hpp"

namespace audit {
struct PackedReading {
  std::int64_t slot = 0;   ///< due instant / 900 s
  std::int64_t meter = 0;  ///< 1 .. 2^24 - 1
  std::uint32_t register_centikWh = 0;
  std::uint8_t source = 0;  ///< as schema.md has it
};

class PackedReadings {
 public:
  explicit PackedReadings(sqlite::Database& store);

  /// The next reading in the order (slot, meter); null after the last.
  const PackedReading* next() {
    if (at_ == ready_.size() && !prepare_slot()) return nullptr;
    return &ready_[at_++];
  }
  /// Readings of the journal that stand there more than once: the head-end accepted a reading twice.
  std::uint64_t doubled() const { return doubled_; }
  /// Readings whose journal and block disagree about the register (the journal's is what `next` gives).
  std::uint64_t disagreeing() const { return disagreeing_; }

 private:
  friend std::optional<PackedReading> find_packed(sqlite::Database& store, std::int64_t slot,
                                                  std::int64_t meter);
  struct Block {
    std::int64_t first_meter = 0;
    std::vector<std::uint32_t> present;    ///< by row, bit s = quarter hour s of the window
    std::vector<std::uint32_t> registers;  ///< by quarter hour and row
    std::vector<std::uint8_t> sources;     ///< likewise; empty: all as `common_source`
    std::uint8_t common_source = 0;
  };
  void read_journal(sqlite::Database& store);
  void step_blocks();
  bool enter_window();
  bool prepare_slot();
  void gather_blocks(std::int64_t slot);
  void merge_journal(std::int64_t slot);
  static void unpack(core::Bytes packed, std::int64_t first_meter, Block& block);

  sqlite::Statement rows_;
  std::int64_t row_key_ = 0;
  bool is_row_ = false;
  std::vector<Block> window_blocks_;
  std::size_t block_count_ = 0;
  std::int64_t window_ = 0;
  std::int64_t slot_in_window_ = 0;
  bool has_window_ = false;
  std::vector<PackedReading> journal_;  ///< by (slot, meter)
  std::size_t journal_at_ = 0;
  std::vector<PackedReading> ready_, merged_;
  std::size_t at_ = 0;
  std::uint64_t doubled_ = 0;
  std::uint64_t disagreeing_ = 0;
};

/// One reading; reads the journal and one block.
std::optional<PackedReading> find_packed(sqlite::Database& store, std::int64_t slot, std::int64_t meter);
}  // namespace audit
