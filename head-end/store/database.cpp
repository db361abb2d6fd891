#include "head-end/store/database.hpp"

#include <sqlite3.h>

namespace headend {
namespace {
constexpr const char* sync_of(Configuration::Durability durability) {
  // What SQLite has handed to the operating system survives the death of the process: no waiting is needed
  // for that. Only FULL waits for the disk at each commit and so survives a power cut.
  return durability == Configuration::Durability::commit_on_power_loss ? "PRAGMA synchronous=FULL"
                                                                       : "PRAGMA synchronous=OFF";
}
}  // namespace

Database::Database(const std::filesystem::path& file, Configuration::Durability durability)
    : file_(file.string()) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(file_.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
    const std::string reason = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
    sqlite3_close(handle_);
    throw StoreFailure(file_ + ": cannot open the store: " + reason);
  }
  try {
    sqlite3_extended_result_codes(handle_, 1);
    execute("PRAGMA page_size=8192");
    execute(sync_of(durability));
    execute("PRAGMA cache_size=-16384");  // readings are appended: a greater cache would hold what nobody
                                          // asks for again
    execute("PRAGMA temp_store=MEMORY");
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

void Database::use_write_ahead_log() {
  execute("PRAGMA journal_mode=WAL");
  // Quarter hours of a city come in megabytes: with the usual thousand pages the log would be copied over and
  // over.
  execute("PRAGMA wal_autocheckpoint=4000");
}

Database::~Database() {
  if (is_open_) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(handle_);
}

void Database::fail(std::string_view doing) const {
  throw StoreFailure(file_ + ": " + std::string(doing) + ": " + sqlite3_errmsg(handle_));
}

void Database::execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail("the store refuses");
}

std::int64_t Database::integer(const char* sql) {
  Statement query(*this, sql);
  return query.next() ? query.integer(0) : 0;
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

void Database::begin() {
  if (is_open_) return;
  execute("BEGIN IMMEDIATE");
  is_open_ = true;
}

void Database::commit() {
  if (!is_open_) return;
  execute("COMMIT");
  is_open_ = false;
}

Statement::Statement(Database& database, const std::string& sql) : database_(database) {
  const auto length = static_cast<int>(sql.size());
  if (sqlite3_prepare_v3(database.handle(), sql.c_str(), length, SQLITE_PREPARE_PERSISTENT, &handle_,
                         nullptr) != SQLITE_OK) {
    database.fail("cannot prepare \"" + sql + "\"");
  }
}

Statement::~Statement() { sqlite3_finalize(handle_); }

void Statement::bind_integer(int at, std::int64_t value) {
  if (sqlite3_bind_int64(handle_, at, value) != SQLITE_OK) database_.fail("cannot bind");
}

void Statement::bind_one(int at, std::string_view value) {
  const auto length = static_cast<int>(value.size());
  if (sqlite3_bind_text(handle_, at, value.data(), length, SQLITE_TRANSIENT) != SQLITE_OK)
    database_.fail("cannot bind");
}

void Statement::bind_one(int at, core::Bytes value) {
  const auto length = static_cast<int>(value.size());
  if (sqlite3_bind_blob(handle_, at, value.data(), length, SQLITE_TRANSIENT) != SQLITE_OK)
    database_.fail("cannot bind");
}

void Statement::bind_one(int at, std::nullopt_t) {
  if (sqlite3_bind_null(handle_, at) != SQLITE_OK) database_.fail("cannot bind");
}

void Statement::run() {
  if (sqlite3_step(handle_) != SQLITE_DONE) database_.fail("cannot write");
  sqlite3_reset(handle_);
}

bool Statement::next() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_.fail("cannot read");
  sqlite3_reset(handle_);
  return false;
}

void Statement::reset() { sqlite3_reset(handle_); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

std::string Statement::text(int column) const {
  const auto* start = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return start == nullptr
             ? std::string()
             : std::string(start, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)));
}

core::Bytes Statement::bytes(int column) const {
  const auto* start = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_, column));
  return {start, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}
}  // namespace headend
