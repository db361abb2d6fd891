/// Networks small enough for pencil and paper, for the tests of the power flow.
#pragma once
#include "models/grid/power_flow.hpp"

namespace small_network {
using namespace model::grid;

/// A source without impedance, 230 V from phase to earth, and one bus at its terminals.
inline Network source_only() {
  Network network;
  network.name = network.file = "small";
  network.buses = {"head"};
  network.source.voltage_V = 230;
  return network;
}

inline ConductorMatrix four_wire_matrix(Complex phase, Complex neutral_own, Complex mutual) {
  ConductorMatrix matrix{};
  for (std::size_t a = 0; a < conductor_max; ++a)
    for (std::size_t b = 0; b < conductor_max; ++b)
      matrix[a][b] = a != b ? mutual : a == neutral ? neutral_own : phase;
  return matrix;
}

/// Adds a bus at the end of a cable from `from`; returns its position.
inline int add_cable(Network& network, int from, const ConductorMatrix& impedance_ohm,
                     ConductorSet conductors = three_phases) {
  const int bus = static_cast<int>(network.buses.size());
  network.buses.push_back("bus " + std::to_string(bus));
  Section section;
  section.name = "cable " + std::to_string(bus);
  section.from_bus = from;
  section.to_bus = bus;
  section.conductors = conductors;
  section.length_m = 100;
  section.impedance_ohm = impedance_ohm;
  network.sections.push_back(section);
  return bus;
}

inline void add_consumer(Network& network, int bus, int from, int to, double power_kW, double reactive_kvar,
                         Zip zip = {}) {
  Consumer consumer;
  consumer.name = "load " + std::to_string(network.consumers.size() + 1);
  consumer.bus = bus;
  consumer.from = from;
  consumer.to = to;
  consumer.power_kW = power_kW;
  consumer.reactive_kvar = reactive_kvar;
  consumer.power_zip = consumer.reactive_zip = zip;
  network.consumers.push_back(consumer);
}

/// Every consumer at its own power, one moment. Tight enough to compare with closed forms.
inline PowerFlow solved(const Network& network, double tolerance_V = 1e-11) {
  PowerFlow flow(network, {.tolerance_V = tolerance_V});
  for (std::size_t i = 0; i < network.consumers.size(); ++i)
    flow.set_power(i, 0, power_at_minute(network, network.consumers[i], 1));
  if (!flow.solve().is_converged) throw std::runtime_error("no solution");
  flow.expand();
  return flow;
}
}  // namespace small_network
