#include "sim/wiring/feeder_copies.hpp"

#include <algorithm>
#include <fstream>
#include <vector>

#include "models/grid/opendss.hpp"
#include "scenarios/catalogue.hpp"
#include "scenarios/load.hpp"

namespace sim {
namespace fs = std::filesystem;
namespace {
bool is_own(const fs::path& file) {
  std::error_code error;
  return fs::equivalent(file.parent_path(), scenario::own_scenarios() / "feeders", error);
}

/// The longest path that both begin with.
fs::path common(const fs::path& one, const fs::path& other) {
  fs::path shared;
  for (auto a = one.begin(), b = other.begin(); a != one.end() && b != other.end() && *a == *b; ++a, ++b)
    shared /= *a;
  return shared;
}

void copy_script(const fs::path& script, const std::string& name, const fs::path& feeders) {
  std::vector<fs::path> files;
  for (const auto& file : model::grid::read_dss_script(script).files)
    files.push_back(fs::absolute(file).lexically_normal());
  std::sort(files.begin() + 1, files.end());
  files.erase(std::unique(files.begin() + 1, files.end()), files.end());
  const auto main = files.front();
  if (files.size() == 1) {
    fs::copy_file(main, feeders / main.filename(), fs::copy_options::overwrite_existing);
    return;
  }
  auto root = main.parent_path();
  for (const auto& file : files) root = common(root, file.parent_path());
  const auto inside = name + "-files";
  for (const auto& file : files) {
    const auto target = feeders / inside / file.lexically_relative(root);
    fs::create_directories(target.parent_path());
    fs::copy_file(file, target, fs::copy_options::overwrite_existing);
  }
  std::ofstream(feeders / (name + ".dss"))
      << "Redirect \"" << (fs::path(inside) / main.lexically_relative(root)).generic_string() << "\"\n";
}
}  // namespace

void copy_feeders(const scenario::Scenario& scenario, const fs::path& folder) {
  for (const auto& area : scenario.areas) {
    const auto file = scenario::find_feeder(scenario.folder, area.feeder);
    if (!file || is_own(*file)) continue;
    const auto feeders = folder / "feeders";
    fs::create_directories(feeders);
    if (file->extension() == ".dss")
      copy_script(*file, area.feeder, feeders);
    else
      fs::copy_file(*file, feeders / file->filename(), fs::copy_options::overwrite_existing);
  }
}
}  // namespace sim
