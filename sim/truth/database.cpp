#include "sim/truth/database.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace sim {
Database::Database(const std::filesystem::path& file, Use use) : file_(file.string()) {
  if (use == Use::write_new) std::filesystem::remove(file);
  const int flags = use == Use::write_new ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  if (sqlite3_open_v2(file_.c_str(), &connection_, flags | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
    const std::string message = file_ + ": cannot open: " + sqlite3_errmsg(connection_);
    sqlite3_close(connection_);
    throw std::runtime_error(message);
  }
}

Database::~Database() { sqlite3_close(connection_); }

void Database::run(const char* sql) {
  if (sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail("running");
}

void Database::fail(const char* doing) const {
  throw std::runtime_error(file_ + ": " + doing + ": " + sqlite3_errmsg(connection_));
}

Statement::Statement(Database& database, const char* sql) : database_(database) {
  if (sqlite3_prepare_v3(database.raw(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) != SQLITE_OK)
    database.fail(sql);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::bind(int index, std::int64_t value) { sqlite3_bind_int64(statement_, index, value); }

void Statement::bind(int index, std::string_view value) {
  // An empty view may have no address; that would be NULL.
  sqlite3_bind_text64(statement_, index, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind(int index, const Blob& value) {
  if (value.bytes == nullptr)
    sqlite3_bind_null(statement_, index);
  else
    sqlite3_bind_blob64(statement_, index, value.bytes, value.size, SQLITE_STATIC);
}

void Statement::step_once() {
  const int outcome = sqlite3_step(statement_);
  sqlite3_reset(statement_);
  if (outcome != SQLITE_DONE) database_.fail("writing");
}

bool Statement::next() {
  const int outcome = sqlite3_step(statement_);
  if (outcome == SQLITE_ROW) return true;
  sqlite3_reset(statement_);
  if (outcome != SQLITE_DONE) database_.fail("reading");
  return false;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return std::string(text == nullptr ? "" : text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::span<const std::uint8_t> Statement::blob(int column) const {
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  return {bytes, bytes == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}
}  // namespace sim
