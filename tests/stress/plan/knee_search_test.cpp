// The search for the knee against head-ends whose knee is known.
#include <catch2/catch.hpp>

#include "stress/plan/knee_search.hpp"

using stress::KneeSearch;

TEST_CASE("the knee is found to the asked width, and a rate that failed is never exceeded") {
  for (const std::uint64_t knee : {100'000u, 123'456u, 1'000'000u, 7'654'321u}) {
    INFO(knee);
    KneeSearch search({.from = 100'000});
    std::uint64_t failed = UINT64_MAX;
    int stages = 0;
    while (const auto rate = search.next()) {
      CHECK(*rate < failed);
      const bool held = *rate <= knee;
      if (!held) failed = *rate;
      search.tell(*rate, held);
      REQUIRE(++stages <= 24);
    }
    CHECK(search.held() <= knee);
    CHECK(search.held() * 106 / 100 >= knee);
    CHECK(*search.failed() > knee);
  }
}

TEST_CASE("a head-end that holds nothing, or everything, ends the search too") {
  KneeSearch nothing({.from = 1'000});
  while (const auto rate = nothing.next()) nothing.tell(*rate, false);
  CHECK(nothing.held() == 0);
  KneeSearch everything({.from = 1'000, .rate_max = 50'000});
  while (const auto rate = everything.next()) everything.tell(*rate, true);
  CHECK(everything.held() == 50'000);
  CHECK_FALSE(everything.failed());
}
