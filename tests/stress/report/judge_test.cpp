/// Each promise of a stress run, broken one at a time on a record in which all are kept.
#include "stress/verdict/judge.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "stress/measure/columns.hpp"
#include "tests/stress/report/flood_record.hpp"

namespace {
using namespace stress;
using report::Verdict;
using stress_test::flood_record;

StageRecord& stage_of(StressRecord& record, StageKind kind) {
  return *std::find_if(record.stages.begin(), record.stages.end(),
                       [&](const StageRecord& stage) { return stage.kind == kind; });
}

const report::Check& check_named(const std::vector<report::Check>& checks, const std::string& id) {
  const auto found =
      std::find_if(checks.begin(), checks.end(), [&](const auto& check) { return check.id == id; });
  REQUIRE(found != checks.end());
  return *found;
}

Verdict verdict(const StressRecord& record, const std::string& id, const Limits& limits = {}) {
  const auto checks = judge(record, limits);
  const auto& check = check_named(checks, id);
  INFO(id << ": " << check.measured << "; " << check.reason);
  CHECK((check.verdict == Verdict::pass || !check.reason.empty()));
  return check.verdict;
}
}  // namespace

TEST_CASE("a flood that keeps every promise passes, whatever its noise") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    const auto checks = judge(flood_record(seed));
    CHECK(checks.size() == 14);
    for (const auto& check : checks) {
      INFO(check.id << ": " << check.measured << "; " << check.reason);
      CHECK(check.verdict == Verdict::pass);
    }
    CHECK(overall(checks) == Verdict::pass);
  }
}

TEST_CASE("nothing measured is unknown, never pass") {
  const auto checks = judge({});
  CHECK(overall(checks) == Verdict::unknown);
  CHECK(verdict({}, "S-LOSS") == Verdict::unknown);
  CHECK(overall({}) == Verdict::unknown);
  StressRecord bare;
  bare.stages.emplace_back().name = "ladder 1/1";
  for (const auto& check : judge(bare)) {
    INFO(check.id);
    CHECK(check.verdict == Verdict::unknown);
  }
}

TEST_CASE("one reading lost, doubled, wrong or never sent fails") {
  for (const auto count :
       {&LossRecord::lost, &LossRecord::doubled, &LossRecord::wrong, &LossRecord::stored_unasked}) {
    auto record = flood_record();
    record.loss.*count = 1;
    CHECK(verdict(record, "S-LOSS") == Verdict::fail);
  }
}

TEST_CASE("a store that was not compared, or with nothing acknowledged, or half compared, is unknown") {
  auto record = flood_record();
  record.loss.was_checked = false;
  CHECK(verdict(record, "S-LOSS") == Verdict::unknown);
  record.loss = {};
  record.loss.was_checked = true;
  CHECK(verdict(record, "S-LOSS") == Verdict::unknown);
  record = flood_record();
  record.loss.stored_right -= 5;
  CHECK(verdict(record, "S-LOSS") == Verdict::unknown);
}

TEST_CASE("a weaker durability is said in the verdict") {
  auto record = flood_record();
  record.is_durable = false;
  record.durability = "survives a crash of the process only";
  CHECK(verdict(record, "S-DURABLE") == Verdict::unknown);
  CHECK(overall(judge(record)) == Verdict::unknown);
}

TEST_CASE("well-formed readings that are refused, unanswered or held back break the error budget") {
  for (const auto fate : {&Fate::refused, &Fate::unanswered}) {
    auto record = flood_record();
    auto& readings = stage_of(record, StageKind::ladder).readings;
    readings.*fate += 64;
    readings.acknowledged -= 64;
    CHECK(verdict(record, "S-ERROR") == Verdict::fail);
    CHECK(verdict(record, "S-ERROR", {.error_share = 0.01}) == Verdict::pass);
  }
  auto record = flood_record();
  auto& stage = stage_of(record, StageKind::soak);
  stage.readings.held_back += 64;
  stage.readings.sent -= 64;
  stage.readings.acknowledged -= 64;
  CHECK(verdict(record, "S-ERROR") == Verdict::fail);
}

TEST_CASE("counts that do not add up are unknown, a crash of the head-end fails") {
  auto record = flood_record();
  stage_of(record, StageKind::ladder).frames.sent += 1;
  CHECK(verdict(record, "S-ERROR") == Verdict::unknown);
  stage_of(record, StageKind::ladder).head_end_deaths = 1;
  CHECK(verdict(record, "S-ERROR") == Verdict::fail);
}

