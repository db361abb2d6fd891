#include "scenarios/catalogue.hpp"

#include <algorithm>

#include "scenarios/load.hpp"

namespace scenario {
namespace fs = std::filesystem;

std::vector<CatalogueEntry> catalogue(const fs::path& folder) {
  std::vector<CatalogueEntry> entries;
  std::error_code error;
  for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    if (!fs::exists(it->path() / "scenario.yaml", error)) continue;
    CatalogueEntry entry;
    entry.folder = it->path();
    entry.story = it->path().filename().generic_string();
    try {
      const auto scenario = load(it->path());
      entry.story = scenario.story;
      entry.title = scenario.title;
    } catch (const BadScenario& bad) {
      entry.error = bad.what();
    }
    entries.push_back(std::move(entry));
  }
  // A folder lists its files in no order that means anything.
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.folder < b.folder; });
  return entries;
}

fs::path own_scenarios() {
  std::error_code error;
  const fs::path built_from = METERTWIN_SCENARIOS;
  return fs::is_directory(built_from, error) ? built_from : fs::path("scenarios");
}

std::optional<fs::path> find_feeder(const fs::path& scenario_folder, const std::string& name) {
  if (name.empty() || name.find_first_of("/\\") != std::string::npos || name.front() == '.')
    return std::nullopt;
  std::error_code error;
  for (const auto& folder :
       {scenario_folder / "feeders", scenario_folder / ".." / "feeders", own_scenarios() / "feeders"}) {
    for (const char* extension : {".yaml", ".dss"}) {
      const auto file = folder / (name + extension);
      if (fs::is_regular_file(file, error)) return file;
    }
  }
  return std::nullopt;
}

fs::path data_folder_of(const Scenario& scenario) {
  if (scenario.data_folder.empty()) return {};
  const fs::path folder = scenario.data_folder;
  return folder.is_absolute() ? folder : (fs::path(scenario.folder) / folder).lexically_normal();
}

void require_data(const Scenario& scenario) {
  static const std::vector<std::string> files{"Lines.csv", "LineCodes.csv", "Loads.csv",
                                              "Load_profiles_1min_100.csv"};
  std::error_code error;
  for (const auto& area : scenario.areas) {
    if (area.feeder != "ieee-csv") continue;
    const std::string what = "area '" + area.name + "' needs the IEEE European LV test feeder's CSV files (" +
                             joined(files) + "; published by the IEEE PES Test Feeder Working Group): ";
    const auto folder = data_folder_of(scenario);
    if (folder.empty()) throw BadScenario(area.place, what + "give their folder with --data FOLDER");
    for (const auto& file : files)
      if (!fs::exists(folder / file, error))
        throw BadScenario(area.place, what + "no " + file + " in " + folder.generic_string() +
                                          "; give their folder with --data FOLDER");
  }
}
}  // namespace scenario
