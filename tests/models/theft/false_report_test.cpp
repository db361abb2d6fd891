// What a manipulated meter is going to report, known before the first quarter hour has passed.
#include "models/theft/false_report.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "core/civil.hpp"

using namespace model;
using namespace model::theft;
using namespace std::chrono_literals;

namespace {
const core::Zone china(8h);
core::Instant at(const char* text) { return *core::parse_iso8601(text, china); }
core::RandomStream draws(std::uint64_t seed = 3) { return {seed, 7, core::Purpose::theft_attack}; }

FalseReport report(Attack attack, Load drawn) {
  FalseReport made;
  made.attack = attack;
  made.drawn = std::move(drawn);
  made.from = at("2026-07-01T10:00");
  made.till = at("2026-07-03T09:00");
  return made;
}
std::int64_t sum(const QuarterSeries& series) {
  return std::accumulate(series.values.begin(), series.values.end(), std::int64_t{0});
}
}  // namespace

TEST_CASE("the series is that of the local days which the window touches") {
  const auto claimed = false_report(report(Attack::m0, Load::constant(core::Milliwatts(500'000))), draws());
  CHECK(claimed.values.size() == 3 * 96);
  CHECK(claimed.first * 900 == core::unix_seconds(at("2026-07-01T00:00")));
  CHECK(sum(claimed) == 0);
  auto till_midnight = report(Attack::m0, Load::constant(core::Milliwatts(500'000)));
  till_midnight.till = at("2026-07-03T00:00");
  CHECK(false_report(till_midnight, draws()).values.size() == 2 * 96);
}

TEST_CASE("of an even load, the attacks that need a mean or a highest value are known by hand") {
  const auto even = Load::constant(core::Milliwatts(1'000'000));
  const auto claims = [&](Attack attack) { return false_report(report(attack, even), draws()).values; };
  for (const auto power : claims(Attack::m9)) CHECK(power == 1'000'000);
  for (const auto power : claims(Attack::m10)) CHECK(power == 1'000'000);
  for (const auto power : claims(Attack::m6)) CHECK(power == 600'000);
  for (const auto power : claims(Attack::m7)) CHECK(power == 400'000);
}

TEST_CASE("a day told backwards begins with its last quarter hour and keeps its energy") {
  const auto home = Load::household({.seed = 11, .home = 4});
  const auto request = report(Attack::h6, home);
  const auto drawn = drawn_by(home, request);
  const auto claimed = false_report(request, draws());
  REQUIRE(claimed.values.size() == drawn.energy_kWh.size());
  for (std::size_t q = 0; q < 96; ++q)
    CHECK(claimed.values[q] == Approx(drawn.energy_kWh[95 - q] * 4e6).margin(0.51));
  const double all_kWh = std::accumulate(drawn.energy_kWh.begin(), drawn.energy_kWh.end(), 0.0);
  CHECK(static_cast<double>(sum(claimed)) / 4e6 == Approx(all_kWh).margin(0.51 * 288 / 4e6));
}

TEST_CASE("a smaller customer's series is scaled to two fifths when he draws as much") {
  auto request = report(Attack::m12, Load::constant(core::Milliwatts(1'000'000)));
  request.lesser = Load::constant(core::Milliwatts(2'000'000));
  for (const auto power : false_report(request, draws()).values) CHECK(power == 400'000);
  request.lesser = Load::constant(core::Milliwatts(100'000));
  for (const auto power : false_report(request, draws()).values) CHECK(power == 100'000);
}

TEST_CASE("no attack reports less than nothing, the same draws report the same, others something else") {
  const auto home = Load::household({.seed = 5, .home = 9});
  for (const Attack attack : every_attack()) {
    INFO(name_of(attack));
    auto request = report(attack, home);
    request.lesser = Load::household({.seed = 5, .home = 10});
    const auto claimed = false_report(request, draws());
    CHECK(claimed.values.size() == 3 * 96);
    for (const auto power : claimed.values) CHECK(power >= 0);
    CHECK(claimed.values == false_report(request, draws()).values);
  }
  const auto shared = report(Attack::m3, home);
  CHECK(false_report(shared, draws()).values != false_report(shared, draws(4)).values);
}
