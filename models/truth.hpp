/// What really happened, as the models write it down. The head-end never sees this; only audit reads it.
///
/// Models call a `TruthSink`; `sim/truth` stores it and folds it into the run's digest. Events of one entity
/// arrive in the order of their instants; between entities no order is promised (areas advance apart).
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "core/instant.hpp"
#include "core/money.hpp"
#include "core/units.hpp"

namespace model {
using AreaId = std::uint32_t;  ///< position of the area (台区) in the scenario, from 0
using MeterId =
    std::uint32_t;  ///< position of the meter in the scenario over all areas, from 1; consecutive in an area

/// What every meter of one area shows and has truly passed at one due instant of true time (not of its own
/// clock).
struct TruthSample {
  AreaId area;
  core::Instant due;  ///< a whole quarter hour of true time
  MeterId first_meter;
  std::span<const std::uint32_t> shown_centikWh;  ///< forward active register as the display would show it
  std::span<const std::int64_t> passed_uJ;        ///< energy that physically passed to the customer
  std::span<const std::int64_t>
      meter_money_uYuan;  ///< remaining money minus overdraft inside prepaid-meter meters; 0 in others
};

/// One thing that happened to one entity. `kind` is from the list in docs/truth-events.md, e.g.
/// "relay-opened".
struct TruthEvent {
  core::Instant at;
  std::string entity;  ///< "M0017", "concentrator north", "account A0017", "head-end"
  std::string kind;
  std::int64_t value = 0;  ///< meaning by kind: an amount in fen, a count, a register
  std::string text;        ///< for people: the cause, the frame, the reference
};

class TruthSink {
 public:
  virtual ~TruthSink() = default;
  virtual void sample(const TruthSample& sample) = 0;
  virtual void event(const TruthEvent& event) = 0;
};
}  // namespace model
