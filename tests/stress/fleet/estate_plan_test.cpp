// Who exists in a stress run, and how registers grow.
#include <catch2/catch.hpp>

#include "stress/fleet/estate_plan.hpp"

using namespace stress;

TEST_CASE("an estate by hand: concentrators first, then managers, meters in a row") {
  EstatePlan estate;
  estate.meters = 1000;
  estate.meters_per_concentrator = 100;
  estate.manager_permille = 150;  // 150 meters: three managers of 59, 59, 32
  CHECK(estate.concentrators() == 9);
  CHECK(estate.managers() == 3);
  const auto first = estate.collector(0), last = estate.collector(8);
  CHECK(first.first_meter == 1);
  CHECK(last.first_meter == 801);
  CHECK(last.meters == 50);
  CHECK_FALSE(last.is_manager);
  const auto manager = estate.collector(11);
  CHECK(manager.is_manager);
  CHECK(manager.id == 12);
  CHECK(manager.number == 12);
  CHECK(manager.first_meter == 850 + 118 + 1);
  CHECK(manager.meters == 32);
  CHECK(estate.collector_of(850) == 8);
  CHECK(estate.collector_of(851) == 9);
  CHECK(estate.point_of(851) == 1);
  CHECK(EstatePlan::meter_name(42) == "M000042");
  CHECK(EstatePlan::account_number(1'234'567) == "A1234567");
  CHECK(EstatePlan::collector_name(manager) == "G00012");
  CHECK(EstatePlan::address_of(42) == core::MeterAddress(330'100'000'042));
}

TEST_CASE("every meter is behind exactly one collector") {
  for (const std::uint32_t meters : {1u, 59u, 60u, 100u, 1'777u})
    for (const std::uint32_t permille : {0u, 1u, 333u, 1000u}) {
      EstatePlan estate;
      estate.meters = meters;
      estate.meters_per_concentrator = 7;
      estate.manager_permille = permille;
      INFO(meters << " meters, " << permille << " permille behind managers");
      std::uint32_t next = 1;
      for (std::uint32_t i = 0; i < estate.collectors(); ++i) {
        const auto collector = estate.collector(i);
        REQUIRE(collector.first_meter == next);
        REQUIRE(collector.meters >= 1);
        for (std::uint32_t meter = next; meter < next + collector.meters; ++meter) {
          REQUIRE(estate.collector_of(meter) == i);
          REQUIRE(estate.point_of(meter) == meter - next + 1);
        }
        next += collector.meters;
      }
      CHECK(next == meters + 1);
    }
}

TEST_CASE("registers rise by 0 to twice their mean, and stay below eight digits for 45 years") {
  constexpr std::uint64_t seed = 99;
  for (std::uint32_t meter = 1; meter <= 500; ++meter) {
    const MeterLaw law = law_of(seed, meter);
    INFO("seed " << seed << ", meter " << meter);
    REQUIRE(law.mean >= 5);
    REQUIRE(law.mean <= 60);
    std::uint32_t before = register_at(seed, meter, 0);
    for (std::uint32_t quarter = 1; quarter < 300; ++quarter) {
      const std::uint32_t now = register_at(seed, meter, quarter);
      REQUIRE(now >= before);
      REQUIRE(now - before <= 2 * law.mean);
      before = now;
    }
    REQUIRE(register_at(seed, meter, 1'599'999) < 100'000'000);
    // The mean of 300 increments is the law's mean up to one jitter at each end.
    const std::uint32_t grown = register_at(seed, meter, 300) - register_at(seed, meter, 0);
    REQUIRE(grown >= 299 * law.mean);
    REQUIRE(grown <= 301 * law.mean);
  }
}

TEST_CASE("registers are the same for ever") {
  // Changing these changes what every stored reading of an earlier run is held against.
  CHECK(register_at(1, 1, 0) == register_at(1, law_of(1, 1), 1, 0));
  core::RandomStream unused(1, 1, core::Purpose::fleet_meter);
  const auto words = unused.block(0);
  CHECK(law_of(1, 1).base == (std::uint64_t{words[0]} * 1'000'000 >> 32));
  CHECK(law_of(1, 1).mean == 5 + (std::uint64_t{words[1]} * 56 >> 32));
}