TEST_CASE("an abnormal frame that was confirmed fails") {
  auto record = flood_record();
  stage_of(record, StageKind::soak).abnormal_accepted = 1;
  CHECK(verdict(record, "S-ABNORMAL") == Verdict::fail);
}

TEST_CASE("a p99 beyond its objective fails, also when the frames behind it were never confirmed") {
  auto record = flood_record();
  auto& stage = stage_of(record, StageKind::ladder);
  stage.acknowledge_ns.add(150'000'000, stage.acknowledge_ns.count() / 50);
  CHECK(verdict(record, "S-LATENCY") == Verdict::fail);
  record = flood_record();
  stage_of(record, StageKind::ladder).frames.intended *= 2;
  CHECK(verdict(record, "S-LATENCY") == Verdict::fail);
  record = flood_record();
  for (auto& each : record.stages) {
    each.frames.intended = 50;
    each.acknowledge_ns.clear();
  }
  CHECK(verdict(record, "S-LATENCY") == Verdict::unknown);
}

TEST_CASE("slow or missing outcomes of switch commands fail, a handful of them are unknown") {
  auto record = flood_record();
  stage_of(record, StageKind::ladder).control_ns.add(400'000'000, 4);
  CHECK(verdict(record, "S-CONTROL") == Verdict::fail);
  record = flood_record();
  stage_of(record, StageKind::ladder).api_requests["switch"] += 5;  // asked, and nothing came of them
  CHECK(verdict(record, "S-CONTROL") == Verdict::fail);
  record = flood_record();
  for (auto& stage : record.stages) {
    stage.control_ns.clear();
    stage.api_requests["switch"] = 0;
  }
  stage_of(record, StageKind::ladder).control_ns.add(1'000'000, 19);
  CHECK(verdict(record, "S-CONTROL") == Verdict::unknown);
}

TEST_CASE("failed and slow API requests fail") {
  auto record = flood_record();
  stage_of(record, StageKind::soak).api_errors["sale"] = 1;
  CHECK(verdict(record, "S-API") == Verdict::fail);
  record = flood_record();
  stage_of(record, StageKind::soak).api_ns.add(900'000'000, 200);
  CHECK(verdict(record, "S-API") == Verdict::fail);
}

TEST_CASE("a generator that sent late or had no processor left makes its stage unknown") {
  auto record = flood_record();
  auto& stage = stage_of(record, StageKind::ladder);
  stage.slip_ns.add(50'000'000, stage.slip_ns.count());
  for (const auto* id : {"S-GENERATOR", "S-LATENCY", "S-RESOURCE", "S-ERROR", "S-CONTROL"})
    CHECK(verdict(record, id) == Verdict::unknown);
  record = flood_record();
  for (auto& [at, row] : record.samples[1].rows)
    row[0] = std::chrono::duration<double>(at - record.began).count();
  CHECK(verdict(record, "S-GENERATOR") == Verdict::unknown);
  record = flood_record();
  stage_of(record, StageKind::ladder).slip_ns.clear();
  CHECK(verdict(record, "S-GENERATOR") == Verdict::unknown);
}

TEST_CASE("processor time per reading that climbs within a stage fails") {
  auto record = flood_record();
  double stolen = 0, last = 0;
  const auto& soak = stage_of(record, StageKind::soak);
  const auto middle = soak.from + (soak.till - soak.from) / 2;
  for (auto& [at, row] : record.samples[0].rows) {
    const double used = row[0] - last;
    last = row[0];
    if (at > middle && at <= soak.till) stolen += 0.5 * used;
    row[0] += stolen;
  }
  CHECK(verdict(record, "S-RESOURCE") == Verdict::fail);
}

TEST_CASE("memory that doubles within a stage fails; noise that hides the answer is unknown") {
  auto record = flood_record();
  stress_test::add_to_column(record, column::rss_B, [](double t) { return t > 150 ? 1.6e8 : 0.0; });
  CHECK(verdict(record, "S-RESOURCE") == Verdict::fail);
  CHECK(verdict(record, "S-SMOOTH") == Verdict::fail);
  record = flood_record();
  stress_test::add_to_column(record, column::rss_B, [](double t) { return 1e8 * std::sin(t * t); });
  CHECK(verdict(record, "S-RESOURCE") == Verdict::unknown);
}

TEST_CASE("a second of high latency is a jump, unless no processor was to be had in it") {
  auto record = flood_record();
  auto& soak = stage_of(record, StageKind::soak);
  soak.seconds[40].p99_ns = 300'000'000;
  CHECK(verdict(record, "S-SMOOTH") == Verdict::fail);
  const auto from = soak.seconds[39].till;
  auto& rows = record.samples[0].rows;
  const auto& columns = record.samples[0].columns;
  const auto wait = static_cast<std::size_t>(
      std::find(columns.begin(), columns.end(), column::run_queue_wait_s) - columns.begin());
  for (auto& [at, row] : rows)
    if (at > from) row[wait] += 0.4;
  CHECK(verdict(record, "S-SMOOTH") == Verdict::unknown);
}

