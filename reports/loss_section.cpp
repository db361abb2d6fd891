// "Loss and suspicion": area-days, work orders with their evidence, and what was found.
#include <fmt/format.h>

#include <algorithm>

#include "reports/escape.hpp"
#include "reports/html_sections.hpp"

namespace report {
namespace {
constexpr std::size_t open_nights_max = 31, nights_max = 3000, orders_max = 500;

std::string night_row(const NightRow& night) {
  if (!night.is_judged)
    return fmt::format("<tr><td>{}</td><td>{}</td><td colspan=\"5\">{}</td><td>{}</td></tr>\n",
                       escaped(night.day), escaped(night.area), escaped(night.reason),
                       escaped(night.verdict));
  const double loss_kWh = night.supplied_kWh - night.sold_kWh;
  const bool is_learning = night.verdict == "learning";
  return fmt::format(
      "<tr><td>{}</td><td>{}</td><td class=\"number\">{:.2f} kWh</td><td class=\"number\">{:.2f} kWh</td>"
      "<td class=\"number\">{:.2f} \u00b1 {:.2f} kWh</td><td class=\"number\">{}</td>"
      "<td class=\"number\">{}</td><td>{}</td></tr>\n",
      escaped(night.day), escaped(night.area), night.supplied_kWh, night.sold_kWh, loss_kWh,
      night.uncertainty_kWh, is_learning ? std::string() : fmt::format("{:.2f} kWh", night.usual_kWh),
      is_learning ? std::string() : fmt::format("{:.2g}", night.p_value),
      night.verdict == "suspected" ? "<span class=\"chip fail\">suspected</span>" : escaped(night.verdict));
}

std::string nights_table(const std::vector<NightRow>& nights) {
  std::string table =
      "<table>\n<thead><tr><th>Day</th><th>Area</th><th class=\"number\">Supplied</th><th "
      "class=\"number\">Sold</th><th class=\"number\">Loss</th><th class=\"number\">Usual loss</th>"
      "<th class=\"number\">By chance</th><th>Verdict</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < std::min(nights.size(), nights_max); ++i) table += night_row(nights[i]);
  table += "</tbody>\n</table>\n";
  if (nights.size() > nights_max)
    table += fmt::format("<p class=\"note\">{} more are in books.db beside this page.</p>\n",
                         nights.size() - nights_max);
  if (nights.size() <= open_nights_max) return table;
  return fmt::format("<details><summary>{} nights</summary>\n{}</details>\n", nights.size(), table);
}

std::string order_text(const WorkOrderRow& order, const core::Zone& zone) {
  const auto about = order.meter.empty() ? "area " + order.area : order.meter + " in area " + order.area;
  std::string out = fmt::format("<details><summary>Work order {}: {} ({}), opened {}, {}</summary>\n",
                                order.id, escaped(about), escaped(order.kind),
                                core::to_civil_text(order.opened_at, zone).substr(0, 16),
                                order.is_closed ? "closed" : "open");
  out += fmt::format("<p>{}</p>\n", escaped(order.reason));
  if (!order.evidence.empty()) {
    out += "<ul>\n";
    for (const auto& line : order.evidence) out += fmt::format("<li>{}</li>\n", escaped(line));
    out += "</ul>\n";
  }
  if (order.is_closed)
    out += fmt::format("<p><b>Found</b> {}: {}</p>\n",
                       core::to_civil_text(order.closed_at, zone).substr(0, 16), escaped(order.finding));
  return out + "</details>\n";
}
}  // namespace

std::string loss_section(const RunRecord& record) {
  if (record.nights.empty() && record.work_orders.empty()) return "";
  const auto suspected = std::count_if(record.nights.begin(), record.nights.end(),
                                       [](const NightRow& night) { return night.verdict == "suspected"; });
  const auto closed = std::count_if(record.work_orders.begin(), record.work_orders.end(),
                                    [](const WorkOrderRow& order) { return order.is_closed; });
  std::string out = fmt::format(
      "<p class=\"months\"><span><b>{}</b> area-nights, {} suspected</span><span><b>{}</b> work orders, {} "
      "with a finding</span></p>\n",
      record.nights.size(), suspected, record.work_orders.size(), closed);
  for (std::size_t i = 0; i < std::min(record.work_orders.size(), orders_max); ++i)
    out += order_text(record.work_orders[i], record.zone);
  if (record.work_orders.size() > orders_max)
    out += fmt::format("<p class=\"note\">{} more are in books.db beside this page.</p>\n",
                       record.work_orders.size() - orders_max);
  return record.nights.empty() ? out : out + nights_table(record.nights);
}
}  // namespace report
