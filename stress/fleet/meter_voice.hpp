/// What a collector's meters answer when the head-end speaks to one of them through it (AFN 10H F1).
///
/// A meter of the fleet has a relay and a status word 3, and nothing else that can be asked: 1CH (trip,
/// close) moves the relay at once, 11H of 04000503 tells it; other requests are refused with "no such data".
/// Passwords are not judged. Pure; one bit a meter, kept by the fleet. Errors: a request that is no DL/T 645
/// frame or is for nobody here has no answer, as on a line.
#pragma once
#include <vector>

#include "protocols/dlt645/frame.hpp"
#include "stress/fleet/estate_plan.hpp"

namespace stress {
/// Which relays are open.
class Relays {
 public:
  explicit Relays(std::uint32_t meters) : is_open_(std::size_t{meters} + 1) {}
  bool is_open(std::uint32_t meter) const { return is_open_[meter]; }
  void set(std::uint32_t meter, bool is_open) { is_open_[meter] = is_open; }
  std::size_t bytes() const { return is_open_.size() / 8; }

 private:
  std::vector<bool> is_open_;  ///< by meter
};

/// The 645 answer of one of the collector's meters; empty for none.
dlt645::Wire answer_of_meter(const CollectorPlan& collector, Relays& relays, core::Bytes request);
}  // namespace stress
