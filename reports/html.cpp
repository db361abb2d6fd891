#include "reports/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/escape.hpp"
#include "reports/html_sections.hpp"

namespace report {
namespace {
std::string fact(const std::string& name, const std::string& value, const std::string& more = "") {
  return fmt::format("<div class=\"fact\"><dt>{}</dt><dd>{}{}</dd></div>\n", escaped(name), escaped(value),
                     more.empty() ? "" : "<small>" + escaped(more) + "</small>");
}

std::string length_text(core::Duration length) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(length).count();
  if (minutes % 1440 == 0) return fmt::format("{} d", minutes / 1440);
  if (minutes >= 1440) return fmt::format("{} d {} h", minutes / 1440, minutes % 1440 / 60);
  return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60)
                           : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

/// What happened, in eight figures.
std::string facts(const RunRecord& record) {
  std::int64_t due = 0, stored = 0, cut = 0, open = 0;
  double energy_kWh = 0;
  for (const auto& meter : record.meters) {
    due += meter.readings_due;
    stored += meter.readings_stored;
    cut += meter.times_cut;
    open += meter.is_open ? 1 : 0;
    energy_kWh += meter.energy_kWh;
  }
  Fen billed{0};
  for (const auto& bill : record.bills) billed += bill.amount;
  std::string out = "<dl class=\"facts\">\n";
  out += fact("Simulated", length_text(record.ends - record.starts),
              "from " + core::to_civil_text(record.starts, record.zone).substr(0, 16));
  if (!record.meters.empty()) {
    out += fact("Meters", std::to_string(record.meters.size()),
                fmt::format("in {} area{} (台区)", record.areas.size(), record.areas.size() == 1 ? "" : "s"));
    // Truncated, so that 100 % means all of them.
    const auto share =
        due > 0 ? std::floor(static_cast<double>(stored) * 10000 / static_cast<double>(due)) / 100 : 0.0;
    out += fact("Readings", due > 0 ? fmt::format("{:.2f} %", share) : "none due",
                fmt::format("{} of {}", stored, due));
    out += fact("Energy", fmt::format("{:.1f} kWh", energy_kWh));
    out += fact("Cut off", std::to_string(cut) + (cut == 1 ? " time" : " times"),
                fmt::format("{} open at the end", open));
  }
  if (!record.bills.empty()) out += fact("Bills", std::to_string(record.bills.size()), yuan(billed));
  out += fact("Seed", std::to_string(record.seed));
  if (!record.digest.empty()) out += fact("Digest", record.digest);
  return out + "</dl>\n";
}

nlohmann::json series_json(const std::vector<Series>& series, const TimeAxis& axis) {
  auto list = nlohmann::json::array();
  for (const auto& line : series) {
    auto when = nlohmann::json::array();
    auto what = nlohmann::json::array();
    for (const auto& [at, value] : thinned(line.points, axis)) {
      when.push_back(std::chrono::duration_cast<std::chrono::seconds>(at - axis.from()).count());
      if (std::isfinite(value))
        what.push_back(std::round(value * 100) / 100);
      else
        what.push_back(nullptr);
    }
    list.push_back({{"t", when}, {"v", what}});
  }
  return list;
}

std::string section(const std::string& id, const std::string& title, const std::string& body) {
  if (body.empty()) return "";
  return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", id, title, body);
}
}  // namespace

std::string yuan(Fen amount) {
  const auto fen = amount.count();
  const auto magnitude = fen < 0 ? 0 - static_cast<std::uint64_t>(fen) : static_cast<std::uint64_t>(fen);
  return fmt::format("{}{}.{:02} CNY", fen < 0 ? "\u2212" : "", magnitude / 100, magnitude % 100);
}

std::string verdict_chip(Verdict verdict) {
  return fmt::format("<span class=\"chip {0}\">{0}</span>", name_of(verdict));
}

std::string anchor(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
    out += is_plain ? c : '-';
  }
  return out;
}

std::string verdict_section(const RunRecord& record) {
  std::string out =
      fmt::format("<header class=\"hero {}\">\n<p class=\"brand\">metertwin <span>run report</span></p>\n",
                  name_of(record.verdict));
  out += fmt::format("<h1>{}</h1>\n", escaped(record.title.empty() ? record.scenario : record.title));
  std::string word = name_of(record.verdict);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  out += fmt::format("<p class=\"verdict\"><strong>{}</strong> <span>{}</span></p>\n", word,
                     escaped(reason_of(record)));
  if (!record.replay.empty())
    out += fmt::format("<p class=\"replay\"><span>run it again</span><code id=\"replay\">{}</code></p>\n",
                       escaped(record.replay));
  return out + facts(record) + "</header>\n";
}

std::string page_data(const RunRecord& record, const TimeAxis& axis) {
  nlohmann::json json;
  json["from"] = core::unix_seconds(axis.from());
  json["span"] = std::chrono::duration_cast<std::chrono::seconds>(axis.till() - axis.from()).count();
  json["left"] = plot_left;
  json["right"] = plot_right;
  json["width"] = strip_width;
  json["offsets"] = nlohmann::json::array();
  std::chrono::seconds last{-1};
  for (auto at = axis.from(); at <= axis.till(); at += std::chrono::minutes(15)) {
    const auto offset = axis.zone().offset_at(at);
    if (offset != last)
      json["offsets"].push_back({core::unix_seconds(at) - core::unix_seconds(axis.from()), offset.count()});
    last = offset;
  }
  json["series"] = {{"load", series_json(record.load_kW, axis)},
                    {"balance", series_json(record.balance_CNY, axis)}};
  return json_for_script(json.dump());
}

std::string html(const RunRecord& record) {
  const TimeAxis axis(record.starts, record.ends, record.zone);
  std::string page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  page += fmt::format("<title>{}: {}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n",
                      escaped(record.scenario), name_of(record.verdict), page_style());
  page += verdict_section(record);
  page += section("checks", "Checks", checks_section(record));
  page += section("timeline", "What happened, and when", timeline_section(record, axis));
  page += section("topology", "Transformer areas <small>台区</small>", topology_section(record));
  page += section("bills", "Bills <small>电费单</small>", bills_section(record));
  page += section("loss", "Loss and suspicion <small>线损</small>", loss_section(record));
  page += section("meters", "Meters and accounts", meters_section(record));
  page += section("figures", "Figures", figures_section(record));
  page += section("events", "Events", events_section(record));
  page += section("provenance", "Where this comes from", provenance_section(record));
  page += fmt::format(
      "</main>\n<script type=\"application/json\" "
      "id=\"run-data\">{}</script>\n<script>\n{}</script>\n</body>\n</html>\n",
      page_data(record, axis), page_script());
  return page;
}
}  // namespace report
