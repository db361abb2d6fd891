/// How a pair behaves because of the way it was built: what an electrical plan means for each place on it.
///
/// Unit: chances per bit and per transmission, ns. Errors: none. Randomness: none here. Time: none.
#pragma once
#include <vector>

#include "core/instant.hpp"
#include "core/ratio.hpp"

namespace model {
struct BusBehaviour {
  struct Place {
    core::Ratio bit_error{0, 1};    ///< of a bit between the master and this place, the worse of both ways
    core::Ratio false_start{0, 1};  ///< per request: noise on the idle pair misleads this receiver before it
    core::Duration delay{};         ///< of cable and repeaters between the master and it, one way
  };
  std::vector<Place> places;             ///< in the order of the plan's units
  core::Ratio master_false_start{0, 1};  ///< the same for the master's receiver, per answer
};
}  // namespace model
