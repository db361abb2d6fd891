/// Readings that are too old for the daily work: the same blocks in a file of their own.
///
/// The file is SQLite with a table `reading_block` as in the store (head-end/store/schema.md) and a row of
/// `meta` that names the estate. It is only ever added to. Errors: `StoreFailure` with one line. Randomness:
/// none. Time: slots only.
#pragma once
#include <filesystem>

#include "head-end/store/reading_store.hpp"

namespace headend {
/// Answers from an archive; reads only.
class ReadingArchive {
 public:
  explicit ReadingArchive(const std::filesystem::path& file);
  /// The readings of one meter with from <= due <= till, by due instant.
  std::vector<StoredReading> of_meter(MeterId meter, Instant from, Instant till);
  /// The readings of all meters at one due instant, by meter.
  std::vector<StoredReading> at(Instant due);

 private:
  Database database_;
  std::unique_ptr<StoredBlocks> blocks_;
};

/// Which blocks may leave the store: those of `group` that end before this slot.
using KeptFrom = std::function<Slot(std::uint32_t group)>;

/// Copies blocks into the archive (made if missing, joined with what it has), syncs it, and only then deletes
/// them in the store's transaction, which is left open for the caller to commit. Range: the store is settled
/// and committed. Returns how many were moved.
std::size_t move_to_archive(Database& store, ReadingStore& readings, const KeptFrom& kept_from,
                            const std::filesystem::path& file);
}  // namespace headend
