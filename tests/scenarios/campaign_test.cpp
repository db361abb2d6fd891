// Campaigns in a scenario: who is chosen, what is refused and where, and that a saved one loads as it was.
#include "scenarios/check_campaigns.hpp"
#include "scenarios/save.hpp"
#include "tests/scenarios/small_scenario.hpp"

using namespace scenario_test;

namespace {
const std::string window = "from: 2026-07-01T18:00, till: 2026-07-01T20:00";
std::string campaign(const std::string& fields) {
  return small_scenario + "campaigns:\n  - { name: evening, " + fields + " }\n";
}
std::string complaint(const std::string& fields) { return refusal(campaign(fields)); }
}  // namespace

TEST_CASE("bad campaigns get one line with their place") {
  CHECK(complaint(window + ", power: 2 kW").empty());
  CHECK(complaint("from: 2026-07-01T20:00, till: 2026-07-01T18:00, power: 2 kW") ==
        "s.yaml:21:52: 'till' (2026-07-01T18:00:00+08:00) is not after 'from' (2026-07-01T20:00:00+08:00)");
  CHECK(complaint(window) ==
        "s.yaml:21:5: 'means: limit' needs a 'power' above 0 W: nobody can live below that");
  CHECK(complaint(window + ", power: 0 W").find("needs a 'power' above 0 W") != std::string::npos);
  CHECK(complaint(window + ", power: 2 kW, classes: [noble]") ==
        "s.yaml:21:93: unknown class 'noble': residential, commercial or industrial");
  CHECK(complaint(window + ", power: 2 kW, classes: [residental]").ends_with("did you mean 'residential'?"));
  CHECK(complaint(window + ", power: 2 kW, areas: [nort]") ==
        "s.yaml:21:91: no area is called 'nort'; did you mean 'north'?");
  CHECK(complaint(window + ", power: 2 kW, tariffs: [tuo]").find("no tariff is called 'tuo'") !=
        std::string::npos);
  CHECK(complaint(window + ", power: 2 kW, meters: [M0099]").find("no meter 'M0099'") != std::string::npos);
  CHECK(complaint(window + ", power: 2 kW, turn: 1h") ==
        "s.yaml:21:89: 'turn' is for 'means: rotate', not for 'limit'");
  CHECK(complaint(window + ", means: rotate, power: 2 kW")
            .ends_with("'power' is for 'means: limit', not for 'rotate'"));
  CHECK(complaint(window + ", means: rotate, turn: 3h").ends_with("'turn' is longer than the campaign"));
  CHECK(complaint(window + ", means: rotate, groups: 1").find("'groups' is 1") != std::string::npos);
  CHECK(complaint(window + ", means: call, share: 100 %").find("1 to 99") != std::string::npos);
  CHECK(complaint(window + ", power: 1.5 W").find("whole watts") != std::string::npos);
  CHECK(complaint("from: 2026-07-01T18:01, till: 2026-07-01T20:00, power: 2 kW").find("quarter hour") !=
        std::string::npos);
  CHECK(complaint("from: 2026-07-02T18:00, till: 2026-07-02T20:00, power: 2 kW").find("not within the run") !=
        std::string::npos);
  CHECK(complaint(window + ", power: 2 kW, baseline_highest: 11").find("more than 'baseline_days'") !=
        std::string::npos);
  CHECK(complaint(window + ", means: limits").find("did you mean 'limit'?") != std::string::npos);
}

TEST_CASE("a campaign that fits only protected customers chooses nobody, and says so") {
  const auto text = with(campaign(window + ", power: 2 kW, meters: [M0001]"), "count: 3\n",
                         "count: 3\n        is_protected: true\n");
  CHECK(refusal(text).find("campaign 'evening' chooses nobody") != std::string::npos);
}

TEST_CASE("a second campaign of one name is refused") {
  CHECK(refusal(campaign(window + ", power: 2 kW") + "  - { name: evening, power: 1 kW, " + window + " }\n")
            .ends_with("a second campaign 'evening'"));
}

TEST_CASE("campaigns choose by class and area, and are saved as they were") {
  const auto text = with(campaign(window + ", means: call, ahead: 1h, share: 30 %, classes: [commercial]"),
                         "count: 2\n", "count: 2\n        load: shop\n        reacts: { follows: 1/3 }\n");
  const auto loaded = scenario::load_text(text, "s.yaml");
  CHECK(scenario::chosen_by(loaded.campaigns[0], loaded) == std::vector<std::uint32_t>{4, 5});
  const auto again = scenario::load_text(scenario::to_yaml(loaded), "again.yaml");
  CHECK(scenario::to_yaml(again) == scenario::to_yaml(loaded));
  CHECK(again.campaigns[0].share == core::Ratio{3, 10});
  CHECK(again.areas[0].meters[1].reacts.follows == core::Ratio{1, 3});
}
