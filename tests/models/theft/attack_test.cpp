// The attack functions against their published formulas, worked out by hand on short days.
#include "models/theft/attack.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

namespace {
using namespace model::theft;
using Series = std::vector<double>;

core::RandomStream draws(std::uint32_t entity = 1) { return {11, entity, core::Purpose::theft_attack}; }
double sum(const Series& s) { return std::accumulate(s.begin(), s.end(), 0.0); }

/// Two days of eight three-hour intervals.
Consumption two_days() { return {8, {1, 2, 3, 4, 5, 6, 7, 8, 8, 1, 1, 1, 9, 1, 1, 2}}; }
Series under(Attack attack, const Consumption& drawn, std::uint32_t entity = 1) {
  return reported_under(attack, drawn, two_days(), draws(entity));
}

/// Random days for properties.
Consumption random_days(std::uint64_t seed) {
  Consumption drawn{48, {}};
  const core::RandomStream random(seed, 1, core::Purpose::test);
  for (std::uint64_t t = 0; t < 48 * 14; ++t) drawn.energy_kWh.push_back(0.01 + 2 * uniform(random, t));
  return drawn;
}
}  // namespace

TEST_CASE("attacks without chance report what their formulas say") {
  const auto e = two_days();
  CHECK(under(Attack::m0, e) == Series(16, 0.0));
  CHECK(under(Attack::m9, e) == Series(16, sum(e.energy_kWh) / 16));
  CHECK(under(Attack::m10, e) == Series(e.energy_kWh.rbegin(), e.energy_kWh.rend()));
  CHECK(under(Attack::h5, e) == Series{4.5, 4.5, 4.5, 4.5, 4.5, 4.5, 4.5, 4.5, 3, 3, 3, 3, 3, 3, 3, 3});
  CHECK(under(Attack::h6, e) == Series{8, 7, 6, 5, 4, 3, 2, 1, 2, 1, 1, 9, 1, 1, 1, 8});
  // 0.6 x 9 = 5.4
  const auto capped = under(Attack::m6, e), lowered = under(Attack::m7, e);
  for (std::size_t t = 0; t < 16; ++t) {
    CHECK(capped[t] == Approx(std::min(e.energy_kWh[t], 5.4)));
    CHECK(lowered[t] == Approx(std::max(e.energy_kWh[t] - 5.4, 0.0)));
  }
}

TEST_CASE("a spread peak gives up 30 % of the fullest six hours and keeps the day's energy") {
  const auto reported = under(Attack::m11, two_days());
  // Day one: intervals 7 and 8 hold 15 kWh; 4.5 kWh go to the six others, 0.75 each.
  CHECK(reported[6] == Approx(7 * 0.7));
  CHECK(reported[7] == Approx(8 * 0.7));
  CHECK(reported[0] == Approx(1.75));
  // Day two: 1 + 9 and 9 + 1 are equal; the earlier window is taken: 3 kWh, 0.5 each.
  CHECK(reported[11] == Approx(0.7));
  CHECK(reported[12] == Approx(6.3));
  CHECK(reported[8] == Approx(8.5));
}

TEST_CASE("a fixed share is one share, and a random share stays within its bounds") {
  for (std::uint32_t entity = 0; entity < 50; ++entity) {
    INFO("entity " << entity);
    const auto e = random_days(entity);
    const auto fixed = under(Attack::h1, e, entity), random = under(Attack::h3, e, entity);
    const auto invented = under(Attack::h4, e, entity);
    const double share = fixed[0] / e.energy_kWh[0],
                 mean = sum(e.energy_kWh) / static_cast<double>(fixed.size());
    CHECK(share >= 0.1);
    CHECK(share < 0.8);
    for (std::size_t t = 0; t < fixed.size(); ++t) {
      REQUIRE(fixed[t] == Approx(share * e.energy_kWh[t]));
      REQUIRE(random[t] >= 0.1 * e.energy_kWh[t] - 1e-12);
      REQUIRE(random[t] < 0.8 * e.energy_kWh[t]);
      REQUIRE(invented[t] >= 0.1 * mean - 1e-12);
      REQUIRE(invented[t] < 0.8 * mean);
    }
    CHECK(under(Attack::m1, e, entity) == fixed);
    CHECK(under(Attack::m3, e, entity) == random);
    CHECK(under(Attack::m5, e, entity) == invented);
  }
}

