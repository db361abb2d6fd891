// Old readings leave for a file of their own: nothing is lost on the way, and what is needed stays.
#include <catch2/catch.hpp>

#include "head-end/store/reading_archive.hpp"
#include "tests/head-end/books/small_estate.hpp"

using namespace books_test;

namespace {
const Instant opens = at("2026-07-01T00:00");

std::string text_of(const std::vector<StoredReading>& readings) {
  std::string all;
  for (const auto& reading : readings)
    all += std::to_string(core::unix_seconds(reading.due)) + "|" + std::to_string(reading.meter) + "|" +
           std::to_string(reading.shown.count()) + "\n";
  return all;
}

/// Forty days of four meters: July is closed, August is open.
struct TwoMonths : Office {
  TwoMonths() : Office(small_estate(one_yuan())) {
    for (const MeterId meter : {1u, 2u, 3u, 4u}) read(meter, opens, 0);
    for (Instant due = opens + 15min; due <= last; due += 15min) {
      shown += 3;
      for (const MeterId meter : {1u, 2u, 3u, 4u})
        books->accept_reading(meter, due, CentiKilowattHours(shown + meter), ReadingSource::curve,
                              due + 4min);
      books->advance(due + 4min);
      books->commit();
    }
  }
  std::string everything(const std::string& archive) {
    ReadingArchive old(folder.file(archive));
    std::string all;
    for (const MeterId meter : {1u, 2u, 3u, 4u}) {
      all += text_of(old.of_meter(meter, opens, last));
      all += text_of(books->readings_of(meter, opens, last));
    }
    return all;
  }
  std::string everything() {
    std::string all;
    for (const MeterId meter : {1u, 2u, 3u, 4u}) all += text_of(books->readings_of(meter, opens, last));
    return all;
  }
  const Instant last = opens + 40 * 24h;
  std::int64_t shown = 0;
};
}  // namespace

TEST_CASE("closed months leave for the archive, the open one stays, and nothing is lost or told twice") {
  TwoMonths office;
  const std::string before = office.everything();
  const auto archive = office.folder.file("archive.db");
  // July 1st begins at 16:00 UTC, with a window of eight hours: 31 days are 93 windows.
  CHECK(office.books->archive_readings(office.last, archive) == 31 * 3);
  CHECK(office.everything("archive.db") == before);
  const auto kept = office.books->readings_of(1, opens, office.last);
  REQUIRE_FALSE(kept.empty());
  CHECK(kept.front().due == at("2026-08-01T00:00"));
  CHECK(text_of(ReadingArchive(archive).at(opens + 15min)) ==
        text_of({{1, opens + 15min, CentiKilowattHours(4), {}},
                 {2, opens + 15min, CentiKilowattHours(5), {}},
                 {3, opens + 15min, CentiKilowattHours(6), {}},
                 {4, opens + 15min, CentiKilowattHours(7), {}}}));
  CHECK(office.books->archive_readings(office.last, archive) == 0);  // done is done
  const Fen balance = office.books->balance_of("A0002").value();
  office.kill_and_reopen(office.last + 1h);
  CHECK(office.books->balance_of("A0002").value() == balance);
  CHECK(office.everything("archive.db") == before);
  CHECK(office.read(2, office.last + 15min, office.shown + 5) == ReadingVerdict::accepted);
  // What is archived cannot be compared any more: told again, it is kept apart.
  CHECK(office.read(2, opens + 15min, 5) == ReadingVerdict::not_due);
}

TEST_CASE("a meter that waits behind a gap keeps its neighbours' readings in the store") {
  Office office(small_estate(one_yuan()));
  for (const MeterId meter : {1u, 2u, 3u}) office.read_evenly(meter, opens - 15min, opens + 96h, 0, 2);
  office.read(4, opens, 0);
  CHECK(office.books->archive_readings(opens + 96h, office.folder.file("archive.db")) == 0);
}

TEST_CASE("a crash between copying and deleting leaves readings in both files, and the next time ends it") {
  TwoMonths office;
  const std::string before = office.everything();
  const auto archive = office.folder.file("archive.db");
  office.books->close();
  office.books.reset();
  std::filesystem::copy_file(office.folder.file(), office.folder.file("as-before.db"));
  office.books = std::make_unique<Books>(office.configuration, office.folder.file(), office.last + 1h);
  const std::size_t moved = office.books->archive_readings(office.last, archive);
  office.books.reset();
  // The deletion never reached the disk.
  for (const char* tail : {"-wal", "-shm"}) std::filesystem::remove(office.folder.file().string() + tail);
  std::filesystem::copy_file(office.folder.file("as-before.db"), office.folder.file(),
                             std::filesystem::copy_options::overwrite_existing);
  office.books = std::make_unique<Books>(office.configuration, office.folder.file(), office.last + 1h);
  CHECK(office.everything() == before);
  CHECK(office.books->archive_readings(office.last, archive) == moved);
  CHECK(office.everything("archive.db") == before);
}

TEST_CASE("an archive of another estate, and a file that is none, are refused before anything is deleted") {
  TwoMonths office;
  const std::string before = office.everything();
  const auto refuses = [&](const std::string& name, const std::string& why) {
    CHECK_THROWS_WITH(office.books->archive_readings(office.last, office.folder.file(name)),
                      Catch::Contains(name) && Catch::Contains(why));
    CHECK(office.everything() == before);
  };
  refuses("books.db-shm", "not a database");
  { StoreDatabase(office.folder.file("foreign.db"), {}).execute("CREATE TABLE recipe(name TEXT)"); }
  refuses("foreign.db", "not an archive");
  CHECK_THROWS_WITH(ReadingArchive(office.folder.file("foreign.db")), Catch::Contains("not an archive"));
  office.books->archive_readings(opens + 48h, office.folder.file("archive.db"));
  { StoreDatabase(office.folder.file("archive.db"), {}).execute("UPDATE meta SET value = 'other'"); }
  CHECK_THROWS_WITH(office.books->archive_readings(office.last, office.folder.file("archive.db")),
                    Catch::Contains("another estate"));
}

TEST_CASE("an orderly end leaves no journal, and rejected readings are kept up to a bound and counted") {
  Office office(small_estate(one_yuan()));
  office.read(1, opens, 1'000);
  for (int i = 0; i < 1'500; ++i)
    office.books->accept_reading(1, opens, CentiKilowattHours(2'000), ReadingSource::curve, opens + 5min);
  office.books->accept_reading(2, opens, CentiKilowattHours(-1), ReadingSource::curve, opens + 5min);
  office.books->commit();
  CHECK(ask(office.folder.file(), "SELECT count(*) FROM rejected_reading WHERE meter = 1") == 1'000);
  CHECK(ask(office.folder.file(), "SELECT count(*) FROM rejected_reading WHERE meter = 2") == 1);
  CHECK(ask(office.folder.file(), "SELECT sum(readings) FROM rejected_excess") == 500);
  office.books->accept_reading(1, opens, CentiKilowattHours(2'000), ReadingSource::curve, opens + 30h);
  CHECK(ask(office.folder.file(), "SELECT count(*) FROM reading_journal") == 1);
  office.books->close();
  CHECK(ask(office.folder.file(), "SELECT count(*) FROM rejected_reading WHERE meter = 1") == 1'001);
  CHECK(ask(office.folder.file(), "SELECT count(*) FROM reading_journal") == 0);
  CHECK(stored_reading_count(office.folder.file()) == 1);
}
