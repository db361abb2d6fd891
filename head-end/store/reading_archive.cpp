#include "head-end/store/reading_archive.hpp"

#include "head-end/store/slot_range.hpp"

namespace headend {
namespace {
constexpr std::int64_t archive_application_id = 0x4D545741;  // "MTWA"
constexpr std::int64_t archive_version = 1;

std::string estate_of(Database& database) {
  Statement query(database, "SELECT value FROM meta WHERE key = 'estate'");
  return query.next() ? query.text(0) : std::string();
}

void require_archive(Database& database) {
  if (database.integer("PRAGMA application_id") != archive_application_id)
    throw StoreFailure(database.file() + ": not an archive of readings");
  if (database.integer("PRAGMA user_version") != archive_version)
    throw StoreFailure(database.file() + ": an archive of another version");
}

/// Makes an empty file an archive of this estate, or makes sure that it is one. In one transaction.
void make_ready(Database& archive, const std::string& estate) {
  if (archive.integer("SELECT count(*) FROM sqlite_schema") > 0) {
    require_archive(archive);
    if (estate_of(archive) == estate) return;
    throw StoreFailure(archive.file() + ": this archive belongs to another estate");
  }
  archive.execute("PRAGMA page_size=8192");
  archive.begin();
  archive.execute(
      "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
      "CREATE TABLE reading_block(key INTEGER PRIMARY KEY, packed BLOB NOT NULL);");
  Statement(archive, "INSERT INTO meta VALUES('estate', ?)").bind(estate).run();
  archive.execute(("PRAGMA application_id=" + std::to_string(archive_application_id)).c_str());
  archive.execute(("PRAGMA user_version=" + std::to_string(archive_version)).c_str());
  archive.commit();
}

std::vector<BlockKey> movable(Database& store, const KeptFrom& kept_from) {
  std::vector<BlockKey> keys;
  Statement query(store, "SELECT key FROM reading_block ORDER BY key");
  while (query.next()) {
    const BlockKey key = query.integer(0);
    if (first_slot_of(key) + static_cast<Slot>(block_slots) <= kept_from(group_of_key(key)))
      keys.push_back(key);
  }
  return keys;
}

/// A block of which the archive has a part (an earlier move ended between copying and deleting) is joined.
void copy_block(StoredBlocks& from, StoredBlocks& to, BlockKey key) {
  OpenBlock joined;
  joined.key = key;
  to.with(key, [&](const BlockView& there) { there.unpack_into(joined); });
  from.with(key, [&](const BlockView& here) { here.unpack_into(joined); });
  std::vector<std::uint8_t> packed;
  pack_block(joined, packed);
  to.put(key, packed);
}
}  // namespace

ReadingArchive::ReadingArchive(const std::filesystem::path& file) : database_(file, Database::Use::read) {
  require_archive(database_);
  blocks_ = std::make_unique<StoredBlocks>(database_);
}

std::vector<StoredReading> ReadingArchive::of_meter(MeterId meter, Instant from, Instant till) {
  std::vector<StoredReading> found;
  const SlotRange range = slots_within(from, till);
  if (meter < 1 || meter >= 1u << 24 || range.last < range.first) return found;
  const sqlite::Snapshot snapshot(database_);
  auto key = blocks_->first_at_or_after(block_key(window_of(range.first), group_of(meter)));
  while (key && window_of_key(*key) <= window_of(range.last)) {
    const Slot first_slot = first_slot_of(*key);
    blocks_->with(block_key(window_of_key(*key), group_of(meter)), [&](const BlockView& view) {
      view.each_of_row(row_in_block(meter), 0, block_slots - 1,
                       [&](std::uint32_t slot, std::uint32_t shown, ReadingSource source) {
                         const Slot at = first_slot + static_cast<Slot>(slot);
                         if (at < range.first || at > range.last) return;
                         found.push_back({meter, instant_of(at), CentiKilowattHours(shown), source});
                       });
    });
    key = blocks_->first_at_or_after(block_key(window_of_key(*key) + 1, group_of(meter)));
  }
  return found;
}

std::vector<StoredReading> ReadingArchive::at(Instant due) {
  std::vector<StoredReading> found;
  const SlotRange range = slots_within(due, due);
  if (range.first != range.last) return found;
  const std::int32_t window = window_of(range.first);
  blocks_->each(first_key_of(window), last_key_of(window), [&](BlockKey key, const BlockView& view) {
    view.each_at(slot_in_block(range.first),
                 [&](std::uint32_t row, std::uint32_t shown, ReadingSource source) {
                   found.push_back({first_meter_of(key) + row, due, CentiKilowattHours(shown), source});
                 });
  });
  return found;
}

std::size_t move_to_archive(Database& store, ReadingStore& readings, const KeptFrom& kept_from,
                            const std::filesystem::path& file) {
  const auto keys = movable(store, kept_from);
  if (keys.empty()) return 0;
  {
    Database archive(file, Database::Use::keep);
    // Deleting the rollback journal is the commit: EXTRA syncs its folder too, so that a power cut cannot
    // bring it back.
    archive.execute("PRAGMA synchronous=EXTRA");
    make_ready(archive, estate_of(store));
    StoredBlocks from(store);
    StoredBlocks to(archive);
    archive.begin();
    for (const auto key : keys) copy_block(from, to, key);
    archive.commit();
  }
  store.begin();
  for (const auto key : keys) readings.erase(key);
  return keys.size();
}
}  // namespace headend
