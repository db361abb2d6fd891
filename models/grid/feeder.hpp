/// A low-voltage feeder as a network: where the transformer stands, which cables lead where, who hangs on
/// which phase.
///
/// Data only; power flow is computed elsewhere. Two sources give the same struct: our own YAML
/// (scenarios/feeders) and the CSV folder that the IEEE PES Test Feeder Working Group publishes for its
/// European Low Voltage Test Feeder. Units are in the names. Errors: BadFeederFile with file and line.
/// Randomness: none. Time: none.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/ratio.hpp"
#include "models/load/load.hpp"

namespace model {
enum class Phase : char { a = 'A', b = 'B', c = 'C' };

/// Where something is written, for messages. It says nothing about the thing, so one place equals any other.
struct WrittenAt {
  std::string text{};  ///< "FILE:LINE" or "FILE:LINE:COLUMN"; empty: nowhere
  bool operator==(const WrittenAt&) const { return true; }
};

/// A cable with a neutral conductor of its own, by conductor: each phase, the neutral, and between any two.
/// Unit: ohm per km.
struct FourWires {
  double phase_R = 0, phase_X = 0, neutral_R = 0, neutral_X = 0, mutual_R = 0, mutual_X = 0;
  bool operator==(const FourWires&) const = default;
};
/// Sequence impedances of a cable type per kilometre. Capacitances are zero in the published feeder.
struct LineCode {
  std::string name;
  double R1_ohm_per_km = 0, X1_ohm_per_km = 0, R0_ohm_per_km = 0, X0_ohm_per_km = 0;
  double rated_A = 0;                     ///< 0: unknown
  std::optional<FourWires> four_wires{};  ///< instead of the sequence impedances
  WrittenAt place{};
  bool operator==(const LineCode&) const = default;
};
/// Three-phase cable or switch between two buses.
struct FeederLine {
  int from_bus = 0;
  int to_bus = 0;
  double length_m = 0;
  int code = 0;                 ///< position in Feeder::line_codes
  std::uint8_t open = 0;        ///< phases switched off here: bit 0 is A, bit 1 is B, bit 2 is C
  double fuse_A = 0;            ///< 0: no fuse
  std::string name{};           ///< empty: "line FROM-TO"
  bool is_switch = false;       ///< may have no length, and then has no impedance
  std::uint8_t phases = 0b111;  ///< that it has, like `open`
  WrittenAt place{};
  bool operator==(const FeederLine&) const = default;
};
/// One customer: between a phase and neutral.
struct FeederLoad {
  int bus = 0;
  Phase phase = Phase::a;
  core::Ratio power_factor{95, 100};  ///< lagging
  int profile = 0;      ///< number of the published one-minute profile, from 1; 0: constant power
  double power_kW = 1;  ///< times the profile; negative: feeds in
  double impedance_share = 0, current_share = 0;  ///< of the power; the rest keeps its power at any voltage
  WrittenAt place{};
  bool operator==(const FeederLoad&) const = default;
};
struct FeederTransformer {
  double primary_kV = 0, secondary_kV = 0, rated_MVA = 0, reactance_percent = 0, resistance_percent = 0;
  std::string connection;  ///< "Delta-Wye"
  double primary_tap =
      1;  ///< of the primary winding, as a multiple of primary_kV: 1.05 lowers the voltage by 5 %
  WrittenAt place{};
  bool operator==(const FeederTransformer&) const = default;
};
struct FeederSource {
  double voltage_kV = 0, voltage_pu = 1, short_circuit_3_phase_A = 0, short_circuit_1_phase_A = 0;
  WrittenAt place{};
  bool operator==(const FeederSource&) const = default;
};

struct Feeder {
  std::string name;
  std::string source;  ///< who publishes the figures
  FeederSource grid;
  FeederTransformer transformer;  ///< its low-voltage side is bus 1
  std::vector<LineCode> line_codes;
  std::vector<FeederLine> lines;  ///< every bus but the first is the `to_bus` of exactly one: a tree
  std::vector<FeederLoad> loads;  ///< by customer
};

/// "FILE:LINE: what is wrong" or "FILE: what is wrong".
class BadFeederFile : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads our own YAML. Throws BadFeederFile: missing file, missing or unknown key, a wrong number, a load on
/// no bus.
Feeder load_feeder(const std::filesystem::path& file);

/// The IEEE folder: the network, and the one-minute profile of each load (in the loads' order).
struct IeeeFeeder {
  Feeder feeder;
  std::vector<std::shared_ptr<const LoadProfile>> profiles;
};
/// Reads Source.csv, Transformer.csv, LineCodes.csv, Lines.csv, Loads.csv and the loads' profiles: from
/// Load_profiles_1min_100.csv (column pN = profile N) or, without it, from the files that LoadShapes.csv
/// names (time, value), also in a folder "Load Profiles". 1440 rows 00:01:00..24:00:00, kW per kW of the
/// load; row m holds for the minute that ends at m. A load on several phases becomes one on each, with an
/// equal share. A negative kW feeds in: its profile stays positive and FeederLoad::power_kW is -1. Throws
/// BadFeederFile.
IeeeFeeder read_ieee_folder(const std::filesystem::path& folder);

bool is_known_connection(const std::string& connection);
class CsvTable;
/// Column pN of a table of one-minute profiles, 1440 rows, kW. Throws BadFeederFile.
std::shared_ptr<const LoadProfile> read_profile(const CsvTable& table, int profile);

/// "tie 3", or "line 5-6" for a line without a name of its own.
std::string name_of(const FeederLine& line);
/// Throws BadFeederFile(place, or `where` for what has none: what is wrong) unless every figure has a meaning
/// (feeder_check.cpp lists the ranges), names are unique, the closed lines form one tree from bus 1, and
/// every load stands on a bus of it.
void check_feeder(const Feeder& feeder, const std::string& where);
}  // namespace model
