#include "stress/verdict/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/escape.hpp"
#include "stress/measure/columns.hpp"
#include "stress/verdict/curves.hpp"
#include "stress/verdict/statistics.hpp"

namespace stress {
namespace {
constexpr double error_of_table = 0.01;
constexpr double difference_least = 0.05;

enum class Good { high, low };
struct Figure {
  const char* name;
  const char* unit;
  Good good;
  std::vector<double> (*seconds)(const StressRecord&, const StageRecord&);
};

std::vector<double> throughput(const StressRecord&, const StageRecord& stage) {
  std::vector<double> rates;
  auto from = stage.from;
  for (const auto& second : stage.seconds) {
    const double length_s = seconds_of(second.till - from);
    if (length_s > 0) rates.push_back(static_cast<double>(second.acknowledged) / length_s);
    from = second.till;
  }
  return rates;
}

template <std::int64_t TrafficSecond::*figure>
std::vector<double> latency(const StressRecord&, const StageRecord& stage) {
  std::vector<double> times_ms;
  for (const auto& second : stage.seconds)
    if (second.confirmed_frames > 0) times_ms.push_back(milliseconds_of(second.*figure));
  return times_ms;
}

std::vector<double> memory(const StressRecord& record, const StageRecord& stage) {
  auto values = curve_of(record, "head-end", column::rss_B).values_within(stage.from, stage.till);
  for (double& value : values) value /= 1024 * 1024;
  return values;
}

std::vector<double> processor(const StressRecord& record, const StageRecord& stage) {
  auto values = growth_per(curve_of(record, "head-end", column::cpu_s),
                           curve_of(record, "head-end", column::readings_accepted), stage.from, stage.till);
  for (double& value : values) value *= 1e9;
  return values;
}

constexpr Figure figures[] = {{"throughput", "/s", Good::high, throughput},
                              {"confirmation p50", "ms", Good::low, latency<&TrafficSecond::p50_ns>},
                              {"confirmation p99", "ms", Good::low, latency<&TrafficSecond::p99_ns>},
                              {"memory", "MB", Good::low, memory},
                              {"processor per reading", "ns", Good::low, processor}};

Comparison comparison_of(const Figure& figure, const std::string& stage, const std::vector<double>& now,
                         const std::vector<double>& before, double error) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  Comparison row{stage,   figure.name, figure.unit, mean_of(before),          mean_of(now),
                 missing, missing,     missing,     Comparison::Word::unknown};
  row.ratio = row.now / row.before;
  const auto change = change_between(before, now, error);
  if (!change) return row;
  row.ratio_low = 1 + change->low;
  row.ratio_high = 1 + change->high;
  const bool is_told = row.ratio_low > 1 || row.ratio_high < 1;
  const bool is_higher = row.ratio > 1;
  if (!is_told || std::abs(row.ratio - 1) <= difference_least)
    row.word = Comparison::Word::same;
  else
    row.word = is_higher == (figure.good == Good::high) ? Comparison::Word::better : Comparison::Word::worse;
  return row;
}

const StageRecord* stage_named(const StressRecord& record, const std::string& name) {
  const auto found = std::find_if(record.stages.begin(), record.stages.end(),
                                  [&](const StageRecord& stage) { return stage.name == name; });
  return found == record.stages.end() ? nullptr : &*found;
}
}  // namespace

const char* name_of(Comparison::Word word) {
  switch (word) {
    case Comparison::Word::same:
      return "same";
    case Comparison::Word::better:
      return "better";
    case Comparison::Word::worse:
      return "worse";
    case Comparison::Word::unknown:
      break;
  }
  return "unknown";
}

std::vector<Comparison> compare(const StressRecord& now, const StressRecord& before) {
  std::size_t rows = 0;
  for (const auto& stage : now.stages)
    if (stage_named(before, stage.name)) rows += std::size(figures);
  std::vector<Comparison> table;
  for (const auto& stage : now.stages)
    if (const auto* earlier = stage_named(before, stage.name))
      for (const auto& figure : figures) {
        const auto here = figure.seconds(now, stage), there = figure.seconds(before, *earlier);
        if (here.empty() || there.empty()) continue;
        table.push_back(
            comparison_of(figure, stage.name, here, there, error_of_table / static_cast<double>(rows)));
      }
  return table;
}

std::vector<std::string> differences_in_kind(const StressRecord& now, const StressRecord& before) {
  std::vector<std::string> lines;
  const auto text = [&](const char* what, const std::string& a, const std::string& b) {
    if (a != b) lines.push_back(fmt::format("{}: now {}, before {}", what, a, b));
  };
  text("machine", now.machine, before.machine);
  text("build", now.build, before.build);
  text("durability", now.durability, before.durability);
  text("meters", std::to_string(now.meters), std::to_string(before.meters));
  text("connections", std::to_string(now.connections), std::to_string(before.connections));
  text("readings per frame", std::to_string(now.readings_per_frame),
       std::to_string(before.readings_per_frame));
  return lines;
}

std::string comparison_table(const StressRecord& now, const StressRecord& before) {
  using report::cut_to, report::padded;
  std::string out;
  for (const auto& line : differences_in_kind(now, before)) out += "  other " + cut_to(line, 100) + "\n";
  const auto rows = compare(now, before);
  if (rows.empty()) return out + "  nothing to compare: no stage of this run is in the earlier one\n";
  out += "  " + padded("", 9) + padded("stage", 32) + padded("figure", 23) +
         "      before         now   ratio\n";
  std::size_t worse = 0, better = 0;
  for (const auto& row : rows) {
    if (row.word == Comparison::Word::same) continue;
    out += fmt::format("  {}{}{}{:>12.5g}{:>12.5g}{:>8.2f} {}\n", padded(name_of(row.word), 9),
                       padded(cut_to(row.stage, 31), 32), padded(cut_to(row.figure, 22), 23), row.before,
                       row.now, row.ratio, row.unit);
    worse += row.word == Comparison::Word::worse;
    better += row.word == Comparison::Word::better;
  }
  return out +
         fmt::format("  {} figures compared with the earlier run: {} worse, {} better, the others the same\n",
                     rows.size(), worse, better);
}
}  // namespace stress
