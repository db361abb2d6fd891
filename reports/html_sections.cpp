#include "reports/html_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/escape.hpp"

namespace report {
namespace {
constexpr std::size_t open_rows_max = 16;     // longer tables begin folded
constexpr std::size_t table_rows_max = 3000;  // the stores hold the rest

/// What the colours mean; the script writes values at the cursor into each <b>.
std::string legend(const std::vector<std::string>& names, const std::string& strip) {
  std::string out = fmt::format("<p class=\"legend\" data-strip=\"{}\">", strip);
  for (std::size_t k = 0; k < names.size(); ++k)
    out += fmt::format("<span><i style=\"background:{}\"></i>{} <b></b></span>", part_colour(names[k], k),
                       escaped(with_chinese(names[k])));
  return out + "</p>\n";
}

std::vector<std::string> names_of(const std::vector<Series>& series) {
  std::vector<std::string> names;
  for (const auto& line : series) names.push_back(line.name);
  return names;
}

/// A table that may begin folded.
std::string folded(std::size_t rows, const std::string& what, const std::string& table) {
  std::string out = rows > open_rows_max
                        ? fmt::format("<details><summary>{} {}</summary>\n{}</details>\n", rows, what, table)
                        : table;
  if (rows > table_rows_max)
    out += fmt::format("<p class=\"note\">{} more are in the stores beside this page.</p>\n",
                       rows - table_rows_max);
  return out;
}

/// For a handful of days: a bar each, with its figures written on it.
std::string day_bars(const BarChart& chart, const core::Zone& zone) {
  std::string out;
  for (const auto& bar : chart.bars) {
    double sum = 0;
    for (const auto part : bar.parts) sum += std::max(0.0, part);
    if (sum <= 0) continue;
    out += fmt::format("<div class=\"daybar\"><span>{}</span><div>",
                       core::to_civil_text(bar.at, zone).substr(0, 10));
    for (std::size_t k = 0; k < bar.parts.size() && k < chart.part_names.size(); ++k)
      if (bar.parts[k] > 0)
        out +=
            fmt::format("<b style=\"background:{};flex-grow:{:.4f}\" title=\"{:.2f} kWh\">{} {:.1f} kWh</b>",
                        part_colour(chart.part_names[k], k), bar.parts[k] / sum, bar.parts[k],
                        escaped(with_chinese(chart.part_names[k])), bar.parts[k]);
    out += fmt::format("</div><span>{:.1f} kWh</span></div>\n", sum);
  }
  return out;
}

/// What a meter's tile tells by its colour, worst first.
std::string tile_class(const MeterRow& meter) {
  if (meter.is_open) return "open";
  if (!meter.remark.empty() ||
      (meter.readings_due > 0 && meter.readings_stored * 100 < meter.readings_due * 95))
    return "poor";
  if (meter.times_cut > 0) return "was-cut";
  return "fine";
}

std::string tile_text(const MeterRow& meter) {
  std::string text = meter.name + ", " + meter.account + ", " + meter.payment;
  if (!meter.phase.empty()) text += ", phase " + meter.phase;
  if (meter.is_protected) text += ", protected (保电)";
  text += fmt::format(": {:.2f} kWh, {} of {} readings", meter.energy_kWh, meter.readings_stored,
                      meter.readings_due);
  if (meter.has_balance) text += ", balance " + yuan(meter.balance);
  if (meter.times_cut > 0) text += fmt::format(", cut off {}x", meter.times_cut);
  text += meter.is_open ? ", relay open" : ", supplied";
  return meter.remark.empty() ? text : text + "; " + meter.remark;
}

std::string tile(const MeterRow& meter) {
  const auto digits = meter.name.find_last_not_of("0123456789");
  auto number = digits == std::string::npos ? meter.name : meter.name.substr(digits + 1);
  number.erase(0, std::min(number.find_first_not_of('0'), number.size()));
  return fmt::format("<a class=\"tile {}{}\" href=\"#meter-{}\" title=\"{}\">{}</a>", tile_class(meter),
                     meter.is_protected ? " kept" : "", anchor(meter.name), escaped(tile_text(meter)),
                     escaped(number));
}
}  // namespace

std::string checks_section(const RunRecord& record) {
  if (record.checks.empty()) return "<p class=\"note\">Nothing was checked.</p>\n";
  std::string out =
      "<table class=\"checks\">\n<thead><tr><th>Verdict</th><th>Check</th><th>Measured</th><th>Limit</th><th "
      "class=\"number\">Looked at</th></tr>"
      "</thead>\n<tbody>\n";
  for (const auto& check : record.checks) {
    out += fmt::format(
        "<tr id=\"check-{}\"><td>{}</td><td><b>{}</b><br>{}</td><td>{}</td><td>{}</td><td "
        "class=\"number\">{}</td></tr>\n",
        anchor(check.id), verdict_chip(check.verdict), escaped(check.id), escaped(check.title),
        escaped(check.measured), escaped(check.limit), check.samples);
    if (check.reason.empty() && check.explanation.empty()) continue;
    out += fmt::format("<tr class=\"why {}\"><td></td><td colspan=\"4\">", name_of(check.verdict));
    const bool is_open = check.verdict != Verdict::pass;
    if (!check.reason.empty()) out += fmt::format("<p>{}</p>", escaped(check.reason));
    if (!check.explanation.empty()) {
      out += fmt::format("<details{}><summary>{} found</summary><ul>", is_open ? " open" : "",
                         check.explanation.size());
      for (const auto& line : check.explanation) out += "<li>" + escaped(line) + "</li>";
      out += "</ul></details>";
    }
    out += "</td></tr>\n";
  }
  return out + "</tbody>\n</table>\n";
}

std::string timeline_section(const RunRecord& record, const TimeAxis& axis) {
  std::string out;
  if (!record.faults.empty() || !record.events.empty()) {
    out += "<h3>Faults and events</h3>\n";
    out +=
        "<p class=\"note\">Red bands are injected faults; they run through all charts below. Point at a mark "
        "to read it.</p>\n";
    out += lanes_strip(record, axis);
  }
  if (!record.load_kW.empty()) {
    out += "<h3>Power drawn, kW</h3>\n" + legend(names_of(record.load_kW), "load") +
           lines_strip("load", record.load_kW, record, axis);
  }
  if (!record.balance_CNY.empty()) {
    out += "<h3>Prepaid balances, CNY</h3>\n" + legend(names_of(record.balance_CNY), "balance");
    out += lines_strip("balance", record.balance_CNY, record, axis);
  }
  if (!record.energy_kWh.bars.empty()) {
    out += "<h3>Energy by day and tariff period, kWh</h3>\n";
    if (record.energy_kWh.bars.size() <= 3) return out + day_bars(record.energy_kWh, record.zone);
    out += legend(record.energy_kWh.part_names, "energy") + bars_strip(record.energy_kWh, record, axis);
  }
  return out;
}

std::string topology_section(const RunRecord& record) {
  if (record.areas.empty()) return "";
  std::string out =
      "<p class=\"key\"><span class=\"tile fine\"></span>supplied <span class=\"tile was-cut\"></span>was "
      "cut off, supplied again <span "
      "class=\"tile open\"></span>cut off <span class=\"tile poor\"></span>readings missing <span "
      "class=\"tile fine kept\"></span>protected "
      "(保电)</p>\n";
  for (const auto& area : record.areas) {
    out += fmt::format("<div class=\"area\"><h3>{} <small>concentrator (集中器) {}{}</small></h3>\n",
                       escaped(area.name), escaped(area.concentrator),
                       area.feeder.empty() ? "" : ", feeder " + escaped(area.feeder));
    for (const auto& line : area.lines) {
      out += fmt::format("<div class=\"line\"><span>{}</span><div>", escaped(line.name));
      for (const auto position : line.meters)
        if (position < record.meters.size()) out += tile(record.meters[position]);
      out += "</div></div>\n";
    }
    out += "</div>\n";
  }
  return out;
}

std::string bills_section(const RunRecord& record) {
  if (record.bills.empty()) return "";
  std::map<std::string, std::pair<std::size_t, Fen>> months;
  for (const auto& bill : record.bills) {
    auto& [count, sum] = months[bill.month];
    ++count;
    sum += bill.amount;
  }
  std::string out = "<p class=\"months\">";
  for (const auto& [month, total] : months)
    out += fmt::format("<span><b>{}</b> {} bill{}, {}</span>", escaped(month), total.first,
                       total.first == 1 ? "" : "s", yuan(total.second));
  out += "</p>\n";
  std::string table =
      "<table>\n<thead><tr><th>Month</th><th>Account</th><th class=\"number\">Energy</th><th "
      "class=\"number\">Amount</th><th>Made of</th>"
      "<th>Audit</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < std::min(record.bills.size(), table_rows_max); ++i) {
    const auto& bill = record.bills[i];
    table += fmt::format(
        "<tr><td>{}</td><td>{}</td><td class=\"number\">{:.2f} kWh</td><td "
        "class=\"number\">{}</td><td>{}{}</td><td>{}</td></tr>\n",
        escaped(bill.month), escaped(bill.account), bill.energy_kWh, yuan(bill.amount), escaped(bill.detail),
        bill.is_estimated ? " <em>estimated</em>" : "", verdict_chip(bill.verdict));
  }
  return out + folded(record.bills.size(), "bills", table + "</tbody>\n</table>\n");
}

