/// As much of SQLite as a file of truth needs: one connection, prepared statements, errors as exceptions with the file's
/// name (a full disk ends the run).
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace sim {
class Database {
 public:
  enum class Use { write_new, read };
  Database(const std::filesystem::path& file, Use use);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const char* sql);
  [[noreturn]] void fail(const char* doing) const;
  sqlite3* raw() const { return connection_; }

 private:
  std::string file_;
  sqlite3* connection_ = nullptr;
};

/// Bound values must live until the next `run` or `next` has returned; they are not copied.
class Statement {
 public:
  Statement(Database& database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Binds all parameters in order and runs the statement once, for what returns no rows.
  template <class... Values>
  void run(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
    step_once();
  }
  /// The next row; false at the end, where the statement is ready to run again.
  bool next();
  std::int64_t integer(int column) const;
  std::string text(int column) const;
  /// Valid until the next row.
  std::span<const std::uint8_t> blob(int column) const;

  /// A blob parameter that is NULL instead of empty.
  struct Blob {
    const void* bytes = nullptr;
    std::size_t size = 0;
  };
  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view value);
  void bind(int index, const Blob& value);

 private:
  void step_once();
  Database& database_;
  sqlite3_stmt* statement_ = nullptr;
};
}  // namespace sim
