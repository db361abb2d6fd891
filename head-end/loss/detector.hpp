/// A detector of theft and of broken meters: one question put to every customer of an area.
///
/// A detector gives each customer a score (higher: more suspicious) and can say in one sentence what it saw.
/// Scores of different detectors are not comparable; `ScoreScale` (false_alarm.hpp) makes them so, and
/// `Ensemble` (ensemble.hpp) adds them up. Detectors hold no state and never change an area. A score of
/// nothing to go on (no voltages, no events, a meter that was hardly read) is the lowest the detector has.
///
/// A detector may live elsewhere, in a script for instance: what goes in is plain data (`AreaView::readings`:
/// series of numbers per customer, NaN where nothing was read, phases and events; whatever else the view
/// offers is worked out from them), what comes out is one number per customer and a sentence. A class that
/// hands them over and derives from `Detector` is all that is needed; the ensemble weighs it once it has seen
/// it on labelled areas. `scores` is called from several threads, each with an area of its own.
/// Unit: none. Range: finite. Errors: none. Randomness: none. Time: intervals only.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "head-end/loss/area_view.hpp"

namespace headend::loss {
/// What a detector needs and so what it is blind without.
enum class Family : std::uint8_t {
  balance,  ///< the transformer's meter and the other customers
  shape,    ///< the customer's own series
  network,  ///< voltages and a network model
  events,   ///< what the meter says about itself
};
std::string_view name_of(Family family);

class Detector {
 public:
  virtual ~Detector() = default;
  virtual std::string_view name() const = 0;
  virtual Family family() const = 0;
  /// One score per customer, in the customers' order.
  virtual std::vector<double> scores(const AreaView& area) const = 0;
  /// What it saw at one customer, one sentence with figures, for a person who has to decide.
  virtual std::string explain(const AreaView& area, std::size_t customer) const = 0;
};

using Detectors = std::vector<std::unique_ptr<const Detector>>;
/// Those that need the transformer's meter: regression, its counterpart, envelope, correlation, timing.
void add_balance_detectors(Detectors& detectors);
/// Those that need one customer's series only.
void add_shape_detectors(Detectors& detectors);
/// Voltage residual, correlation by phase and the meters' own signs.
void add_field_detectors(Detectors& detectors);
Detectors every_detector();
}  // namespace headend::loss
