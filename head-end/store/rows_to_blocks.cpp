#include "head-end/store/rows_to_blocks.hpp"

#include <limits>
#include <map>
#include <memory>

#include "head-end/store/stored_blocks.hpp"

namespace headend {
namespace {
using Window = std::map<BlockKey, std::unique_ptr<OpenBlock>>;

void write_window(StoredBlocks& stored, Window& window) {
  std::vector<std::uint8_t> packed;
  for (const auto& [key, block] : window) {
    pack_block(*block, packed);
    stored.put(key, packed);
  }
  window.clear();
}

OpenBlock& block_of(Window& window, BlockKey key) {
  auto& block = window[key];
  if (block == nullptr) {
    block = std::make_unique_for_overwrite<OpenBlock>();
    block->key = key;
  }
  return *block;
}
}  // namespace

void rows_to_blocks(Database& database) {
  {
    StoredBlocks stored(database);
    Statement rows(database, "SELECT key, register_centikWh, source FROM reading ORDER BY key");
    Window window;
    while (rows.next()) {
      const auto slot = static_cast<Slot>(rows.integer(0) >> 24);
      const auto meter = static_cast<MeterId>(rows.integer(0) & 0xFF'FFFF);
      const std::int64_t shown = rows.integer(1);
      const std::int64_t source = rows.integer(2);
      const bool is_possible = meter >= 1 && shown >= 0 &&
                               shown <= std::numeric_limits<std::uint32_t>::max() && source >= 0 &&
                               source <= 2;
      if (!is_possible) {
        throw StoreFailure(database.file() + ": the row " + std::to_string(rows.integer(0)) +
                           " of the old readings is broken");
      }
      const BlockKey key = block_key(window_of(slot), group_of(meter));
      if (!window.empty() && window_of_key(window.begin()->first) != window_of_key(key))
        write_window(stored, window);
      block_of(window, key)
          .put(row_in_block(meter), slot_in_block(slot), static_cast<std::uint32_t>(shown),
               static_cast<ReadingSource>(source));
    }
    write_window(stored, window);
  }
  database.execute("DROP TABLE reading");
}
}  // namespace headend
