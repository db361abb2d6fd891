#include "apps/simulate.hpp"

#include <fmt/format.h>

#include <set>

#include "apps/head_end_configuration.hpp"
#include "platform/virtual/virtual_world.hpp"
#include "scenarios/roster.hpp"
#include "sim/truth/truth_store.hpp"
#include "sim/wiring/setups.hpp"
#include "sim/wiring/simulation.hpp"

namespace app {
namespace {
/// The reference head-end, started on its store as often as it takes.
class ReferenceHeadEnd final : public sim::HeadEndProcess {
 public:
  ReferenceHeadEnd(headend::Configuration configuration, std::filesystem::path store, headend::FrameTap tap)
      : configuration_(std::move(configuration)), store_(std::move(store)), tap_(std::move(tap)) {}
  void start(seam::VirtualWorld& world) override {
    head_end_ = std::make_unique<headend::HeadEnd>(configuration_, store_, world.clock(),
                                                   headend::Doors(world.uplinks(), world.counter()), tap_);
    head_end_->start();
  }
  void destroy() override { head_end_.reset(); }

 private:
  headend::Configuration configuration_;
  std::filesystem::path store_;
  headend::FrameTap tap_;
  std::unique_ptr<headend::HeadEnd> head_end_;
};

sim::Progress progress_of(const scenario::Scenario& scenario, const RunOptions& options) {
  if (!options.is_progress_shown) return {};
  const auto whole = scenario.lasts + scenario.settles;
  return {.every = whole / 200, .report = [&scenario, whole](core::Instant now) {
            fmt::print(stderr, "\r  {}  {:3d} %", core::to_civil_text(now, scenario.zone_rules),
                       (now - scenario.starts) * 100 / whole);
            std::fflush(stderr);
          }};
}

void note_run(const scenario::Scenario& scenario, sim::TruthStore& truth) {
  truth.note_run("version", METERTWIN_VERSION);
  truth.note_run("story", scenario.story);
  truth.note_run("seed", std::to_string(scenario.seed));
  truth.note_run("starts_ns", std::to_string(core::unix_nanoseconds(scenario.starts)));
  truth.note_run("ends_ns", std::to_string(core::unix_nanoseconds(scenario.ends())));
  truth.note_run("zone", scenario.zone);
}
/// Takes everything out of a whole simulation that is not of this area.
void keep_area(const scenario::Scenario& scenario, std::size_t area, sim::SimulationSetup& setup) {
  std::set<std::string> accounts;
  for (const auto& entry : scenario::roster(scenario))
    if (entry.area == area) accounts.insert(entry.account);
  const auto is_elsewhere = [&](const auto& part) { return accounts.count(part.account) == 0; };
  std::erase_if(setup.counter.customers, is_elsewhere);
  std::erase_if(setup.counter.payments, is_elsewhere);
  std::erase_if(setup.areas, [&](const model::AreaSetup& other) { return other.id != area; });
  auto& inspected = setup.inspectors.areas;
  if (!inspected.empty()) inspected = {inspected[area]};
}

SimulatedRun simulate_part(const scenario::Scenario& scenario, std::optional<std::size_t> area,
                           const RunOptions& options, const std::filesystem::path& folder, const Taps& taps) {
  const SimulatedRun stores{folder / "truth.db", folder / "books.db"};
  auto configuration = head_end_configuration(scenario);
  // In virtual time the machine is not what crashes: commits need to survive the process, not the power.
  configuration.durability = headend::Configuration::Durability::commit_on_process_death;
  sim::TruthStore truth(stores.truth_db);
  note_run(scenario, truth);
  sim::SimulationSetup setup{.starts = scenario.starts,
                             .areas = sim::area_setups(scenario),
                             .counter = sim::counter_setup(scenario),
                             .inspectors = sim::inspector_setup(scenario),
                             .head_end_outages = sim::head_end_outages(scenario),
                             .order = options.order};
  sim::describe_estate(scenario, setup.areas, truth);
  if (area) keep_area(scenario, *area, setup);
  ReferenceHeadEnd head_end(std::move(configuration), stores.books_db, taps.uplink);
  sim::Simulation simulation(std::move(setup), truth, head_end, taps.line);
  const auto progress = progress_of(scenario, options);
  simulation.run_until(scenario.ends() + scenario.settles, progress);
  if (progress.report) fmt::print(stderr, "\r{:40}\r", "");
  simulation.finish();
  truth.finish();
  return stores;
}
}  // namespace

SimulatedRun simulate(const scenario::Scenario& scenario, const RunOptions& options,
                      const std::filesystem::path& folder, const Taps& taps) {
  return simulate_part(scenario, std::nullopt, options, folder, taps);
}

SimulatedRun simulate_area(const scenario::Scenario& scenario, std::size_t area, const RunOptions& options,
                           const std::filesystem::path& folder) {
  return simulate_part(scenario, area, options, folder, {});
}
}  // namespace app
