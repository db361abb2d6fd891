#include "stress/report/page_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "reports/escape.hpp"
#include "reports/html_sections.hpp"
#include "stress/report/stage_kinds.hpp"
#include "stress/verdict/curves.hpp"
#include "stress/verdict/limits.hpp"
#include "stress/verdict/numbers.hpp"

namespace stress {
namespace {
using report::escaped;

std::string fact(const std::string& name, const std::string& value, const std::string& more = "") {
  return fmt::format("<div class=\"fact\"><dt>{}</dt><dd>{}{}</dd></div>\n", escaped(name), escaped(value),
                     more.empty() ? "" : "<small>" + escaped(more) + "</small>");
}

std::string cell(const std::string& text) { return "<td class=\"number\">" + escaped(text) + "</td>"; }
std::string quantile_cell(const core::Histogram& times_ns, double share) {
  return cell(times_ns.empty() ? "" : milliseconds_text(milliseconds_of(times_ns.quantile(share))));
}
std::string count_cell(std::uint64_t count) { return cell(count == 0 ? "0" : grouped(count)); }

std::string header(const std::vector<std::string>& names) {
  std::string out = "<table>\n<thead><tr><th>Stage</th>";
  for (const auto& name : names) out += "<th class=\"number\">" + escaped(name) + "</th>";
  return out + "</tr></thead>\n<tbody>\n";
}

std::uint64_t total_of(const std::map<std::string, std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& entry) { return sum + entry.second; });
}

/// Stages beside the kinds that were counted in any of them.
std::string counts_table(const StressRecord& record,
                         std::map<std::string, std::uint64_t> StageRecord::*counts) {
  std::map<std::string, std::uint64_t> kinds;
  for (const auto& stage : record.stages)
    for (const auto& [kind, count] : stage.*counts)
      if (count > 0) kinds[kind] += count;
  if (kinds.empty()) return "";
  std::vector<std::string> names;
  for (const auto& [kind, count] : kinds) names.push_back(kind);
  std::string out = header(names);
  for (const auto& stage : record.stages) {
    if (total_of(stage.*counts) == 0) continue;
    out += "<tr><td>" + escaped(stage.name) + "</td>";
    for (const auto& name : names) {
      const auto found = (stage.*counts).find(name);
      out += cell(found == (stage.*counts).end() ? "" : grouped(found->second));
    }
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n";
}

std::string highest_held(const StressRecord& record) {
  double highest = 0;
  for (const auto& stage : record.stages) {
    const double length_s = seconds_of(stage.till - stage.from);
    if (length_s > 0)
      highest = std::max(highest, static_cast<double>(stage.readings.acknowledged) / length_s);
  }
  return short_rate(highest) + "/s";
}
}  // namespace

std::string headline_section(const StressRecord& record, const report::RunRecord& run) {
  std::string word = report::name_of(run.verdict);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  std::string out =
      fmt::format("<header class=\"hero {}\">\n<p class=\"brand\">metertwin <span>stress report</span></p>\n",
                  report::name_of(run.verdict));
  out += fmt::format("<h1>{}</h1>\n", escaped(run.title));
  out += fmt::format("<p class=\"verdict\"><strong>{}</strong> <span>{}</span></p>\n", word,
                     escaped(report::reason_of(run)));
  if (!record.replay.empty())
    out += fmt::format("<p class=\"replay\"><span>run it again</span><code id=\"replay\">{}</code></p>\n",
                       escaped(record.replay));
  out += "<dl class=\"facts\">\n";
  out += fact(
      "confirmed", grouped(record.loss.acknowledged),
      record.loss.was_checked ? grouped(record.loss.stored_right) + " found in the store" : "not compared");
  out += fact("lost, doubled, wrong", fmt::format("{}, {}, {}", grouped(record.loss.lost),
                                                  grouped(record.loss.doubled), grouped(record.loss.wrong)));
  out += fact("highest rate confirmed", highest_held(record), "mean of a stage");
  if (record.knee.was_searched)
    out += fact("knee", short_rate(record.knee.readings_per_s) + "/s", record.knee.limit);
  out += fact("durable means", record.durability.empty() ? "not said" : record.durability,
              record.is_durable ? "" : "weaker than committed and synced");
  out += fact("fleet", grouped(record.meters) + " meters", grouped(record.connections) + " connections");
  out += fact("frame", fmt::format("{} readings", record.readings_per_frame), "at most");
  out += fact("lasted", fmt::format("{:.0f} s", seconds_of(record.ended - record.began)),
              fmt::format("seed {}", record.seed));
  return out + "</dl>\n</header>\n";
}

std::string latency_section(const StressRecord& record) {
  if (record.stages.empty()) return "";
  std::string out = header({"offered /s", "confirmed /s", "p50", "p90", "p99", "p99.9", "greatest",
                            "visible p99", "API p99", "command p99", "own slip p99"});
  std::vector<const StageRecord*> shown;
  for (const auto& stage : record.stages) {
    const double length_s = std::max(1e-9, seconds_of(stage.till - stage.from));
    out += "<tr><td>" + escaped(stage.name) + "</td>" + cell(short_rate(stage.offered_per_s)) +
           cell(short_rate(static_cast<double>(stage.readings.acknowledged) / length_s));
    for (const double share : {0.5, 0.9, 0.99, 0.999, 1.0}) out += quantile_cell(stage.acknowledge_ns, share);
    for (const auto* times : {&stage.visible_ns, &stage.api_ns, &stage.control_ns, &stage.slip_ns})
      out += quantile_cell(*times, 0.99);
    out += "</tr>\n";
    if (stage.kind != StageKind::warm_up && stage.kind != StageKind::knee_search) shown.push_back(&stage);
  }
  out += "</tbody>\n</table>\n";
  const auto picture = percentile_chart(shown, Limits{}.acknowledge_p99_ms);
  if (!picture.empty())
    out +=
        "<h3>Latency by percentile</h3>\n<p class=\"note\">To the right ever rarer frames: at 99 % one of a "
        "hundred "
        "took longer than the curve shows. The red line is the objective.</p>\n" +
        picture;
  return out;
}

