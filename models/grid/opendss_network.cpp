// From the objects of an OpenDSS script to a network: names to positions, nodes to conductors, per length to
// ohm.
#include <algorithm>
#include <cmath>

#include "models/grid/opendss.hpp"

namespace model::grid {
namespace {
constexpr double square_root_of_3 = 1.7320508075688772;
constexpr double pi = 3.141592653589793;

class Builder {
 public:
  Builder(const DssScript& script, const DssOptions& options, Network& network)
      : script_(script), options_(options), network_(network) {}

  void build() {
    add_source();
    for (const DssTransformer& transformer : script_.transformers)
      if (transformer.is_enabled) add_transformer(transformer);
    for (const DssLine& line : script_.lines)
      if (line.is_enabled) add_line(line);
    for (const DssShape& shape : script_.shapes) add_shape(shape);
    for (const DssLoad& load : script_.loads)
      if (load.is_enabled) add_load(load, "load ", 1);
    for (const DssGenerator& generator : script_.generators) {
      DssLoad load = generator.load;
      load.place = generator.place;
      load.name = generator.name;
      if (load.is_enabled) add_load(load, "generator ", -1);
    }
    for (const DssCapacitor& capacitor : script_.capacitors)
      if (capacitor.is_enabled) add_capacitor(capacitor);
    network_.load_multiplier = script_.load_multiplier;
  }

 private:
  struct Terminal {
    int bus = 0;
    std::vector<int> nodes;
  };
  /// "bus.1.2.3" as a bus and its nodes; makes the bus if `may_make`.
  Terminal terminal(const std::string& text, const DssWord& place, std::vector<int> usual, bool may_make) {
    Terminal terminal;
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string name = text.substr(0, dot);
    if (name.empty()) place.refuse(place.value + ": a bus is missing");
    const auto found = bus_positions_.find(lower_case(name));
    if (found == bus_positions_.end()) {
      if (!may_make) place.refuse(place.value + " stands on bus " + name + ", which is not there");
      terminal.bus = static_cast<int>(network_.buses.size());
      bus_positions_[lower_case(name)] = terminal.bus;
      network_.buses.push_back(name);
    } else {
      terminal.bus = found->second;
    }
    for (std::size_t from = dot; from < text.size();) {
      const std::size_t next = std::min(text.find('.', from + 1), text.size());
      const std::string digit = text.substr(from + 1, next - from - 1);
      if (digit.size() != 1 || digit < "0" || digit > "4")
        place.refuse(place.value + ": node \"" + digit + "\" of bus " + name + " is none of 0 to 4");
      terminal.nodes.push_back(digit[0] - '0');
      from = next;
    }
    for (std::size_t i = terminal.nodes.size(); i < usual.size(); ++i) terminal.nodes.push_back(usual[i]);
    return terminal;
  }

  void add_source() {
    const DssCircuit& circuit = *script_.circuit;
    const double V = circuit.voltage_kV * 1000;
    const double I3 = circuit.short_circuit_3_A > 0
                          ? circuit.short_circuit_3_A
                          : circuit.short_circuit_3_MVA * 1e6 / square_root_of_3 / V;
    const double I1 = circuit.short_circuit_1_A > 0
                          ? circuit.short_circuit_1_A
                          : circuit.short_circuit_1_MVA * 1e6 / square_root_of_3 / V;
    const auto behind = source_impedance(V, I3, I1, circuit.X1_to_R1, circuit.X0_to_R0);
    const Complex Z1(circuit.R1.value_or(behind.Z1_ohm.real()), circuit.X1.value_or(behind.Z1_ohm.imag()));
    const Complex Z0(circuit.R0.value_or(circuit.R1 ? Z1.real() : behind.Z0_ohm.real()),
                     circuit.X0.value_or(circuit.X1 ? Z1.imag() : behind.Z0_ohm.imag()));
    network_.source = {.bus = terminal(circuit.bus, circuit.place, {1, 2, 3}, true).bus,
                       .voltage_V = V * circuit.voltage_pu / square_root_of_3,
                       .angle_deg = circuit.angle_deg,
                       .Z1_ohm = Z1,
                       .Z0_ohm = Z0};
  }

  void add_transformer(const DssTransformer& t) {
    if (t.side[0].kVA != t.side[1].kVA)
      t.place.refuse(t.place.value + ": both windings must have the same kVA");
    Transformer made;
    made.name = "transformer " + t.name;
    made.place = t.place.place();
    made.from_bus = terminal(t.side[0].bus, t.place, {}, true).bus;
    made.to_bus = terminal(t.side[1].bus, t.place, {}, true).bus;
    made.from_winding = t.side[0].is_delta ? Winding::delta : Winding::wye;
    made.to_winding = t.side[1].is_delta ? Winding::delta : Winding::wye;
    made.low_side_leads = t.low_side_leads;
    made.from_kV = t.side[0].kV;
    made.to_kV = t.side[1].kV;
    made.from_tap = t.side[0].tap;
    made.to_tap = t.side[1].tap;
    made.rated_kVA = t.side[0].kVA;
    made.resistance_percent = t.side[0].resistance_percent + t.side[1].resistance_percent;
    made.reactance_percent = t.reactance_percent;
    network_.transformers.push_back(made);
  }

