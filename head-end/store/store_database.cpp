#include "head-end/store/store_database.hpp"

namespace headend {
namespace {
constexpr const char* sync_of(Configuration::Durability durability) {
  // What SQLite has handed to the operating system survives the death of the process: no waiting is needed
  // for that. Only FULL waits for the disk at each commit and so survives a power cut.
  return durability == Configuration::Durability::commit_on_power_loss ? "PRAGMA synchronous=FULL"
                                                                       : "PRAGMA synchronous=OFF";
}
}  // namespace

StoreDatabase::StoreDatabase(const std::filesystem::path& file, Configuration::Durability durability)
    : Database(file, Use::keep) {
  execute("PRAGMA page_size=8192");
  execute(sync_of(durability));
  execute("PRAGMA cache_size=-16384");  // readings are appended: a greater cache would hold what nobody asks
                                        // for again
  // A month of one meter lies in a hundred places of the file: read where they are, not copied one by one
  // (twice as fast). The mapped pages are the operating system's, which takes them back at will.
  execute("PRAGMA mmap_size=1073741824");
  execute("PRAGMA temp_store=MEMORY");
  // Debian's SQLite overwrites what is deleted with zeros unless told not to: that would write the journal
  // of readings a second time.
  execute("PRAGMA secure_delete=OFF");
}

void StoreDatabase::use_write_ahead_log() {
  execute("PRAGMA journal_mode=WAL");
  // Quarter hours of a city come in megabytes: with the usual thousand pages the log would be copied over and
  // over.
  execute("PRAGMA wal_autocheckpoint=4000");
}
}  // namespace headend
