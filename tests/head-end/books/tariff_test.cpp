// Rating against published figures and hand arithmetic, and the properties that tie its pieces together.
#include <catch2/catch.hpp>

#include "core/random.hpp"
#include "head-end/tariff/charge.hpp"
#include "head-end/tariff/ladder.hpp"
#include "head-end/tariff/time_of_use.hpp"
#include "tests/head-end/books/small_estate.hpp"

using namespace books_test;

namespace {
/// Prices a year's consumption by the rules under test: `shares[p]` of each hundredth goes to period p, tier
/// by tier.
core::MicroYuan price_tiers(const Tariff& tariff, CentiKilowattHours energy,
                            const std::vector<std::int64_t>& percent) {
  core::MicroYuan sum{0};
  CentiKilowattHours used{0};
  while (used < energy) {
    const TierPart part = next_tier_part(tariff.bounds, used, energy - used);
    for (std::size_t period = 0; period < percent.size(); ++period) {
      sum += part_cost(part.energy * percent[period] / 100, tariff.periods[period].prices[part.tier]);
    }
    used += part.energy;
  }
  return sum;
}
}  // namespace

TEST_CASE("Zhejiang's published residential bills come out to the fen") {
  // 2760 x 0.538; + 1 x 0.588 = 1485.468; 2760 x 0.538 + 2040 x 0.588 + 200 x 0.838; the last with 60 % peak
  // in each tier.
  CHECK(bill_amount(price_tiers(zhejiang_flat(), CentiKilowattHours(276'000), {100})) == Fen(148'488));
  CHECK(bill_amount(price_tiers(zhejiang_flat(), CentiKilowattHours(276'100), {100})) == Fen(148'547));
  CHECK(bill_amount(price_tiers(zhejiang_flat(), CentiKilowattHours(500'000), {100})) == Fen(285'200));
  CHECK(bill_amount(price_tiers(zhejiang_time_of_use(), CentiKilowattHours(500'000), {60, 40})) ==
        Fen(244'200));
}

TEST_CASE("a tier holds consumption up to and including its bound") {
  const std::vector<CentiKilowattHours> bounds{CentiKilowattHours(100), CentiKilowattHours(200)};
  const auto part = [&bounds](int used, int energy) {
    const TierPart p = next_tier_part(bounds, CentiKilowattHours(used), CentiKilowattHours(energy));
    return std::pair(p.tier, p.energy.count());
  };
  CHECK(part(0, 100) == std::pair<std::size_t, std::int64_t>(0, 100));
  CHECK(part(99, 2) == std::pair<std::size_t, std::int64_t>(0, 1));
  CHECK(part(100, 1) == std::pair<std::size_t, std::int64_t>(1, 1));
  CHECK(part(150, 500) == std::pair<std::size_t, std::int64_t>(1, 50));
  CHECK(part(200, 500) == std::pair<std::size_t, std::int64_t>(2, 500));
}

TEST_CASE("tiers begin again on the first of the month or of the year, as the tariff says") {
  CHECK_FALSE(resets_tiers(Tariff::Reset::never, true, true));
  CHECK(resets_tiers(Tariff::Reset::monthly, true, false));
  CHECK_FALSE(resets_tiers(Tariff::Reset::monthly, false, false));
  CHECK(resets_tiers(Tariff::Reset::yearly, true, true));
  CHECK_FALSE(resets_tiers(Tariff::Reset::yearly, true, false));
}

TEST_CASE("a quarter hour belongs to the period that holds its start") {
  const auto periods = periods_by_quarter(zhejiang_time_of_use());
  CHECK(periods[0] == 1);
  CHECK(periods[31] == 1);  // 07:45-08:00
  CHECK(periods[32] == 0);  // 08:00-08:15
  CHECK(periods[87] == 0);  // 21:45-22:00
  CHECK(periods[88] == 1);  // 22:00-22:15
  CHECK(periods[95] == 1);
}

TEST_CASE("a tariff with a hole, an overlap or a crooked slot is refused by name") {
  const auto refuses = [](std::vector<DaySlot> slots, const std::string& why) {
    Tariff tariff = one_yuan();
    tariff.periods[0].slots = std::move(slots);
    CHECK_THROWS_WITH(periods_by_quarter(tariff), Catch::Contains("one yuan") && Catch::Contains(why));
  };
  refuses({{0, 43'200}}, "hole");
  refuses({{0, 86'400}, {3'600, 7'200}}, "overlap");
  refuses({{0, 1'000}, {1'000, 86'400}}, "quarter");
  refuses({{0, 87'300}}, "quarter");
}

TEST_CASE("half a fen is rounded up, once") {
  CHECK(bill_amount(core::MicroYuan(4'999)) == Fen(0));
  CHECK(bill_amount(core::MicroYuan(5'000)) == Fen(1));
  CHECK(bill_amount(core::MicroYuan(14'999)) == Fen(1));
  CHECK(bill_amount(core::MicroYuan(15'000)) == Fen(2));
}

TEST_CASE("charges posted at any moments of a month add up to its bill") {
  const std::uint64_t seed = GENERATE(range(1, 51));
  INFO("seed " << seed);
  const core::RandomStream random(seed, 0, core::Purpose::test);
  core::MicroYuan running{0};
  Fen posted{0};
  for (std::uint64_t i = 0; i < 200; ++i) {
    running += core::MicroYuan(random.between(0, 30'000, 2 * i));
    if (random.below(3, 2 * i + 1) == 0) posted += charge_due(running, posted);
  }
  posted += charge_due(running, posted);
  CHECK(posted == bill_amount(running));
}

TEST_CASE("the sum that reaches a limit is exactly the least whose rounded balance is at or below it") {
  const std::uint64_t seed = GENERATE(range(1, 101));
  INFO("seed " << seed);
  const core::RandomStream random(seed, 1, core::Purpose::test);
  const Fen paid(random.between(0, 10'000, 0));
  const Fen limit(random.between(-paid.count(), paid.count() - 1, 1));  // so that the sum is positive
  const core::MicroYuan sum = sum_that_reaches(paid, limit);
  CHECK(paid - bill_amount(sum) <= limit);
  CHECK(paid - bill_amount(sum - core::MicroYuan(1)) > limit);
}

TEST_CASE("a gap is divided evenly, the odd hundredths to the earliest") {
  std::vector<std::int64_t> shares;
  for (int i = 0; i < 4; ++i) shares.push_back(even_share(CentiKilowattHours(10), 4, i).count());
  CHECK(shares == std::vector<std::int64_t>{3, 3, 2, 2});
}
