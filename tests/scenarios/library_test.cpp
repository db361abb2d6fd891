// The scenarios that come with metertwin are good ones, and the schema for editors is fresh.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/fault/registry.hpp"
#include "scenarios/catalogue.hpp"
#include "scenarios/load.hpp"
#include "scenarios/roster.hpp"
#include "scenarios/save.hpp"
#include "scenarios/schema.hpp"

namespace {
const std::filesystem::path root = METERTWIN_ROOT;

std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}
}  // namespace

TEST_CASE("every scenario in the catalogue loads, has a title, is named as its folder, and survives saving") {
  const auto entries = scenario::catalogue(root / "scenarios");
  CHECK(entries.size() >= 3);
  for (const auto& entry : entries) {
    INFO(entry.folder);
    CHECK(entry.error == "");
    CHECK_FALSE(entry.title.empty());
    CHECK(entry.story == entry.folder.filename());
    if (!entry.error.empty()) continue;
    const auto loaded = scenario::load(entry.folder);
    const auto text = scenario::to_yaml(loaded);
    CHECK(scenario::to_yaml(scenario::load_text(text, (entry.folder / "effective.yaml").generic_string())) ==
          text);
    CHECK(std::filesystem::exists(entry.folder / "README.md"));
  }
}

TEST_CASE("a folder without scenarios, or none at all, has an empty catalogue") {
  CHECK(scenario::catalogue(root / "core").empty());
  CHECK(scenario::catalogue(root / "no-such-folder").empty());
}

TEST_CASE("first-day has the 55 customers of its feeder and ends a month") {
  const auto s = scenario::load(root / "scenarios/first-day");
  CHECK(scenario::meter_count(s) == 55);
  CHECK(s.zone_rules.civil(s.ends()).day == 1);
  CHECK(s.zone_rules.second_of_day(s.ends()) == 0);
}

TEST_CASE("the committed schema is the one that the loader's table makes") {
  // Write it anew: metertwin scenarios --schema > scenarios/scenario.schema.json
  CHECK(file_text(root / "scenarios/scenario.schema.json") == scenario::json_schema());
}

TEST_CASE("the schema describes every key") {
  const auto schema = nlohmann::json::parse(scenario::json_schema());
  std::size_t keys = 0;
  const auto walk = [&](const auto& self, const nlohmann::json& node) -> void {
    if (node.is_object() && node.contains("properties"))
      for (const auto& [key, value] : node["properties"].items()) {
        INFO(key);
        CHECK_FALSE(value.value("description", "").empty());
        ++keys;
      }
    for (const auto& child : node)
      if (child.is_structured()) self(self, child);
  };
  walk(walk, schema);
  CHECK(keys > 80);
}

TEST_CASE("missing outside data is refused with what to do about it") {
  auto s = scenario::load(root / "scenarios/european-lv", {"data_folder=no-such-folder"});
  try {
    scenario::require_data(s);
    FAIL("took a folder that is not there");
  } catch (const scenario::BadScenario& bad) {
    const std::string what = bad.what();
    INFO(what);
    CHECK(what.find(":5: area 'feeder' needs the IEEE European LV test feeder's CSV files") !=
          std::string::npos);
    CHECK(what.ends_with("give their folder with --data FOLDER"));
  }
}

TEST_CASE("the smallest scenario that the guide shows loads, and takes its name from its folder") {
  const auto guide = file_text(root / "scenarios/README.md");
  const std::string fence = "```yaml\n";
  const auto from = guide.find(fence);
  REQUIRE(from != std::string::npos);
  const auto example = guide.substr(from + fence.size(), guide.find("```", from + 3) - from - fence.size());
  const auto loaded = scenario::load_text(example, "smallest/scenario.yaml");
  CHECK(loaded.story == "smallest");
  CHECK(scenario::meter_count(loaded) == 3);
}

TEST_CASE("every kind of fault is on the page of faults") {
  const auto guide = file_text(root / "docs/faults.md");
  for (const auto& entry : model::fault_registry()) {
    INFO(entry.name);
    CHECK(guide.find("| `" + std::string(entry.name) + "` |") != std::string::npos);
  }
}
