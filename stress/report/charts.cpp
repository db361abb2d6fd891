#include <algorithm>
#include <cmath>
#include <limits>

#include "stress/measure/columns.hpp"
#include "stress/report/page_parts.hpp"
#include "stress/verdict/curves.hpp"
#include "stress/verdict/limits.hpp"

namespace stress {
namespace {
constexpr double missing = std::numeric_limits<double>::quiet_NaN();
using Points = std::vector<std::pair<Instant, double>>;

/// A figure of every second of every stage; a gap where stages do not touch.
template <class Figure>
Points by_second(const StressRecord& record, Figure&& figure) {
  Points points;
  Instant last = record.began;
  for (const auto& stage : record.stages) {
    if (stage.from > last + std::chrono::seconds(2)) points.emplace_back(last, missing);
    auto from = stage.from;
    for (const auto& second : stage.seconds) {
      points.emplace_back(second.till, figure(second, seconds_of(second.till - from)));
      from = second.till;
    }
    last = std::max(last, from);
  }
  return points;
}

Points scaled(const Curve& curve, double factor) {
  auto points = curve.points();
  for (auto& [at, value] : points) value *= factor;
  return points;
}

Chart of_processes(const StressRecord& record, Chart chart, const char* name, bool is_counter,
                   double factor) {
  for (const auto& table : record.samples) {
    const auto curve = curve_of(record, table.process, name);
    if (!curve.empty())
      chart.lines.push_back({table.process, scaled(is_counter ? rate_of(curve) : curve, factor)});
  }
  return chart;
}

Chart traffic_chart(const StressRecord& record) {
  const auto per_second = [&](std::uint64_t TrafficSecond::*count) {
    return by_second(record, [count](const TrafficSecond& second, double length_s) {
      return length_s > 0 ? static_cast<double>(second.*count) / length_s : missing;
    });
  };
  Chart chart{"traffic", "Readings per second", "", {}, true, 0};
  chart.lines = {{"confirmed as durable", per_second(&TrafficSecond::acknowledged)},
                 {"intended", per_second(&TrafficSecond::intended), true},
                 {"refused", per_second(&TrafficSecond::refused)}};
  return chart;
}

Chart latency_chart(const StressRecord& record) {
  const auto of = [&](std::int64_t TrafficSecond::*figure) {
    return by_second(record, [figure](const TrafficSecond& second, double) {
      return second.confirmed_frames > 0 ? milliseconds_of(second.*figure) : missing;
    });
  };
  Chart chart{"latency",
              "Intended time to durable confirmation, ms",
              "Of the frames confirmed in each second. The red line is the objective for p99.",
              {},
              true,
              Limits{}.acknowledge_p99_ms};
  chart.lines = {{"p50", of(&TrafficSecond::p50_ns)},
                 {"p99", of(&TrafficSecond::p99_ns)},
                 {"greatest", of(&TrafficSecond::max_ns)},
                 {"the generator's own slip, greatest",
                  by_second(record,
                            [](const TrafficSecond& second, double) {
                              return second.slip_max_ns > 0 ? milliseconds_of(second.slip_max_ns) : missing;
                            }),
                  true}};
  return chart;
}
}  // namespace

std::vector<Chart> charts_of(const StressRecord& record) {
  constexpr double per_MB = 1.0 / (1024 * 1024);
  const auto head_end = [&](const char* name) { return curve_of(record, "head-end", name); };
  std::vector<Chart> charts{traffic_chart(record), latency_chart(record)};
  Chart memory{"memory", "Memory, MB", "", {}, false, 0};
  memory.lines = {
      {"head-end, resident", scaled(head_end(column::rss_B), per_MB)},
      {"head-end, heap", scaled(head_end(column::heap_B), per_MB)},
      {"generator, resident", scaled(curve_of(record, "generator", column::rss_B), per_MB), true}};
  charts.push_back(memory);
  charts.push_back(
      of_processes(record, {"cpu", "Processors in use", "", {}, false, 0}, column::cpu_s, true, 1));
  charts.push_back(
      of_processes(record, {"wait", "Ready, but waiting for a processor, ms in a second", "", {}, false, 0},
                   column::run_queue_wait_s, true, 1e3));
  Chart queue{"queue", "Frames in flight, and kilobytes waiting to be committed", "", {}, true, 0};
  queue.lines = {{"frames in flight",
                  by_second(record, [](const TrafficSecond& second,
                                       double) { return static_cast<double>(second.in_flight_frames); })},
                 {"queue of the head-end, kB", scaled(head_end(column::queue_B), 1.0 / 1024)}};
  charts.push_back(queue);
  Chart commits{"commits", "Commits: how long, ms", "", {}, true, 0};
  commits.lines = {{"p50", scaled(head_end(column::commit_seconds_p50), 1e3)},
                   {"p99", scaled(head_end(column::commit_seconds_p99), 1e3)}};
  charts.push_back(commits);
  charts.push_back(
      of_processes(record, {"switches", "Context switches against its will, per second", "", {}, false, 0},
                   column::switches_involuntary, true, 1));
  std::erase_if(charts, [](Chart& chart) {
    std::erase_if(chart.lines, [](const ChartLine& line) {
      return std::none_of(line.points.begin(), line.points.end(),
                          [](const auto& p) { return std::isfinite(p.second); });
    });
    return chart.lines.empty();
  });
  return charts;
}
}  // namespace stress
