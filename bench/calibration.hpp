/// What this machine can do at all, measured in the same run as our own figures: machines differ and are
/// noisy, ratios less so.
///
/// A calibration is deliberately bare: no faults, no audit, no retries, no protocol but one frame layout.
#pragma once
#include <cstdint>

namespace bench {
struct CityCalibration {
  double readings_per_second = 0;
  std::uint64_t checksum = 0;  ///< so that nothing is optimised away
};

/// A city's day without a metering chain: each reading is a heap event, a Philox draw, a register, a 24-byte
/// frame encoded, summed and decoded, and a four-rate ledger. One core. `meters` x 96 readings.
CityCalibration calibrate_city(std::uint32_t meters);
}  // namespace bench
