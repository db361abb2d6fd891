/// The local calendar of quarter hours: what the tariff and the closings must know of one interval.
///
/// A pure function of slot and zone, remembered for the slots asked last: readings of one quarter hour come
/// together. Errors: `std::invalid_argument` for a zone whose offset is not whole quarter hours. Randomness:
/// none.
#pragma once
#include <array>

#include "head-end/store/slot.hpp"

namespace headend {
/// The interval that ends at `slot`, i.e. [slot - 1, slot].
struct IntervalFacts {
  Slot slot = -1;
  std::uint8_t start_quarter = 0;  ///< 0..95 of the local day: rule 1 goes by the start
  bool ends_day = false;           ///< `slot` is a local midnight
  bool ends_month = false;
  bool ends_year = false;
};

class Calendar {
 public:
  explicit Calendar(core::Zone zone);
  const IntervalFacts& of(Slot slot) {
    auto& held = held_[static_cast<std::size_t>(slot) % held_.size()];
    if (held.slot != slot) held = work_out(slot);
    return held;
  }
  const core::Zone& zone() const { return zone_; }
  /// Local month as yyyymm that holds the instant just before `till` (the month that a bill up to `till` is
  /// for).
  int month_before(Instant till) const;
  std::int64_t day_before(Instant till) const;

 private:
  IntervalFacts work_out(Slot slot) const;
  core::Zone zone_;
  std::array<IntervalFacts, 256> held_;
};
}  // namespace headend
