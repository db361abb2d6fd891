// Physical injections on days of equal intervals, where every answer can be worked out by hand.
#include "models/theft/injector.hpp"

#include <catch2/catch.hpp>
#include <numeric>
#include <stdexcept>

#include "models/theft/adaptive_thief.hpp"

namespace {
using namespace model::theft;

/// Two customers of 1 and 2 kWh an interval, two days of 24 intervals.
std::vector<Consumption> two() {
  return {{24, std::vector<double>(48, 1.0)}, {24, std::vector<double>(48, 2.0)}};
}
MeteredArea with(Injection what, double share, std::size_t from = 0, std::size_t till = 48) {
  return inject(two(), {{what, 0, 1, from, till, share, {1.0 / 3, 1.0 / 3, 1.0 / 3}}});
}
double metered(const MeteredArea& area, std::size_t customer) {
  return std::accumulate(area.metered_kWh[customer].begin(), area.metered_kWh[customer].end(), 0.0);
}
}  // namespace

TEST_CASE("each way of stealing leaves the energy past the meter that it says") {
  const auto unmetered = [](Injection what, double share) {
    return with(what, share).labels[0].unmetered_kWh;
  };
  CHECK(unmetered(Injection::bypass_full, 0.3) == Approx(48));
  CHECK(unmetered(Injection::bypass_share, 0.25) == Approx(12));
  CHECK(unmetered(Injection::bypass_night, 1) == Approx(16));  // eight hours of two nights
  CHECK(unmetered(Injection::shunt, 0.5) == Approx(24));
  CHECK(unmetered(Injection::magnet, 0.5) == Approx(24));  // every interval is the mean
  CHECK(unmetered(Injection::reversed_current, 0.5) == Approx(48));
  CHECK(unmetered(Injection::neutral_missing, 0.5) == Approx(48));
  CHECK(unmetered(Injection::phase_swap, 0.5) == Approx(48));  // balanced phases: nothing is counted
  CHECK(unmetered(Injection::current_transformer_shorted, 1.0 / 3) == Approx(16));
  CHECK(unmetered(Injection::hook_before_meter, 0.5) == Approx(24));
  CHECK(unmetered(Injection::feed_to_neighbour, 0.5) == Approx(0).margin(1e-9));
  CHECK(unmetered(Injection::slow_drift, 1) == Approx(47 * 48 / 2.0 / 48));  // sum of t / 48
  CHECK(unmetered(Injection::collusion, 0.5) == Approx(12 + 24));
  CHECK(unmetered(Injection::meter_drift, -1) == Approx(-23.5));
  CHECK(unmetered(Injection::stuck_register, 0.5) == Approx(48));
  CHECK(unmetered(Injection::dead_phase, 0.5) == Approx(16));
}

TEST_CASE("a register turned back loses a share of what it had") {
  const auto area = with(Injection::register_rollback, 0.5, 24, 48);
  CHECK(area.metered_kWh[0][24] == Approx(1 - 12));
  CHECK(metered(area, 0) == Approx(48 - 12));
  REQUIRE(area.noticed.size() == 1);
  CHECK(area.noticed[0].trace == Trace::register_fell);
  CHECK(area.noticed[0].interval == 24);
}

TEST_CASE("a wrong clock tells the same energies at other times") {
  std::vector<Consumption> homes = two();
  std::iota(homes[0].energy_kWh.begin(), homes[0].energy_kWh.end(), 0.0);
  const auto area = inject(homes, {{Injection::clock_shift, 0, 0, 24, 48, 0.25, {}}});
  for (std::size_t t = 24; t < 48; ++t) CHECK(area.metered_kWh[0][t] == static_cast<double>(t) - 6);
}

TEST_CASE("a fed neighbour is billed to the one who feeds him") {
  const auto area = with(Injection::feed_to_neighbour, 0.5);
  CHECK(metered(area, 0) == Approx(48 + 48));
  CHECK(metered(area, 1) == Approx(48));
}

TEST_CASE("a swap of voltages counts a - (b + c) / 2 of an unbalanced load") {
  const auto area = inject(two(), {{Injection::phase_swap, 0, 0, 0, 48, 0, {0.6, 0.2, 0.2}}});
  CHECK(metered(area, 0) == Approx(48 * 0.4));
}

TEST_CASE("what cannot be injected is refused") {
  const auto refused = [](const Injected& injected) {
    CHECK_THROWS_AS(inject(two(), {injected}), std::invalid_argument);
  };
  refused({Injection::bypass_share, 2, 0, 0, 48, 0.5, {}});
  refused({Injection::bypass_share, 0, 0, 10, 5, 0.5, {}});
  refused({Injection::bypass_share, 0, 0, 0, 49, 0.5, {}});
  refused({Injection::bypass_share, 0, 0, 0, 48, 1.5, {}});
  refused({Injection::collusion, 0, 0, 0, 48, 0.5, {}});
  refused({Injection::slow_drift, 0, 0, 0, 48, -0.1, {}});
}

TEST_CASE("an adaptive thief halves his share when he is suspected and takes more when nobody comes") {
  AdaptiveThief thief({1, 1, core::Purpose::theft_injection});
  CHECK(thief.share() == Approx(0.6));
  thief.learn(true);
  CHECK(thief.share() == 0);  // lies low
  CHECK(thief.way() == AdaptiveThief::Way::night);
  thief.learn(false);
  CHECK(thief.share() == Approx(0.3));
  thief.learn(false);
  CHECK(thief.share() == Approx(0.375));
  for (int week = 0; week < 5; ++week) thief.learn(true);
  CHECK(thief.has_given_up());
  const Consumption drawn{24, std::vector<double>(24, 1.0)};
  CHECK(thief.report(drawn, 0, 24) == drawn.energy_kWh);
}
