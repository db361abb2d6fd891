#include "apps/stress_virtual.hpp"

#include "apps/stress_estate.hpp"
#include "apps/stress_loss.hpp"
#include "head-end/head_end.hpp"
#include "stress/plan/link_world.hpp"

namespace app {
namespace {
using namespace std::chrono_literals;
constexpr core::Duration connect_patience = 60s, drain_patience = 120s;
/// The head-end's clock: far enough behind the estate's first quarter hour that no quarter of a stage lies
/// ahead of it.
constexpr core::Duration years_later = 24h * 365 * 5;
}  // namespace

VirtualStageOutcome run_virtual_stage(const stress::StageScript& script,
                                      const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto store = folder / "books.db";
  for (const char* const suffix : {"", "-wal", "-shm"}) std::filesystem::remove(store.string() + suffix);
  const core::Instant start = script.estate.opens + years_later;
  auto configuration = stress_configuration(script.estate);
  configuration.durability = headend::Configuration::Durability::commit_on_process_death;
  stress::FloodOptions options;
  options.fleet = script.fleet;
  stress::Flood flood(script.estate, options);
  VirtualStageOutcome outcome;
  {
    seam::VirtualClock clock(start);
    seam::VirtualListener uplinks(clock), counter(clock), managers(clock), http(clock);
    headend::Doors doors(uplinks, counter);
    doors.managers = &managers;
    doors.http = &http;
    headend::HeadEnd head_end(std::move(configuration), store, clock, doors);
    head_end.start();
    stress::LinkWorld world(clock, {&uplinks, &managers, &http});
    stress::VirtualStage stage(flood, world, start);
    if (!stage.connect(connect_patience)) throw std::runtime_error("the fleet could not log in");
    outcome.stage = stage.run(script.stage);
    stage.drain(drain_patience);
    outcome.wire_digest = stage.digest();
    clock.kill();
    head_end.books().close();
  }
  outcome.loss = compare_with_store(flood, store);
  return outcome;
}
}  // namespace app
