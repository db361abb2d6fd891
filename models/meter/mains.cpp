#include "models/meter/mains.hpp"

namespace model {
void VoltageEvents::see(core::Millivolts voltage, core::Millivolts rated, std::int64_t at_ms) {
  const auto percent_mV = [&](std::int64_t percent) { return rated.count() * percent / 100; };
  const Event found = voltage.count() < percent_mV(78)    ? Event::loss
                      : voltage.count() < percent_mV(90)  ? Event::under
                      : voltage.count() > percent_mV(110) ? Event::over
                                                          : Event::none;
  if (found == now_) return;
  if (now_ != Event::none) counters_[static_cast<std::size_t>(now_)].lasted_ms += at_ms - since_ms_;
  if (found != Event::none) ++counters_[static_cast<std::size_t>(found)].times;
  now_ = found;
  since_ms_ = at_ms;
}

VoltageEvents::Counter VoltageEvents::counter(Event event, std::int64_t at_ms) const {
  Counter counter = counters_[static_cast<std::size_t>(event)];
  if (event == now_) counter.lasted_ms += at_ms - since_ms_;
  return counter;
}
}  // namespace model
