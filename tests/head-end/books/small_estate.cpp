#include "tests/head-end/books/small_estate.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "audit/evidence/packed_readings.hpp"

namespace books_test {
Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "metertwin-books-XXXXXX").string();
  METERTWIN_CHECK(mkdtemp(pattern.data()) != nullptr, pattern);
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Instant at(const std::string& civil) {
  const auto instant = core::parse_iso8601(civil, core::Zone(std::chrono::hours(8)));
  METERTWIN_CHECK(instant.has_value(), civil);
  return *instant;
}

Tariff one_yuan() {
  return {.name = "one yuan",
          .periods = {{"flat", {{0, 86'400}}, {Price(10'000)}}},
          .bounds = {},
          .reset = Tariff::Reset::never};
}

Tariff zhejiang_flat() {
  return {.name = "zhejiang",
          .periods = {{"flat", {{0, 86'400}}, {Price(5'380), Price(5'880), Price(8'380)}}},
          .bounds = {CentiKilowattHours(276'000), CentiKilowattHours(480'000)},
          .reset = Tariff::Reset::yearly};
}

Tariff zhejiang_time_of_use() {
  constexpr int h = 3'600;
  return {.name = "zhejiang time of use",
          .periods = {{"peak", {{8 * h, 22 * h}}, {Price(5'680), Price(6'180), Price(8'680)}},
                      {"valley", {{0, 8 * h}, {22 * h, 24 * h}}, {Price(2'880), Price(3'380), Price(5'880)}}},
          .bounds = {CentiKilowattHours(276'000), CentiKilowattHours(480'000)},
          .reset = Tariff::Reset::yearly};
}

Configuration small_estate(const Tariff& tariff) {
  Configuration estate;
  estate.opens = at("2026-07-01T00:00");
  estate.tariffs = {tariff};
  estate.concentrators = {{.id = 1, .name = "C1", .region = 3301, .address = 7}};
  const std::vector<PaymentMode> payments{PaymentMode::postpaid, PaymentMode::prepaid_head_end,
                                          PaymentMode::prepaid_meter, PaymentMode::prepaid_head_end};
  for (MeterId id = 1; id <= payments.size(); ++id) {
    estate.meters.push_back({.id = id,
                             .name = "M000" + std::to_string(id),
                             .address = core::MeterAddress(100 + id),
                             .concentrator = 1,
                             .point = static_cast<std::uint16_t>(id),
                             .account = id,
                             .interval_energy_max = CentiKilowattHours(800)});
    AccountFile account;
    account.id = id;
    account.number = "A000" + std::to_string(id);
    account.payment = payments[id - 1];
    account.meter = id;
    account.is_protected = id == protected_meter;
    account.hoarding_cap = Fen(100'000);
    estate.accounts.push_back(account);
  }
  estate.durability = Configuration::Durability::commit_on_process_death;
  return estate;
}

Office::Office(Configuration estate, Instant now) : configuration(std::move(estate)) {
  books = std::make_unique<Books>(configuration, folder.file(), now);
}

void Office::kill_and_reopen(Instant now) {
  books.reset();
  books = std::make_unique<Books>(configuration, folder.file(), now);
}

ReadingVerdict Office::read(MeterId meter, Instant due, std::int64_t shown) {
  const Instant now = due + std::chrono::minutes(4);
  const auto verdict =
      books->accept_reading(meter, due, CentiKilowattHours(shown), ReadingSource::curve, now);
  books->advance(now);
  books->commit();
  return verdict;
}

std::int64_t Office::read_evenly(MeterId meter, Instant from, Instant till, std::int64_t shown,
                                 std::int64_t step) {
  for (Instant due = from + 15min; due <= till; due += 15min) read(meter, due, shown += step);
  return shown;
}

SaleReceipt Office::pay(const std::string& key, const std::string& account, std::int64_t fen, Instant now) {
  const auto receipt = books->sell(key, account, Fen(fen), now);
  books->commit();
  return receipt;
}

std::vector<Notice::Level> Office::take_notices(Instant now) {
  std::vector<Notice::Level> levels;
  for (const auto& notice : books->notices_pending()) {
    levels.push_back(notice.level);
    books->notice_sent(notice.id, now);
  }
  books->commit();
  return levels;
}

std::int64_t ask(const std::filesystem::path& store, const std::string& sql) {
  StoreDatabase database(store, Configuration::Durability::commit_on_process_death);
  return database.integer(sql.c_str());
}

std::string stored_readings(const std::filesystem::path& store) {
  sqlite::Database database(store, sqlite::Database::Use::read);
  audit::PackedReadings readings(database);
  std::string all;
  while (const auto* reading = readings.next()) {
    all += std::to_string(reading->slot) + "|" + std::to_string(reading->meter) + "|" +
           std::to_string(reading->register_centikWh) + "|" + std::to_string(reading->source) + "\n";
  }
  return all;
}

std::int64_t stored_reading_count(const std::filesystem::path& store) {
  const std::string all = stored_readings(store);
  return std::count(all.begin(), all.end(), '\n');
}

std::string rows(const std::filesystem::path& store, const std::string& sql, int columns) {
  StoreDatabase database(store, Configuration::Durability::commit_on_process_death);
  Statement query(database, sql);
  std::string all;
  while (query.next()) {
    for (int column = 0; column < columns; ++column) all += (column > 0 ? "|" : "") + query.text(column);
    all += '\n';
  }
  return all;
}
}  // namespace books_test
