/// Every fen of a bill, back to the readings it stands on: the intervals of the month, each with its period,
/// its tiers and its price.
///
/// Goes through the customer's stored readings from the opening on, by the tariff's text alone, because the
/// ladder may have begun months before. Intervals whose inner readings were given up are divided by rule 5.
/// Units: 0.01 kWh, micro-yuan. Errors: those of the store. Randomness: none.
#pragma once
#include <cstdint>
#include <vector>

#include "audit/evidence/books.hpp"
#include "audit/oracle/tariff_oracle.hpp"

namespace audit {
/// How a reading came into the books (head-end/store/schema.md).
enum class ReadingSource : std::uint8_t { curve, backfill, opening };
std::string_view name_of(ReadingSource source);

struct StoredReading {
  std::int64_t slot = 0;
  std::int64_t register_centikWh = 0;
  ReadingSource source = ReadingSource::curve;
};

struct TierPart {
  std::size_t tier = 0;
  std::int64_t energy_centikWh = 0;
  std::int64_t price = 0;         ///< 1e-4 CNY/kWh
  std::int64_t amount_uYuan = 0;  ///< energy x price, exactly
};

/// One quarter hour of the bill.
struct TracedInterval {
  std::int64_t slot = 0;  ///< where it begins
  std::int64_t energy_centikWh = 0;
  std::size_t period = 0;
  bool is_estimated = false;  ///< its share of a longer interval, rule 5
  std::vector<TierPart> parts;
};

struct BillTrace {
  std::vector<StoredReading> readings;    ///< of the month, both ends included
  std::vector<TracedInterval> intervals;  ///< of the month, as far as the readings make any
};

/// All stored readings of one meter, by slot.
std::vector<StoredReading> readings_of(sqlite::Database& books, std::size_t position);

BillTrace trace_bill(const Estate& estate, sqlite::Database& store, const Books& books, std::size_t position,
                     std::int64_t from_slot, std::int64_t till_slot);
}  // namespace audit
