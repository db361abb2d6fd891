/// Runs again for blame: one area of a finished run, with some of its faults taken out.
///
/// A fault that is taken out is put behind the end of the run, so that it keeps its place in the list and the
/// others keep their draws. Each run is a process of its own with a scratch folder of its own; nothing stays
/// behind. Throws std::runtime_error with one line when a run did not end well. Randomness: the scenario's
/// seed. Time: virtual.
#pragma once
#include "apps/run_options.hpp"
#include "audit/blame/attribution.hpp"
#include "scenarios/scenario.hpp"

namespace app {
class BlameRuns {
 public:
  struct Place {
    std::size_t area = 0;
    int at_once = 1;  ///< processes
  };
  BlameRuns(const scenario::Scenario& scenario, std::vector<audit::Cause> causes, Place place)
      : scenario_(scenario), causes_(std::move(causes)), place_(place) {}

  /// What each of these sets of causes shows. For audit::Attribution.
  std::vector<audit::Shown> operator()(const std::vector<audit::Present>& wanted) const;

  /// The scenario with these causes alone.
  scenario::Scenario with(const audit::Present& present) const;

 private:
  const scenario::Scenario& scenario_;
  std::vector<audit::Cause> causes_;
  Place place_;
};

/// A scratch folder that goes with its owner.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& purpose);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};
}  // namespace app
