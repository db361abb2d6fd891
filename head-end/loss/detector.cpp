// The list of detectors.
#include "head-end/loss/detector.hpp"

#include <array>

namespace headend::loss {
std::string_view name_of(Family family) {
  static constexpr std::array<std::string_view, 4> names{"balance", "shape", "network", "events"};
  return names.at(static_cast<std::size_t>(family));
}

Detectors every_detector() {
  Detectors detectors;
  add_balance_detectors(detectors);
  add_shape_detectors(detectors);
  add_field_detectors(detectors);
  return detectors;
}
}  // namespace headend::loss
