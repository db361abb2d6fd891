#include "stress/fleet/delivery.hpp"

#include <bit>

#include "core/check.hpp"

namespace stress {
namespace {
constexpr std::size_t ring = 16;
}

std::optional<std::uint32_t> Delivery::next() const {
  if (!has_room()) return std::nullopt;
  if (again_ != 0) return frontier_ + static_cast<std::uint32_t>(std::countr_zero(again_));
  if (next_ - frontier_ >= window) return std::nullopt;
  return next_;
}

void Delivery::sent(const InFlight& entry) {
  METERTWIN_CHECK(has_room(), int{count_});
  if (entry.what == Sent::report) {
    METERTWIN_CHECK(entry.frame >= frontier_ && entry.frame <= next_, entry.frame, frontier_, next_);
    if (entry.frame == next_) ++next_;
    again_ &= ~(std::uint64_t{1} << (entry.frame - frontier_));
  }
  flight_[(first_ + count_) % ring] = entry;
  ++count_;
}

InFlight Delivery::take_front() {
  const InFlight entry = flight_[first_];
  first_ = static_cast<std::uint8_t>((first_ + 1) % ring);
  --count_;
  return entry;
}

bool Delivery::has_in_flight(std::uint16_t tag) const {
  for (std::size_t i = 0; i < count_; ++i)
    if (flight_[(first_ + i) % ring].tag == tag) return true;
  return false;
}

const InFlight* Delivery::oldest_answerable() const {
  for (std::size_t i = 0; i < count_; ++i) {
    const InFlight& entry = flight_[(first_ + i) % ring];
    if (entry.what != Sent::not_answerable) return &entry;
  }
  return nullptr;
}

void Delivery::forget_leading_unanswerable() {
  while (count_ > 0 && flight_[first_].what == Sent::not_answerable) take_front();
}

void Delivery::note_confirmed(std::uint32_t frame) {
  if (frame < frontier_) return;
  const std::uint64_t bit = std::uint64_t{1} << (frame - frontier_);
  confirmed_ |= bit;
  again_ &= ~bit;
  const int run = std::countr_one(confirmed_);
  if (run == 0) return;
  confirmed_ = run == 64 ? 0 : confirmed_ >> run;
  again_ = run == 64 ? 0 : again_ >> run;
  frontier_ += static_cast<std::uint32_t>(run);
}

std::uint32_t Delivery::unconfirmed() const {
  return next_ - frontier_ - static_cast<std::uint32_t>(std::popcount(confirmed_));
}
}  // namespace stress
