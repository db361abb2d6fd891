// Judged nights and work orders out of books.db.
#include "apps/run_inspections.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "core/sqlite/database.hpp"

namespace app {
namespace {
using Json = nlohmann::ordered_json;
constexpr std::int64_t version_with_inspections = 4;  // head-end/store/schema.md

using Names = std::map<std::int64_t, std::string>;
Names names_in(sqlite::Database& books, const char* sql) {
  Names names;
  sqlite::Statement rows(books, sql);
  while (rows.next()) names.emplace(rows.integer(0), rows.text(1));
  return names;
}
std::string name_in(const Names& names, std::int64_t id) {
  const auto found = names.find(id);
  return found == names.end() ? "number " + std::to_string(id) : found->second;
}

double number_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number() ? found->get<double>() : 0;
}
std::string text_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

report::NightRow night_of(const sqlite::Statement& row, const Names& areas) {
  report::NightRow night;
  night.area = name_in(areas, row.integer(0));
  const auto date = core::civil_from_days(row.integer(1));
  night.day = fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
  night.verdict = row.text(2);
  const auto figures = Json::parse(row.text(3), nullptr, /*allow_exceptions=*/false);
  if (!figures.is_object()) return night;
  night.reason = text_in(figures, "reason");
  night.is_judged = figures.contains("supplied_kWh");
  night.supplied_kWh = number_in(figures, "supplied_kWh");
  night.sold_kWh = number_in(figures, "sold_kWh");
  night.uncertainty_kWh = 2 * number_in(figures, "standard_uncertainty_kWh");
  night.usual_kWh = number_in(figures, "expected_kWh");
  night.p_value = figures.contains("p_value")
                      ? std::min(number_in(figures, "p_value"), number_in(figures, "p_value_of_model"))
                      : 1;
  return night;
}

void add_sheet(const Json& sheet, std::vector<std::string>& lines) {
  if (!sheet.is_object()) return;
  lines.push_back(fmt::format("{}: reported {:.2f} kWh, missing perhaps {:.2f} kWh (+-{:.2f})",
                              text_in(sheet, "customer"), number_in(sheet, "reported_kWh"),
                              number_in(sheet, "missing_kWh"),
                              2 * number_in(sheet, "missing_standard_uncertainty_kWh")));
  for (const auto& evidence : sheet.value("evidence", Json::array()))
    if (evidence.is_object())
      lines.push_back(fmt::format("{} [{}]", text_in(evidence, "sentence"), text_in(evidence, "detector")));
  for (const auto& step : sheet.value("to_look_at", Json::array()))
    if (step.is_string()) lines.push_back("look: " + step.get<std::string>());
}

/// Sheets as sentences; anything else as "name: value".
std::vector<std::string> lines_of(const std::string& evidence) {
  std::vector<std::string> lines;
  const auto json = Json::parse(evidence, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return lines;
  if (json.contains("sheet")) add_sheet(json["sheet"], lines);
  if (json.contains("fall"))
    lines.push_back(
        fmt::format("{} fell from {:.2f} kWh (+-{:.2f}) to {:.2f} kWh; the area misses {:.2f} kWh",
                    text_in(json["fall"], "customer"), number_in(json["fall"], "usual_kWh"),
                    2 * number_in(json["fall"], "standard_deviation_kWh"),
                    number_in(json["fall"], "reported_kWh"), number_in(json["fall"], "missing_in_area_kWh")));
  if (json.contains("customers"))
    for (const auto& sheet : json["customers"]) add_sheet(sheet, lines);
  if (!lines.empty()) return lines;
  const auto word = [](const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  for (const auto& [name, value] : json.items()) {
    if (value.is_primitive()) lines.push_back(name + ": " + word(value));
    if (!value.is_object()) continue;
    for (const auto& [part, figure] : value.items())
      if (figure.is_primitive()) lines.push_back(fmt::format("{}, {}: {}", name, part, word(figure)));
  }
  return lines;
}

report::WorkOrderRow order_of(const sqlite::Statement& row, const Names& areas, const Names& meters) {
  report::WorkOrderRow order;
  order.id = row.integer(0);
  order.area = name_in(areas, row.integer(1));
  if (row.integer(2) != 0) order.meter = name_in(meters, row.integer(2));
  order.kind = row.text(3);
  order.reason = row.text(4);
  order.evidence = lines_of(row.text(5));
  order.opened_at = core::Instant(core::Duration(row.integer(6)));
  order.is_closed = !row.is_null(7);
  if (order.is_closed) {
    order.closed_at = core::Instant(core::Duration(row.integer(7)));
    order.finding = row.text(8);
  }
  return order;
}
}  // namespace

Inspections inspections_of_run(const std::filesystem::path& books_db) {
  Inspections found;
  sqlite::Database books(books_db, sqlite::Database::Use::read);
  if (books.integer("PRAGMA user_version") < version_with_inspections) return found;
  const auto areas = names_in(books, "SELECT id, name FROM concentrator ORDER BY id");
  const auto meters = names_in(books, "SELECT id, name FROM meter ORDER BY id");
  sqlite::Statement nights(books, "SELECT area, day, verdict, figures FROM watched_night ORDER BY day, area");
  while (nights.next()) found.nights.push_back(night_of(nights, areas));
  sqlite::Statement orders(books,
                           "SELECT id, area, meter, kind, reason, evidence, opened_at_ns, closed_at_ns, "
                           "finding FROM work_order ORDER BY id");
  while (orders.next()) found.work_orders.push_back(order_of(orders, areas, meters));
  return found;
}
}  // namespace app
