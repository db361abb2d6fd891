/// What the head-end wrote down about its campaigns, read by the text of head-end/store/schema.md alone.
///
/// Errors: std::runtime_error for a store that is broken or not of this kind. An older store has none.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "audit/evidence/estate.hpp"
#include "core/sqlite/database.hpp"

namespace audit {
struct CampaignRow {
  std::int64_t meter = 0;
  int group = 0;
  std::string outcome;
  bool was_asked = false;
  bool is_released = false;
  bool is_counted = false;
};

/// A campaign of the books.
struct CampaignRecord {
  std::int64_t id = 0;
  std::string name, means;
  Instant from, till;  ///< till: when its hold ended; earlier than planned if it was cancelled
  int groups = 0;
  Duration turn{0};
  bool is_evaluated = false;
  std::optional<std::int64_t> reduction_Wh, uncertainty_Wh;
  std::vector<CampaignRow> customers;  ///< by meter
};

std::vector<CampaignRecord> campaigns_of(sqlite::Database& books);
}  // namespace audit
