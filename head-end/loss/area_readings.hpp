/// One area's readings as the watch for losses sees them: a transformer's meter and its customers' meters.
///
/// Plain series, wherever they came from: the books, a file, a test. Interval energies of one common grid of
/// intervals; element k of day d is d x intervals_per_day + k, and day 0 begins at local midnight. A missing
/// value is `not_read` (a quiet NaN). Unit: kWh, V. Range: any length, but all series of one area have the
/// same; a series that may be absent is empty. Errors: `AreaView` checks the lengths. Randomness: none. Time:
/// intervals only.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace headend::loss {
inline constexpr double not_read = std::numeric_limits<double>::quiet_NaN();
inline bool is_read(double value) { return !std::isnan(value); }

/// What a meter says about itself that matters to an inspector.
enum class MeterSign : std::uint8_t {
  cover_opened,
  terminal_cover_opened,
  magnetic_field,
  reversed_current,
  voltage_lost,
  current_lost,
  phase_order_reversed,
  register_fell,
  clock_was_set,
  battery_low,
};
inline constexpr std::size_t meter_sign_count = 10;
std::string_view name_of(MeterSign sign);

struct MeterEvent {
  std::size_t interval = 0;
  MeterSign sign = MeterSign::cover_opened;
};

struct CustomerReadings {
  std::string name;
  char phase = 0;                  ///< 'A', 'B', 'C', or 0: unknown or three-phase
  std::vector<double> energy_kWh;  ///< reported, by interval
  std::vector<double> voltage_V;   ///< at the meter, by interval; empty: not collected
  std::vector<MeterEvent> events;  ///< in the order of their intervals
};

struct AreaReadings {
  std::string name;
  int intervals_per_day = 96;
  std::vector<double> supplied_kWh;                 ///< by the transformer's meter
  std::vector<std::vector<double>> phase_supplied;  ///< A, B, C in kWh, where it tells them apart; else empty
  std::vector<double> modelled_loss_kWh;  ///< I2R of a network model; empty: fitted from the supply squared
  double source_voltage_V = 0;            ///< behind the first section; 0: unknown
  /// Voltage drop in volts at customer i's meter for a kilowatt drawn by customer j, row by row; empty: no
  /// network model. About (R_ij + X_ij tan phi) x 1000 / V, where R_ij and X_ij belong to the way both share.
  std::vector<double> drop_V_per_kW;
  std::vector<CustomerReadings> customers;
};
}  // namespace headend::loss
