// A year of a thousand meters in virtual time: does the process stay the size it has after two months?
//
// Figure: heap in use (SQLite's page cache counted apart, it is bounded by its setting) at the end of each
// month; growth = the end of month 12 against the end of month 2, and the bench fails beyond 1 %. One
// process, forked.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "apps/simulate.hpp"
#include "core/sqlite/database.hpp"
#include "platform/posix/process_figures.hpp"
#include "scenarios/load.hpp"
#include "sim/kernel/fork_runner.hpp"

namespace {
constexpr int areas = 4, meters_per_area = 250;
constexpr double growth_max = 0.01;

scenario::MeterGroup group_of(int count, scenario::PaymentMode payment) {
  scenario::MeterGroup group;
  group.count = count;
  group.payment = payment;
  group.tariff = "year";
  group.load_record_days = 1;
  if (payment != scenario::PaymentMode::postpaid) group.opening_balance = core::Fen(1'000'000);
  return group;
}

scenario::Scenario year(int months) {
  scenario::Scenario year;
  year.story = "year";
  year.title = "a year of a thousand meters";
  year.starts = *core::parse_iso8601("2026-01-01T00:00:00+08:00", year.zone_rules);
  year.lasts =
      year.zone_rules.start_of_month(year.starts + std::chrono::hours(24) * (30 * months + 8)) - year.starts;
  year.tariffs.push_back({.name = "year",
                          .source = "bench",
                          .periods = {{"peak", {{8 * 3600, 22 * 3600}}, {core::Price(5680)}},
                                      {"valley", {{0, 8 * 3600}, {22 * 3600, 86'400}}, {core::Price(2880)}}},
                          .resets = scenario::TierReset::never_tiered,
                          .bounds = {},
                          .place = {}});
  for (int i = 0; i < areas; ++i) {
    scenario::Area area;
    area.name = "area-" + std::to_string(i);
    area.concentrator.store_days = 1;
    area.meters.push_back(group_of(meters_per_area - 20, scenario::PaymentMode::postpaid));
    area.meters.push_back(group_of(10, scenario::PaymentMode::prepaid_head_end));
    area.meters.push_back(group_of(10, scenario::PaymentMode::prepaid_meter));
    year.areas.push_back(std::move(area));
  }
  scenario::check(year);
  return year;
}

/// Runs in the child; the result is JSON: bytes at each month's end.
int run_year(int months, std::string& result) {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("metertwin-year-{}", getpid());
  std::filesystem::create_directories(folder);
  const auto scenario = year(months);
  std::vector<std::uint64_t> heap_bytes;
  core::Instant month_ends = scenario.zone_rules.start_of_next_month(scenario.starts);
  app::Taps taps;
  taps.uplink = [&](core::Instant at, headend::ConcentratorId, bool, core::Bytes) {
    if (at < month_ends) return;
    month_ends = scenario.zone_rules.start_of_next_month(at);
    heap_bytes.push_back(seam::process_figures().heap_bytes - sqlite::memory_bytes());
  };
  const auto began = std::chrono::steady_clock::now();
  app::simulate(scenario, {}, folder, taps);
  const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::filesystem::remove_all(folder);
  result = nlohmann::json{{"heap_bytes", heap_bytes}, {"wall_s", wall_s}}.dump();
  return 0;
}

void year_of_a_thousand_meters(benchmark::State& state) {
  const auto months = static_cast<int>(state.range(0));
  for (auto _ : state) {
    const auto outcomes =
        sim::run_forked({{"year", [months](std::string& result) { return run_year(months, result); }}},
                        {.at_once = 1, .deadline = {}, .on_outcome = {}});
    if (outcomes[0].exit_code != 0) throw std::runtime_error("year: " + outcomes[0].trouble);
    const auto run = nlohmann::json::parse(outcomes[0].result);
    state.SetIterationTime(run["wall_s"].get<double>());
    const auto heap = run["heap_bytes"].get<std::vector<double>>();
    for (std::size_t month = 0; month < heap.size(); ++month)
      state.counters[fmt::format("month_{:02}_MB", month + 1)] = 1e-6 * heap[month];
    const double growth = heap.size() < 3 ? 0 : heap.back() / heap[1] - 1;
    state.counters["growth"] = growth;
    if (growth > growth_max)
      state.SkipWithError(
          fmt::format("the heap grew by {:.1f} % from month 2 to the last; bytes at each month's end: {}",
                      growth * 100, fmt::join(heap, " "))
              .c_str());
  }
}
BENCHMARK(year_of_a_thousand_meters)->Arg(12)->Iterations(1)->UseManualTime()->Unit(benchmark::kSecond);
}  // namespace

BENCHMARK_MAIN();
