// Detectors on made-up areas with one thief of a known kind: the one that must see him names him.
#include "head-end/loss/detector.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "head-end/loss/nonnegative.hpp"
#include "tests/head-end/loss/area.hpp"

namespace {
using namespace headend::loss;
using namespace loss_test;
using model::theft::Attack;

const Detector& detector(std::string_view name) {
  static const Detectors every = every_detector();
  for (const auto& one : every)
    if (one->name() == name) return *one;
  throw std::invalid_argument("no detector " + std::string(name));
}
/// In how many of six areas the thief (the first customer) has the highest of 20 scores.
int found(std::string_view name, Attack attack) {
  int count = 0;
  for (std::uint64_t seed = 0; seed < 6; ++seed)
    count += first_of(detector(name).scores(AreaView(area_with_thief(seed, 20, attack)))) == 0 ? 1 : 0;
  return count;
}
}  // namespace

// By chance a customer is first in one of 20: five of six areas once in 500,000, four of six once in 12,000.
// The share of each interval drawn anew is seen through its mean only, the others leave a trace that fits
// exactly.
TEST_CASE("each detector finds the theft that it is made for") {
  CHECK(found("loss-regression", Attack::h1) == 6);
  CHECK(found("loss-share", Attack::h1) == 6);
  CHECK(found("loss-both-shares", Attack::h3) >= 4);
  CHECK(found("counter-regression", Attack::h4) >= 5);
  CHECK(found("timing-reversed-days", Attack::h6) >= 5);
  CHECK(found("timing-reversed-series", Attack::m10) >= 5);
  CHECK(found("timing-stopped", Attack::m2) >= 5);
  CHECK(found("flatness", Attack::h5) == 6);
  CHECK(found("ceiling", Attack::m9) == 6);
  CHECK(found("zeros", Attack::m0) == 6);
}

TEST_CASE("theta is the share that goes missing: reports of 40 % leave 1.5 kWh per kWh") {
  auto area = honest_area(4, 20);
  for (auto& energy : area.customers[7].energy_kWh) energy *= 0.4;
  const AreaView view(area);
  CHECK(view.regression().coefficient[7] == Approx(1.5).margin(0.01));
  CHECK(fit_nonnegative(view, 4)[7] == Approx(1.5).margin(0.05));
  for (std::size_t i = 0; i < 20; ++i)
    if (i != 7) CHECK(std::fabs(view.regression().coefficient[i]) < 0.02);
  CHECK(detector("loss-regression").explain(view, 7).starts_with("for each kWh this meter reports, 1."));
}

TEST_CASE("a network model in place of the fitted loss changes nothing for the thief") {
  auto area = area_with_thief(1, 20, Attack::h1);
  double drawn = 0, square = 0;
  const auto honest = honest_area(1, 20);
  for (std::size_t t = 0; t < area.supplied_kWh.size(); ++t) {
    double sum = 0;
    for (const auto& customer : honest.customers) sum += customer.energy_kWh[t];
    drawn += sum, square += sum * sum;
    area.modelled_loss_kWh.push_back(area.supplied_kWh[t] - sum);
  }
  CHECK(first_of(detector("loss-regression").scores(AreaView(area))) == 0);
}

TEST_CASE("gaps are filled for the shapes and left out of the balance") {
  auto area = area_with_thief(2, 20, Attack::h1);
  const core::RandomStream random(9, 1, core::Purpose::test);
  for (std::size_t i = 0; i < 20; ++i)
    for (std::size_t t = 0; t < area.supplied_kWh.size(); ++t)
      if (random.below(100, i * 10'000 + t) < 5) area.customers[i].energy_kWh[t] = not_read;
  for (std::size_t t = 100; t < 120; ++t) area.supplied_kWh[t] = not_read;
  const AreaView view(area);
  CHECK(view.usable().size() < area.supplied_kWh.size() - 19);
  CHECK(view.missing_share(0) == Approx(0.05).margin(0.04));  // sd of 1008 coins of 5 %: 0.7 %
  CHECK(first_of(detector("loss-share").scores(view)) == 0);
}

TEST_CASE("whatever is fed to them, detectors answer with finite scores") {
  const auto check = [](const AreaReadings& area, const std::string& what) {
    INFO(what);
    const AreaView view(area);
    for (const auto& one : every_detector()) {
      const auto scores = one->scores(view);
      REQUIRE(scores.size() == area.customers.size());
      for (std::size_t i = 0; i < scores.size(); ++i) {
        INFO(one->name());
        REQUIRE(std::isfinite(scores[i]));
        REQUIRE_FALSE(one->explain(view, i).empty());
      }
    }
  };
  AreaReadings area;
  area.intervals_per_day = 48;
  area.customers.push_back({"alone", 0, {}, {}, {}});
  check(area, "no interval");
  area.supplied_kWh = {1};
  area.customers[0].energy_kWh = {1};
  check(area, "one interval");
  area.supplied_kWh.assign(480, 0.0);
  area.customers[0].energy_kWh.assign(480, 0.0);
  area.customers.push_back(area.customers[0]);
  check(area, "nothing ever drawn");
  area.customers[1].energy_kWh.assign(480, not_read);
  check(area, "one never read");
  area.supplied_kWh.assign(480, not_read);
  check(area, "transformer never read");
  auto large = honest_area(1, 5);
  for (auto& energy : large.customers[0].energy_kWh) energy = -1e6;
  check(large, "absurd energies");
}

TEST_CASE("series of different lengths are refused") {
  auto area = honest_area(1, 3);
  area.customers[1].energy_kWh.pop_back();
  CHECK_THROWS_AS(AreaView(area), std::invalid_argument);
}

TEST_CASE("meters that note magnets rank before those that note a set clock, and both before silence") {
  auto area = honest_area(1, 4);
  area.customers[2].events = {{5, MeterSign::magnetic_field}};
  area.customers[3].events = {{5, MeterSign::clock_was_set}, {9, MeterSign::clock_was_set}};
  const AreaView view(area);
  const auto scores = detector("meter-events").scores(view);
  CHECK(scores[2] > scores[3]);
  CHECK(scores[3] > scores[0]);
  CHECK(scores[0] == 0);
  CHECK(detector("meter-events").explain(view, 3) == "the meter noted: clock was set (2 times)");
}

TEST_CASE("the phase whose loss moves with the reports is the thief's") {
  auto area = honest_area(3, 12);
  area.phase_supplied.assign(3, std::vector<double>(area.supplied_kWh.size(), 0.0));
  for (std::size_t i = 0; i < 12; ++i) {
    area.customers[i].phase = static_cast<char>('A' + i % 3);
    for (std::size_t t = 0; t < area.supplied_kWh.size(); ++t)
      area.phase_supplied[i % 3][t] += area.customers[i].energy_kWh[t];
  }
  for (auto& energy : area.customers[4].energy_kWh) energy *= 0.5;
  CHECK(first_of(detector("phase-correlation").scores(AreaView(area))) == 4);
}

TEST_CASE("the correlation with the loss in one pass is the correlation of both, centred") {
  const AreaView view(area_with_thief(5, 12, Attack::h3));
  for (std::size_t i = 0; i < 12; ++i)
    CHECK(view.correlation_with_loss(view.reported(i)) ==
          Approx(correlation(view.centred(view.reported(i)), view.centred_loss())).margin(1e-9));
  CHECK(view.correlation_with_loss(std::vector<double>(view.intervals(), 0.3)) == 0);
}
