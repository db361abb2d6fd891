#include "models/meter/load_record.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "models/meter/registers.hpp"

namespace model {
LoadRecordRing::LoadRecordRing(std::uint16_t capacity)
    : steps_(std::make_unique<std::uint16_t[]>(capacity)), capacity_(capacity) {
  METERTWIN_CHECK(capacity > 0);
}

void LoadRecordRing::push(std::uint16_t step) {
  head_ = static_cast<std::uint16_t>(head_ + 1 == capacity_ ? 0 : head_ + 1);
  steps_[head_] = step;
  if (count_ < capacity_) ++count_;
}

void LoadRecordRing::record(std::int64_t quarter, std::uint32_t shown_total) {
  if (count_ > 0 && quarter <= newest_) {
    // The clock was set back: what was recorded for the time that comes again is taken out, newest first.
    while (count_ > 0 && newest_ >= quarter) {
      if (steps_[head_] != gap)
        newest_shown_ =
            static_cast<std::uint32_t>((newest_shown_ + shown_rollover - steps_[head_]) % shown_rollover);
      head_ = static_cast<std::uint16_t>(head_ == 0 ? capacity_ - 1 : head_ - 1);
      --newest_;
      --count_;
    }
  }
  if (count_ == 0) {
    push(0);
  } else {
    const std::int64_t missing = std::min<std::int64_t>(quarter - newest_ - 1, capacity_);
    for (std::int64_t i = 0; i < missing; ++i) push(gap);
    const std::uint32_t step =
        static_cast<std::uint32_t>((shown_total + shown_rollover - newest_shown_) % shown_rollover);
    // A register that was set back: steps cannot tell what came before it.
    if (step >= gap) count_ = 0;
    push(static_cast<std::uint16_t>(step < gap ? step : 0));
  }
  newest_ = static_cast<std::int32_t>(quarter);
  newest_shown_ = shown_total;
}

std::optional<std::uint32_t> LoadRecordRing::at(std::int64_t quarter) const {
  if (count_ == 0 || quarter > newest_ || quarter < oldest()) return std::nullopt;
  std::uint64_t walked_back = 0;
  std::uint16_t place = head_;
  for (std::int64_t q = newest_; q > quarter; --q) {
    if (steps_[place] != gap) walked_back += steps_[place];
    place = static_cast<std::uint16_t>(place == 0 ? capacity_ - 1 : place - 1);
  }
  if (steps_[place] == gap) return std::nullopt;
  return static_cast<std::uint32_t>((newest_shown_ + shown_rollover - walked_back % shown_rollover) %
                                    shown_rollover);
}
}  // namespace model
