/// What the meter remembers of each quarter hour of its own clock (负荷记录, DL/T 645-2007 Appendix B):
/// class 4, energies.
///
/// A ring of 16-bit steps of the total register: two bytes a quarter hour, 192 bytes a day. A quarter hour
/// without supply, or one the clock was set over, has no record. Absolute values come from the newest one,
/// walking back. A register that was set back, or leapt by 655.35 kWh, begins the record anew. Unit: 0.01
/// kWh. Range: a step up to 655.34 kWh. Errors: none. Randomness: none. Time: the meter's clock.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>

namespace model {
class LoadRecordRing {
 public:
  /// Keeps `capacity` quarter hours. Range: 1..65535.
  explicit LoadRecordRing(std::uint16_t capacity);

  /// The shown total at the beginning of civil quarter hour `quarter` (900 s each since 1970).
  /// A quarter not later than the newest takes the newest's place: the clock went back.
  void record(std::int64_t quarter, std::uint32_t shown_total);
  std::optional<std::uint32_t> at(std::int64_t quarter) const;
  bool empty() const { return count_ == 0; }
  std::int64_t newest() const { return newest_; }
  /// The oldest quarter hour still in the ring (it may be a gap). Range: not empty.
  std::int64_t oldest() const { return newest_ - count_ + 1; }
  void clear() { count_ = 0; }
  std::size_t bytes() const { return capacity_ * sizeof(std::uint16_t); }

 private:
  static constexpr std::uint16_t gap = 0xFFFF;
  void push(std::uint16_t step);

  std::unique_ptr<std::uint16_t[]> steps_;
  std::int32_t newest_ = 0;
  std::uint32_t newest_shown_ = 0;
  std::uint16_t capacity_;
  std::uint16_t head_ = 0;  ///< where the newest lies
  std::uint16_t count_ = 0;
};
}  // namespace model
