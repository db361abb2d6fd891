/// SQLite, as little of it as the books need: a connection, a prepared statement, one open transaction.
///
/// Every failure throws `StoreFailure` with the file's name and SQLite's own sentence. No clock and no
/// randomness of SQLite is used: no CURRENT_TIMESTAMP, no random(), ids are ours.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/instant.hpp"
#include "core/quantity.hpp"
#include "head-end/books.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace headend {
class Database {
 public:
  /// Opens the file, makes it when it is missing. Nothing else may write to it meanwhile. Nothing is written
  /// yet.
  Database(const std::filesystem::path& file, Configuration::Durability durability);
  /// Rolls back what is not committed, as a power cut would.
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Write-ahead log: once it is sure that the file is ours.
  void use_write_ahead_log();
  /// One or more statements without parameters or rows.
  void execute(const char* sql);
  std::int64_t integer(const char* sql);  ///< the one value of a query
  std::int64_t changes() const;           ///< rows that the last statement changed

  /// Opens the transaction unless one is open.
  void begin();
  /// Commits the open transaction; nothing when none is open.
  void commit();
  bool is_open() const { return is_open_; }

  sqlite3* handle() const { return handle_; }
  [[noreturn]] void fail(std::string_view doing) const;

 private:
  std::string file_;
  sqlite3* handle_ = nullptr;
  bool is_open_ = false;
};

/// A prepared statement. `bind` counts parameters from 1 by itself; `run` and `next` step.
class Statement {
 public:
  Statement(Database& database, const std::string& sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Binds all parameters from the first on, in order: integers, quantities, instants (as ns), texts, bytes,
  /// nullopt.
  template <class... Values>
  Statement& bind(const Values&... values) {
    reset();
    int at = 0;
    (bind_one(++at, values), ...);
    return *this;
  }
  void bind_integer(int at, std::int64_t value);
  /// Executes a statement that yields no rows and makes it ready for the next time.
  void run();
  /// True while there is a row; false resets.
  bool next();
  void reset();

  std::int64_t integer(int column) const;
  bool is_null(int column) const;
  std::string text(int column) const;
  core::Bytes bytes(int column) const;  ///< until the next step

 private:
  void bind_one(int at, std::int64_t value) { bind_integer(at, value); }
  void bind_one(int at, std::uint32_t value) { bind_integer(at, value); }
  void bind_one(int at, int value) { bind_integer(at, value); }
  void bind_one(int at, std::uint64_t value) { bind_integer(at, static_cast<std::int64_t>(value)); }
  void bind_one(int at, bool value) { bind_integer(at, value ? 1 : 0); }
  void bind_one(int at, core::Instant value) { bind_integer(at, core::unix_nanoseconds(value)); }
  template <class Tag, class Rep>
  void bind_one(int at, core::Quantity<Tag, Rep> value) {
    bind_integer(at, value.count());
  }
  void bind_one(int at, std::string_view value);
  void bind_one(int at, const char* value) { bind_one(at, std::string_view(value)); }
  void bind_one(int at, const std::string& value) { bind_one(at, std::string_view(value)); }
  void bind_one(int at, core::Bytes value);
  void bind_one(int at, std::nullopt_t);
  template <class Value>
  void bind_one(int at, const std::optional<Value>& value) {
    if (value) {
      bind_one(at, *value);
    } else {
      bind_one(at, std::nullopt);
    }
  }

  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
};
}  // namespace headend
