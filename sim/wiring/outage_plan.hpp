/// When the head-end is down: the crashes that a scenario injects, as half-open windows in rising order.
#pragma once
#include "core/instant.hpp"

namespace sim {
struct OutageWindow {
  core::Instant from{};
  core::Instant till{};
};
}  // namespace sim
