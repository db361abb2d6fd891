// The evaluation on a made-up population: fair, repeatable, and able to see what must be seen.
#include "apps/theft/evaluation.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>

#include "models/theft/population.hpp"

namespace {
using namespace app::theft;
using model::theft::Attack;

const std::vector<model::theft::Consumption>& homes() {
  static const auto made = model::theft::population(3, {48, 10, 24});
  return made;
}
EvaluationSettings small(std::vector<TrialKind> kinds, std::uint64_t seed = 1) {
  EvaluationSettings settings;
  settings.areas = 6;
  settings.training_areas = 3;
  settings.seed = seed;
  settings.kinds = std::move(kinds);
  settings.trial.customers = 12;
  settings.trial.thieves = 2;
  return settings;
}
}  // namespace

TEST_CASE("a trial area balances: what is supplied is what was drawn and the technical loss") {
  TrialSettings exact;
  exact.customer_class = exact.transformer_class = 0;
  const auto area = make_trial_area(homes(), {false, Attack::h1}, 1, 7, exact);
  const auto total = [](const std::vector<double>& s) { return std::accumulate(s.begin(), s.end(), 0.0); };
  const double supplied = total(area.readings.supplied_kWh), drawn = total(area.drawn_kWh);
  const double rounding = 0.0005 * static_cast<double>(area.readings.supplied_kWh.size());
  CHECK(std::fabs(supplied * 0.98 - drawn) < rounding);
  CHECK(std::count(area.is_thief.begin(), area.is_thief.end(), true) == 4);
  for (std::size_t i = 0; i < area.is_thief.size(); ++i) {
    if (area.is_thief[i])
      CHECK(area.reported_kWh[i] < 0.81 * area.drawn_kWh[i]);
    else
      CHECK(area.reported_kWh[i] == area.drawn_kWh[i]);
  }
  std::set<std::string> names;
  for (const auto& customer : area.readings.customers) names.insert(customer.name);
  CHECK(names.size() == 40);
}

TEST_CASE("the same area has the same thieves under every attack, and another seed has others") {
  const auto one = make_trial_area(homes(), {false, Attack::h1}, 1, 3, {});
  const auto two = make_trial_area(homes(), {false, Attack::h5}, 1, 3, {});
  const auto other = make_trial_area(homes(), {false, Attack::h1}, 2, 3, {});
  std::size_t same = 0;
  for (std::size_t i = 0; i < one.is_thief.size(); ++i) {
    CHECK(one.readings.customers[i].name == two.readings.customers[i].name);
    same += one.readings.customers[i].name == other.readings.customers[i].name ? 1 : 0;
  }
  CHECK(same < one.is_thief.size());
}

// A share of at most 0.8 leaves a quarter of each report behind, ten times what meters of their classes may
// add up to: no chance is involved in seeing it but that of two equal homes.
TEST_CASE("a fixed share and a flat line are seen, and the report says how the rest fared") {
  const auto evaluation = evaluate(homes(), small({{false, Attack::h1}, {false, Attack::h5}, {true, {}}}));
  REQUIRE(evaluation.attacks.size() == 3);
  CHECK(evaluation.attacks[0].balance.auc > 0.97);
  CHECK(evaluation.attacks[1].shape.auc > 0.99);
  CHECK(evaluation.attacks[1].keeps_energy);
  CHECK(evaluation.attacks[1].stolen_kWh == Approx(0).margin(1e-6));
  CHECK(evaluation.attacks[0].stolen_kWh > 0);
  CHECK(evaluation.attacks[0].found_kWh <= evaluation.attacks[0].stolen_kWh);
  for (const auto& attack : evaluation.attacks) {
    CHECK(attack.counts.thieves_found + attack.counts.thieves_missed == 12);
    CHECK(attack.counts.falsely_accused + attack.counts.honest_left_alone == 6 * 10);
  }
  CHECK(evaluation.training_homes + evaluation.test_homes == homes().size());
  const auto text = to_text(evaluation), csv = to_csv(evaluation), json = to_json(evaluation);
  const auto svg = to_svg(evaluation);
  CHECK(svg.starts_with("<svg "));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(text.find("keeps the energy") != std::string::npos);
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 4);
  CHECK(json.find("\"falsely_accused\"") != std::string::npos);
}

TEST_CASE("an evaluation repeats to the last digit") {
  auto settings = small({{false, Attack::h3}}, 5);
  settings.areas = settings.training_areas = 1;
  settings.trial.customers = 8;
  settings.areas = 3;
  const auto once = to_json(evaluate(homes(), settings));
  CHECK(once == to_json(evaluate(homes(), settings)));
  settings.jobs = 3;  // more threads than the machine may have: who does what when must not show
  CHECK(once == to_json(evaluate(homes(), settings)));
}

TEST_CASE("the same attack under two names is judged alike") {
  auto settings = small({{false, Attack::h4}, {false, Attack::m5}});
  settings.areas = settings.training_areas = 1;
  settings.trial.customers = 8;
  const auto evaluation = evaluate(homes(), settings);
  REQUIRE(evaluation.attacks.size() == 2);
  CHECK(evaluation.attacks[1].name == "m5");
  CHECK(evaluation.attacks[1].ensemble.auc == evaluation.attacks[0].ensemble.auc);
}

TEST_CASE("too few homes or days are refused in words") {
  CHECK_THROWS_AS(evaluate({}, small({{false, Attack::h1}})), std::invalid_argument);
  CHECK_THROWS_AS(evaluate(model::theft::population(1, {20, 14, 24}), small({{false, Attack::h1}})),
                  std::invalid_argument);
  CHECK_THROWS_AS(evaluate(model::theft::population(1, {48, 5, 24}), small({{false, Attack::h1}})),
                  std::invalid_argument);
}
