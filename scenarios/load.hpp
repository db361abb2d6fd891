/// From a file to a Scenario that makes sense, or one line that says where it does not.
///
/// A scenario that came out of here is complete: unknown keys, wrong units, values out of range and
/// contradictions were refused, copies of areas expanded, the time zone resolved. Nothing is written
/// anywhere. Randomness: none.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "scenarios/bad_scenario.hpp"
#include "scenarios/scenario.hpp"

namespace scenario {
/// Where each value of a scenario stands in its file, by path: "tariffs.0.periods.1.slots".
class Places {
 public:
  void note(const std::string& path, const Place& place) { places_[path] = place; }
  /// The value's place, or that of the nearest thing around it.
  Place at(std::string path) const;

 private:
  std::map<std::string, Place> places_;
};

/// Reads a scenario file, or the `scenario.yaml` of a folder. `overrides` are `--set` texts like
/// "areas.north.meters.0.count=5", applied to the file before anything is checked. Throws BadScenario.
Scenario load(const std::filesystem::path& path, const std::vector<std::string>& overrides = {});
/// The same from a text; `file` is for messages and its parent is the scenario's folder.
Scenario load_text(const std::string& text, const std::string& file,
                   const std::vector<std::string>& overrides = {});

/// Everything that one field alone cannot show: names that are not there, tariffs with holes, windows outside
/// of the run. `area_origin[i]`: where in the file area i stands (copies share one). Throws BadScenario.
void check(const Scenario& scenario, const Places& places, const std::vector<std::size_t>& area_origin);
/// For scenarios made in code: the same check, without places.
void check(const Scenario& scenario);

/// The feeder file that a name means: NAME.yaml or NAME.dss in `feeders` of the scenario's folder, of its
/// parent, or of the project. Nothing when there is none.
std::optional<std::filesystem::path> find_feeder(const std::filesystem::path& scenario_folder,
                                                 const std::string& name);
/// The scenario's folder of outside data, absolute or from the working directory. Empty when none was given.
std::filesystem::path data_folder_of(const Scenario& scenario);
/// Throws BadScenario, with what to do, when an area needs outside data and the folder or a file in it is not
/// there.
void require_data(const Scenario& scenario);
}  // namespace scenario