std::string meters_section(const RunRecord& record) {
  if (record.meters.empty()) return "";
  std::string table =
      "<table>\n<thead><tr><th>Meter</th><th>Account</th><th>Address</th><th>Pays</th><th>Tariff</th><th "
      "class=\"number\">Energy</th>"
      "<th class=\"number\">Readings</th><th class=\"number\">Balance</th><th>At the "
      "end</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < std::min(record.meters.size(), table_rows_max); ++i) {
    const auto& meter = record.meters[i];
    std::string state = meter.is_open ? "<span class=\"chip fail\">open</span>" : "supplied";
    if (meter.times_cut > 0) state += fmt::format(", cut off {}x", meter.times_cut);
    if (meter.is_protected) state += ", protected";
    if (!meter.remark.empty()) state += ", " + escaped(meter.remark);
    table += fmt::format(
        "<tr id=\"meter-{}\"><td><b>{}</b>{}</td><td>{}</td><td class=\"code\">{}</td><td>{}</td><td>{}</td>"
        "<td class=\"number\">{:.2f} kWh</td><td class=\"number\">{} / {}</td><td "
        "class=\"number\">{}</td><td>{}</td></tr>\n",
        anchor(meter.name), escaped(meter.name),
        meter.phase.empty() ? "" : " <small>" + escaped(meter.phase) + "</small>", escaped(meter.account),
        escaped(meter.address), escaped(meter.payment), escaped(meter.tariff), meter.energy_kWh,
        meter.readings_stored, meter.readings_due, meter.has_balance ? yuan(meter.balance) : "", state);
  }
  return folded(record.meters.size(), "meters", table + "</tbody>\n</table>\n");
}

