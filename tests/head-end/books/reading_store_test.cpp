// Journal and blocks together: any order of coming, any crash, any bound; the file says the same as memory.
#include <catch2/catch.hpp>
#include <map>
#include <tuple>

#include "core/random.hpp"
#include "head-end/store/reading_store.hpp"
#include "head-end/store/schema.hpp"
#include "tests/head-end/books/small_estate.hpp"

using namespace books_test;

namespace {
constexpr auto light = Configuration::Durability::commit_on_process_death;
constexpr Slot first_slot = 1'984'000;  // in 2026

struct Told {
  Slot slot = 0;
  MeterId meter = 0;
  std::uint32_t shown = 0;
  ReadingSource source = ReadingSource::curve;
};
using Model = std::map<std::pair<Slot, MeterId>, std::pair<std::uint32_t, ReadingSource>>;

/// A store of readings alone.
struct Shelf {
  explicit Shelf(MeterId meters, ReadingStore::Limits limits = {}) : meters_(meters), limits_(limits) {
    open();
  }
  void open() {
    database = std::make_unique<StoreDatabase>(folder.file(), light);
    migrate(*database, folder.file());
    readings = std::make_unique<ReadingStore>(*database, meters_, limits_);
  }
  /// As a crash does: what is not committed is gone.
  void kill_and_reopen() {
    readings.reset();
    database.reset();
    open();
  }
  void commit() {
    readings->flush();
    database->commit();
  }
  void settle() {
    readings->settle();
    database->commit();
  }

  Folder folder;
  std::unique_ptr<StoreDatabase> database;
  std::unique_ptr<ReadingStore> readings;

 private:
  MeterId meters_;
  ReadingStore::Limits limits_;
};

/// Readings of `meters` over `slots` quarter hours: mostly in order, some late, some never, some absurd.
std::vector<Told> random_stream(std::uint64_t seed, MeterId meters, Slot slots) {
  const core::RandomStream random(seed, 4, core::Purpose::test);
  std::uint64_t draw = 0;
  std::vector<Told> stream, late;
  std::vector<std::uint32_t> shown(meters + 1);
  for (Slot slot = first_slot + 5; slot < first_slot + 5 + slots; ++slot) {
    for (MeterId meter = 1; meter <= meters; ++meter) {
      shown[meter] += static_cast<std::uint32_t>(random.below(90, ++draw));
      if (random.below(400, ++draw) == 0) shown[meter] = static_cast<std::uint32_t>(random.word(++draw));
      const auto fate = random.below(20, ++draw);
      const Told told{slot, meter, shown[meter], ReadingSource::curve};
      if (fate == 0) continue;
      if (fate == 1) {
        late.push_back({slot, meter, shown[meter], static_cast<ReadingSource>(random.below(3, ++draw))});
      } else {
        stream.push_back(told);
      }
    }
    if (random.below(25, ++draw) == 0) {
      stream.insert(stream.end(), late.rbegin(), late.rend());
      late.clear();
    }
  }
  stream.insert(stream.end(), late.begin(), late.end());
  return stream;
}

std::string text_of(const Model& model) {
  std::string all;
  for (const auto& [place, value] : model)
    all += std::to_string(place.first) + "|" + std::to_string(place.second) + "|" +
           std::to_string(value.first) + "|" + std::to_string(static_cast<int>(value.second)) + "\n";
  return all;
}

/// Every question about every reading, asked of the store in memory.
void require_same(ReadingStore& readings, const Model& model, MeterId meters, Slot slots) {
  Model by_meter, by_instant, in_order;
  std::size_t wrong = 0;
  for (MeterId meter = 1; meter <= meters; ++meter) {
    for (const auto& reading : readings.of_meter(meter, Instant::min(), Instant::max()))
      by_meter[{slot_before(reading.due), meter}] = {static_cast<std::uint32_t>(reading.shown.count()),
                                                     reading.source};
  }
  for (Slot slot = first_slot - 40; slot < first_slot + slots + 80; ++slot) {
    for (const auto& reading : readings.at(instant_of(slot)))
      by_instant[{slot, reading.meter}] = {static_cast<std::uint32_t>(reading.shown.count()), reading.source};
  }
  std::pair<Slot, MeterId> last{0, 0};
  readings.each_from(first_slot, [&](Slot slot, MeterId meter, std::uint32_t shown) {
    wrong += std::pair(slot, meter) <= last;
    last = {slot, meter};
    const auto found = model.find(last);
    wrong += found == model.end() || found->second.first != shown;
    in_order[last] = {shown, ReadingSource::curve};
  });
  for (const auto& [place, value] : model) wrong += readings.find(place.first, place.second) != value.first;
  CHECK(wrong == 0);
  CHECK(in_order.size() == model.size());
  CHECK(by_meter == model);
  CHECK(by_instant == model);
  CHECK_FALSE(readings.find(first_slot - 1, 1));
}
}  // namespace

