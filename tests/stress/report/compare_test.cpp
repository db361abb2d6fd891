/// Two runs side by side: a real difference is told, noise is not.
#include "stress/verdict/compare.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/stress/report/flood_record.hpp"

namespace {
using namespace stress;
using stress_test::flood_record;

std::size_t count_of(const std::vector<Comparison>& rows, Comparison::Word word) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [&](const Comparison& row) { return row.word == word; }));
}
}  // namespace

TEST_CASE("runs that differ in noise only are the same") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    INFO("seeds " << seed << " and " << seed + 1);
    const auto rows = compare(flood_record(seed), flood_record(seed + 1));
    CHECK(rows.size() == 80);
    CHECK(count_of(rows, Comparison::Word::same) == rows.size());
  }
}

TEST_CASE("a stage that became slower is worse, seen the other way round better") {
  auto slow = flood_record(1);
  for (auto& second : slow.stages[5].seconds) second.p99_ns *= 2;
  const auto rows = compare(slow, flood_record(2));
  REQUIRE(count_of(rows, Comparison::Word::worse) == 1);
  const auto worse = std::find_if(rows.begin(), rows.end(),
                                  [](const Comparison& row) { return row.word == Comparison::Word::worse; });
  CHECK(worse->stage == slow.stages[5].name);
  CHECK(worse->figure == "confirmation p99");
  CHECK(worse->ratio_low > 1.5);
  CHECK(count_of(compare(flood_record(2), slow), Comparison::Word::better) == 1);
}

TEST_CASE("lower throughput is worse, and a stage of two seconds says nothing") {
  auto now = flood_record(1);
  for (auto& second : now.stages[3].seconds) second.acknowledged /= 2;
  now.stages[4].seconds.resize(2);
  const auto rows = compare(now, flood_record(2));
  CHECK(count_of(rows, Comparison::Word::worse) == 1);
  CHECK(count_of(rows, Comparison::Word::unknown) == 3);
}

TEST_CASE("only stages that both runs have are compared, and what differs in kind is said") {
  auto now = flood_record(1);
  now.stages.resize(3);
  now.stages[2].name = "another";
  CHECK(compare(now, flood_record(2)).size() == 10);
  CHECK(compare(now, {}).empty());
  now.machine = "4 cores";
  now.is_durable = false;
  now.durability = "none";
  const auto lines = differences_in_kind(now, flood_record(2));
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "machine: now 4 cores, before 2 cores, Linux");
  CHECK(comparison_table(now, {}).find("nothing to compare") != std::string::npos);
}
