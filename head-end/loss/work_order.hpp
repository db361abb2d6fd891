/// A work order (工单): somebody shall go and look at a meter, or at a whole transformer area, and say what
/// he found.
///
/// The head-end opens orders by itself (head-end/loss/night_watch.hpp): for a suspicion of the night watch
/// over losses, for something that a meter told or showed, for a meter that will fail. It never closes one:
/// that is done by whoever has looked, in his own words. While an order for a meter is open, no second one is
/// opened for it; an order for a whole area likewise.
///
/// Where they are: `InspectionBook` (head-end/store/inspection_book.hpp) in the store; over HTTP `GET
/// /work-orders`, `GET /work-orders/{id}` with the evidence sheet and `POST /work-orders/{id}/close`
/// (docs/wire/http-api.md); for an inspector on the line `work-orders` and `close-work-order`
/// (head-end/api/protocol.md). Unit: none. Range: as told. Errors: none. Randomness: none. Time: the
/// head-end's clock.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "head-end/configuration.hpp"

namespace headend {
enum class WorkOrderKind : std::uint8_t {
  loss,           ///< the area loses what no register shows; with a meter: its customer is pointed to
  event,          ///< the meter told of tampering, or its register fell
  failing_meter,  ///< the meter will fail, or has
};
inline constexpr std::array<std::string_view, 3> work_order_words{"loss", "event", "failing-meter"};
constexpr std::string_view word_of(WorkOrderKind kind) {
  return work_order_words[static_cast<std::size_t>(kind)];
}

/// What there is to be looked at, before it has a number.
struct WorkOrderWish {
  ConcentratorId area = 0;
  MeterId meter = 0;  ///< 0: the whole area
  WorkOrderKind kind = WorkOrderKind::loss;
  std::string reason;           ///< one sentence
  std::string evidence = "{}";  ///< the sheet, one JSON object
};

struct WorkOrder : WorkOrderWish {
  std::int64_t id = 0;  ///< from 1, in the order of opening
  Instant opened_at{};
  std::optional<Instant> closed_at;  ///< nothing while it is open
  std::string finding;               ///< of whoever looked; empty while it is open
};

inline constexpr std::size_t finding_bytes_max = 500;
}  // namespace headend
