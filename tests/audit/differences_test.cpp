// Bills beside physical truth: counts that go through the tariff by themselves, and the town's bills.
#include <catch2/catch.hpp>

#include "audit/blame/differences.hpp"
#include "core/random.hpp"
#include "core/units.hpp"
#include "tests/audit/town.hpp"

namespace {
constexpr auto unit_uJ = core::microjoules_per_centikWh;

/// Two tiers, bound at 1.00 kWh; a cheap and a dear price.
scenario::Tariff two_tiers() {
  scenario::Tariff tariff;
  tariff.name = "two";
  scenario::TariffPeriod flat;
  flat.name = "flat";
  flat.slots = {{0, 86'400}};
  flat.prices = {core::Price(5'000), core::Price(10'000)};
  tariff.periods = {flat};
  tariff.resets = scenario::TierReset::monthly;
  tariff.bounds = {core::CentiKilowattHours(100)};
  return tariff;
}
}  // namespace

TEST_CASE("energy beyond a bound costs the higher price, also a part of a hundredth of a kWh") {
  const auto tariff = two_tiers();
  const audit::TariffOracle oracle(tariff, core::Zone(std::chrono::hours(8)));
  audit::RatedSeries series(oracle);
  series.add({0, 0, true}, 60 * unit_uJ);
  series.add({1, 0, false}, 60 * unit_uJ + unit_uJ / 2);
  const auto month = series.close_month();
  CHECK(month.energy_uJ == 120 * unit_uJ + unit_uJ / 2);
  CHECK(month.cells_uJ == std::vector<std::int64_t>{100 * unit_uJ, 20 * unit_uJ + unit_uJ / 2});
  CHECK(month.amount_fen == 71);  // 1 kWh x 0.5 + 0.205 kWh x 1 = 0.705 CNY, half up
}

TEST_CASE("the ladder goes on over a month's end, and a reset brings it down") {
  const auto tariff = two_tiers();
  const audit::TariffOracle oracle(tariff, core::Zone(std::chrono::hours(8)));
  audit::RatedSeries series(oracle);
  series.add({0, 0, false}, 90 * unit_uJ);
  CHECK(series.close_month().amount_fen == 45);
  series.add({1, 0, false}, 20 * unit_uJ);  // no reset: 0.10 kWh in each tier
  CHECK(series.close_month().amount_fen == 15);
  series.add({2, 0, true}, 20 * unit_uJ);
  CHECK(series.close_month().amount_fen == 10);
}

TEST_CASE("whole hundredths of a kWh cost what the oracle says, whatever the intervals") {
  const auto tariff = two_tiers();
  const audit::TariffOracle oracle(tariff, core::Zone(std::chrono::hours(8)));
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    const core::RandomStream random(seed, 0, core::Purpose::test);
    audit::RatedSeries series(oracle);
    std::vector<std::int64_t> energies(oracle.cells());
    std::int64_t consumed = 0;
    for (std::uint64_t i = 0; i < 40; ++i) {
      const auto energy = random.between(0, 12, i);
      for (std::size_t tier = 0; tier < oracle.tiers(); ++tier)
        energies[oracle.cell(0, tier)] += oracle.share(tier, consumed, energy);
      consumed += energy;
      series.add({static_cast<std::int64_t>(i), 0, false}, energy * unit_uJ);
    }
    REQUIRE(series.close_month().amount_fen == oracle.amount_fen(energies));
  }
}

TEST_CASE("the bills of a town without faults have no difference, and one fen too much is one") {
  town::Town town;
  auto check = town::check_of(town.audited(), "BLAME.bills");
  CHECK(check.verdict == audit::Verdict::pass);
  CHECK(check.samples == 4);
  town.books("UPDATE bill SET amount_fen = amount_fen + 1 WHERE account = 1");
  check = town::check_of(town.audited(), "BLAME.bills");
  CHECK(check.verdict == audit::Verdict::fail);
  CHECK(town::names(check, "A0001", "its readings make"));
}

TEST_CASE("a bill that was never issued is a difference with a sentence") {
  town::Town town;
  town.books("DELETE FROM bill WHERE account = 1; DELETE FROM bill_line WHERE account = 1");
  CHECK(town::names(town::check_of(town.audited(), "BLAME.bills"), "A0001", "none was issued"));
}
