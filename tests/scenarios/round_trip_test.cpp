// The effective scenario is complete and loads back to the same run.
#include "scenarios/save.hpp"

#include <algorithm>

#include "tests/scenarios/full_scenario.hpp"
#include "tests/scenarios/small_scenario.hpp"

TEST_CASE("a scenario with no field at its default is saved, loaded and saved again without a difference") {
  const auto first = scenario::load_text(scenario_test::full_scenario, "full/s.yaml");
  const auto text = scenario::to_yaml(first);
  INFO(text);
  const auto second = scenario::load_text(text, "full/s.yaml");
  CHECK(scenario::to_yaml(second) == text);
  CHECK(second.areas.size() == 3);
  CHECK(second.areas[2].name == "east-3");
  CHECK(second.tariffs[0].periods[1].slots.size() == 2);
  CHECK(second.areas[0].meters[0].pays.when == scenario::PayingHabit::When::in_arrears);
  CHECK(second.areas[0].line.bit_error == core::Ratio{1, 3});
  REQUIRE(second.head_end.cut_off.never_between);
  CHECK(second.head_end.cut_off.never_between->from_s == 79'200);
  CHECK(second.head_end.cut_off.never_between->till_s == 21'600);
  CHECK(second.faults[0].from == first.faults[0].from);
  CHECK(second.faults[2].frame == "control");
  CHECK(second.faults[2].name == "weekday-loss");
  CHECK(second.faults[2].chance == core::Ratio{1, 7});
  CHECK(second.faults.back().when == "relay-opened");
  CHECK(second.title == first.title);
}

TEST_CASE("no field of the full scenario is at its default, so that none can get lost unseen") {
  // Each line of the small scenario's effective text that the full one repeats is a field the full one does
  // not move.
  const auto full = scenario::to_yaml(scenario::load_text(scenario_test::full_scenario, "full/s.yaml"));
  const auto small = scenario::to_yaml(scenario::load_text(scenario_test::small_scenario, "s.yaml"));
  const auto value_of = [](const std::string& line) { return line.substr(0, line.find("  #")); };
  std::vector<std::string> same;
  for (std::size_t at = 0; at < small.size();) {
    const auto end = small.find('\n', at);
    const auto line = value_of(small.substr(at, end - at));
    at = end + 1;
    // Periods that cannot be otherwise; copies and storms were expanded; group heads have no value.
    const bool has_value = line.find_first_not_of(' ', line.find(':') + 1) != std::string::npos;
    const bool is_free = has_value && line.find("every: 15min") == std::string::npos &&
                         line.find("copies: 1") == std::string::npos &&
                         line.find("storms: []") == std::string::npos &&
                         // All its customers are protected: nobody could be chosen.
                         line.find("campaigns: []") == std::string::npos &&
                         // Of other loads than the full scenario's; the next case has them.
                         line.find("rated_power: 0 W") == std::string::npos &&
                         line.find("current_ratio: 1") == std::string::npos &&
                         line.find("name: ") == std::string::npos && line[0] != '#';
    if (is_free && full.find(line + "  ") != std::string::npos) same.push_back(line);
  }
  INFO(scenario::joined(same));
  CHECK(same.empty());
}

TEST_CASE("what only some loads and faults have is saved and loaded as well") {
  auto text = scenario_test::small_scenario;
  const std::string meters = "    meters:";
  text.replace(text.find(meters), meters.size(),
               "    feeder: european-lv\n    grid: true\n    meters:\n"
               "      - { count: 2, tariff: tou, load: electric-car, rated_power: 3.5 kW }");
  text += "faults:\n  - { kind: theft-bypass, meter: M0001, share: 1/3 }\n";
  auto first = scenario::load_text(text, "s.yaml");
  auto& head = first.areas[0].meters.emplace_back();
  head.count = 3;
  head.name = "T";
  head.tariff = "tou";
  head.load = scenario::LoadKind::feeder_head;
  head.current_ratio = 40;
  const auto second = scenario::load_text(scenario::to_yaml(first), "s.yaml");
  CHECK(second.areas[0].grid);
  CHECK(second.areas[0].meters.front().rated_power == core::Milliwatts(3'500'000));
  CHECK(second.areas[0].meters.back().load == scenario::LoadKind::feeder_head);
  CHECK(second.areas[0].meters.back().current_ratio == 40);
  CHECK(second.faults.back().share == core::Ratio{1, 3});
  const auto full = scenario::load_text(
      scenario::to_yaml(scenario::load_text(scenario_test::full_scenario, "full/s.yaml")), "full/s.yaml");
  const auto of = [&](const std::string& kind) {
    return *std::find_if(full.faults.begin(), full.faults.end(),
                         [&](const auto& f) { return f.kind == kind; });
  };
  CHECK(of("theft-shunt").share == core::Ratio{3, 5});
  CHECK(of("theft-hook").power == core::Milliwatts(1'500'000));
  CHECK(of("theft-rollback").energy == core::CentiKilowattHours(20));
}

TEST_CASE("titles with every kind of character survive") {
  for (const std::string title : {"yes", "22:00", "# no comment", "a: b", "\"quoted\" and \\ back",
                                  "台区 north", "- dash", " ", "1e5"}) {
    const auto s = scenario::load_text(scenario_test::small_scenario, "s.yaml");
    auto renamed = s;
    renamed.title = title;
    CHECK(scenario::load_text(scenario::to_yaml(renamed), "s.yaml").title == title);
  }
}
