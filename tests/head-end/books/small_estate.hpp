/// A small estate for the tests of the books: four customers behind one concentrator, one of each kind, and a
/// store of its own in a temporary folder.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "head-end/books.hpp"
#include "head-end/store/store_database.hpp"

namespace books_test {
using namespace headend;  // NOLINT: the tests speak the books' language

inline constexpr MeterId postpaid_meter = 1, prepaid_meter_id = 2, local_meter = 3, protected_meter = 4;
inline constexpr MeterId meter_count = 4;

/// A folder that is gone with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path file(const std::string& name = "books.db") const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// An instant in China: "2026-07-01T00:15".
Instant at(const std::string& civil);
/// 1.00 CNY/kWh at all hours: 0.01 kWh costs one fen.
Tariff one_yuan();
/// Zhejiang residential, ladder alone (provincial notice): 0.538 / 0.588 / 0.838 CNY at 2,760 and 4,800 kWh a
/// year.
Tariff zhejiang_flat();
/// The same with peak 08-22 and valley.
Tariff zhejiang_time_of_use();

/// Opens 2026-07-01T00:00 +08:00. A0001 postpaid, A0002 prepaid_head_end (alarms at 20 and 5 CNY), A0003
/// prepaid_meter, A0004 prepaid_head_end protected. 8 kWh a quarter hour is plausible.
Configuration small_estate(const Tariff& tariff);

/// One store, and books on it that can be killed and opened again.
struct Office {
  explicit Office(Configuration estate, Instant now = at("2026-07-01T00:00"));
  /// As a crash does: what was not committed is gone.
  void kill_and_reopen(Instant now);
  /// Reads `meter` at `due`: `shown` arrives 4 minutes later; then the watch acts and the books are
  /// committed.
  ReadingVerdict read(MeterId meter, Instant due, std::int64_t shown);
  /// Reads quarter hours from after `from` up to and including `till`, each adding `step` to `shown`.
  std::int64_t read_evenly(MeterId meter, Instant from, Instant till, std::int64_t shown, std::int64_t step);
  SaleReceipt pay(const std::string& key, const std::string& account, std::int64_t fen, Instant now);
  /// Sends and finishes the one open command; its kind.
  std::vector<Command> commands() const { return books->commands_for(1); }
  std::vector<Notice::Level> take_notices(Instant now);

  Folder folder;
  Configuration configuration;
  std::unique_ptr<Books> books;
};

/// The value of a query on a committed store.
std::int64_t ask(const std::filesystem::path& store, const std::string& sql);
/// The committed readings as an independent reader of the file sees them: "slot|meter|register|source", a
/// line each.
std::string stored_readings(const std::filesystem::path& store);
std::int64_t stored_reading_count(const std::filesystem::path& store);
/// All rows of a query as text, cells joined by '|', rows by newline.
std::string rows(const std::filesystem::path& store, const std::string& sql, int columns);
}  // namespace books_test
