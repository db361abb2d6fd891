// What was missing in a run and why, told from the store of a head-end that has seen one trouble of each
// kind.
#include "apps/run_gaps.hpp"

#include <catch2/catch.hpp>

#include "tests/head-end/talk/scene.hpp"

using namespace talk_test;

namespace {
std::string told(const app::GapLine& line, const Configuration& configuration) {
  return configuration.meters[line.meter - 1].name + " " +
         core::to_civil_text(line.first, configuration.zone).substr(11, 5) + " x" +
         std::to_string(line.count) + " " + line.cause + " " + line.state;
}
}  // namespace

TEST_CASE("each gap of a run has its cause and its fate") {
  auto configuration = make_configuration({.meters_per_concentrator = {3, 1}});
  configuration.collect.gap_patience = 2h;
  configuration.collect.back_off_max = 15min;
  Scene scene(configuration);
  scene.north().is_missing = [](MeterId id, Instant due, Instant now) {
    const bool is_late = id == 2 && due >= at(2) && due < at(2, 45) && now < at(3);
    const bool is_never = id == 1 && (due >= at(9) || due == at(4));
    return is_late || is_never;
  };
  scene.north().false_centikWh = [](MeterId id, Instant due) { return id == 3 && due == at(8) ? 90'000 : 0; };
  scene.start();
  scene.run_until(at(3));
  scene.redials = false;
  scene.concentrators[1]->hang_up();
  scene.run_until(at(5));
  scene.redials = true;
  scene.run_until(at(6));
  scene.crash();
  scene.restart_after(1h);
  scene.run_until(at(10, 14));
  scene.crash();

  sqlite::Database books(scene.store(), sqlite::Database::Use::read);
  const std::vector<app::Outage> down{{at(6), at(7)}};
  std::vector<std::string> lines;
  for (const auto& line : app::gaps_of_run(configuration, books, at(10), down))
    lines.push_back(told(line, configuration));
  const std::vector<std::string> expected = {
      "M001 04:00 x1 no-value estimated",   "M001 06:00 x3 head-end-down healed",
      "M001 09:00 x5 no-value open",        "M002 02:00 x3 no-value healed",
      "M002 06:00 x3 head-end-down healed", "M003 06:00 x3 head-end-down healed",
      "M003 08:00 x1 rejected estimated",   "M004 03:00 x7 collector-gone healed",
      "M004 06:00 x3 head-end-down healed"};
  CHECK(lines == expected);
}

TEST_CASE("a run without any trouble has no gaps, one without any reading is one gap a meter") {
  const bool comes = GENERATE(true, false);
  Scene scene(make_configuration({.meters_per_concentrator = {2}}));
  scene.redials = comes;
  scene.start(comes);
  scene.run_until(at(3, 10));
  scene.crash();
  sqlite::Database books(scene.store(), sqlite::Database::Use::read);
  const auto lines = app::gaps_of_run(scene.configuration, books, at(3), {});
  REQUIRE(lines.size() == (comes ? 0 : 2));
  if (comes) return;
  CHECK(lines[1].meter == 2);
  CHECK(lines[1].first == at(0));
  CHECK(lines[1].count == 13);
  CHECK(lines[1].cause == "collector-gone");
  CHECK(lines[1].state == "open");
}
