/// Inspectors of the utility (用电检查): they take open work orders from the head-end, go there, look, and
/// report.
///
/// A JSON-lines client of the head-end's interface (head-end/api/protocol.md), like the counter: nothing of
/// the field passes to the head-end but their words. A crew at rest asks for open orders while it is working
/// time, takes the lowest number that nobody has taken, and is there after a drawn way; for an order about a
/// whole area it looks at one meter after the other. A report is repeated until it is answered, over any
/// number of lost connections. Truth events (entity "inspectors"): "order-taken" (value: number, text: where,
/// and why), "order-reported" (value: number, text: the finding); what is found at a meter is told by its
/// area ("inspected"). Nobody sets out after `ends`. Errors: none. Randomness: Purpose::inspection by (seed,
/// order number). Time: whoever owns it calls `advance(now)` not later than `next()`. No Asio, no SystemC.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "models/counter/counter.hpp"
#include "models/inspection/working_hours.hpp"
#include "models/truth.hpp"

namespace model {
struct InspectedArea {
  std::string name;
  MeterId first_meter = 1;
  std::vector<std::string> meter_names;
};

struct InspectorSetup {
  std::uint64_t seed = 0;
  core::Instant starts{}, ends = core::never;
  int crews = 0;  ///< 0: nobody goes, nothing is ever asked
  WorkingHours hours;
  core::Duration asks_every = 30min;
  core::Duration way_min = 30min, way_max = 5h;  ///< working time from order to visit
  core::Duration stays = 20min;                  ///< at each meter
  std::vector<InspectedArea> areas;
  core::Duration latency = 50ms;  ///< one way
  core::Duration answer_timeout = 30s;
  core::Duration reconnect_after = 10s;
};

/// What inspectors can do at a meter.
class InspectionView {
 public:
  virtual ~InspectionView() = default;
  /// What is found there, or "nothing"; see Area::inspect.
  virtual std::string inspect(MeterId meter, core::Instant at) = 0;
};

class Inspectors {
 public:
  Inspectors(InspectorSetup setup, TruthSink& truth, CounterPort& port, InspectionView& view);
  ~Inspectors();
  Inspectors(const Inspectors&) = delete;
  Inspectors& operator=(const Inspectors&) = delete;

  core::Instant next() const;
  void advance(core::Instant now);
  /// The head-end wrote into the connection at `now`.
  void head_end_wrote(core::Instant now, core::Bytes bytes);
  void head_end_closed(core::Instant now);

 private:
  struct State;
  std::unique_ptr<State> state_;
};
}  // namespace model
