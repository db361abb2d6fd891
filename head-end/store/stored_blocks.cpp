#include "head-end/store/stored_blocks.hpp"

namespace headend {
StoredBlocks::StoredBlocks(Database& database)
    : database_(database),
      find_(database, "SELECT packed FROM reading_block WHERE key = ?"),
      range_(database, "SELECT key, packed FROM reading_block WHERE key BETWEEN ? AND ? ORDER BY key"),
      after_(database, "SELECT key FROM reading_block WHERE key >= ? ORDER BY key LIMIT 1"),
      last_(database, "SELECT key FROM reading_block ORDER BY key DESC LIMIT 1"),
      put_(database, "INSERT OR REPLACE INTO reading_block(key, packed) VALUES(?,?)"),
      erase_(database, "DELETE FROM reading_block WHERE key = ?") {}

BlockView StoredBlocks::view_of(BlockKey key, core::Bytes packed) const {
  const auto view = BlockView::of(packed);
  if (!view)
    throw StoreFailure(database_.file() + ": the block " + std::to_string(key) + " of readings is broken");
  return *view;
}

bool StoredBlocks::copy(BlockKey key, std::vector<std::uint8_t>& to) {
  find_.bind(key);
  const bool is_there = find_.next();
  if (is_there) {
    const core::Bytes packed = find_.bytes(0);
    view_of(key, packed);
    to.assign(packed.begin(), packed.end());
  }
  find_.reset();
  return is_there;
}

std::optional<BlockKey> StoredBlocks::first_at_or_after(BlockKey key) {
  std::optional<BlockKey> found;
  after_.bind(key);
  if (after_.next()) found = after_.integer(0);
  after_.reset();
  return found;
}

std::optional<BlockKey> StoredBlocks::last() {
  std::optional<BlockKey> found;
  if (last_.next()) found = last_.integer(0);
  last_.reset();
  return found;
}

void StoredBlocks::put(BlockKey key, core::Bytes packed) {
  put_.bind(key);
  put_.bind_blob_in_place(2, packed);
  put_.run();
}

void StoredBlocks::erase(BlockKey key) { erase_.bind(key).run(); }
}  // namespace headend
