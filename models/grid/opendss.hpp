/// A subset of OpenDSS scripts as a network.
///
/// Read: Clear, New, Edit, BatchEdit with names or a beginning of names ("Load..*", "Load.h.*"),
/// ObjectType.Name.property=value, Redirect and Compile, Open and Close of a line, Enable and Disable, and
/// Set loadmult and defaultbasefrequency. Objects: Circuit (Vsource.source), LineCode, Line, Transformer (two
/// windings, three phases), Load (models 1, 2, 5, 8), Generator (models 1, 2), Capacitor, LoadShape. What
/// only watches or solves (Monitor, EnergyMeter, Sensor, curves and spectra, Solve, other Set,
/// CalcVoltageBases, BusCoords, Show, Plot, Export) is passed over; everything else is refused with
/// file:line:column. One deliberate difference: a load keeps its model at any voltage unless the script
/// itself says Vminpu or Vmaxpu. OpenDSS's silent default (constant impedance outside 0.95..1.05) is why the
/// published script of the European LV feeder does not give the published voltages; `silent_voltage_limits`
/// brings it back.
#pragma once
#include "models/grid/network.hpp"
#include "models/grid/opendss_objects.hpp"

namespace model::grid {
struct DssOptions {
  bool silent_voltage_limits = false;
};

/// The objects of a script, in the order they were made.
struct DssScript {
  std::optional<DssCircuit> circuit;
  std::map<std::string, DssImpedance> codes;  ///< by lower-case name
  std::vector<DssLine> lines;
  std::vector<DssTransformer> transformers;
  std::vector<DssLoad> loads;
  std::vector<DssGenerator> generators;
  std::vector<DssCapacitor> capacitors;
  std::vector<DssShape> shapes;
  std::vector<std::filesystem::path> files;  ///< scripts and tables that were read, the first one first
  double load_multiplier = 1;
  double frequency_Hz = 60;
};

/// Throws BadFeederFile.
DssScript read_dss_script(const std::filesystem::path& file);
/// Throws BadFeederFile: unknown line code or shape, nodes that do not fit.
Network network_of(const DssScript& script, const std::string& file, const DssOptions& options);
}  // namespace model::grid
