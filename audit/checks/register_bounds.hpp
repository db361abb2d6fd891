/// What a meter's quarter-hour record may hold, given how wrong its clock was then.
///
/// A meter writes its record when its own clock shows the quarter hour. Fast by e seconds, it wrote e seconds
/// early, so the record lies between the register a quarter hour before and the register now, and no further
/// below now than the most that can pass in e seconds; slow, the other way round. e follows from truth: the
/// drift that was drawn and every step by which the clock was set.
///     e(t) = drift (t - t_0) + sum of steps + utc_offset(t_0) - utc_offset(t)
///     |record - shown| <= ceil(Imax 1.2 Un |e| / 0.01 kWh)                        60 A, 220 V
/// Further off than a quarter hour, only the second bound holds. A clock that is right allows nothing. Unit:
/// 0.01 kWh. Errors: none. Randomness: none.
#pragma once
#include <vector>

#include "audit/evidence/scan.hpp"
#include "audit/evidence/truth.hpp"

namespace audit {
class RegisterBounds : public DueVisitor {
 public:
  RegisterBounds(const Estate& estate, const Truth& truth);
  void visit(const Due& due) override;

  /// Valid for the due instant visited last, where truth has a sample.
  std::uint32_t low(std::size_t position) const { return low_[position]; }
  std::uint32_t high(std::size_t position) const { return high_[position]; }
  /// How far the meter's clock was ahead of the truth then.
  Duration clock_error(std::size_t position) const { return Duration(error_ns_[position]); }
  /// How many records may be expected to differ at all by clocks: the chance that a unit completes within e,
  /// for this one.
  double chance_of_shift(std::size_t position) const { return chance_[position]; }

 private:
  struct ClockState {
    std::size_t next_step = 0;  ///< in Truth::clock_steps
    std::int64_t steps_ns = 0;
    std::int64_t step_now_ns = 0;  ///< of these, at the very instant that is due: before or after it?
    std::int32_t steps_taken = 0;
  };
  std::int64_t clock_error_ns(std::size_t position, Instant at, std::int64_t zone_shift_ns);

  const Estate& estate_;
  const Truth& truth_;
  std::vector<ClockState> clocks_;
  std::vector<std::uint32_t> low_, high_;
  std::vector<double> chance_;
  std::vector<std::int64_t> error_ns_;
};
}  // namespace audit