TEST_CASE("blocks of nothing lie within each day and have their length") {
  for (std::uint32_t entity = 0; entity < 50; ++entity) {
    INFO("entity " << entity);
    const auto e = random_days(entity);
    const auto six_hours = under(Attack::m2, e, entity), long_block = under(Attack::h2, e, entity);
    for (std::size_t day = 0; day < 14; ++day) {
      const auto first = static_cast<std::ptrdiff_t>(day * 48);
      REQUIRE(std::count(six_hours.begin() + first, six_hours.begin() + first + 48, 0.0) == 12);
      REQUIRE(std::count(long_block.begin() + first, long_block.begin() + first + 48, 0.0) >= 8);
      const auto begin = std::find(six_hours.begin() + first, six_hours.begin() + first + 48, 0.0);
      REQUIRE(std::all_of(begin, begin + 12, [](double x) { return x == 0; }));
    }
  }
}

TEST_CASE("a ramp only ever falls and ends between no and 70 % of the energy") {
  for (std::uint32_t entity = 0; entity < 50; ++entity) {
    INFO("entity " << entity);
    const auto e = random_days(entity);
    const auto reported = under(Attack::m8, e, entity);
    double last = 1;
    for (std::size_t t = 0; t < reported.size(); ++t) {
      const double share = reported[t] / e.energy_kWh[t];
      REQUIRE(share <= last + 1e-12);
      last = share;
    }
    CHECK(last <=
          0.7 + 1e-9 + 0.01);  // the last interval lies just before the end of a ramp that may end there
    CHECK(last >= 0);
  }
}

TEST_CASE("attacks that keep the energy keep it, and no attack reports more than was drawn over all") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto e = random_days(seed);
    for (const Attack attack : every_attack()) {
      INFO("seed " << seed << ", " << name_of(attack));
      const auto reported = reported_under(attack, e, random_days(seed + 100), draws());
      REQUIRE(reported.size() == e.energy_kWh.size());
      REQUIRE(*std::min_element(reported.begin(), reported.end()) >= 0);
      if (keeps_energy(attack))
        CHECK(sum(reported) == Approx(sum(e.energy_kWh)));
      else
        CHECK(sum(reported) < sum(e.energy_kWh));
    }
  }
}

TEST_CASE("another customer's series is scaled down to 40 % when it is too large") {
  const Consumption e{8, Series(8, 10.0)}, large{8, Series(8, 20.0)}, small{8, {1, 2, 3, 4, 1, 2, 3, 4}};
  CHECK(reported_under(Attack::m12, e, large, draws()) == Series(8, 4.0));
  CHECK(reported_under(Attack::m12, e, small, draws()) == small.energy_kWh);
}

// Each interval is a fair coin: of 672, sd 13; six of them are passed once in 5e8.
TEST_CASE("random zeros strike half of the intervals") {
  const auto reported = under(Attack::m13, random_days(3));
  const auto zeros = std::count(reported.begin(), reported.end(), 0.0);
  CHECK(std::abs(static_cast<double>(zeros) - 336) < 6 * std::sqrt(672 * 0.25));
}

TEST_CASE("attacks are found by name, and nothing else is") {
  for (const Attack attack : every_attack()) CHECK(attack_of(name_of(attack)) == attack);
  for (const char* name : {"", "m", "m14", "h0", "h7", "M1", "m1 "}) CHECK_FALSE(attack_of(name));
}

TEST_CASE("empty series and broken last days are harmless") {
  for (const Attack attack : every_attack()) {
    INFO(name_of(attack));
    CHECK(reported_under(attack, {48, {}}, {48, {}}, draws()).empty());
    CHECK(reported_under(attack, {48, Series(50, 1.0)}, {48, Series(50, 0.3)}, draws()).size() == 50);
  }
}