std::string figures_section(const RunRecord& record) {
  if (record.figures.empty()) return "";
  std::string out = "<div class=\"figures\">\n";
  for (const auto& figures : record.figures) {
    out += fmt::format("<div><h3>{}</h3>\n<table><tbody>", escaped(figures.title));
    for (const auto& [name, value] : figures.rows)
      out += fmt::format("<tr><td>{}</td><td class=\"number\">{}</td></tr>", escaped(name), escaped(value));
    out += "</tbody></table></div>\n";
  }
  return out + "</div>\n";
}

std::string events_section(const RunRecord& record) {
  if (record.events.empty()) return "";
  std::string table =
      "<table>\n<thead><tr><th>When</th><th>What</th><th>Who</th><th></th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < std::min(record.events.size(), table_rows_max); ++i) {
    const auto& event = record.events[i];
    table +=
        fmt::format("<tr><td class=\"code\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                    core::to_civil_text(event.at, record.zone), escaped(with_chinese(name_of(event.kind))),
                    escaped(event.entity), escaped(event.text));
  }
  return folded(record.events.size(), "events", table + "</tbody>\n</table>\n");
}

std::string provenance_section(const RunRecord& record) {
  std::string out = "<table class=\"pairs\"><tbody>\n";
  const auto row = [&](const std::string& name, const std::string& value) {
    if (!value.empty())
      out += fmt::format("<tr><td>{}</td><td class=\"code\">{}</td></tr>\n", escaped(name), escaped(value));
  };
  row("metertwin", record.version);
  row("scenario", record.scenario);
  row("digest of the effective scenario", record.scenario_digest);
  row("digest of the run", record.digest);
  row("from", core::to_iso8601(record.starts, record.zone));
  row("to", core::to_iso8601(record.ends, record.zone));
  row("zone", record.zone.name());
  for (const auto& [name, value] : record.options) row("--" + name, value);
  row("machine", record.machine);
  if (record.wall_s > 0) row("wall time", fmt::format("{:.2f} s", record.wall_s));
  out += "</tbody></table>\n";
  if (record.files.empty()) return out;
  out += "<h3>Beside this page</h3>\n<ul class=\"files\">\n";
  for (const auto& [file, what] : record.files)
    out += fmt::format("<li><a href=\"{0}\">{0}</a> {1}</li>\n", escaped(file), escaped(what));
  return out + "</ul>\n";
}
}  // namespace report
