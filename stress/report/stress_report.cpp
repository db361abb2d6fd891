#include "stress/report/stress_report.hpp"

#include <fmt/format.h>

#include "core/digest.hpp"
#include "reports/escape.hpp"
#include "reports/html_sections.hpp"
#include "reports/junit.hpp"
#include "reports/verdict_table.hpp"
#include "stress/report/page_parts.hpp"
#include "stress/report/seconds_chart.hpp"
#include "stress/verdict/curves.hpp"
#include "stress/verdict/judge.hpp"
#include "stress/verdict/numbers.hpp"

namespace stress {
namespace {
std::string section(const std::string& id, const std::string& title, const std::string& body) {
  if (body.empty()) return "";
  return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", id, title, body);
}
}  // namespace

report::RunRecord as_run_record(const StressRecord& record, const std::vector<report::Check>& checks) {
  report::RunRecord run;
  run.version = record.version;
  run.scenario = "stress";
  run.title = fmt::format("Flood: {} stages, {} meters, {} connections", record.stages.size(),
                          grouped(record.meters), grouped(record.connections));
  run.seed = record.seed;
  run.options = record.options;
  core::Digest digest;
  digest.add(record.seed);
  for (const auto& [name, value] : record.options) {
    digest.add(std::string_view(name));
    digest.add(std::string_view(value));
  }
  run.digest = digest.hex();
  run.scenario_digest = run.digest;
  run.replay = record.replay;
  run.starts = record.began;
  run.ends = record.ended;
  run.zone = core::Zone(std::chrono::seconds(0));
  run.wall_s = seconds_of(record.ended - record.began);
  run.machine = record.machine;
  run.checks = checks;
  run.verdict = overall(checks);
  return run;
}

std::string stress_html(const StressRecord& record, const std::vector<report::Check>& checks,
                        const std::vector<Comparison>& against_earlier) {
  const auto run = as_run_record(record, checks);
  const SecondsAxis axis(record);
  const auto charts = charts_of(record);
  std::string over_time;
  for (const auto& chart : charts) over_time += chart_html(chart, record, axis);
  if (!record.stages.empty()) over_time = stages_strip(record, axis) + over_time;
  std::string page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  page += fmt::format("<title>stress: {}</title>\n<style>\n{}{}</style>\n</head>\n<body>\n<main>\n",
                      report::name_of(run.verdict), report::page_style(), extra_style());
  page += headline_section(record, run);
  page += section("checks", "Checks", report::checks_section(run));
  page += section("over-time", "Over time", over_time);
  page += section("latency", "Latency by stage", latency_section(record));
  page += section("fates", "Counts by stage", errors_section(record));
  page += section("knee", "The knee, and what the machine can do", knee_section(record));
  page += section("compared", "Against an earlier run", comparison_section(against_earlier));
  page += section("provenance", "Where this comes from", origin_section(record));
  page += fmt::format(
      "</main>\n<script type=\"application/json\" id=\"run-data\">{}</script>\n<script>\n{}</script>\n"
      "</body>\n</html>\n",
      chart_data(charts, axis), cursor_script());
  return page;
}

std::string stress_junit(const StressRecord& record, const std::vector<report::Check>& checks) {
  return report::junit(as_run_record(record, checks));
}

std::string stress_table(const StressRecord& record, const std::vector<report::Check>& checks,
                         bool is_colourful) {
  return report::verdict_table(as_run_record(record, checks), is_colourful);
}
}  // namespace stress
