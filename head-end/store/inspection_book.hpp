/// The part of the books that inspectors work with: nights judged, suspicions, work orders, and what meters
/// tell when they are asked for more than their forward register.
///
/// Everything goes into the books' open transaction and is durable with their next commit; killed before it,
/// the night is judged once more and opens the same orders. Work orders are held in memory too: there are as
/// many as people can walk to. Errors: `StoreFailure`. Randomness: none. Time: told.
#pragma once
#include <map>
#include <vector>

#include "core/result.hpp"
#include "head-end/loss/work_order.hpp"
#include "head-end/store/store_database.hpp"

namespace headend {
/// One area's judged day, as text of the room that judges (head-end/loss/night_rows.hpp).
struct WatchedNight {
  ConcentratorId area = 0;
  std::int64_t local_day = 0;  ///< since 1970-01-01
  std::string verdict;         ///< "usual", "suspected", "learning", "not judged"
  std::string figures;         ///< one JSON object
  std::string suspicion;       ///< one JSON object with evidence sheets; empty unless suspected
};

/// One number that a meter told about itself, or that was found out by asking it.
struct MeterCondition {
  Instant asked_at{};
  std::int64_t value = 0;
};

/// The register of energy that went from the customer into the network (00020000), at a due instant.
struct ReverseReading {
  Instant due;
  CentiKilowattHours shown{0};
};

class InspectionBook {
 public:
  explicit InspectionBook(Database& database);

  /// The new order's number; nothing when an order for the same meter (or the same whole area) is open.
  std::optional<std::int64_t> open(const WorkOrderWish& wish, Instant now);
  /// Faults: no_data (no such order), refused (closed before with another finding, or a finding that is empty
  /// or longer than `finding_bytes_max`). The same finding again is well.
  core::Result<WorkOrder> close(std::int64_t id, const std::string& finding, Instant now);
  /// All orders by number.
  const std::map<std::int64_t, WorkOrder>& orders() const { return orders_; }
  const WorkOrder* find(std::int64_t id) const;
  bool has_open(ConcentratorId area, MeterId meter) const;
  /// The newest order of this meter (or whole area) and kind, open or closed.
  const WorkOrder* latest(ConcentratorId area, MeterId meter, WorkOrderKind kind) const;

  /// One row a night and area: a second one is not written.
  void keep(const WatchedNight& night);
  /// All nights by day, then area.
  std::vector<WatchedNight> nights() const;
  std::optional<WatchedNight> night(ConcentratorId area, std::int64_t local_day) const;
  /// Suspected nights only, newest first.
  std::vector<WatchedNight> suspicions() const;

  /// `quantity` as in head-end/store/schema.md. One value a meter, quantity and instant.
  void note(MeterId meter, std::string_view quantity, Instant asked_at, std::int64_t value);
  /// From `since` on, by instant.
  std::vector<MeterCondition> conditions(MeterId meter, std::string_view quantity, Instant since) const;

  /// The first one counts: false, and nothing changed, when there is one of this meter and instant.
  bool take_reverse(MeterId meter, Instant due, CentiKilowattHours shown, Instant now);
  bool has_reverse(MeterId meter, Instant due) const;
  /// from <= due <= till, by instant.
  std::vector<ReverseReading> reverse_of(MeterId meter, Instant from, Instant till) const;

 private:
  using Place = std::pair<ConcentratorId, MeterId>;
  Database& database_;
  mutable Statement add_order_, close_order_, add_night_, add_condition_, find_conditions_, add_reverse_,
      find_reverse_;
  std::map<std::int64_t, WorkOrder> orders_;
  std::map<Place, std::int64_t> open_;
};
}  // namespace headend
