#include "models/line/pulse/pulse_collector.hpp"

#include "core/check.hpp"
#include "models/line/statistics/gilbert_elliott.hpp"

namespace model {
PulseCollector::PulseCollector(const PulseContact& contact, double filter_ms, std::int64_t initial_units,
                               std::uint64_t seed, std::uint32_t entity)
    : contact_(contact),
      filter_ms_(filter_ms),
      initial_units_(initial_units),
      draws_(seed, entity, core::Purpose::pulse_contact) {
  METERTWIN_CHECK(contact.pulses_per_unit > 0 && filter_ms >= 0 && contact.chatters >= 0,
                  contact.pulses_per_unit);
  METERTWIN_CHECK(contact.missed.is_valid() && contact.spike.is_valid());
}

void PulseCollector::turn(std::uint64_t pulses) {
  // What the filter holds off for certain needs no draw.
  const bool chatter_counts = contact_.chatters > 0 && contact_.chatter_ms_max > filter_ms_;
  const bool spike_counts = !contact_.spike.is_zero() && contact_.spike_ms_max > filter_ms_;
  for (std::uint64_t i = 0; i < pulses; ++i) {
    ++true_pulses_;
    if (spike_counts && is_hit(contact_.spike, draws_.word(drawn_++)) &&
        unit_interval(draws_.word(drawn_++)) * contact_.spike_ms_max >= filter_ms_) {
      ++spikes_;
      ++counted_;
    }
    if (!contact_.missed.is_zero() && is_hit(contact_.missed, draws_.word(drawn_++))) {
      ++missed_;
      continue;
    }
    for (int k = 0; chatter_counts && k < contact_.chatters; ++k)
      if (unit_interval(draws_.word(drawn_++)) * contact_.chatter_ms_max >= filter_ms_) {
        ++bounced_;
        ++counted_;
      }
    if (contact_.width_ms >= filter_ms_)
      ++counted_;
    else
      ++missed_;
  }
}

std::int64_t PulseCollector::milli_units(std::uint64_t pulses) const {
  return initial_units_ * 1'000 + static_cast<std::int64_t>(pulses) * 1'000 / contact_.pulses_per_unit;
}
std::int64_t PulseCollector::shown_milli_units() const { return milli_units(counted_); }
std::int64_t PulseCollector::true_milli_units() const { return milli_units(true_pulses_); }
}  // namespace model
