#include "head-end/tariff/time_of_use.hpp"

#include <stdexcept>

namespace headend {
PeriodsByQuarter periods_by_quarter(const Tariff& tariff) {
  constexpr int quarter_s = 900;
  constexpr std::uint8_t nobody = 255;
  PeriodsByQuarter periods;
  periods.fill(nobody);
  for (std::size_t period = 0; period < tariff.periods.size(); ++period) {
    for (const auto& slot : tariff.periods[period].slots) {
      const bool is_whole = slot.from_s % quarter_s == 0 && slot.till_s % quarter_s == 0;
      if (!is_whole || slot.from_s < 0 || slot.till_s > quarters_per_day * quarter_s ||
          slot.from_s >= slot.till_s) {
        throw std::invalid_argument("tariff " + tariff.name + ": a slot is not whole quarter hours of a day");
      }
      for (int start_s = slot.from_s; start_s < slot.till_s; start_s += quarter_s) {
        auto& owner = periods[static_cast<std::size_t>(start_s / quarter_s)];
        if (owner != nobody) throw std::invalid_argument("tariff " + tariff.name + ": its periods overlap");
        owner = static_cast<std::uint8_t>(period);
      }
    }
  }
  for (const auto owner : periods) {
    if (owner == nobody)
      throw std::invalid_argument("tariff " + tariff.name + ": its periods leave a hole in the day");
  }
  return periods;
}
}  // namespace headend
