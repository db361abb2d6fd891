/// The packed blocks in a file, by key and by time: what the store and its archive have in common.
///
/// Errors: `StoreFailure` when the file cannot be read, or holds bytes that are no block.
#pragma once
#include "head-end/store/reading_block.hpp"
#include "head-end/store/store_database.hpp"

namespace headend {
class StoredBlocks {
 public:
  /// Range: the file has a table `reading_block` (head-end/store/schema.md).
  explicit StoredBlocks(Database& database);

  /// Calls `visit(view)` if there is such a block.
  template <class Visit>
  void with(BlockKey key, Visit&& visit) {
    find_.bind(key);
    if (find_.next()) visit(view_of(key, find_.bytes(0)));
    find_.reset();
  }
  /// Calls `visit(key, view)` for first <= key <= last, rising. Not to be nested.
  template <class Visit>
  void each(BlockKey first, BlockKey last, Visit&& visit) {
    range_.bind(first, last);
    while (range_.next()) visit(range_.integer(0), view_of(range_.integer(0), range_.bytes(1)));
  }
  /// A copy of the block's bytes, which are a block; false if there is none.
  bool copy(BlockKey key, std::vector<std::uint8_t>& to);
  std::optional<BlockKey> first_at_or_after(BlockKey key);
  std::optional<BlockKey> last();
  /// Into the open transaction, over what has this key.
  void put(BlockKey key, core::Bytes packed);
  void erase(BlockKey key);

 private:
  BlockView view_of(BlockKey key, core::Bytes packed) const;

  Database& database_;
  Statement find_, range_, after_, last_, put_, erase_;
};

constexpr BlockKey first_key_of(std::int32_t window) { return block_key(window, 0); }
constexpr BlockKey last_key_of(std::int32_t window) { return block_key(window, 0xFFFF); }
}  // namespace headend
