/// How old the newest state is that a concentrator has of each living meter.
///
///     age(t) = t - max(asked, living since),  asked = when the last state that came was asked for
/// The worst age is looked for at its peaks: when a newer state comes, and when somebody asks. A meter
/// without mains, or deaf on its line, is not living. Unit: ns; points from 1. Errors: none. Randomness:
/// none. Time: instants handed in, rising.
#pragma once
#include <vector>

#include "core/instant.hpp"

namespace model {
class Freshness {
 public:
  struct Worst {
    core::Duration age{-1};  ///< negative: no living meter is known
    std::size_t point = 0;
  };

  /// The concentrator knows this point from now on.
  void known(std::size_t point, core::Instant at);
  void forgotten(std::size_t point);
  void refreshed(std::size_t point, core::Instant asked, core::Instant at);
  void set_living(std::size_t point, bool is_living, core::Instant at);
  /// Since the last call.
  Worst take_worst(core::Instant at);

 private:
  struct Point {
    core::Instant asked{}, living_since{};
    bool is_known = false;
    bool is_living = true;
  };
  Point& at(std::size_t point);
  void judge(std::size_t point, core::Instant at);

  std::vector<Point> points_;
  Worst worst_;
};
}  // namespace model