  void add_line(const DssLine& line) {
    DssImpedance impedance = line.own;
    if (!line.code.empty()) {
      const auto code = script_.codes.find(line.code);
      if (code == script_.codes.end())
        line.place.refuse(line.place.value + ": no line code \"" + line.code + "\"");
      impedance = code->second;
      if (line.own.rated_A > 0) impedance.rated_A = line.own.rated_A;
    }
    if (const auto code = script_.codes.find(line.phases_code); code != script_.codes.end())
      impedance.phases = code->second.phases;
    Section section;
    section.name = "line " + line.name;
    section.place = line.place.place();
    std::vector<int> usual;
    for (int node = 1; node <= impedance.phases; ++node) usual.push_back(node);
    const Terminal from = terminal(line.from_bus, line.place, usual, true);
    const Terminal to = terminal(line.to_bus, line.place, usual, true);
    if (from.nodes != to.nodes || static_cast<int>(from.nodes.size()) != impedance.phases)
      line.place.refuse(line.place.value + ": both ends need the same " + std::to_string(impedance.phases) +
                        " nodes");
    section.from_bus = from.bus;
    section.to_bus = to.bus;
    section.is_switch = line.is_switch;
    section.rated_A = impedance.rated_A;
    section.conductors = 0;
    for (const int node : from.nodes) {
      if (node == 0 || (section.conductors >> (node - 1) & 1) != 0)
        line.place.refuse(line.place.value + ": a node of a line is 1 to 4, each once");
      section.conductors = static_cast<ConductorSet>(section.conductors | 1 << (node - 1));
    }
    section.open = line.open & section.conductors;
    // Lengths without a unit are in the unit of the impedances.
    const double unit_km = line.unit_km > 0 ? line.unit_km : impedance.unit_km;
    const bool converts = line.unit_km > 0 && impedance.unit_km > 0;
    const double units = converts ? line.length * line.unit_km / impedance.unit_km : line.length;
    section.length_m = line.length * (unit_km > 0 ? unit_km * 1000 : 1);
    set_matrices(impedance, units, from.nodes, section);
    network_.sections.push_back(section);
  }

  void set_matrices(const DssImpedance& impedance, double units, const std::vector<int>& nodes,
                    Section& section) const {
    const double omega = 2 * pi * script_.frequency_Hz * 1e-9;  // capacitances are in nF
    const auto cell = [](const auto& matrix, std::size_t row, std::size_t column, double self,
                         double mutual) {
      return matrix ? (*matrix)[row][column] : row == column ? self : mutual;
    };
    const bool is_single = impedance.phases == 1;
    const double R_self = is_single ? impedance.R1 : (impedance.R0 + 2 * impedance.R1) / 3;
    const double X_self = is_single ? impedance.X1 : (impedance.X0 + 2 * impedance.X1) / 3;
    const double C_self = is_single ? impedance.C1_nF : (impedance.C0_nF + 2 * impedance.C1_nF) / 3;
    for (std::size_t row = 0; row < nodes.size(); ++row) {
      for (std::size_t column = 0; column < nodes.size(); ++column) {
        const auto a = static_cast<std::size_t>(nodes[row] - 1),
                   b = static_cast<std::size_t>(nodes[column] - 1);
        const double R = cell(impedance.R, row, column, R_self, (impedance.R0 - impedance.R1) / 3);
        const double X = cell(impedance.X, row, column, X_self, (impedance.X0 - impedance.X1) / 3);
        const double C = cell(impedance.C_nF, row, column, C_self, (impedance.C0_nF - impedance.C1_nF) / 3);
        const double to_script = impedance.base_Hz > 0 ? script_.frequency_Hz / impedance.base_Hz : 1;
        section.impedance_ohm[a][b] = Complex(R, X * to_script) * units;
        section.susceptance_S[a][b] = C * omega * units;
      }
    }
  }

  void add_shape(const DssShape& from) {
    Shape shape;
    shape.name = from.name;
    shape.step_min = from.step_min;
    shape.is_kW = from.is_actual;
    shape.values = from.values;
    shape.reactive = from.reactive;
    if (from.point_limit > 0 && shape.values.size() > from.point_limit) shape.values.resize(from.point_limit);
    if (from.point_limit > 0 && shape.values.size() < from.point_limit)
      from.place.refuse(from.place.value + ": " + std::to_string(shape.values.size()) +
                        " points, npts says " + std::to_string(from.point_limit));
    if (from.is_normalised) normalise(from, shape);
    shape_positions_[lower_case(from.name)] = static_cast<int>(network_.shapes.size());
    network_.shapes.push_back(shape);
  }

