// What was confirmed, compared with a store made by hand from the text of head-end/store/schema.md.
#include <unistd.h>

#include <catch2/catch.hpp>

#include "audit/evidence/acknowledged.hpp"
#include "audit/evidence/packed_readings.hpp"

using audit::Expectation;
using audit::ExpectedReading;

namespace {
constexpr std::int64_t window_slot = 1'984'000;  // begins window 62000

/// A store with the two examples of the description: a block and a journal.
class Store {
 public:
  Store() : folder_(std::filesystem::temp_directory_path() / ("acknowledged-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    sqlite::Database database(file(), sqlite::Database::Use::write_new);
    database.execute(
        "CREATE TABLE reading_journal(id INTEGER PRIMARY KEY, packed BLOB);"
        "CREATE TABLE reading_block(key INTEGER PRIMARY KEY, packed BLOB);"
        "INSERT INTO reading_journal VALUES(5, x'01028098F2010E20030B29E8030000D0070000320000003C000000');"
        "INSERT INTO reading_block VALUES(62000 << 16, "
        "x'0102020001000000"
        "0302E803000070110100"
        "0F0000000D00000023203D0E0000000000000000')");
  }
  ~Store() { std::filesystem::remove_all(folder_); }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  std::filesystem::path file() const { return folder_ / "books.db"; }
  void change(const char* sql) const { sqlite::Database(file(), sqlite::Database::Use::keep).execute(sql); }

 private:
  std::filesystem::path folder_;
};

struct Place {
  std::int64_t slot;
  std::int64_t meter;
  std::uint32_t shown;
  int source;
};
/// By hand, in order.
constexpr Place all_of_it[] = {
    {window_slot - 2, 3, 50, 1},    {window_slot - 1, 3, 60, 1},    {window_slot, 1, 1'000, 0},
    {window_slot, 2, 70'000, 0},    {window_slot, 7, 1'000, 0},     {window_slot, 8, 2'000, 0},
    {window_slot + 1, 1, 1'005, 0}, {window_slot + 2, 1, 1'012, 0}, {window_slot + 2, 2, 70'003, 0},
    {window_slot + 3, 1, 1'012, 0}, {window_slot + 3, 2, 70'004, 1}};

audit::AcknowledgedPlan plan_for(Expectation expectation) {
  audit::AcknowledgedPlan plan;
  plan.meters = 8;
  plan.first_slot = window_slot - 2;
  plan.last_slot = window_slot + 3;
  plan.expected = [expectation](std::uint32_t meter, std::int64_t slot) {
    for (const auto& place : all_of_it)
      if (place.slot == slot && place.meter == std::int64_t{meter})
        return ExpectedReading{expectation, place.shown};
    return ExpectedReading{};
  };
  return plan;
}
}  // namespace

TEST_CASE("journal and blocks are one stream by instant and meter") {
  const Store store;
  sqlite::Database database(store.file(), sqlite::Database::Use::read);
  audit::PackedReadings readings(database);
  for (const auto& place : all_of_it) {
    const auto* reading = readings.next();
    REQUIRE(reading != nullptr);
    CHECK(reading->slot == place.slot);
    CHECK(reading->meter == place.meter);
    CHECK(reading->register_centikWh == place.shown);
    CHECK(reading->source == place.source);
    const auto found = audit::find_packed(database, place.slot, place.meter);
    REQUIRE(found.has_value());
    CHECK(found->register_centikWh == place.shown);
    CHECK(found->source == place.source);
  }
  CHECK(readings.next() == nullptr);
  CHECK(readings.doubled() == 0);
  CHECK_FALSE(audit::find_packed(database, window_slot + 1, 2).has_value());
  CHECK_FALSE(audit::find_packed(database, window_slot + 1, 300).has_value());
}

TEST_CASE("what was confirmed and is stored is right, and what was only sent may be there") {
  const Store store;
  const auto confirmed = count_acknowledged(store.file(), plan_for(Expectation::must_be_stored));
  CHECK(confirmed.is_clean());
  CHECK(confirmed.acknowledged == 11);
  CHECK(confirmed.stored_right == 11);
  const auto sent = count_acknowledged(store.file(), plan_for(Expectation::may_be_stored));
  CHECK(sent.is_clean());
  CHECK(sent.acknowledged == 0);
  CHECK(sent.stored_unconfirmed == 11);
}

TEST_CASE("each way to betray a confirmation is counted and told") {
  const Store store;
  SECTION("lost") {
    store.change("DELETE FROM reading_journal");
    const auto count = count_acknowledged(store.file(), plan_for(Expectation::must_be_stored));
    CHECK(count.lost == 4);
    CHECK(count.stored_right == 7);
    REQUIRE(count.first_cases.size() == 4);
    CHECK(count.first_cases[0] == "meter 3, slot 1983998 was confirmed with 50 and is not stored");
  }
  SECTION("wrong") {
    auto plan = plan_for(Expectation::must_be_stored);
    const auto right = plan.expected;
    plan.expected = [right](std::uint32_t meter, std::int64_t slot) {
      auto expected = right(meter, slot);
      expected.register_centikWh += meter == 8 ? 1 : 0;
      return expected;
    };
    const auto count = count_acknowledged(store.file(), plan);
    CHECK(count.wrong == 1);
    CHECK(count.lost == 0);
  }
  SECTION("doubled") {
    store.change("INSERT INTO reading_journal SELECT 6, packed FROM reading_journal");
    const auto count = count_acknowledged(store.file(), plan_for(Expectation::must_be_stored));
    CHECK(count.doubled == 4);
    CHECK(count.stored_right == 11);
    CHECK_FALSE(count.is_clean());
  }
  SECTION("never sent: meters and instants inside and outside of the plan") {
    auto plan = plan_for(Expectation::must_be_stored);
    plan.meters = 7;
    plan.first_slot = window_slot;
    plan.last_slot = window_slot + 2;
    const auto count = count_acknowledged(store.file(), plan);
    CHECK(count.unasked == 5);
    CHECK(count.stored_right == 6);
  }
  SECTION("journal and block that disagree") {
    // Meter 1 in the first slot of the window, 1001 instead of 1000.
    store.change("INSERT INTO reading_journal VALUES(6, x'01018098F2010210E9030000')");
    const auto count = count_acknowledged(store.file(), plan_for(Expectation::must_be_stored));
    CHECK(count.wrong == 2);  // the difference itself, and the journal's register
  }
}

TEST_CASE("bytes that are not as described are refused in one line") {
  for (const char* damage :
       {"UPDATE reading_journal SET packed = x'01'", "UPDATE reading_journal SET packed = packed || x'00'",
        "UPDATE reading_journal SET packed = x'02' || packed", "UPDATE reading_block SET packed = x'01'",
        "UPDATE reading_block SET packed = packed || x'00'",
        "UPDATE reading_block SET packed = x'FF' || packed"}) {
    INFO(damage);
    const Store store;
    store.change(damage);
    CHECK_THROWS_WITH(count_acknowledged(store.file(), plan_for(Expectation::must_be_stored)),
                      Catch::Contains("not as schema.md says"));
  }
}
