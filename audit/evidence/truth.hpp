/// What really happened, as far as single events go: payments, relays, recharges, clocks, faults that bit.
///
/// Read from truth.db (sim/truth/schema.sql; kinds: docs/truth-events.md). Samples are many and are streamed
/// by `scan.hpp`. Lists are in the order (instant, meter). Errors: std::runtime_error for a store that is
/// broken or incomplete.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "audit/evidence/estate.hpp"
#include "core/sqlite/database.hpp"

namespace audit {
struct MeterPlate {
  int accuracy_class = 2;
  std::int64_t error_ppm = 0;
  std::int64_t clock_drift_ppb = 0;
};

/// Something that happened to one customer or his meter.
struct Happening {
  enum class Kind : std::uint8_t {
    paid,
    relay_opened,
    relay_closed,
    trip_commanded,
    recharge_applied,
    clock_set,
    money_returned
  };
  Instant at;
  std::size_t position = 0;  ///< of the customer in the estate
  Kind kind = Kind::paid;
  std::int64_t value = 0;  ///< fen paid or applied; register shown; step in ms
  std::int64_t count = 0;  ///< recharge_applied: the purchase count it made
  std::string text;        ///< paid, money_returned: begins with the idempotency key; relay: the cause
};

/// Any other event; some of them prove that an injected fault bit.
struct Symptom {
  Instant at;
  std::string entity;
  std::string kind;
  std::string text;
  std::int64_t value = 0;
};

struct Truth {
  Truth(sqlite::Database& store, const Estate& estate);

  std::vector<MeterPlate> plates;      ///< by position
  std::vector<Happening> happenings;   ///< all kinds but clock_set, by (instant, position)
  std::vector<Happening> clock_steps;  ///< clock_set, by (position, instant)
  std::vector<Symptom> symptoms;       ///< by (instant, entity, kind)
  bool is_complete = false;            ///< the run came to its end and said so
};
}  // namespace audit
