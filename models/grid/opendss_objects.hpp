/// What an OpenDSS script says about each object, property by property, before it becomes a network.
///
/// The properties that are known are those of the subset in docs of `metertwin grid`; defaults are OpenDSS's.
/// A property outside it is refused with its place, except those that change nothing in a power flow.
/// Errors: BadFeederFile.
#pragma once
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <string_view>

#include "models/grid/opendss_text.hpp"

namespace model::grid {
bool is_one_of(const std::string& name, std::initializer_list<std::string_view> names);
/// "property "x" of a load is outside the subset that is read", with its place.
[[noreturn]] void refuse_property(const DssWord& word, const char* object);
/// Kilometres in a unit of length; 0 for "none".
double km_of_unit(const DssWord& word);

/// Impedances of a line or line code, per its unit of length.
struct DssImpedance {
  int phases = 3;
  double R1 = 0.058, X1 = 0.1206, R0 = 0.1784, X0 = 0.4047;  // ohm per 1000 ft
  double C1_nF = 3.4, C0_nF = 1.6;
  std::optional<std::vector<std::vector<double>>> R, X, C_nF;
  double unit_km = 0;
  double rated_A = 0;
  double base_Hz = 0;  ///< at which its reactances hold; 0: the script's own frequency
  /// False if the property is none of these.
  bool set(const DssWord& word);
};

struct DssCircuit {
  DssWord place;
  std::string bus = "sourcebus";
  double voltage_kV = 115, voltage_pu = 1, angle_deg = 0;
  double short_circuit_3_MVA = 2000, short_circuit_1_MVA = 2100;
  double short_circuit_3_A = 0, short_circuit_1_A = 0;
  double X1_to_R1 = 4, X0_to_R0 = 3;
  double frequency_Hz = 0;
  std::optional<double> R1, X1, R0, X0;
  void set(const DssWord& word);
};

struct DssLine {
  DssWord place;
  std::string name, from_bus, to_bus, code;
  DssImpedance own;
  double length = 1, unit_km = 0;
  std::uint8_t open = 0;  ///< nodes opened: bit 0 is node 1
  bool is_switch = false, is_enabled = true;
  std::string phases_code{};  ///< line code whose number of phases a switch has kept
  void set(const DssWord& word);

 private:
  void become_switch();
};

struct DssTransformer {
  DssWord place;
  std::string name;
  struct Side {
    std::string bus;
    bool is_delta = false;
    double kV = 12.47, kVA = 1000, tap = 1, resistance_percent = 0.2;
  } side[2];
  int winding = 0;
  double reactance_percent = 7;
  bool low_side_leads = false, is_enabled = true;
  void set(const DssWord& word);
};

struct DssLoad {
  DssWord place;
  std::string name, bus, shape;
  int phases = 3, model = 1;
  double kV = 12.47, kW = 10, kvar = 0, kVA = 0, power_factor = 0.88;
  enum class Given { power_factor, kvar, kVA } given = Given::power_factor;
  std::optional<double> voltage_pu_min, voltage_pu_max;
  std::vector<double> zip;
  bool is_delta = false, is_fixed = false, is_enabled = true;
  DssWord shape_word;
  void set(const DssWord& word);
};

/// A load the other way round: constant power or impedance, fed in.
struct DssGenerator {
  DssWord place;
  std::string name;
  DssLoad load = usual();
  void set(const DssWord& word);

 private:
  static DssLoad usual();
};

struct DssCapacitor {
  DssWord place;
  std::string name, bus;
  int phases = 3;
  double kvar = 1200, kV = 12.47;
  bool is_delta = false, is_enabled = true;
  void set(const DssWord& word);
};

struct DssShape {
  DssWord place;
  std::string name;
  bool is_normalised = false;
  std::vector<std::filesystem::path> files{};  ///< that it was read from
  double step_min = 60;
  bool is_actual = false;
  std::vector<double> values, reactive;
  std::size_t point_limit = 0;
  void set(const DssWord& word);
};

/// The numbers of "(file=x.csv)", "(file=x.csv col=2 header=yes)" or "(0.1 0.2 ...)"; a file that was read is
/// added to `files`.
std::vector<double> dss_series(const DssWord& word, std::vector<std::filesystem::path>& files);
}  // namespace model::grid
