#include "models/meter/type_plate.hpp"

#include "core/random.hpp"

namespace model {
core::PartsPerMillion draw_error(std::uint64_t seed, std::uint32_t meter, const TypePlate& plate) {
  const core::RandomStream stream(seed, meter, core::Purpose::meter_error);
  const std::int64_t half = plate.error_limit().count() / 2;
  return core::PartsPerMillion(stream.between(-half, half, 0) + stream.between(-half, half, 1));
}
}  // namespace model
