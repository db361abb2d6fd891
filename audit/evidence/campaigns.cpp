#include "audit/evidence/campaigns.hpp"

#include <algorithm>

namespace audit {
namespace {
std::optional<std::int64_t> number_here(const sqlite::Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column);
}
}  // namespace

std::vector<CampaignRecord> campaigns_of(sqlite::Database& books) {
  std::vector<CampaignRecord> records;
  if (books.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'campaign'") == 0) return records;
  sqlite::Statement rows(books,
                         "SELECT id, name, means, from_s, till_s, cancelled_at_ns, groups, turn_s, "
                         "evaluated_at_ns, reduction_Wh, uncertainty_Wh FROM campaign ORDER BY id");
  while (rows.next()) {
    CampaignRecord record;
    record.id = rows.integer(0);
    record.name = rows.text(1);
    record.means = rows.text(2);
    record.from = core::instant_from_seconds(rows.integer(3));
    record.till = core::instant_from_seconds(rows.integer(4));
    if (const auto cancelled = number_here(rows, 5))
      record.till = std::min(record.till, instant_from_ns(*cancelled));
    record.groups = static_cast<int>(rows.integer(6));
    record.turn = std::chrono::seconds(rows.integer(7));
    record.is_evaluated = !rows.is_null(8);
    record.reduction_Wh = number_here(rows, 9);
    record.uncertainty_Wh = number_here(rows, 10);
    records.push_back(std::move(record));
  }
  sqlite::Statement customers(books,
                              "SELECT campaign, meter, turn_group, outcome, asked_at_ns IS NOT NULL, "
                              "released_at_ns IS NOT NULL, is_counted FROM campaign_customer "
                              "ORDER BY campaign, meter");
  while (customers.next()) {
    const auto found = std::find_if(records.begin(), records.end(),
                                    [&](const CampaignRecord& r) { return r.id == customers.integer(0); });
    if (found == records.end()) continue;
    found->customers.push_back({customers.integer(1), static_cast<int>(customers.integer(2)),
                                customers.text(3), customers.integer(4) != 0, customers.integer(5) != 0,
                                customers.integer(6) != 0});
  }
  return records;
}
}  // namespace audit
