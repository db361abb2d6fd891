// A city's day, whole: every frame on its wire, every reading stored, everything audited. One core, one
// process a city.
//
// Figures: simulated readings per second of wall time (simulation + head-end + stores + audit), its ratio to
// a bare calibration of the same size measured in the same run, and peak memory per meter. Each city runs in
// a forked child.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "apps/simulate.hpp"
#include "audit/audit.hpp"
#include "bench/calibration.hpp"
#include "scenarios/load.hpp"
#include "sim/kernel/fork_runner.hpp"

namespace {
constexpr int meters_per_area = 256;

double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

scenario::MeterGroup group_of(int count, scenario::PaymentMode payment) {
  scenario::MeterGroup group;
  group.count = count;
  group.payment = payment;
  group.tariff = "city";
  group.load_record_days = 1;
  group.opening_balance = payment == scenario::PaymentMode::postpaid ? core::Fen(0) : core::Fen(20'000);
  return group;
}

/// A day of a city: areas of 256 meters on eight lines; three quarters postpaid, the rest prepaid in both
/// modes.
scenario::Scenario city(int meters) {
  scenario::Scenario city;
  city.story = "city";
  city.title = "a city's day";
  city.starts = *core::parse_iso8601("2026-06-09T00:00:00+08:00", city.zone_rules);
  city.tariffs.push_back({.name = "city",
                          .source = "bench",
                          .periods = {{"peak", {{8 * 3600, 22 * 3600}}, {core::Price(5680)}},
                                      {"valley", {{0, 8 * 3600}, {22 * 3600, 86'400}}, {core::Price(2880)}}},
                          .resets = scenario::TierReset::never_tiered,
                          .bounds = {},
                          .place = {}});
  for (int placed = 0; placed < meters; placed += meters_per_area) {
    const int here = std::min(meters_per_area, meters - placed);
    scenario::Area area;
    area.name = "area-" + std::to_string(placed / meters_per_area);
    area.concentrator.store_days = 1;
    const int prepaid = here / 32;
    area.meters.push_back(group_of(here - 2 * prepaid, scenario::PaymentMode::postpaid));
    if (prepaid > 0) {
      area.meters.push_back(group_of(prepaid, scenario::PaymentMode::prepaid_head_end));
      area.meters.push_back(group_of(prepaid, scenario::PaymentMode::prepaid_meter));
    }
    city.areas.push_back(std::move(area));
  }
  scenario::check(city);
  return city;
}

/// Runs in the child; the result is JSON.
int run_city(int meters, std::string& result) {
  const auto folder =
      std::filesystem::temp_directory_path() / fmt::format("metertwin-city-{}-{}", meters, getpid());
  std::filesystem::create_directories(folder);
  const auto scenario = city(meters);
  const auto began = std::chrono::steady_clock::now();
  const auto stores = app::simulate(scenario, {}, folder);
  const double simulated_s = seconds_since(began);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto audit_began = std::chrono::steady_clock::now();
  const auto audited = audit::audit_run(scenario, stores.truth_db, stores.books_db);
  const double audited_s = seconds_since(audit_began);
  const auto books_bytes = std::filesystem::file_size(stores.books_db);
  std::filesystem::remove_all(folder);
  result = nlohmann::json{{"simulated_s", simulated_s},
                          {"audited_s", audited_s},
                          {"readings", audited.summary.readings_stored},
                          {"verdict", std::string(audit::name_of(audited.verdict))},
                          {"books_bytes", books_bytes},
                          {"memory_kB", usage.ru_maxrss}}
               .dump();
  return 0;
}

nlohmann::json forked_city(int meters) {
  const auto outcomes =
      sim::run_forked({{"city", [meters](std::string& result) { return run_city(meters, result); }}},
                      {.at_once = 1, .deadline = {}, .on_outcome = {}});
  if (outcomes[0].exit_code != 0) throw std::runtime_error("city: " + outcomes[0].trouble);
  return nlohmann::json::parse(outcomes[0].result);
}

void city_day(benchmark::State& state) {
  const auto meters = static_cast<int>(state.range(0));
  static const double empty_kB = forked_city(1)["memory_kB"].get<double>();
  for (auto _ : state) {
    const auto calibration = bench::calibrate_city(static_cast<std::uint32_t>(meters));
    benchmark::DoNotOptimize(calibration.checksum);
    const auto run = forked_city(meters);
    const double whole_s = run["simulated_s"].get<double>() + run["audited_s"].get<double>();
    const double per_second = run["readings"].get<double>() / whole_s;
    state.SetIterationTime(whole_s);
    state.counters["readings_per_s"] = per_second;
    state.counters["ns_per_reading"] = 1e9 / per_second;
    state.counters["audit_share"] = run["audited_s"].get<double>() / whole_s;
    state.counters["ratio_to_bare"] = per_second / calibration.readings_per_second;
    state.counters["memory_B_per_meter"] = (run["memory_kB"].get<double>() - empty_kB) * 1024 / meters;
    state.counters["store_B_per_reading"] = run["books_bytes"].get<double>() / run["readings"].get<double>();
    state.SetLabel(run["verdict"].get<std::string>());
  }
}
BENCHMARK(city_day)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Iterations(1)->UseManualTime()->Unit(
    benchmark::kSecond);
}  // namespace

BENCHMARK_MAIN();
