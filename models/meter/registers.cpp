#include "models/meter/registers.hpp"

namespace model {
ShownRegisters EnergyRegisters::shown(std::int32_t pulses_per_kWh) const {
  ShownRegisters shown;
  shown.total = shown_total(pulses_per_kWh);
  for (std::size_t rate = 0; rate < rates; ++rate)
    shown.by_rate[rate] =
        static_cast<std::uint32_t>(whole_centikWh(rate_pulses[rate], pulses_per_kWh) % shown_rollover);
  return shown;
}
}  // namespace model
