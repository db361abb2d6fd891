#include "models/meter/metrology.hpp"

#include "core/check.hpp"
#include "core/wide_integer.hpp"

namespace model {
Metrology::Metrology(const TypePlate& plate, core::PartsPerMillion error) {
  METERTWIN_CHECK(plate.pulses_per_kWh > 0 && error.count() > -1'000'000 && error.count() < 1'000'000, error);
  const core::int128_t wanted = core::int128_t{core::microjoules_per_kWh} * 1'000'000;
  const core::int128_t counted = core::int128_t{plate.pulses_per_kWh} * (1'000'000 + error.count());
  pulse_uJ_ = static_cast<std::int64_t>((wanted + counted / 2) / counted);
  starting_mVA_ =
      static_cast<std::int32_t>(plate.rated_voltage.count() * plate.starting_current().count() / 1000);
}

bool Metrology::starts_at(core::Milliwatts power, core::Millivars reactive) const {
  const std::int64_t p = power.count(), q = reactive.count(), s = starting_mVA_;
  return p >= s || p * p + q * q >= s * s;
}
}  // namespace model