std::string errors_section(const StressRecord& record) {
  if (record.stages.empty()) return "";
  std::string out = "<h3>What became of well-formed readings</h3>\n" +
                    header({"intended", "sent", "held back", "confirmed", "refused", "unanswered"});
  for (const auto& stage : record.stages) {
    const auto& fate = stage.readings;
    out += "<tr><td>" + escaped(stage.name) + "</td>";
    for (const auto count :
         {fate.intended, fate.sent, fate.held_back, fate.acknowledged, fate.refused, fate.unanswered})
      out += count_cell(count);
    out += "</tr>\n";
  }
  out += "</tbody>\n</table>\n";
  const auto add = [&](const char* title, std::map<std::string, std::uint64_t> StageRecord::*counts) {
    const auto table = counts_table(record, counts);
    if (!table.empty()) out += fmt::format("<h3>{}</h3>\n{}", title, table);
  };
  add("Errors of well-formed traffic", &StageRecord::errors);
  add("Abnormal frames sent", &StageRecord::abnormal_sent);
  add("API requests", &StageRecord::api_requests);
  add("API errors", &StageRecord::api_errors);
  return out;
}

std::string knee_section(const StressRecord& record) {
  if (!record.knee.was_searched && record.calibrations.empty()) return "";
  std::string out;
  if (record.knee.was_searched)
    out += fmt::format(
        "<p>The highest rate held with every objective is <b>{} readings/s</b>{}.</p>\n",
        grouped(static_cast<std::uint64_t>(std::max(0.0, record.knee.readings_per_s))),
        record.knee.first_failed_per_s > 0
            ? fmt::format("; at {} {}", short_rate(record.knee.first_failed_per_s),
                          escaped(record.knee.limit.empty() ? "it was not held" : record.knee.limit))
            : std::string());
  if (record.calibrations.empty()) return out;
  out +=
      "<table>\n<thead><tr><th>A bare program on this machine, in this run</th><th "
      "class=\"number\">bare</th><th "
      "class=\"number\">ours</th><th class=\"number\">ratio</th><th></th></tr></thead>\n<tbody>\n";
  for (const auto& calibration : record.calibrations) {
    const double ratio = calibration.bare > 0 ? calibration.ours / calibration.bare : 0;
    out += fmt::format("<tr><td>{}</td>{}{}{}<td class=\"share\"><i style=\"width:{:.0f}%\"></i></td></tr>\n",
                       escaped(calibration.name), cell(short_rate(calibration.bare) + " " + calibration.unit),
                       cell(short_rate(calibration.ours) + " " + calibration.unit),
                       cell(fmt::format("{:.2f}", ratio)), std::clamp(ratio, 0.0, 1.0) * 100);
  }
  return out + "</tbody>\n</table>\n";
}

std::string comparison_section(const std::vector<Comparison>& rows) {
  if (rows.empty()) return "";
  std::string out =
      "<table>\n<thead><tr><th></th><th>Stage</th><th>Figure</th><th class=\"number\">before</th><th "
      "class=\"number\">now</th><th class=\"number\">ratio</th><th class=\"number\">interval</th></tr>"
      "</thead>\n<tbody>\n";
  for (const auto& row : rows) {
    const auto tone = row.word == Comparison::Word::worse    ? "fail"
                      : row.word == Comparison::Word::better ? "pass"
                                                             : "unknown";
    out += fmt::format(
        "<tr><td><span class=\"chip {}\">{}</span></td><td>{}</td><td>{}</td>{}{}{}{}</tr>\n", tone,
        name_of(row.word), escaped(row.stage), escaped(row.figure),
        cell(fmt::format("{:.5g} {}", row.before, row.unit)),
        cell(fmt::format("{:.5g} {}", row.now, row.unit)), cell(fmt::format("{:.2f}", row.ratio)),
        cell(std::isfinite(row.ratio_low) ? fmt::format("{:.2f} .. {:.2f}", row.ratio_low, row.ratio_high)
                                          : "too few seconds"));
  }
  return out + "</tbody>\n</table>\n";
}

std::string origin_section(const StressRecord& record) {
  std::string out = "<table class=\"pairs\"><tbody>\n";
  const auto row = [&](const std::string& name, const std::string& value) {
    if (!value.empty())
      out += fmt::format("<tr><td>{}</td><td class=\"code\">{}</td></tr>\n", escaped(name), escaped(value));
  };
  row("metertwin", record.version);
  row("build", record.build);
  row("machine", record.machine);
  row("seed", std::to_string(record.seed));
  row("durability", record.durability);
  row("from", core::to_iso8601(record.began, core::Zone(std::chrono::seconds(0))));
  row("to", core::to_iso8601(record.ended, core::Zone(std::chrono::seconds(0))));
  for (const auto& [name, value] : record.options) row("--" + name, value);
  return out + "</tbody></table>\n";
}
}  // namespace stress
