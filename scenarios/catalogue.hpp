/// The scenarios that come with metertwin, or with somebody's own folder of stories.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace scenario {
struct CatalogueEntry {
  std::filesystem::path folder;
  std::string story;
  std::string title;
  std::string error;  ///< "file:line:column: message" when the file is not a scenario; title is empty then
};

/// Every folder below `folder` that holds a scenario.yaml, by name. Empty when there is no such folder.
std::vector<CatalogueEntry> catalogue(const std::filesystem::path& folder);

/// The project's own scenarios, where this build found them; `./scenarios` when they are no longer there.
std::filesystem::path own_scenarios();
}  // namespace scenario
