#include "models/collector/reading_store.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "core/random.hpp"

TEST_CASE("only points that are wanted miss readings, from the quarter hour they were wanted in") {
  model::ReadingStore store(1);
  store.set_point_count(2);
  store.open_quarter(1000);
  store.want(1, 1000);
  store.open_quarter(1002);
  CHECK(store.missing_count(1) == 3);
  CHECK(store.missing_count(2) == 0);
  const auto run = store.oldest_missing(1, 1003, 6);
  REQUIRE(run);
  CHECK(run->quarter == 1000);
  CHECK(run->count == 3);
  store.put(1, 1001, 77);
  CHECK(store.oldest_missing(1, 1003, 6)->count == 1);
  CHECK(*store.reading(1, 1001) == 77);
  store.give_up(1, 1000);
  CHECK(store.oldest_missing(1, 1003, 6)->quarter == 1002);
  CHECK_FALSE(store.oldest_missing(1, 1002, 6));
  CHECK_FALSE(store.reading(1, 1000));
  CHECK_FALSE(store.reading(2, 1001));
  CHECK_FALSE(store.reading(3, 1001));
  store.put(2, 1001, 5);  // nobody wanted it
  CHECK_FALSE(store.reading(2, 1001));
}

TEST_CASE("room for more points keeps what is stored") {
  model::ReadingStore store(2);
  store.set_point_count(1);
  store.open_quarter(5);
  store.open_day(0);
  store.want(1, 5);
  store.put(1, 5, 42);
  store.open_day(1);
  store.put_freeze(1, 1, {10, 1, 2, 3, 4});
  store.set_point_count(100);
  CHECK(*store.reading(1, 5) == 42);
  CHECK(*store.freeze(1, 1) == model::FrozenRegisters{10, 1, 2, 3, 4});
  CHECK_FALSE(store.reading(100, 5));
}

TEST_CASE("the rings agree with a map that forgets what is too old") {
  const core::RandomStream random(5, 0, core::Purpose::test);
  model::ReadingStore store(1);
  store.set_point_count(3);
  store.open_quarter(0);
  for (std::size_t point = 1; point <= 3; ++point) store.want(point, 0);
  std::map<std::pair<std::size_t, std::int64_t>, std::uint32_t> mirror;
  std::int64_t last = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    INFO("seed 5, step " << i);
    if (random.below(4, 3 * i) == 0) store.open_quarter(last += random.between(1, 3, 3 * i + 1));
    const auto point = static_cast<std::size_t>(random.between(1, 3, 3 * i + 2));
    const auto quarter = last - random.between(0, 120, 3 * i + 1);
    store.put(point, quarter, static_cast<std::uint32_t>(i));
    if (quarter > last - 96 && quarter >= 0) mirror[{point, quarter}] = static_cast<std::uint32_t>(i);
    int missing = 0;
    for (auto q = std::max<std::int64_t>(0, last - 95); q <= last; ++q) {
      const auto known = mirror.find({point, q});
      const auto stored = store.reading(point, q);
      REQUIRE(stored.has_value() == (known != mirror.end()));
      if (stored)
        REQUIRE(*stored == known->second);
      else
        ++missing;
    }
    REQUIRE(store.missing_count(point) == missing);
  }
}

TEST_CASE("freezes are wanted day by day, the latest first") {
  model::ReadingStore store(3);
  store.set_point_count(1);
  store.open_quarter(0);
  store.open_day(0);
  store.want(1, 0);
  CHECK_FALSE(store.missing_freeze(1));  // the day it was installed in has no freeze to fetch
  store.open_day(2);
  CHECK(*store.missing_freeze(1) == 2);
  store.put_freeze(1, 2, {1, 2, 3, 4, 5});
  CHECK(*store.missing_freeze(1) == 1);
  store.give_up_freeze(1, 1);
  CHECK_FALSE(store.missing_freeze(1));
  CHECK_FALSE(store.freeze(1, 1));
  store.open_day(5);
  CHECK_FALSE(store.freeze(1, 2));
  CHECK(*store.missing_freeze(1) == 5);
}
