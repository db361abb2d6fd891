// The tariff oracle against published figures, hand arithmetic and counting unit by unit.
#include <catch2/catch.hpp>

#include "audit/oracle/rounding.hpp"
#include "audit/oracle/tariff_oracle.hpp"
#include "core/random.hpp"

namespace {
using audit::TariffOracle;
using core::Price;
using namespace std::chrono_literals;

const core::Zone china(8h);

/// Zhejiang residential, 2024: annual tiers at 2760 and 4800 kWh.
scenario::Tariff zhejiang(std::vector<scenario::TariffPeriod> periods) {
  scenario::Tariff tariff;
  tariff.name = "zhejiang";
  tariff.resets = scenario::TierReset::yearly;
  tariff.bounds = {core::CentiKilowattHours(276'000), core::CentiKilowattHours(480'000)};
  tariff.periods = std::move(periods);
  return tariff;
}
scenario::Tariff flat() {
  return zhejiang({{"flat", {{0, 86'400}}, {Price(5380), Price(5880), Price(8380)}}});
}
scenario::Tariff peak_and_valley() {
  return zhejiang(
      {{"peak", {{8 * 3600, 22 * 3600}}, {Price(5680), Price(6180), Price(8680)}},
       {"valley", {{0, 8 * 3600}, {22 * 3600, 86'400}}, {Price(2880), Price(3380), Price(5880)}}});
}

std::int64_t year_of(const TariffOracle& oracle, std::int64_t kWh) {
  std::vector<std::int64_t> energies(oracle.cells());
  for (std::size_t tier = 0; tier < oracle.tiers(); ++tier)
    energies[oracle.cell(0, tier)] = oracle.share(tier, 0, kWh * 100);
  return oracle.amount_fen(energies);
}
core::Instant at(const char* text) { return *core::parse_iso8601(text, china); }
}  // namespace

TEST_CASE(
    "a year of 2760, 2761 and 5000 kWh at the flat Zhejiang prices costs 1484.88, 1485.47 and 2852.00 yuan") {
  const auto tariff = flat();
  const TariffOracle oracle(tariff, china);
  CHECK(year_of(oracle, 2760) == 148'488);
  CHECK(year_of(oracle, 2761) == 148'547);  // 1485.468, half up
  CHECK(year_of(oracle, 5000) == 285'200);
}

TEST_CASE("a year of 5000 kWh, 60 % peak and 40 % valley in every tier, costs 2442.00 yuan") {
  const auto tariff = peak_and_valley();
  const TariffOracle oracle(tariff, china);
  std::vector<std::int64_t> energies(oracle.cells());
  const std::int64_t tiers_kWh[] = {2760, 2040, 200};
  for (std::size_t tier = 0; tier < 3; ++tier) {
    energies[oracle.cell(0, tier)] = tiers_kWh[tier] * 60;
    energies[oracle.cell(1, tier)] = tiers_kWh[tier] * 40;
  }
  CHECK(oracle.amount_fen(energies) == 244'200);
}

TEST_CASE("a tier holds consumption up to and including its bound") {
  const auto tariff = flat();
  const TariffOracle oracle(tariff, china);
  CHECK(oracle.share(0, 275'999, 1) == 1);
  CHECK(oracle.share(1, 275'999, 1) == 0);
  CHECK(oracle.share(0, 276'000, 1) == 0);
  CHECK(oracle.share(1, 276'000, 1) == 1);
  // One interval over both bounds is split exactly there.
  CHECK(oracle.share(0, 275'990, 204'020) == 10);
  CHECK(oracle.share(1, 275'990, 204'020) == 204'000);
  CHECK(oracle.share(2, 275'990, 204'020) == 10);
}

TEST_CASE("an interval belongs to the period that holds its start") {
  const auto tariff = peak_and_valley();
  const TariffOracle oracle(tariff, china);
  CHECK(oracle.period_at(at("2026-07-01T07:45")) == 1);
  CHECK(oracle.period_at(at("2026-07-01T08:00")) == 0);
  CHECK(oracle.period_at(at("2026-07-01T21:45")) == 0);
  CHECK(oracle.period_at(at("2026-07-01T22:00")) == 1);
  CHECK(oracle.period_at(at("2026-07-01T00:00")) == 1);
}

TEST_CASE("the ladder begins again at local midnight of the first, of the month or of the year") {
  auto tariff = flat();
  CHECK(TariffOracle(tariff, china).resets_at(at("2027-01-01T00:00")));
  CHECK_FALSE(TariffOracle(tariff, china).resets_at(at("2026-07-01T00:00")));
  CHECK_FALSE(TariffOracle(tariff, china).resets_at(at("2027-01-01T00:15")));
  CHECK_FALSE(TariffOracle(tariff, core::Zone(0h)).resets_at(at("2027-01-01T00:00")));
  tariff.resets = scenario::TierReset::monthly;
  CHECK(TariffOracle(tariff, china).resets_at(at("2026-07-01T00:00")));
  CHECK_FALSE(TariffOracle(tariff, china).resets_at(at("2026-07-02T00:00")));
  tariff.resets = scenario::TierReset::never_tiered;
  CHECK_FALSE(TariffOracle(tariff, china).resets_at(at("2027-01-01T00:00")));
}

TEST_CASE("a bill is rounded half up, once") {
  using audit::Rational;
  using audit::rounded_fen;
  CHECK(rounded_fen(Rational(0)) == 0);
  CHECK(rounded_fen(Rational(4'999, 1'000'000)) == 0);
  CHECK(rounded_fen(Rational(5, 1'000)) == 1);
  CHECK(rounded_fen(Rational(14'999, 1'000'000)) == 1);
  CHECK(rounded_fen(Rational(15, 1'000)) == 2);
}

TEST_CASE("counting half fens and rounding a rational give the same fen") {
  const core::RandomStream stream(20260630, 1, core::Purpose::test);
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const auto microyuan = stream.between(0, i % 2 == 0 ? 40'000 : 9'000'000'000'000, i);
    INFO("seed 20260630, draw " << i << ": " << microyuan);
    REQUIRE(audit::fen_owed(microyuan) == audit::rounded_fen(audit::Rational(microyuan, 1'000'000)));
  }
}

TEST_CASE("missing readings: energy is divided evenly, the odd hundredths to the earliest") {
  CHECK(audit::even_part(11, 4, 0) == 3);
  CHECK(audit::even_part(11, 4, 1) == 3);
  CHECK(audit::even_part(11, 4, 2) == 3);
  CHECK(audit::even_part(11, 4, 3) == 2);
  for (std::int64_t energy = 0; energy < 40; ++energy) {
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i < 7; ++i) sum += audit::even_part(energy, 7, i);
    CHECK(sum == energy);
  }
}

TEST_CASE("shares by clamping are what counting unit by unit gives") {
  scenario::Tariff tariff = flat();
  const core::RandomStream stream(7, 2, core::Purpose::test);
  for (std::uint64_t round = 0; round < 300; ++round) {
    const auto first = stream.between(1, 60, 4 * round);
    const auto second = first + stream.between(1, 60, 4 * round + 1);
    tariff.bounds = {core::CentiKilowattHours(first), core::CentiKilowattHours(second)};
    const TariffOracle oracle(tariff, china);
    const auto consumed = stream.between(0, 130, 4 * round + 2);
    const auto energy = stream.between(0, 130, 4 * round + 3);
    std::int64_t counted[3] = {};
    for (auto unit = consumed; unit < consumed + energy; ++unit)
      ++counted[unit < first ? 0 : unit < second ? 1 : 2];
    INFO("seed 7, round " << round);
    for (std::size_t tier = 0; tier < 3; ++tier)
      REQUIRE(oracle.share(tier, consumed, energy) == counted[tier]);
  }
}
