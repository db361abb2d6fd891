#include "core/sqlite/database.hpp"

#include <sqlite3.h>

#include <utility>

namespace sqlite {
namespace {
int flags_of(Database::Use use) {
  if (use == Database::Use::read) return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
  return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
}
}  // namespace

Database::Database(const std::filesystem::path& file, Use use) : file_(file.string()) {
  if (use == Use::write_new) std::filesystem::remove(file);
  if (sqlite3_open_v2(file_.c_str(), &handle_, flags_of(use), nullptr) != SQLITE_OK) {
    const std::string reason = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
    sqlite3_close(handle_);
    throw Failure(file_ + ": cannot open the store: " + reason);
  }
  sqlite3_extended_result_codes(handle_, 1);
}

Database::~Database() {
  if (is_open_) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(handle_);
}

void Database::fail(std::string_view doing) const {
  throw Failure(file_ + ": " + std::string(doing) + ": " + sqlite3_errmsg(handle_));
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

std::uint64_t memory_bytes() { return static_cast<std::uint64_t>(sqlite3_memory_used()); }

Snapshot::Snapshot(Database& database) {
  if (sqlite3_get_autocommit(database.handle()) == 0) return;
  database.execute("BEGIN");
  opened_ = database.handle();
}

Snapshot::~Snapshot() {
  if (opened_ != nullptr) sqlite3_exec(opened_, "END", nullptr, nullptr, nullptr);
}

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  const auto length = static_cast<int>(sql.size());
  if (sqlite3_prepare_v3(database.handle(), sql.data(), length, SQLITE_PREPARE_PERSISTENT, &handle_,
                         nullptr) != SQLITE_OK)
    database.fail("cannot prepare \"" + std::string(sql) + "\"");
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), handle_(std::exchange(other.handle_, nullptr)) {}

void Statement::bind_integer(int at, std::int64_t value) {
  if (sqlite3_bind_int64(handle_, at, value) != SQLITE_OK) database_.fail("cannot bind");
}

void Statement::bind_blob_in_place(int at, core::Bytes value) {
  if (sqlite3_bind_blob64(handle_, at, value.data(), value.size(), SQLITE_STATIC) != SQLITE_OK)
    database_.fail("cannot bind");
}

void Statement::bind_one(int at, std::string_view value) {
  // An empty view may have no address; that would be NULL.
  const char* start = value.empty() ? "" : value.data();
  if (sqlite3_bind_text64(handle_, at, start, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8) != SQLITE_OK)
    database_.fail("cannot bind");
}

void Statement::bind_one(int at, core::Bytes value) {
  if (sqlite3_bind_blob64(handle_, at, value.data(), value.size(), SQLITE_TRANSIENT) != SQLITE_OK)
    database_.fail("cannot bind");
}

void Statement::bind_one(int at, std::nullopt_t) {
  if (sqlite3_bind_null(handle_, at) != SQLITE_OK) database_.fail("cannot bind");
}

void Statement::run() {
  const int code = sqlite3_step(handle_);
  sqlite3_reset(handle_);
  if (code != SQLITE_DONE) database_.fail("cannot write");
}

bool Statement::next() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  sqlite3_reset(handle_);
  if (code != SQLITE_DONE) database_.fail("cannot read");
  return false;
}

void Statement::reset() { sqlite3_reset(handle_); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

std::string_view Statement::text_view(int column) const {
  const auto* start = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (start == nullptr) return {};
  return {start, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::string Statement::text(int column) const { return std::string(text_view(column)); }

core::Bytes Statement::bytes(int column) const {
  const auto* start = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_, column));
  return {start, start == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}
}  // namespace sqlite