TEST_CASE("a second of high latency in which the disk took longer for the same work accuses nobody") {
  auto record = flood_record();
  auto& soak = stage_of(record, StageKind::soak);
  soak.seconds[40].p99_ns = 300'000'000;
  const auto from = soak.seconds[39].till, till = soak.seconds[40].till;
  auto& rows = record.samples[0].rows;
  const auto& columns = record.samples[0].columns;
  const auto place_of = [&](const char* name) {
    return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) - columns.begin());
  };
  for (auto& [at, row] : rows)
    if (at > from && at <= till) row[place_of(column::commit_seconds_p99)] = 0.28;
  CHECK(verdict(record, "S-SMOOTH") == Verdict::unknown);
  for (auto& [at, row] : rows)
    if (at > from) row[place_of(column::disk_written_B)] += 50e6;  // it was given much more to write
  CHECK(verdict(record, "S-SMOOTH") == Verdict::fail);
}

TEST_CASE("a leak of 1 % a minute is found") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    auto record = flood_record(seed);
    stress_test::add_to_column(record, column::heap_B, [](double t) { return 9e5 * t / 60; });
    CHECK(verdict(record, "S-LEAK") == Verdict::fail);
  }
}

TEST_CASE("a heap that nobody sampled, or for seconds only, is unknown") {
  auto record = flood_record();
  record.samples[0].columns[2] = "something else";
  CHECK(verdict(record, "S-LEAK") == Verdict::unknown);
}

TEST_CASE("a knee below its target fails, unless the generator gave way first") {
  auto record = flood_record();
  record.knee.readings_per_s = 8e5;
  record.knee.first_failed_per_s = 1.6e6;
  CHECK(verdict(record, "S-KNEE") == Verdict::fail);
  CHECK(verdict(record, "S-KNEE", {.knee_readings_per_s = 0}) == Verdict::pass);
  record.stages[13].slip_ns.add(100'000'000, 10'000);
  CHECK(verdict(record, "S-KNEE") == Verdict::unknown);
  record.knee = {};
  CHECK(verdict(record, "S-KNEE") == Verdict::unknown);
}

TEST_CASE(
    "beyond capacity: silence, unbounded memory and a crash fail; an overload that never came is unknown") {
  auto record = flood_record();
  stage_of(record, StageKind::over_capacity).frames.unanswered = 1;
  CHECK(verdict(record, "S-OVERLOAD") == Verdict::fail);
  record = flood_record();
  stage_of(record, StageKind::over_capacity).head_end_deaths = 1;
  CHECK(verdict(record, "S-OVERLOAD") == Verdict::fail);
  record = flood_record();
  stress_test::add_to_column(record, column::rss_B, [](double t) { return t > 206 ? 5e7 * (t - 206) : 0.0; });
  CHECK(verdict(record, "S-OVERLOAD") == Verdict::fail);
  record = flood_record();
  auto& stage = stage_of(record, StageKind::over_capacity);
  stage.readings.refused = 0;
  stage.acknowledge_ns.clear();
  stage.acknowledge_ns.add(10'000'000, 1'000);
  CHECK(verdict(record, "S-OVERLOAD") == Verdict::unknown);
}

TEST_CASE("a return that takes too long, or never happens, fails") {
  auto record = flood_record();
  auto& seconds = stage_of(record, StageKind::recovery).seconds;
  for (std::size_t i = 0; i < 12; ++i) seconds[i].p99_ns = 400'000'000;
  CHECK(verdict(record, "S-RECOVERY") == Verdict::fail);
  for (auto& second : seconds) second.confirmed_frames = 0;
  CHECK(verdict(record, "S-RECOVERY") == Verdict::fail);
  seconds.clear();
  CHECK(verdict(record, "S-RECOVERY") == Verdict::unknown);
}

TEST_CASE("checks that were not part of the run are left out") {
  auto record = flood_record();
  std::erase_if(record.stages, [](const StageRecord& stage) { return stage.kind != StageKind::ladder; });
  record.knee = {};
  const auto checks = judge(record);
  for (const auto* id : {"S-KNEE", "S-OVERLOAD", "S-RECOVERY", "S-ABNORMAL"})
    CHECK(std::none_of(checks.begin(), checks.end(), [&](const auto& check) { return check.id == id; }));
}