TEST_CASE("whatever order readings come in and wherever it dies, memory and file have what was committed") {
  const std::uint64_t seed = GENERATE(range(1, 9));
  INFO("seed " << seed);
  const core::RandomStream random(seed, 5, core::Purpose::test);
  std::uint64_t draw = 0;
  const auto meters = static_cast<MeterId>(random.between(1, 600, ++draw));
  const auto slots = static_cast<Slot>(20'000 / meters + 10);
  // Bounds so small that every one of them is met.
  Shelf shelf(meters, {.journal_readings_max = 2'000, .journal_rows_max = 20, .open_blocks_max = 3});
  Model committed, fresh;
  const auto stream = random_stream(seed, meters, std::min<Slot>(slots, 900));
  for (std::size_t i = 0; i < stream.size(); ++i) {
    const auto& told = stream[i];
    shelf.readings->add(told.slot, told.meter, told.shown, told.source);
    fresh[{told.slot, told.meter}] = {told.shown, told.source};
    const auto fate = random.below(400, ++draw);
    if (fate < 8) {
      shelf.commit();
      committed.merge(fresh);
      fresh.clear();
      if (fate == 0) shelf.settle();
    } else if (fate == 8) {
      shelf.kill_and_reopen();
      fresh.clear();
    }
  }
  shelf.commit();
  committed.merge(fresh);
  CHECK(stored_readings(shelf.folder.file()) == text_of(committed));
  require_same(*shelf.readings, committed, meters, slots);
  shelf.kill_and_reopen();
  require_same(*shelf.readings, committed, meters, slots);
  shelf.settle();
  CHECK(shelf.readings->journal_rows() == 0);
  CHECK(ask(shelf.folder.file(), "SELECT count(*) FROM reading_journal") == 0);
  CHECK(stored_readings(shelf.folder.file()) == text_of(committed));
  require_same(*shelf.readings, committed, meters, slots);
}

TEST_CASE("the journal stays within its bounds though meters are silent, and so does memory") {
  constexpr MeterId meters = 700;
  Shelf shelf(meters, {.journal_readings_max = 30'000, .journal_rows_max = 100'000});
  std::uint64_t readings_max = 0;
  std::size_t open_max = 0;
  for (Slot slot = first_slot; slot < first_slot + 400; ++slot) {
    for (MeterId meter = 1; meter <= meters; ++meter) {
      if (meter % 100 != 7) shelf.readings->add(slot, meter, meter + static_cast<std::uint32_t>(slot), {});
      if (meter % 50 == 0) shelf.commit();
    }
    readings_max = std::max(readings_max, shelf.readings->journal_readings());
    open_max = std::max(open_max, shelf.readings->open_blocks());
  }
  CHECK(readings_max <= 30'000 + 40'000);  // the bound, and what may be read of rows on their way out
  CHECK(open_max <= 9);                    // three groups: the window now and the one or two before
  CHECK(ask(shelf.folder.file(), "SELECT count(*) FROM reading_block") > 20);
}

TEST_CASE("a small estate's journal is bounded by its rows") {
  Shelf shelf(3);
  for (Slot slot = first_slot; slot < first_slot + 6'000; ++slot) {
    shelf.readings->add(slot, 2, 5, ReadingSource::curve);
    shelf.commit();
  }
  CHECK(shelf.readings->journal_rows() <= 4'096 + 64);
  CHECK(shelf.readings->open_blocks() <= 4'096 / 32 + 3);
  CHECK(stored_reading_count(shelf.folder.file()) == 6'000);
}

TEST_CASE("full blocks are written and leave the journal without being asked to") {
  constexpr MeterId meters = 256;
  Shelf shelf(meters);
  for (Slot slot = first_slot; slot < first_slot + 64; ++slot) {
    for (MeterId meter = 1; meter <= meters; ++meter)
      shelf.readings->add(slot, meter, meter, ReadingSource::curve);
    shelf.commit();
  }
  CHECK(ask(shelf.folder.file(), "SELECT count(*) FROM reading_block") == 2);
  CHECK(shelf.readings->open_blocks() == 0);
  for (int i = 0; i < 8; ++i) shelf.commit();
  CHECK(shelf.readings->journal_readings() <= 4 * 256 + 32'768);
}

TEST_CASE("a file with a broken block, a broken row or a stranger's row is refused in one line") {
  const auto refuses = [](const std::string& damage, const std::string& why) {
    Shelf shelf(3);
    shelf.readings->add(first_slot, 2, 5, ReadingSource::curve);
    shelf.settle();
    shelf.readings->add(first_slot + 1, 2, 6, ReadingSource::curve);
    shelf.commit();
    shelf.database->execute(damage.c_str());
    try {
      shelf.kill_and_reopen();
      shelf.readings->at(instant_of(first_slot));
      FAIL("opened");
    } catch (const StoreFailure& failure) {
      const std::string line = failure.what();
      CHECK_THAT(line, Catch::Contains("books.db") && Catch::Contains(why));
      CHECK(line.find('\n') == std::string::npos);
    }
  };
  refuses("DELETE FROM reading_journal; UPDATE reading_block SET packed = x'0102'", "broken");
  refuses("DELETE FROM reading_journal; UPDATE reading_block SET packed = packed || x'00'", "broken");
  refuses("UPDATE reading_journal SET packed = x'01'", "row 1 of the journal");
  // Slot 1, meter 9, one reading.
  refuses(
      "UPDATE reading_journal SET packed = x'0101021210"
      "05000000'",
      "meter 9");
}

TEST_CASE("a store of rows is packed when it is opened, and says the same") {
  Folder folder;
  const auto stream = random_stream(3, 300, 90);
  Model model;
  {
    StoreDatabase database(folder.file(), light);
    for (const std::int64_t version : {1, 2}) database.execute(schema_step(version));
    database.execute(("PRAGMA application_id=" + std::to_string(store_application_id)).c_str());
    database.execute("PRAGMA user_version=2");
    database.begin();
    Statement add(database, "INSERT INTO reading VALUES(?,?,?)");
    for (const auto& told : stream) {
      add.bind(reading_key(told.slot, told.meter), told.shown, static_cast<int>(told.source)).run();
      model[{told.slot, told.meter}] = {told.shown, told.source};
    }
    database.commit();
  }
  StoreDatabase database(folder.file(), light);
  migrate(database, folder.file());
  CHECK(stored_readings(folder.file()) == text_of(model));
  ReadingStore readings(database, 300);
  require_same(readings, model, 300, 90);
  CHECK(ask(folder.file(), "SELECT count(*) FROM sqlite_schema WHERE name = 'reading'") == 0);
}

TEST_CASE("a row that was never a reading stops the packing and leaves the old store as it was") {
  Folder folder;
  {
    StoreDatabase database(folder.file(), light);
    for (const std::int64_t version : {1, 2}) database.execute(schema_step(version));
    database.execute(("PRAGMA application_id=" + std::to_string(store_application_id)).c_str());
    database.execute("PRAGMA user_version=2");
    database.execute("INSERT INTO reading VALUES(33285996544001, -1, 0)");
  }
  StoreDatabase database(folder.file(), light);
  CHECK_THROWS_WITH(migrate(database, folder.file()), Catch::Contains("old readings is broken"));
}
