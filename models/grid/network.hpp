/// A distribution network in its general form: what the power flow is computed on.
///
/// A tree of cables, switches and transformers that a source feeds, with consumers between two conductors.
/// Our YAML, the IEEE CSV folder and the OpenDSS subset all become this struct (network_files.hpp).
/// Conductors are numbered A, B, C, N; the earth is `to_earth`. Where no neutral conductor is given, the
/// return path is contained in the three phase impedances (Carson / Kron), and consumers stand between phase
/// and earth. Data only. Units are in the names. Errors: BadFeederFile("place: element: what is wrong").
#pragma once
#include <array>
#include <complex>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "models/grid/feeder.hpp"

namespace model::grid {
using Complex = std::complex<double>;
inline constexpr int conductor_max = 4;
inline constexpr int neutral = 3;
inline constexpr int to_earth = -1;
using ConductorSet = std::uint8_t;  ///< bit 0 is A, bit 1 is B, bit 2 is C, bit 3 is N
inline constexpr ConductorSet three_phases = 0b0111;
inline constexpr ConductorSet four_wires = 0b1111;
/// Rows and columns in the order A, B, C, N.
using ConductorMatrix = std::array<std::array<Complex, conductor_max>, conductor_max>;

/// The same three-phase impedance from sequence data: self (Z0 + 2 Z1) / 3, mutual (Z0 - Z1) / 3.
ConductorMatrix phase_matrix(Complex Z1, Complex Z0);

/// One cable or one switch between two buses.
struct Section {
  std::string name{};
  int from_bus = 0, to_bus = 0;  ///< positions in Network::buses; either end may be the fed one
  ConductorSet conductors = three_phases;
  ConductorSet open = 0;   ///< conductors that are switched off or whose fuse has blown
  bool is_switch = false;  ///< may have no length
  double length_m = 0;
  ConductorMatrix impedance_ohm{};  ///< of the whole section
  ConductorMatrix susceptance_S{};  ///< of the whole section; half of it stands at either end
  double rated_A = 0;               ///< 0: unknown
  double fuse_A = 0;                ///< 0: no fuse
  std::string place{};              ///< FILE:LINE:COLUMN, where there is one
};

enum class Winding : std::uint8_t { wye, delta };

/// Two windings, three phases, neutrals of wye windings solidly earthed. Delta-wye turns the voltage by 30
/// degrees: the low side lags (Dyn1) unless `low_side_leads` (Dyn11).
struct Transformer {
  std::string name{};
  int from_bus = 0, to_bus = 0;
  Winding from_winding = Winding::delta, to_winding = Winding::wye;
  bool low_side_leads = false;
  double from_kV = 0, to_kV = 0;  ///< between phases, at tap 1
  double rated_kVA = 0;
  double resistance_percent = 0, reactance_percent = 0;
  double from_tap = 1, to_tap = 1;  ///< voltage of the winding as a multiple of its rated one
  std::string place{};
};

/// Shares of constant impedance, constant current and constant power at the rated voltage; they sum to 1.
struct Zip {
  double impedance = 0, current = 0, power = 1;
  bool operator==(const Zip&) const = default;
};

/// One consumer (or producer: negative power) between conductor `from` and conductor `to`.
///     S(U) = S0 (impedance (U/U0)^2 + current (U/U0) + power),   U0 = rated_V
/// Outside `voltage_pu_min .. voltage_pu_max` it turns into the constant impedance that joins without a step.
struct Consumer {
  std::string name{};
  int bus = 0;
  int from = 0, to = to_earth;
  double power_kW = 0, reactive_kvar = 0;  ///< at a shape value of 1
  Zip power_zip{}, reactive_zip{};
  double rated_V = 230;
  double voltage_pu_min = 0, voltage_pu_max = 1e9;
  double shape_share = 1;  ///< of a shape in kW, where one customer stands on several phases
  int shape = -1;          ///< position in Network::shapes; -1: constant
  bool is_fixed = false;   ///< part of the network itself (a capacitor), nobody's: no meter stands before it
  std::string place{};
};

/// How a consumer's power moves through the day: value k holds from k x step to (k + 1) x step after midnight
/// and is called by the minute at whose end it stands (value 0 with one-minute steps is 00:01).
struct Shape {
  std::string name{};
  double step_min = 1;
  bool is_kW = false;  ///< values are kW, not multiples of the consumer's own power
  std::vector<double> values{};
  std::vector<double> reactive{};  ///< empty: reactive power follows `values`
};

/// The network above: an ideal voltage behind an impedance.
struct Source {
  int bus = 0;
  double voltage_V = 0;  ///< phase to earth, behind the impedance
  double angle_deg = 0;  ///< of phase A; B lags by 120 degrees, C leads
  Complex Z1_ohm{}, Z0_ohm{};
};

struct Network {
  std::string name{};
  std::string file{};  ///< for messages about elements without a place
  std::vector<std::string> buses;
  Source source;
  std::vector<Section> sections;
  std::vector<Transformer> transformers;
  std::vector<Consumer> consumers;  ///< those that are fixed last
  std::vector<Shape> shapes;
  double load_multiplier = 1;
};

/// Positive and zero sequence impedance behind a bus from its short-circuit currents.
///     |Z1| = U / (sqrt(3) I3),  X1/R1 given;   |2 Z1 + Z0| = 3 U / (sqrt(3) I1),  X0/R0 given
/// This is what OpenDSS does with Isc3 and Isc1. Unit: V between phases, A. Range: above 0. Errors: negative
/// R0 comes out as 0 (I1 larger than such a source can give).
struct SourceImpedance {
  Complex Z1_ohm, Z0_ohm;
};
SourceImpedance source_impedance(double voltage_V, double short_circuit_3_phase_A,
                                 double short_circuit_1_phase_A, double X1_to_R1 = 4, double X0_to_R0 = 3);

/// Power of a consumer in a minute of the day, 1..1440. A shape shorter than the day starts again.
struct Power {
  double power_W = 0, reactive_var = 0;
};
Power power_at_minute(const Network& network, const Consumer& consumer, int minute);

/// Reads a network in any of its three forms: a folder is the IEEE CSV form, *.dss is OpenDSS, anything else
/// our YAML. `profiles` (a table like the IEEE's Load_profiles_1min_100.csv: column pN, 1440 rows, kW) tells
/// the one-minute profiles that a YAML feeder's loads name; without it they stay at their own constant power.
/// Throws BadFeederFile.
struct NetworkReading {
  std::filesystem::path profiles{};
  bool silent_voltage_limits = false;  ///< opendss.hpp
};
Network read_network(const std::filesystem::path& path, const NetworkReading& reading = {});

/// The feeder of a scenario. Bus 1 is the transformer's low-voltage side; "SourceBus" stands above it.
/// Consumers follow their published profile where `profiles` has it (in the loads' order), else their own kW.
Network network_of(const Feeder& feeder,
                   const std::vector<std::shared_ptr<const LoadProfile>>& profiles = {});
}  // namespace model::grid
