/// A Modbus RTU meter whose firmware is libmodbus: somebody else's idea of the protocol, inside our simulated
/// time.
///
/// An Acrel DDSY1352 by its register map: energy, voltage, current and power can be read (03), the
/// programming code can be written (06, 16). Registers that the map does not have are answered with exception
/// 2 (illegal data address). libmodbus reads and writes a socket pair that it takes for its serial line;
/// bytes heard are complete before it looks, so it never waits: it takes no time of its own, and the line's
/// owner decides when the answer leaves. After a request to another unit it is deaf to one frame, which it
/// takes for that unit's answer. Errors: std::runtime_error when the system gives no socket pair. Randomness:
/// none.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/bytes.hpp"
#include "core/units.hpp"

namespace sim {
/// What the meter measures, in the map's own units.
struct LibmodbusReadings {
  std::uint32_t energy_total_centikWh = 0;  ///< U32, 0.01 kWh
  std::uint32_t energy_sharp_centikWh = 0;
  std::uint32_t energy_peak_centikWh = 0;
  std::uint32_t energy_flat_centikWh = 0;
  std::uint32_t energy_valley_centikWh = 0;
  std::uint16_t voltage_dV = 0;         ///< 0.1 V
  std::uint16_t current_cA = 0;         ///< 0.01 A
  std::int16_t power_W = 0;             ///< 0.001 kW
  std::uint16_t apparent_power_VA = 0;  ///< 0.001 kVA
  std::int16_t power_factor_per_mille = 1000;
};

class LibmodbusMeter {
 public:
  /// Range: unit 1..247.
  explicit LibmodbusMeter(std::uint8_t unit);
  ~LibmodbusMeter();
  LibmodbusMeter(const LibmodbusMeter&) = delete;
  LibmodbusMeter& operator=(const LibmodbusMeter&) = delete;

  void measure(const LibmodbusReadings& readings);
  /// Register 000AH, which a master may write. Range: 0..9999 as the manual has it, not enforced by the
  /// firmware.
  std::uint16_t programming_code() const;
  /// Hears what stood on the line between two silences and answers; empty if it has nothing to say (a bad
  /// sum, another unit, half a frame). Valid until the next call.
  core::Bytes hear(core::Bytes frame);

 private:
  struct Firmware;
  std::unique_ptr<Firmware> firmware_;
  std::vector<std::uint8_t> answer_;
};
}  // namespace sim
