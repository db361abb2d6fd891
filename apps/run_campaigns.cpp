#include "apps/run_campaigns.hpp"

#include <fmt/format.h>

#include "core/sqlite/database.hpp"

namespace app {
namespace {
std::string kWh(std::int64_t energy_Wh) {
  return fmt::format("{:.1f} kWh", static_cast<double>(energy_Wh) / 1e3);
}
std::string kW(std::int64_t power_W) { return fmt::format("{:.1f} kW", static_cast<double>(power_W) / 1e3); }

void add_outcomes(sqlite::Database& books, std::int64_t campaign, report::Figures& figures) {
  sqlite::Statement rows(
      books,
      "SELECT outcome, count(*) FROM campaign_customer WHERE campaign = ? GROUP BY outcome "
      "ORDER BY outcome");
  rows.bind(campaign);
  while (rows.next()) figures.rows.emplace_back("customers " + rows.text(0), std::to_string(rows.integer(1)));
}
}  // namespace

void fill_campaigns(const SimulatedRun& stores, report::RunRecord& record) {
  sqlite::Database books(stores.books_db, sqlite::Database::Use::read);
  sqlite::Statement rows(
      books,
      "SELECT id, name, means, from_s, till_s, reduction_Wh, uncertainty_Wh, baseline_Wh, "
      "drawn_Wh, baseline_peak_W, drawn_peak_W, like_days, left_out FROM campaign ORDER BY id");
  while (rows.next()) {
    report::Figures figures;
    figures.title = "Campaign " + rows.text(1);
    const auto time_text = [&](int column) {
      return core::to_civil_text(core::instant_from_seconds(rows.integer(column)), record.zone).substr(0, 16);
    };
    figures.rows.emplace_back("means", rows.text(2));
    figures.rows.emplace_back("from", time_text(3));
    figures.rows.emplace_back("till", time_text(4));
    add_outcomes(books, rows.integer(0), figures);
    if (rows.is_null(5)) {
      figures.rows.emplace_back("reduction", "not known: too little to go by");
    } else {
      figures.rows.emplace_back("reduction",
                                kWh(rows.integer(5)) + " \u00b1 " + kWh(rows.integer(6)) + " (95 %)");
      figures.rows.emplace_back("baseline", kWh(rows.integer(7)));
      figures.rows.emplace_back("drawn", kWh(rows.integer(8)));
      figures.rows.emplace_back("peak without, by the baseline", kW(rows.integer(9)));
      figures.rows.emplace_back("peak", kW(rows.integer(10)));
      figures.rows.emplace_back("like days", std::to_string(rows.integer(11)));
      figures.rows.emplace_back("customers left out", std::to_string(rows.integer(12)));
    }
    record.figures.push_back(std::move(figures));
  }
}
}  // namespace app