  static void normalise(const DssShape& from, Shape& shape) {
    for (auto* series : {&shape.values, &shape.reactive}) {
      double most = 0;
      for (const double value : *series) most = std::max(most, std::abs(value));
      if (!series->empty() && most == 0) from.place.refuse(from.place.value + ": nothing to normalize by");
      for (double& value : *series) value /= most;
    }
  }

  /// Constant impedance that only draws reactive power, ahead of the voltage.
  void add_capacitor(const DssCapacitor& capacitor) {
    DssLoad load;
    load.place = capacitor.place;
    load.name = capacitor.name;
    load.bus = capacitor.bus;
    load.phases = capacitor.phases;
    load.model = 2;
    load.kV = capacitor.kV;
    load.kW = 0;
    load.kvar = capacitor.kvar;
    load.given = DssLoad::Given::kvar;
    load.is_delta = capacitor.is_delta;
    const auto before = network_.consumers.size();
    add_load(load, "capacitor ", -1);
    for (auto i = before; i < network_.consumers.size(); ++i) network_.consumers[i].is_fixed = true;
  }

  /// What one load has in common with each of its phases.
  Consumer pattern(const DssLoad& load) const {
    Consumer consumer;
    consumer.place = load.place.place();
    const double factor = std::abs(load.power_factor), sign = load.power_factor < 0 ? -1 : 1;
    const double tangent = sign * std::sqrt(1 - factor * factor) / factor;
    consumer.power_kW = load.given == DssLoad::Given::kVA ? load.kVA * factor : load.kW;
    consumer.reactive_kvar = load.given == DssLoad::Given::kvar ? load.kvar : consumer.power_kW * tangent;
    if (load.model == 2) consumer.power_zip = consumer.reactive_zip = {1, 0, 0};
    if (load.model == 5) consumer.power_zip = consumer.reactive_zip = {0, 1, 0};
    if (load.model == 8) {
      if (load.zip.empty()) load.place.refuse(load.place.value + ": model 8 needs ZIPV");
      consumer.power_zip = {load.zip[0], load.zip[1], load.zip[2]};
      consumer.reactive_zip = {load.zip[3], load.zip[4], load.zip[5]};
    }
    if (load.model != 2) {
      const bool is_silent = options_.silent_voltage_limits;
      consumer.voltage_pu_min = load.voltage_pu_min.value_or(is_silent ? 0.95 : 0);
      consumer.voltage_pu_max = load.voltage_pu_max.value_or(is_silent ? 1.05 : 1e9);
    }
    if (load.shape.empty() || load.is_fixed) return consumer;
    const auto shape = shape_positions_.find(load.shape);
    if (shape == shape_positions_.end())
      load.shape_word.refuse("no load shape \"" + load.shape_word.value + "\"");
    if (network_.shapes[static_cast<std::size_t>(shape->second)].values.empty())
      load.shape_word.refuse("load shape \"" + load.shape_word.value + "\" has no points");
    consumer.shape = shape->second;
    return consumer;
  }

  void add_load(const DssLoad& load, const char* kind, double sign) {
    std::vector<int> usual;
    for (int node = 1; node <= load.phases; ++node) usual.push_back(node);
    if (!load.is_delta) usual.push_back(0);
    if (load.is_delta && load.phases < 3) usual.push_back(load.phases + 1);
    const Terminal at = terminal(load.bus, load.place, usual, false);
    Consumer consumer = pattern(load);
    consumer.name = kind + load.name;
    consumer.bus = at.bus;
    const auto conductor = [&](int node) { return node == 0 ? to_earth : node - 1; };
    const auto shares = static_cast<std::size_t>(load.phases);
    consumer.shape_share = sign / load.phases;
    consumer.power_kW *= sign / load.phases;
    consumer.reactive_kvar *= sign / load.phases;
    consumer.rated_V = load.kV * 1000 / (load.is_delta || load.phases == 1 ? 1 : square_root_of_3);
    for (std::size_t i = 0; i < shares; ++i) {
      const std::size_t other = !load.is_delta ? shares : load.phases == 3 ? (i + 1) % 3 : i + 1;
      consumer.from = conductor(at.nodes[i]);
      consumer.to = conductor(at.nodes[other]);
      if (consumer.from < 0 || consumer.from == neutral || consumer.from == consumer.to)
        load.place.refuse(load.place.value + ": its nodes do not fit a load of " +
                          std::to_string(load.phases) + " phases");
      network_.consumers.push_back(consumer);
    }
  }

  const DssScript& script_;
  const DssOptions& options_;
  Network& network_;
  std::map<std::string, int> bus_positions_, shape_positions_;
};
}  // namespace

Network network_of(const DssScript& script, const std::string& file, const DssOptions& options) {
  if (!script.circuit) throw BadFeederFile(file + ": no circuit (New Circuit.NAME)");
  Network network;
  network.file = file;
  network.name = script.circuit->place.value.substr(script.circuit->place.value.find('.') + 1);
  Builder(script, options, network).build();
  return network;
}
}  // namespace model::grid
