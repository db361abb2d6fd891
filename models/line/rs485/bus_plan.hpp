/// The plan of an RS-485 pair: cable, stations and where they hang, resistors, repeaters. What an electrician
/// draws.
///
/// The master is at 0 m; everything else has its distance along the cable. Fields have the values that a good
/// installation of one building has, so that a plan names only what is its own. Unit: as named. Range:
/// checked by `load_bus_plan`, which names file, line and column; `lint` says what the rules of the trade
/// think of it. Errors: BadBusPlan. Randomness: none. Time: none.
#pragma once
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/line/rs485/serial_timing.hpp"

namespace model {
/// "file:line:column: message", one line.
class BadBusPlan : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct BusCable {
  std::string kind = "RVVSP 2x1.0";  ///< shielded twisted pair, 1.0 mm2 cores
  double length_m = 300;
  double impedance_ohm = 120;
  double loop_resistance_ohm_per_km =
      39;                            ///< both cores; class 5 copper of 1.0 mm2: 19.5 ohm/km each [IEC 60228]
  double capacitance_pF_per_m = 60;  ///< between the cores; usual for such pairs
  double speed_m_per_us = 200;       ///< two thirds of light's
};
/// A resistor between the two cores.
struct BusTerminator {
  double at_m = 0;
  double resistance_ohm = 120;
};
/// Fail-safe bias: A pulled up, B pulled down, so that a silent pair rests at mark.
struct BusBias {
  double at_m = 0;
  double resistance_ohm = 470;  ///< each of the two
  double supply_V = 5;
};
/// Makes the levels new; what is behind it is another piece of cable with its own load. It terminates and
/// biases both of its sides itself, so nothing is drawn for them.
struct BusRepeater {
  double at_m = 0;
  int delay_bits = 1;  ///< until a bit is out on the other side
};
struct BusUnit {
  std::string name;
  std::string address;         ///< as on its plate; empty: not known yet
  std::string kind = "meter";  ///< meters, gateways and converters should not share a pair
  std::string protocol = "dlt645";
  double at_m = 0;
  double stub_m = 0;        ///< from the cable to its clamps
  double unit_load = 1;     ///< 1/8 for modern receivers, 2 for old ones; one unit load is 12 kohm
  std::optional<int> baud;  ///< set otherwise than the bus
  std::string place;        ///< "file:line:column" of what a file says of it; empty: made by a program
};
/// A driver at the edge of what the standard permits: 1.5 V into 54 ohm [TIA-485-A, 3.2].
struct BusDriver {
  double open_V = 3.0;
  double source_ohm = 54;
};

struct BusPlan {
  std::string name = "bus";
  SerialTiming serial;
  BusCable cable;
  BusDriver driver;
  double noise_mV =
      10;  ///< of the differential voltage, root mean square; a quiet stairwell's, an assumption
  double threshold_mV = 200;  ///< receivers must decide within +- this [TIA-485-A, 4.2]
  std::vector<BusTerminator> terminators;
  std::optional<BusBias> bias;
  std::vector<BusRepeater> repeaters;
  std::vector<BusUnit> units;
  std::string place, cable_place;  ///< "file:line:column" of the plan, and of its cable; empty: no file

  /// A plan that lint has nothing against: so many meters evenly along the cable, both ends terminated,
  /// biased.
  static BusPlan ordinary(int meters, double length_m, int baud);
};

/// The file's plan; throws BadBusPlan where a value cannot be (negative length, a chance above one, unknown
/// key).
BusPlan load_bus_plan(const std::filesystem::path& file);
/// The same from a text; `file` is for messages.
BusPlan parse_bus_plan(const std::string& text, const std::string& file);
}  // namespace model
