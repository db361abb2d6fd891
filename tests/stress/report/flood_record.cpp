#include "tests/stress/report/flood_record.hpp"

#include <algorithm>
#include <cmath>

#include "stress/measure/columns.hpp"
#include "tests/stress/verdict/noise.hpp"

namespace stress_test {
namespace {
using namespace stress;
constexpr auto one_second = std::chrono::seconds(1);
constexpr std::uint64_t readings_a_frame = 64;

struct Shape {
  const char* name;
  StageKind kind;
  int seconds;
  double rate;
  double typical_ms;  ///< median latency
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all{
      {"warm-up", StageKind::warm_up, 5, 10e3, 12},
      {"ladder 1/10: 10,000/s", StageKind::ladder, 10, 10e3, 12},
      {"ladder 2/10: 20,000/s", StageKind::ladder, 10, 20e3, 12},
      {"ladder 3/10: 30,000/s", StageKind::ladder, 10, 30e3, 12.5},
      {"ladder 4/10: 40,000/s", StageKind::ladder, 10, 40e3, 13},
      {"ladder 5/10: 50,000/s", StageKind::ladder, 10, 50e3, 13},
      {"ladder 6/10: 60,000/s", StageKind::ladder, 10, 60e3, 13.5},
      {"ladder 7/10: 70,000/s", StageKind::ladder, 10, 70e3, 14},
      {"ladder 8/10: 80,000/s", StageKind::ladder, 10, 80e3, 14},
      {"ladder 9/10: 90,000/s", StageKind::ladder, 10, 90e3, 15},
      {"ladder 10/10: 100,000/s", StageKind::ladder, 10, 100e3, 15},
      {"soak: 100,000/s", StageKind::soak, 90, 100e3, 15},
      {"knee 800,000/s", StageKind::knee_search, 5, 800e3, 22},
      {"knee 1,600,000/s", StageKind::knee_search, 5, 1600e3, 40},
      {"over capacity: 3,200,000/s", StageKind::over_capacity, 30, 3200e3, 900},
      {"recovery: 100,000/s", StageKind::recovery, 20, 100e3, 15}};
  return all;
}

TrafficSecond second_of(const Shape& shape, int second, Noise& noise, core::Histogram& times) {
  core::Histogram here;
  const bool is_over = shape.kind == StageKind::over_capacity;
  const bool is_draining = shape.kind == StageKind::recovery && second < 3;
  const double typical = is_draining ? 500.0 / (second + 1) : shape.typical_ms;
  TrafficSecond row;
  row.intended = static_cast<std::uint64_t>(shape.rate);
  row.acknowledged = is_over ? row.intended * 6 / 10 : row.intended;
  row.refused = row.intended - row.acknowledged;
  row.confirmed_frames = row.acknowledged / readings_a_frame;
  row.in_flight_frames = static_cast<std::uint64_t>(shape.rate / 64 * typical / 1000);
  constexpr int shown_frames = 400;  // stand for all of them: a drawing needs no more
  for (int k = 0; k < shown_frames; ++k)
    here.add(
        static_cast<std::int64_t>(typical * 1e6 * std::exp(0.25 * noise.normal())),
        row.confirmed_frames / shown_frames + (k < static_cast<int>(row.confirmed_frames % shown_frames)));
  row.p50_ns = here.quantile(0.5);
  row.p99_ns = here.quantile(0.99);
  row.max_ns = here.max();
  row.slip_max_ns = static_cast<std::int64_t>(4e5 * std::exp(0.5 * noise.normal()));
  times.merge(here);
  return row;
}

StageRecord stage_of(const Shape& shape, Instant from, Noise& noise) {
  StageRecord stage;
  stage.name = shape.name;
  stage.kind = shape.kind;
  stage.from = from;
  stage.till = from + shape.seconds * one_second;
  stage.offered_per_s = shape.rate;
  for (int second = 0; second < shape.seconds; ++second) {
    auto row = second_of(shape, second, noise, stage.acknowledge_ns);
    row.till = from + (second + 1) * one_second;
    stage.readings.intended += row.intended;
    stage.readings.acknowledged += row.acknowledged;
    stage.readings.refused += row.refused;
    stage.seconds.push_back(row);
    for (int k = 0; k < 4; ++k)
      stage.control_ns.add(static_cast<std::int64_t>(6e7 * std::exp(0.2 * noise.normal())));
    for (int k = 0; k < 50; ++k)
      stage.api_ns.add(static_cast<std::int64_t>(4e6 * std::exp(0.5 * noise.normal())));
    for (int k = 0; k < 50; ++k)
      stage.slip_ns.add(static_cast<std::int64_t>(2e5 * std::exp(0.5 * noise.normal())));
  }
  stage.readings.sent = stage.readings.intended;
  const auto& readings = stage.readings;
  stage.frames = {readings.acknowledged / readings_a_frame + readings.refused / readings_a_frame,
                  0,
                  0,
                  readings.acknowledged / readings_a_frame,
                  readings.refused / readings_a_frame,
                  0};
  stage.frames.sent = stage.frames.intended;
  const auto seconds = static_cast<std::uint64_t>(shape.seconds);
  stage.api_requests = {{"query", 40 * seconds}, {"sale", 6 * seconds}, {"switch", 4 * seconds}};
  if (shape.kind == StageKind::soak)
    stage.abnormal_sent = {{"bad_checksum", 4'500}, {"truncated", 2'200}, {"slow_loris", 40}};
  return stage;
}

void sample(StressRecord& record, Noise& noise) {
  SampleTable head_end{
      "head-end",
      {column::cpu_s, column::rss_B, column::heap_B, column::readings_accepted, column::queue_B,
       column::run_queue_wait_s, column::switches_involuntary, column::threads, column::commit_seconds_p50,
       column::commit_seconds_p99, column::disk_written_B},
      {}};
  SampleTable generator{
      "generator", {column::cpu_s, column::rss_B, column::run_queue_wait_s, column::threads}, {}};
  double cpu = 0, wait = 0, switches = 0, accepted = 0, own_cpu = 0, own_wait = 0, written = 0;
  for (const auto& stage : record.stages)
    for (const auto& second : stage.seconds) {
      const double readings = static_cast<double>(second.acknowledged);
      cpu += readings * 350e-9 * (1 + 0.02 * noise.normal());
      own_cpu += readings * 200e-9;
      wait += 0.004 + readings * 4e-8;
      own_wait += 0.003 + readings * 3e-8;
      switches += 20 + readings * 1e-4;
      accepted += readings;
      written += readings * 18;
      const double queue = 3e4 + readings * 0.4 * std::abs(1 + 0.2 * noise.normal());
      const double heap = 9e7 + queue + 2e5 * noise.normal() + stage.offered_per_s * 3;
      const double commit = 0.004 + readings * 3e-9;
      head_end.rows.emplace_back(
          second.till,
          std::vector<double>{cpu, 1.6e8 + stage.offered_per_s * 8 + 4e5 * noise.normal(), heap, accepted,
                              queue, wait, switches, 1, commit, commit * 2.2, written});
      generator.rows.emplace_back(second.till, std::vector<double>{own_cpu, 9e7, own_wait, 1});
    }
  record.samples = {head_end, generator};
}
}  // namespace

stress::StressRecord flood_record(std::uint64_t seed) {
  Noise noise(seed);
  StressRecord record;
  record.version = "0.3.0";
  record.build = "release";
  record.machine = "2 cores, Linux";
  record.replay = "metertwin stress --seed 1";
  record.seed = seed;
  record.options = {{"seed", std::to_string(seed)}, {"stage", "10s"}};
  record.durability = "committed and synced";
  record.meters = 100'000;
  record.connections = 1'000;
  record.readings_per_frame = readings_a_frame;
  record.began = core::instant_from_seconds(1'782'864'000);
  Instant at = record.began + one_second;
  for (const auto& shape : shapes()) {
    record.stages.push_back(stage_of(shape, at, noise));
    at = record.stages.back().till;
    record.loss.acknowledged += record.stages.back().readings.acknowledged;
  }
  record.ended = at + one_second;
  sample(record, noise);
  record.loss.was_checked = true;
  record.loss.stored_right = record.loss.acknowledged;
  record.knee = {true, 1.6e6, 3.2e6, "confirmation p99 beyond 100 ms"};
  record.calibrations = {{"loopback, one way, 64 readings a write", "readings/s", 6.7e6, 1.6e6},
                         {"loopback echo, 1,000 connections, one frame a write", "frames/s", 130e3, 78e3}};
  return record;
}

void add_to_column(stress::StressRecord& record, const char* column, double (*amount)(double second)) {
  auto& table = record.samples.front();
  const auto found = std::find(table.columns.begin(), table.columns.end(), column);
  const auto position = static_cast<std::size_t>(found - table.columns.begin());
  for (auto& [at, row] : table.rows)
    row.at(position) += amount(std::chrono::duration<double>(at - record.began).count());
}
}  // namespace stress_test
