/// SQLite, as little of it as this product needs: a connection, one open transaction, prepared statements.
///
/// Shared by whoever keeps a file: the head-end's books, the truth, audit and reports. Every failure throws
/// `Failure` with the file's name and SQLite's own sentence. No clock and no randomness of SQLite is used: no
/// CURRENT_TIMESTAMP, no random(); ids are ours. One thread a connection.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/instant.hpp"
#include "core/quantity.hpp"
#include "core/sqlite/failure.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace sqlite {
class Database {
 public:
  enum class Use {
    read,       ///< the file must be there; nothing is written
    write_new,  ///< replaces a file that is there
    keep,       ///< opens the file or makes it
  };
  Database(const std::filesystem::path& file, Use use);
  /// Rolls back what is not committed, as a power cut would.
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// One or more statements without parameters or rows.
  void execute(const char* sql);
  std::int64_t integer(const char* sql);  ///< the one value of a query; 0 where it has no row
  std::int64_t changes() const;           ///< rows that the last statement changed

  /// Opens the transaction unless one is open.
  void begin();
  /// Commits the open transaction; nothing when none is open.
  void commit();
  bool is_open() const { return is_open_; }
  const std::string& file() const { return file_; }

  sqlite3* handle() const { return handle_; }
  [[noreturn]] void fail(std::string_view doing) const;

 private:
  std::string file_;
  sqlite3* handle_ = nullptr;
  bool is_open_ = false;
};

/// Several reads of one state of the file: locked once, not for each of them. Nothing to do while a
/// transaction is open.
class Snapshot {
 public:
  explicit Snapshot(Database& database);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  sqlite3* opened_ = nullptr;
};

/// What SQLite holds of this process's heap, nearly all of it pages kept for the next reader, in bytes.
std::uint64_t memory_bytes();

/// A prepared statement. `bind` counts parameters from 1 by itself; `run` and `next` step.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;

  /// Binds all parameters from the first on, in order: integers, quantities, instants (as ns), texts, bytes,
  /// nullopt. Texts and bytes are copied.
  template <class... Values>
  Statement& bind(const Values&... values) {
    reset();
    int at = 0;
    (bind_one(++at, values), ...);
    return *this;
  }
  void bind_integer(int at, std::int64_t value);
  /// A blob that is not copied: it must live until the statement has run.
  void bind_blob_in_place(int at, core::Bytes value);
  /// Executes a statement that yields no rows and makes it ready for the next time.
  void run();
  /// True while there is a row; false resets.
  bool next();
  void reset();

  std::int64_t integer(int column) const;
  bool is_null(int column) const;
  std::string text(int column) const;
  std::string_view text_view(int column) const;  ///< until the next step
  core::Bytes bytes(int column) const;           ///< until the next step

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
}  // namespace sqlite
